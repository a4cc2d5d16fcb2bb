//! `state rotate-key`, `state sql`, and states of older formats.

use std::fs;
use std::os::unix::fs::MetadataExt as _;

use platoform_tests::{Project, repository};

const SECRET: &str = "correct-horse";

const MAIN: &str = r#"
    resource "terraform_data" "a" {
      input = sensitive("correct-horse")
    }
    output "o" {
      value     = terraform_data.a.output
      sensitive = true
    }
"#;

#[track_caller]
fn reads(project: &Project) {
    project.is_settled();
    assert_eq!(project.run("output -raw o").exits(0).stdout, SECRET);
}

#[test]
fn the_key_beside_the_state_is_exchanged() {
    let project = Project::new(MAIN);
    project.apply();
    let former = project.read("platoform.key");
    project
        .run("state rotate-key")
        .exits(0)
        .shows("opens with the new key in")
        .shows("platoform.key");
    assert_ne!(project.read("platoform.key"), former);
    reads(&project);
    project.write("platoform.key", &former);
    project.run("plan").exits(1).shows("sealed with another key");
}

#[test]
fn keys_from_the_environment_are_exchanged() {
    let project = Project::new(MAIN);
    let (old, new) = ("PLATOFORM_STATE_PASSPHRASE", "PLATOFORM_STATE_NEW_PASSPHRASE");
    let run = |line: &str, passphrase: &str| project.command(line).env(old, passphrase).run();
    run("apply -auto-approve", "one").exits(0);
    run("state rotate-key", "one").exits(1).shows("The new key is missing").shows(new);
    let rotated = project.command("state rotate-key").env(old, "one").env(new, "two").run();
    rotated.exits(0).shows("opens with the new key");
    run("plan -detailed-exitcode", "two").exits(0);
    run("plan", "one").exits(1).shows("sealed with another passphrase");
    let empty = project.command("state rotate-key").env(old, "two").env(new, "").run();
    empty.exits(1).shows(new);
}

#[test]
fn everything_is_sealed_with_a_new_data_key() {
    let project = Project::new(MAIN);
    project.apply();
    project.run("plan -destroy -out=saved").exits(0);
    let key = project.read("platoform.key");
    project.run("state rotate-key -data-key").exits(0).shows("sealed with a new data key");
    assert_eq!(project.read("platoform.key"), key);
    reads(&project);
    project.run("apply saved").exits(1).shows("Saved plan cannot be used");
}

#[test]
fn questions_see_no_secrets() {
    let project = Project::new(MAIN);
    project.apply();
    let ask = |words: &[&str]| project.command("state sql").args(words).run();
    let table = ask(&["select address, run from resources"]);
    assert_eq!(table.exits(0).stdout, "address           run\nterraform_data.a  1\n");
    let json = ask(&["-json", "select serial, ended is null as running from meta, runs"]);
    let json: serde_json::Value = serde_json::from_str(&json.exits(0).stdout).unwrap();
    assert_eq!(json, serde_json::json!([{"serial": 1, "running": 0}]));
    for table in ["resources", "outputs", "history", "intents", "meta"] {
        ask(&[&format!("select * from {table}")]).exits(0).hides(SECRET);
    }
    ask(&["select * from resources"]).exits(0).shows("$sealed");
    for question in ["delete from resources", "select 1; delete from resources", "vacuum into 'x'"]
    {
        ask(&[question]).exits(1).shows("Question cannot be answered");
    }
    ask(&["select no_such_column"]).exits(1).shows("no such column: no_such_column");
    assert!(!project.has("x"));
    reads(&project);
}

/// `format_1` is what an earlier version left.
#[test]
fn an_older_state_is_copied_before_it_is_changed() {
    let project = Project::copy(&repository().join("tests/program/format_1"));
    let first = project.run("output -raw o");
    first.exits(0).shows("format 1").shows("old.db-format-1.backup");
    assert_eq!(first.stdout, SECRET);
    assert_eq!(fs::metadata(project.path("old.db-format-1.backup")).unwrap().mode() & 0o777, 0o600);
    reads(&project);
    project.run("plan").exits(0).hides("format 1");
    project.run("state list -at=0").exits(1).shows("from run 1 to run 1");
    assert_eq!(project.run("state list -at=1").exits(0).stdout, "terraform_data.a\n");
    // Back to where it was.
    for log in ["old.db-wal", "old.db-shm"] {
        let _ = fs::remove_file(project.path(log));
    }
    fs::copy(project.path("old.db-format-1.backup"), project.path("old.db")).unwrap();
    reads(&project);
}
