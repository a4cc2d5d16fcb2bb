use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use futures_util::FutureExt;
use platoform_diagnostic::Environment;
use platoform_schema::Mode;
use platoform_value::{Number, Path, Type, Value};

use crate::harness::{Harness, Recorder, check_schema, config_of};
use crate::{
    Block, BlockType, ConfigureRequest, DataRequest, DataSource, Failure, Field, ImportRequest,
    Kind, Located, MoveRequest, Owner, Plan, PlanRequest, Problem, Provider, ProviderBuilder,
    ReadRequest, ReadResult, Reporter, UpgradeRequest,
};

/// A cloud in memory.
#[derive(Clone, Debug, Default, PartialEq, Block)]
struct Config {
    /// Where it is.
    #[attribute(optional, default = "here")]
    endpoint: Field<String>,
}

/// A thing.
#[derive(Clone, Debug, Default, PartialEq, Block)]
struct ThingState {
    /// Name.
    #[attribute(required, replace)]
    name: Field<String>,
    /// Size.
    #[attribute(optional, default = 1)]
    size: Field<i64>,
    /// Never stored.
    #[attribute(optional, write_only)]
    password: Field<String>,
    /// Id.
    #[attribute(computed)]
    id: Field<String>,
    /// Counts changes.
    #[attribute(computed)]
    revision: Field<i64>,
}

#[derive(Default)]
struct Cloud {
    endpoint: String,
    things: Mutex<BTreeMap<String, ThingState>>,
    passwords: Mutex<Vec<String>>,
    calls: AtomicUsize,
}

/// How a kind misbehaves.
#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    None,
    Silent,
    Forgetful,
    Blind,
    Unclear,
    Sticky,
}

struct Thing(Flaw);

impl Kind for Thing {
    type Client = Cloud;
    type State = ThingState;
    const NAME: &'static str = "cloud_thing";
    const VERSION: u64 = 2;

    fn validate(&self, config: &ThingState) -> Vec<Problem> {
        let wrong = config.size.copied().is_some_and(|size| size < 0);
        let problem = || Problem::error("Negative size", "").at(Path::attribute("size"));
        if wrong { vec![problem()] } else { Vec::new() }
    }

    fn plan(&self, _: Option<&Cloud>, plan: &mut Plan<ThingState>) {
        if plan.prior.as_ref().is_some_and(|prior| prior.size != plan.planned.size) {
            plan.planned.revision = Field::Unknown;
        }
        if plan.planned.size.copied() == Some(99) {
            plan.replace.push(Path::attribute("size"));
            plan.problems.push(Problem::warning("Large", ""));
        }
    }

    async fn read(&self, cloud: &Cloud, state: &ThingState) -> ReadResult<ThingState> {
        cloud.calls.fetch_add(1, Ordering::Relaxed);
        let things = cloud.things.lock().expect("unpoisoned");
        Ok(things.values().find(|thing| thing.id == state.id).cloned())
    }

    async fn create(
        &self,
        cloud: &Cloud,
        planned: ThingState,
        owner: &Owner,
        reporter: &Reporter<'_, ThingState>,
    ) -> Result<ThingState, Failure> {
        cloud.passwords.lock().expect("unpoisoned").extend(planned.password.get().cloned());
        let id = format!("{}/{}", cloud.endpoint, owner.key);
        let partial = ThingState { id: id.clone().into(), ..planned };
        let made = ThingState { revision: 1.into(), password: Field::Null, ..partial.clone() };
        cloud.things.lock().expect("unpoisoned").insert(owner.key.to_string(), made.clone());
        if self.0 != Flaw::Silent {
            reporter.created(&partial).await?;
        }
        reporter.progress("done");
        Ok(if self.0 == Flaw::Forgetful { partial } else { made })
    }

    async fn update(
        &self,
        cloud: &Cloud,
        prior: &ThingState,
        planned: ThingState,
        _: &Reporter<'_, ThingState>,
    ) -> Result<ThingState, Failure> {
        let mut things = cloud.things.lock().expect("unpoisoned");
        let thing = things.values_mut().find(|thing| thing.id == prior.id).expect("exists");
        let revision = prior.revision.known_or_default() + 1;
        *thing = ThingState { revision: revision.into(), ..planned };
        Ok(thing.clone())
    }

    async fn delete(
        &self,
        cloud: &Cloud,
        prior: &ThingState,
        _: &Reporter<'_, ThingState>,
    ) -> Result<(), Failure> {
        if self.0 != Flaw::Sticky {
            cloud.things.lock().expect("unpoisoned").retain(|_, thing| thing.id != prior.id);
        }
        Ok(())
    }

