//! `log`, and looking back with `-at`.

use platoform_tests::Project;

use crate::snapshot;

const MAIN: &str = r#"
    variable "token" {
      default   = "correct-horse"
      sensitive = true
    }
    variable "text" {
      default = "first"
    }
    resource "terraform_data" "a" {
      input = { text = var.text, token = var.token }
    }
    resource "local_file" "b" {
      count    = var.text == "first" ? 1 : 0
      filename = "out/b"
      content  = "b"
    }
    output "text" {
      value = var.text
    }
    output "token" {
      value     = var.token
      sensitive = true
    }
"#;

#[test]
fn every_run_is_listed_and_shown() {
    let project = Project::new(MAIN);
    assert_eq!(project.run("log").exits(0).stdout, "Nothing was done yet.\n");
    project.apply();
    project.run("apply -auto-approve -var text=second -var token=another-secret").exits(0);
    project.run("taint terraform_data.a").exits(0);
    let log = project.run("log");
    let told: Vec<String> = log.exits(0).stdout.lines().skip(1).map(columns).collect();
    assert_eq!(
        told,
        [
            "3 platoform taint terraform_data.a +0 ~1 -0 succeeded",
            "2 platoform apply +0 ~1 -1 succeeded",
            "1 platoform apply +2 ~0 -0 succeeded",
        ]
    );
    assert_eq!(project.run("log -limit=1").exits(0).stdout.lines().count(), 2);
    for number in 1..=3 {
        let shown = project.run(&format!("log show {number}"));
        let json = project.run(&format!("log show {number} -json"));
        for run in [&shown, &json] {
            run.exits(0).hides("correct-horse").hides("another-secret");
        }
    }
    let shown = project.run("log show 2").exits(0).text();
    let (before, after) = shown.split_once("tester@").unwrap();
    let (_, after) = after.split_once(',').unwrap();
    snapshot!("log_show", format!("{before}tester@[HOST],{after}"));
    let json = project.run("log show 2 -json");
    let json: serde_json::Value = serde_json::from_str(&json.exits(0).stdout).unwrap();
    assert_eq!(json["objects"][0]["action"], "remove");
    assert_eq!(json["objects"][1]["before"]["input"]["text"], "first");
    assert_eq!(json["objects"][1]["after"]["input"]["text"], "second");
    assert_eq!(json["objects"][1]["after"]["input"]["token"], serde_json::Value::Null);
    assert_eq!(json["outputs"]["text"]["after"], "second");
    assert_eq!(json["outputs"]["token"]["after"], serde_json::Value::Null);
    project.run("log show 4").exits(1).shows("from run 0 to run 3");
}

/// A line of the list without time and machine.
fn columns(line: &str) -> String {
    let words: Vec<&str> = line.split_whitespace().collect();
    [&words[..1], &words[3..]].concat().join(" ")
}

#[test]
fn the_state_of_then_is_shown() {
    let project = Project::new(MAIN);
    project.apply();
    project.run("apply -auto-approve -var text=second").exits(0);
    project.run("destroy -auto-approve").exits(0);
    assert!(project.recorded().is_empty());
    let list = |run: u8| project.run(&format!("state list -at={run}")).exits(0).stdout.clone();
    assert_eq!(list(0), "");
    assert_eq!(list(1), "local_file.b[0]\nterraform_data.a\n");
    assert_eq!(list(2), "terraform_data.a\n");
    assert_eq!(list(3), "");
    let show = |run: u8| project.run(&format!("state show -at {run} terraform_data.a"));
    show(1).exits(0).shows("\"first\"").shows("(sensitive value)").hides("correct-horse");
    show(2).exits(0).shows("\"second\"");
    show(3).exits(1).shows("No instance found");
    show(4).exits(1).shows("No such run");

    let pruned = project.run("log prune 2");
    pruned.exits(0).shows("How things were before run 2 had ended is forgotten: 2 versions");
    project.run("state list -at=1").exits(1).shows("from run 2 to run 3");
    assert_eq!(list(2), "terraform_data.a\n");
}

#[test]
fn what_failed_is_told() {
    let project = Project::new(
        "resource \"local_file\" \"bad\" {\n  filename = \"main.tf/x\"\n  content  = \"x\"\n}\n",
    );
    project.run("apply -auto-approve").exits(1);
    project.run("log").exits(0).shows("failed");
    project.run("log show 1").exits(0).shows("local_file.bad: create failed");
}
