//! What machines read.

use platoform_tests::{Project, Run};
use serde_json::{Value as Json, json};

const SECRETS: &str = r#"
    variable "password" {
      default   = "hunter2"
      sensitive = true
    }
    resource "terraform_data" "a" { input = { user = "root", password = var.password } }
    output "password" {
      value     = terraform_data.a.output.password
      sensitive = true
    }
    output "user" { value = terraform_data.a.output.user }
"#;

fn document(run: &Run) -> Json {
    serde_json::from_str(&run.exits(0).stdout).unwrap()
}

/// The lines of a stream, each of which has to be an object.
fn lines(run: &Run) -> Vec<Json> {
    run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn kinds(lines: &[Json]) -> Vec<&str> {
    lines.iter().filter_map(|line| line["type"].as_str()).filter(|kind| *kind != "log").collect()
}

#[test]
fn secrets_are_in_no_document() {
    let project = Project::new(SECRETS);
    let planned = project.run("plan -json -out=p");
    planned.exits(0).hides("hunter2");
    let plan = project.run("show -json p");
    plan.hides("hunter2");
    let change = &document(&plan)["resource_changes"][0]["change"];
    assert_eq!(change["after"]["input"], json!({ "user": "root", "password": null }));
    assert_eq!(change["after_sensitive"]["input"], json!({ "password": true }));
    project.run("apply -json p").exits(0).hides("hunter2");
    let state = project.run("show -json");
    state.hides("hunter2");
    let outputs = &document(&state)["values"]["outputs"];
    assert_eq!(outputs["password"]["value"], Json::Null);
    assert_eq!(outputs["user"]["value"], "root");
}

#[test]
fn those_who_ask_for_values_get_them() {
    let project = Project::new(SECRETS);
    project.apply();
    let outputs = document(&project.run("output -json"));
    assert_eq!(outputs["password"]["value"], "hunter2");
    let file = document(&project.run("state pull"));
    assert_eq!(file["version"], 4);
    assert_eq!(file["outputs"]["password"]["value"], "hunter2");
    let instance = &file["resources"][0]["instances"][0];
    let input = &instance["attributes"]["input"]["value"];
    assert_eq!(*input, json!({ "user": "root", "password": "hunter2" }));
    assert_ne!(instance["sensitive_attributes"], json!([]));
}

#[test]
fn a_stream_is_nothing_but_objects() {
    let project = Project::new("resource \"terraform_data\" \"a\" {}\noutput \"o\" { value = 1 }");
    let planned = lines(&project.run("plan -json"));
    assert_eq!(kinds(&planned), ["version", "planned_change", "change_summary", "outputs"]);
    let applied = project.run("apply -json -auto-approve");
    let applied = lines(applied.exits(0));
    assert_eq!(
        kinds(&applied)[4..],
        ["apply_start", "apply_complete", "change_summary", "outputs"]
    );
    let destroyed = project.run("destroy -json -auto-approve");
    let destroyed = lines(destroyed.exits(0));
    assert_eq!(destroyed[destroyed.len() - 1]["outputs"], json!({}));
    let last = &destroyed[destroyed.len() - 2]["changes"];
    assert_eq!((&last["operation"], &last["remove"]), (&json!("destroy"), &json!(1)));
}

#[test]
fn nobody_can_be_asked_in_a_stream() {
    let project = Project::new("resource \"terraform_data\" \"a\" {}");
    let refused = project.run("apply -json");
    let refused = lines(refused.exits(1));
    assert_eq!(refused[1]["diagnostic"]["summary"], "Plan file or auto-approve required");
}

#[test]
fn a_plan_that_failed_is_shown_but_not_applied() {
    let project = Project::new(
        "variable \"n\" { default = {} }\noutput \"o\" { value = var.n.x }\n\
         resource \"terraform_data\" \"a\" {}",
    );
    project.run("plan -json -out=p").exits(1);
    let plan = document(&project.run("show -json p"));
    assert_eq!((&plan["errored"], &plan["applyable"]), (&json!(true), &json!(false)));
    assert_eq!(plan["resource_changes"][0]["address"], "terraform_data.a");
    project.run("apply p").exits(1).shows("Unsupported attribute");
    assert!(!project.run("state list").contains("terraform_data.a"));
}