    async fn find(
        &self,
        cloud: &Cloud,
        _: &ThingState,
        owner: &Owner,
    ) -> Result<Located<ThingState>, Failure> {
        let things = cloud.things.lock().expect("unpoisoned");
        Ok(match (self.0, things.get(&*owner.key)) {
            (Flaw::Unclear, _) => Located::Uncertain("fog".into()),
            (Flaw::Blind, _) | (_, None) => Located::Nothing,
            (_, Some(thing)) => Located::Object(thing.clone()),
        })
    }

    async fn import(&self, _: &Cloud, id: &str) -> Result<ThingState, Failure> {
        Ok(ThingState { id: id.into(), ..ThingState::default() })
    }

    fn upgrade(&self, version: u64, mut state: serde_json::Value) -> serde_json::Value {
        state["size"] = version.into();
        state
    }
}

/// Where the cloud is.
#[derive(Clone, Debug, Default, PartialEq, Block)]
struct PlaceState {
    /// Prefix.
    #[attribute(optional, default = "at ")]
    prefix: Field<String>,
    /// Text.
    #[attribute(computed)]
    text: Field<String>,
}

struct Place;

impl DataSource for Place {
    type Client = Cloud;
    type State = PlaceState;
    const NAME: &'static str = "cloud_place";

    async fn read(&self, cloud: &Cloud, config: PlaceState) -> Result<PlaceState, Failure> {
        let text = format!("{}{}", config.prefix.known_or_default(), cloud.endpoint);
        Ok(PlaceState { text: text.into(), ..config })
    }
}

fn provider(flaw: Flaw) -> Arc<dyn Provider> {
    let connect = |config: Config, _: Arc<Environment>| async move {
        Ok(Cloud { endpoint: config.endpoint.known_or_default(), ..Cloud::default() })
    };
    ProviderBuilder::new(connect).kind(Thing(flaw)).data_source(Place).build()
}

/// In memory nothing waits.
fn now<T>(future: impl Future<Output = T>) -> T {
    future.now_or_never().expect("nothing to wait for")
}

fn harness(flaw: Flaw) -> Harness {
    let made = Harness::new(provider(flaw), Config::default().encode(), Environment::default());
    now(made).expect("configured")
}

fn thing(harness: &Harness, size: i64) -> Value {
    let set = [("name", "a".into()), ("size", size.into())];
    harness.config(Thing::NAME, set).expect("conforms")
}

#[test]
fn a_sound_kind_passes() {
    let harness = harness(Flaw::None);
    check_schema(&harness.provider().schema()).expect("sound");
    let made = now(harness.cycle(Thing::NAME, &thing(&harness, 1))).expect("sound");
    assert_eq!(made.get("id"), Some(&"here/key-0".into()));
    let (from, to) = (thing(&harness, 1), thing(&harness, 2));
    let changed = now(harness.update(Thing::NAME, &from, &to)).expect("sound");
    assert_eq!(changed.get("revision"), Some(&2.into()));
}

#[test]
fn a_flawed_kind_does_not_pass() {
    let fault = |flaw: Flaw| {
        let harness = harness(flaw);
        let fault = now(harness.cycle(Thing::NAME, &thing(&harness, 1))).expect_err("flawed");
        fault.to_string()
    };
    assert!(fault(Flaw::Silent).contains("the sink did not hear"));
    assert!(fault(Flaw::Forgetful).contains("did not say what it made"));
    assert_eq!(fault(Flaw::Blind), "find: finds nothing");
    assert!(fault(Flaw::Sticky).starts_with("read what was deleted"));
    let harness = harness(Flaw::Unclear);
    now(harness.cycle(Thing::NAME, &thing(&harness, 1))).expect("not every kind can be looked up");
}

#[test]
fn a_kind_has_its_say_in_plans() {
    let harness = harness(Flaw::None);
    let nothing = harness.nothing(Thing::NAME).expect("a kind");
    let plan = now(harness.plan(Thing::NAME, &nothing, &thing(&harness, 99))).expect("planned");
    assert_eq!(plan.replace, [Path::attribute("size")]);
    assert_eq!(plan.problems[0].summary, "Large");
    let invalid = now(harness.plan(Thing::NAME, &nothing, &thing(&harness, -1)));
    assert!(invalid.expect_err("invalid").detail.contains("Negative size (at size)"));
    let half = Value::from(Number::parse("0.5").expect("a number"));
    let config = harness.config(Thing::NAME, [("name", "a".into()), ("size", half)]);
    let problems = harness.provider().validate(Mode::Managed, Thing::NAME, &config.expect("fits"));
    assert_eq!(problems[0].path, Path::attribute("size"));
}

