//! The kinds of the provider `local`.
#![expect(clippy::expect_used, reason = "tests")]

use std::fs;
use std::path::PathBuf;

use platoform_provider::harness::{Harness, Recorder, check_schema};
use platoform_provider::schema::Mode;
use platoform_provider::value::{Path, Type, Value};
use platoform_provider::{DataRequest, Environment, Found, PlanResponse, Problem, Severity};

const FILE: &str = "local_file";
const SENSITIVE: &str = "local_sensitive_file";

/// A provider in a directory of its own.
struct Place {
    directory: tempfile::TempDir,
    harness: Harness,
}

impl Place {
    async fn new() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let provider = platoform_builtin::local();
        let config = provider.schema().provider.block.empty_value();
        let environment =
            Environment { directory: directory.path().to_owned(), ..Environment::default() };
        let harness = Harness::new(provider, config, environment).await.expect("configured");
        Self { directory, harness }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn config(&self, set: &[(&'static str, &str)]) -> Value {
        let set = set.iter().map(|(name, text)| (*name, Value::from(*text)));
        self.harness.config(FILE, set).expect("conforms")
    }

    async fn plan_create(&self, config: &Value) -> PlanResponse {
        let nothing = self.harness.nothing(FILE).expect("a kind");
        self.harness.plan_with_problems(FILE, &nothing, config).await.expect("planned")
    }

    async fn create(&self, config: &Value) -> Value {
        let plan = self.plan_create(config).await;
        let made = self.harness.create(FILE, &plan, config, &self.harness.owner()).await;
        made.expect("created")
    }

    fn validate(&self, config: &Value) -> Vec<Problem> {
        self.harness.provider().validate(Mode::Managed, FILE, config)
    }
}

#[tokio::test]
async fn every_way_to_give_content_lives_its_life() {
    let place = Place::new().await;
    check_schema(&place.harness.provider().schema()).expect("sound");
    fs::write(place.path("source"), [0xff, 0x00, 0x0a]).expect("written");
    for (name, text) in [
        ("content", "hello\n"),
        ("content", ""),
        ("content_base64", "/wAK"),
        ("source", "source"),
        ("sensitive_content", "secret"),
    ] {
        let config = place.config(&[("filename", "sub/dir/file"), (name, text)]);
        let made = place.harness.cycle(FILE, &config).await.expect("sound");
        assert_eq!(made.get("id"), made.get("content_sha1"), "{name}");
        assert!(!place.path("sub/dir/file").exists() && place.path("sub/dir").exists());
    }
    let set = [("filename", "s".into()), ("content", "secret".into())];
    let config = place.harness.config(SENSITIVE, set).expect("conforms");
    place.harness.cycle(SENSITIVE, &config).await.expect("sound");
    assert_eq!(fs::read_dir(place.directory.path()).expect("read").count(), 2, "leftovers");
}

#[tokio::test]
async fn a_file_holds_what_was_asked() {
    let place = Place::new().await;
    let config = place.config(&[("filename", "a"), ("content", "hello\n")]);
    let made = place.create(&config).await;
    assert_eq!(fs::read(place.path("a")).expect("read"), b"hello\n");
    assert_eq!(made.get("content_md5"), Some(&"b1946ac92492d2347c6235b4d2611184".into()));
    let config = place.config(&[("filename", "b"), ("content_base64", "/wAK")]);
    place.create(&config).await;
    assert_eq!(fs::read(place.path("b")).expect("read"), [0xff, 0x00, 0x0a]);
    let large = vec![7; 5 << 20];
    fs::write(place.path("large"), &large).expect("written");
    place.create(&place.config(&[("filename", "copy"), ("source", "large")])).await;
    assert!(fs::read(place.path("copy")).expect("read") == large);
}

#[cfg(unix)]
#[tokio::test]
async fn permissions_are_those_asked_for_before_the_umask() {
    use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
    let place = Place::new().await;
    let mut open = fs::OpenOptions::new();
    open.write(true).create_new(true).mode(0o777).open(place.path("probe")).expect("made");
    // What is left of 0777 is what the umask lets through.
    let allowed = fs::metadata(place.path("probe")).expect("is there").permissions().mode() & 0o777;
    let mode =
        |name: &str| fs::metadata(place.path(name)).expect("is there").permissions().mode() & 0o777;
    let permissions = [("file_permission", "0640"), ("directory_permission", "0750")];
    let mut set = vec![("filename", "d/e/f"), ("content", "x")];
    set.extend(permissions);
    place.create(&place.config(&set)).await;
    let wanted = (0o750 & allowed, 0o750 & allowed, 0o640 & allowed);
    assert_eq!((mode("d"), mode("d/e"), mode("d/e/f")), wanted);
    fs::set_permissions(place.path("d/e/f"), fs::Permissions::from_mode(0o400)).expect("set");
    place.create(&place.config(&set)).await;
    assert_eq!(mode("d/e/f"), 0o640 & allowed, "an overwritten file too");
    let set = [("filename", "s/t".into()), ("content", "x".into())];
    let config = place.harness.config(SENSITIVE, set).expect("conforms");
    let nothing = place.harness.nothing(SENSITIVE).expect("a kind");
    let plan = place.harness.plan(SENSITIVE, &nothing, &config).await.expect("planned");
    let made = place.harness.create(SENSITIVE, &plan, &config, &place.harness.owner()).await;
    made.expect("created");
    assert_eq!((mode("s"), mode("s/t")), (0o700, 0o700));
}

#[tokio::test]
async fn what_is_not_one_content_is_refused() {
    let place = Place::new().await;
    let errors = |set: &[(&'static str, &str)]| place.validate(&place.config(set)).len();
    assert_eq!(errors(&[("filename", "a"), ("content", "")]), 0);
    assert_eq!(errors(&[("filename", "a")]), 1);
    assert_eq!(errors(&[("filename", "a"), ("content", "x"), ("source", "y")]), 1);
    assert_eq!(errors(&[("filename", "a"), ("content_base64", "no!")]), 1);
    assert_eq!(errors(&[("filename", "a"), ("content", ""), ("file_permission", "888")]), 1);
    let open = Value::unknown(Type::String);
    let set = [("filename", "a".into()), ("content", open.clone()), ("source", open)];
    assert_eq!(place.validate(&place.harness.config(FILE, set).expect("conforms")), []);
}

#[tokio::test]
async fn every_change_replaces() {
    let place = Place::new().await;
    let made = place.create(&place.config(&[("filename", "a"), ("content", "x")])).await;
    for (set, path) in [
        ([("filename", "b"), ("content", "x"), ("file_permission", "0777")], "filename"),
        ([("filename", "a"), ("content", "y"), ("file_permission", "0777")], "content"),
        ([("filename", "a"), ("content", "x"), ("file_permission", "0600")], "file_permission"),
    ] {
        let plan = place.harness.plan(FILE, &made, &place.config(&set)).await.expect("planned");
        assert_eq!(plan.replace, [Path::attribute(path)]);
    }
}

#[tokio::test]
async fn other_content_is_drift() {
    let place = Place::new().await;
    let config = place.config(&[("filename", "a"), ("content", "x")]);
    let made = place.create(&config).await;
    place.harness.unchanged(FILE, &made, &config).await.expect("unchanged");
    fs::write(place.path("a"), "y").expect("written");
    assert!(place.harness.read(FILE, &made).await.expect("read").is_null());
    fs::remove_file(place.path("a")).expect("removed");
    assert!(place.harness.read(FILE, &made).await.expect("read").is_null());
}

#[tokio::test]
async fn what_a_file_of_ours_became_is_left_in_its_place() {
    let place = Place::new().await;
    let made = place.create(&place.config(&[("filename", "a"), ("content", "x")])).await;
    fs::write(place.path("a"), "y").expect("written");
    let nothing = place.harness.nothing(FILE).expect("a kind");
    let (change, sink) = ((&made, &nothing, &nothing), Recorder::default());
    let gone = place.harness.apply(FILE, change, &place.harness.owner(), &sink).await;
    assert_eq!(gone.expect("deleted").problems[0].severity, Severity::Warning);
    assert_eq!(fs::read(place.path("a")).expect("read"), b"y");
}

#[tokio::test]
async fn overwriting_is_announced() {
    let place = Place::new().await;
    fs::write(place.path("a"), "old").expect("written");
    let config = |content: &str| place.config(&[("filename", "a"), ("content", content)]);
    let warnings = async |config: &Value| {
        let problems = place.plan_create(config).await.problems;
        assert!(problems.iter().all(|problem| problem.severity == Severity::Warning));
        problems.len()
    };
    assert_eq!(warnings(&config("new")).await, 1);
    assert_eq!(warnings(&config("old")).await, 0);
    let made = place.create(&config("new")).await;
    assert_eq!(fs::read(place.path("a")).expect("read"), b"new");
    // A replacement of ours is planned against the object first.
    place.harness.plan(FILE, &made, &config("newer")).await.expect("planned");
    assert_eq!(warnings(&config("newer")).await, 0);
}

#[tokio::test]
async fn only_files_are_overwritten() {
    let place = Place::new().await;
    fs::create_dir(place.path("d")).expect("made");
    let config = place.config(&[("filename", "d"), ("content", "x")]);
    let plan = place.plan_create(&config).await;
    assert_eq!(plan.problems[0].severity, Severity::Error);
    let created = place.harness.create(FILE, &plan, &config, &place.harness.owner()).await;
    assert!(created.expect_err("refused").detail.contains("it is a directory"));
    let config = place.config(&[("filename", "new/f"), ("source", "missing")]);
    let plan = place.plan_create(&config).await;
    let created = place.harness.create(FILE, &plan, &config, &place.harness.owner()).await;
    assert!(created.expect_err("refused").detail.contains("read the source"));
    assert!(!place.path("new").exists(), "nothing was done");
}

#[cfg(unix)]
#[tokio::test]
async fn links_are_followed() {
    let place = Place::new().await;
    fs::write(place.path("target"), "old").expect("written");
    std::os::unix::fs::symlink("target", place.path("link")).expect("linked");
    place.create(&place.config(&[("filename", "link"), ("content", "new")])).await;
    assert_eq!(fs::read(place.path("target")).expect("read"), b"new");
    assert!(fs::symlink_metadata(place.path("link")).expect("is there").is_symlink());
}

#[tokio::test]
async fn what_a_killed_write_left_is_removed() {
    let place = Place::new().await;
    let (long, leftover) = ("é".repeat(127) + "x", place.path(".a.platoform.tmp"));
    let leave = || fs::write(&leftover, "secret").expect("written");
    let config = place.config(&[("filename", "a"), ("content", "x")]);
    leave();
    let made = place.create(&config).await;
    assert!(!leftover.exists() && place.path("a").exists(), "create");
    leave();
    place.harness.unchanged(FILE, &made, &config).await.expect("unchanged");
    assert!(!leftover.exists(), "read");
    let (plan, owner) = (place.plan_create(&config).await, place.harness.owner());
    leave();
    place.harness.find(FILE, &plan.planned, &owner).await.expect("told");
    assert!(!leftover.exists(), "find");
    for there in [true, false] {
        leave();
        let nothing = place.harness.nothing(FILE).expect("a kind");
        let (change, sink) = ((&made, &nothing, &nothing), Recorder::default());
        place.harness.apply(FILE, change, &owner, &sink).await.expect("deleted");
        assert!(!leftover.exists() && !place.path("a").exists(), "delete, file there: {there}");
    }
    place.create(&place.config(&[("filename", &long), ("content", "x")])).await;
    assert_eq!(fs::read(place.path(&long)).expect("read"), b"x", "the longest name");
}

#[tokio::test]
async fn only_the_planned_content_is_found() {
    let place = Place::new().await;
    let config = place.config(&[("filename", "a"), ("content", "x")]);
    let (plan, owner) = (place.plan_create(&config).await, place.harness.owner());
    let find = async || place.harness.find(FILE, &plan.planned, &owner).await.expect("told");
    assert!(matches!(find().await, Found::Nothing));
    fs::write(place.path("a"), "y").expect("written");
    assert!(matches!(find().await, Found::Nothing));
    fs::write(place.path("a"), "x").expect("written");
    let Found::Object { current, .. } = find().await else { panic!("not found") };
    assert!(current.is_wholly_known() && current.get("id") == current.get("content_sha1"));
}

#[tokio::test]
async fn data_sources_read_any_bytes() {
    let place = Place::new().await;
    let provider = place.harness.provider();
    let read = async |kind: &str| {
        let block = provider.schema().data_sources[kind].block.clone();
        let set = [("filename", "a".into())];
        let config = platoform_provider::harness::config_of(&block, set).expect("conforms");
        provider.data(DataRequest { kind: kind.into(), config }).await
    };
    for kind in [FILE, SENSITIVE] {
        let _ = fs::remove_file(place.path("a"));
        let failure = read(kind).await.expect_err("no file");
        assert!(failure.problems[0].summary.contains("Cannot read the file"));
        fs::write(place.path("a"), "hello\n").expect("written");
        let text = read(kind).await.expect("read").current;
        assert_eq!(text.get("content"), Some(&"hello\n".into()));
        assert_eq!(text.get("content_base64"), Some(&"aGVsbG8K".into()));
        assert_eq!(text.get("id"), text.get("content_sha1"));
        fs::write(place.path("a"), [0xff, 0x00]).expect("written");
        let bytes = read(kind).await.expect("read").current;
        assert_eq!(bytes.get("content"), Some(&Value::null(Type::String)));
        assert_eq!(bytes.get("content_base64"), Some(&"/wA=".into()));
        assert!(text.kind() == bytes.kind() && text.is_wholly_known());
    }
    let sensitive =
        |kind: &str| provider.schema().data_sources[kind].block.attributes["content"].sensitive;
    assert!(!sensitive(FILE) && sensitive(SENSITIVE));
}
