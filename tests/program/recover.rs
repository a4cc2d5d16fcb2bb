//! `recover`: what became of the calls of a run that was killed.

use std::time::Duration;

use platoform_tests::Project;
use serde_json::Value;

const FILES: &str = r#"
resource "local_file" "a" {
  count    = 3000
  filename = "out/${count.index}"
  content  = "${count.index}"
}
"#;

/// A project whose run was killed, and what became of the calls that it left open.
fn recovered() -> (Project, Vec<Value>) {
    for _ in 0..20 {
        let project = Project::new(FILES);
        let apply = project.command("apply -auto-approve").start_watched();
        assert!(apply.kill_after_lines(300, Duration::from_millis(20)), "it had ended before");
        let document = project.run("recover -json");
        let json: Value = serde_json::from_str(&document.exits(0).stdout).unwrap();
        let calls = json["calls"].as_array().unwrap().clone();
        if !calls.is_empty() {
            return (project, calls);
        }
    }
    panic!("no run left anything open")
}

#[test]
fn what_a_killed_run_left_open_is_looked_up_and_shown() {
    let (project, calls) = recovered();
    for call in calls {
        assert_eq!(call["action"], "create");
        let known = call["result"] == "found" || call["result"] == "gone";
        assert!(known && call["begun"].is_string(), "{call}");
    }
    project.run("recover").exits(0).shows("Nothing was left open");
    project.run("apply -auto-approve").exits(0);
    project.is_settled();
    assert_eq!(project.list("out").len(), 3000);
}

#[test]
fn decisions_are_checked() {
    let project = Project::new("resource \"terraform_data\" \"a\" {}\n");
    project.run("recover").exits(1).shows("There is no state at");
    project.run("apply -auto-approve").exits(0);
    project.run("recover").exits(0).shows("Nothing was left open");
    project.run("recover -forget=terraform_data.a").exits(1).shows("No such call");
    project.run("recover -adopt=terraform_data.a=x").exits(1).shows("No such call");
    project.run("recover -adopt=nonsense").exits(1).shows("Invalid `-adopt`");
    project
        .run("state orphans")
        .exits(0)
        .shows("Nothing carries the mark of this state that it does not know")
        .shows("cannot be asked what belongs to a state");
}
