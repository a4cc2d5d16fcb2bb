//! One test for each defect that was found in planning and applying, so that it stays mended.

#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use common::World;
use platoform_plan::{Action, Selector};

fn dependencies(world: &World, address: &str) -> Vec<String> {
    let records = world.journal.records();
    let record = records.iter().find(|(key, _)| key.address.to_string() == address);
    record.unwrap().1.dependencies.iter().map(ToString::to_string).collect()
}

#[test]
fn a_dependency_that_turns_round_is_applied_in_full() {
    let world = World::default();
    world.run(
        r#"
        resource "terraform_data" "a" {
          input = terraform_data.b.output
          lifecycle { create_before_destroy = true }
        }
        resource "terraform_data" "b" {}"#,
    );
    let text = r#"
        resource "terraform_data" "a" {
          triggers_replace = 2
          lifecycle { create_before_destroy = true }
        }
        resource "terraform_data" "b" {
          input            = terraform_data.a.output
          triggers_replace = 2
        }"#;
    let done = world.run(text);
    assert_eq!(done.len(), 4, "{done:?}");
    assert!(!world.plan(text).plan.has_changes());
    assert_eq!(world.journal.records().len(), 2);
}

#[test]
fn new_dependencies_of_an_unchanged_object_are_recorded() {
    let world = World::default();
    world.run("resource \"terraform_data\" \"a\" {}\nresource \"terraform_data\" \"b\" {}");
    assert!(dependencies(&world, "terraform_data.b").is_empty());
    world.run("resource \"terraform_data\" \"a\" {}\nresource \"terraform_data\" \"b\" {\n depends_on = [terraform_data.a]\n}");
    assert_eq!(dependencies(&world, "terraform_data.b"), ["terraform_data.a"]);
}

#[test]
fn ignoring_changes_of_a_secret_keeps_it_a_secret() {
    let world = World::default();
    let text = r#"
        variable "token" {
          default   = "hunter2"
          sensitive = true
        }
        resource "terraform_data" "a" {
          input = var.token
          lifecycle { ignore_changes = [input] }
        }"#;
    world.run(text);
    assert!(!world.plan(text).plan.has_changes());
    world.run(text);
    let prior = world.journal.prior.lock().unwrap().clone();
    assert!(!format!("{prior:?}").contains("hunter2"));
}

#[test]
fn an_output_that_becomes_sensitive_is_sealed() {
    let world = World::default();
    world.run(r#"output "o" { value = "hunter2" }"#);
    world.run("output \"o\" {\n value = \"hunter2\"\n sensitive = true\n}");
    let prior = world.journal.prior.lock().unwrap().clone();
    assert!(prior.outputs["o"].sensitive);
    assert!(!format!("{prior:?}").contains("hunter2"));
}

#[test]
fn conditions_unknown_while_planning_are_checked_while_applying() {
    let world = World::default();
    let planned = world.plan(
        r#"
        resource "terraform_data" "a" {}
        resource "terraform_data" "b" {
          input = "static"
          lifecycle {
            precondition {
              condition     = terraform_data.a.id == "nope"
              error_message = "not that one"
            }
          }
        }
        output "o" {
          value = 1
          precondition {
            condition     = terraform_data.a.id == "nope"
            error_message = "nor this"
          }
        }"#,
    );
    assert!(!planned.plan.diagnostics.has_errors());
    let applied = world.apply(planned);
    let details: Vec<_> = applied.diagnostics.iter().map(|found| found.detail.clone()).collect();
    assert_eq!(details.len(), 2, "{details:?}");
    assert!(details.contains(&"not that one".into()) && details.contains(&"nor this".into()));
    assert_eq!(world.journal.records().len(), 1);
    assert!(world.journal.prior.lock().unwrap().outputs.is_empty());
}

#[test]
fn ignored_changes_stay_ignored_when_a_block_is_evaluated_again() {
    let world = World::default();
    let text = |value: i32| {
        format!(
            r#"
            resource "terraform_data" "a" {{ input = {value} }}
            resource "terraform_data" "b" {{
              input            = terraform_data.a.output
              triggers_replace = {value}
              lifecycle {{ ignore_changes = [triggers_replace] }}
            }}"#
        )
    };
    world.run(&text(1));
    let done = world.run(&text(2));
    assert_eq!(done, ["update terraform_data.a", "update terraform_data.b"]);
}

#[test]
fn a_target_in_one_module_instance_leaves_the_others_alone() {
    let mut world = World::default();
    world.options.targets = vec!["terraform_data.a[\"x\"]".parse::<Selector>().unwrap()];
    let done = world.run(
        r#"resource "terraform_data" "a" {
          for_each = toset(["x", "y"])
        }"#,
    );
    assert_eq!(done, ["create terraform_data.a[\"x\"]"]);
}

#[test]
fn an_object_that_is_only_made_triggers_no_replacement() {
    let world = World::default();
    let text = |count: i32| {
        format!(
            r#"
            resource "terraform_data" "a" {{ count = {count} }}
            resource "terraform_data" "b" {{
              lifecycle {{ replace_triggered_by = [terraform_data.a] }}
            }}"#
        )
    };
    world.run(&text(1));
    let planned = world.plan(&text(2));
    let b = planned.plan.changes.iter().find(|change| &*change.key.address.resource.id.name == "b");
    assert_eq!(b.unwrap().action, Action::NoOp);
}