#[test]
fn write_only_values_are_sent_and_not_stored() {
    let harness = harness(Flaw::None);
    let set = [("name", "a".into()), ("password", "secret".into())];
    let config = harness.config(Thing::NAME, set).expect("conforms");
    let nothing = harness.nothing(Thing::NAME).expect("a kind");
    let plan = now(harness.plan(Thing::NAME, &nothing, &config)).expect("planned");
    assert!(plan.planned.get("password").expect("is there").is_null());
    let sink = Recorder::default();
    let change = (&nothing, &plan.planned, &config);
    let made = now(harness.apply(Thing::NAME, change, &harness.owner(), &sink)).expect("made");
    assert!(made.current.get("password").expect("is there").is_null());
    assert!(sink.created()[0].get("password").expect("is there").is_null());
}

#[test]
fn reads_answer_in_order() {
    let harness = harness(Flaw::None);
    let object = |id: String| ThingState { id: id.into(), ..ThingState::default() }.encode();
    let mut requests = Vec::new();
    for index in 0..40 {
        let kind: Arc<str> = if index % 3 == 0 { "cloud_none" } else { Thing::NAME }.into();
        requests.push(ReadRequest {
            kind,
            current: object(index.to_string()),
            private: vec![index],
        });
    }
    requests[1].current = Value::object_of([("id", Value::from(1))]);
    let answers = now(harness.provider().read(&requests));
    for (index, answer) in answers.iter().enumerate() {
        assert_eq!(answer.private, [u8::try_from(index).expect("small")]);
        assert_eq!(answer.problems.is_empty(), index % 3 != 0 && index != 1, "{index}");
    }
    assert_eq!(answers.len(), 40);
}

#[test]
fn without_its_configuration_a_provider_only_plans() {
    let provider = provider(Flaw::None);
    let config = Config { endpoint: Field::Unknown }.encode();
    let environment = Arc::new(Environment::default());
    now(provider.configure(ConfigureRequest { config, environment })).expect("accepted");
    let config = ThingState { name: "a".into(), ..ThingState::default() }.encode();
    let plan = PlanRequest {
        kind: Thing::NAME.into(),
        prior: Value::null(ThingState::implied_type()),
        proposed: config.clone(),
        config: config.clone(),
        private: Vec::new(),
    };
    assert_eq!(now(provider.plan(&[plan]))[0].problems, []);
    let read = ReadRequest { kind: Thing::NAME.into(), current: config, private: Vec::new() };
    let answer = now(provider.read(&[read]));
    assert!(answer[0].problems[0].summary.contains("not configured yet"));
    let data = DataRequest { kind: Place::NAME.into(), config: PlaceState::default().encode() };
    assert!(now(provider.data(data)).is_err());
}

#[test]
fn data_import_and_upgrade_find_their_kind() {
    let harness = harness(Flaw::None);
    let provider = harness.provider();
    let data = DataRequest { kind: Place::NAME.into(), config: PlaceState::default().encode() };
    let read = now(provider.data(data)).expect("read");
    assert_eq!(read.current.get("text"), Some(&"at here".into()));
    let import = ImportRequest { kind: Thing::NAME.into(), id: "7".into() };
    let imported = now(provider.import(import)).expect("imported");
    assert_eq!(imported[0].current.get("id"), Some(&"7".into()));
    let upgrade = |version| {
        let state = r#"{"name": "a", "old": true, "size": 9}"#.into();
        now(provider.upgrade(UpgradeRequest { kind: Thing::NAME.into(), version, state }))
    };
    let size = |version| upgrade(version).expect("upgraded").get("size").cloned();
    assert_eq!((size(1), size(2)), (Some(1.into()), Some(9.into())));
    let request = MoveRequest {
        source_provider: "p".into(),
        source_kind: "other".into(),
        source_version: 0,
        state: "{}".into(),
        private: Vec::new(),
        kind: Thing::NAME.into(),
    };
    let refused = now(provider.move_state(request)).expect_err("unsupported");
    assert!(refused.problems[0].summary.contains("moving from `other`"));
}

#[test]
fn a_configuration_must_fit() {
    let block = ThingState::block();
    assert!(config_of(&block, [("size", "x".into())]).is_err());
    assert!(config_of(&block, [("none", Value::null(Type::String))]).is_err());
}
