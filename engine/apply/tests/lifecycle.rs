//! What a plan says and what applying it does, for the builtin resource.

#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use common::World;
use platoform_plan::{Action, ActionReason};

fn actions(world: &World, text: &str) -> Vec<(String, Action)> {
    let planned = world.plan(text);
    assert!(!planned.plan.diagnostics.has_errors(), "{:#?}", planned.plan.diagnostics);
    let changes = planned.plan.changes.iter();
    changes.map(|change| (change.key.address.to_string(), change.action)).collect()
}

#[test]
fn a_second_plan_is_empty() {
    let world = World::default();
    let text = r#"
        variable "name" { default = "x" }
        locals { full = "${var.name}-${terraform_data.a.id}" }
        resource "terraform_data" "a" { input = var.name }
        resource "terraform_data" "b" {
          count = 3
          input = { index = count.index, full = local.full }
        }
        output "all" { value = terraform_data.b[*].output.index }
    "#;
    let planned = world.plan(text);
    assert_eq!(planned.plan.summary().add, 4);
    world.run(text);
    let again = world.plan(text);
    assert!(!again.plan.has_changes(), "{:#?}", again.plan.changes);
    assert_eq!(world.journal.records().len(), 4);
}

#[test]
fn dependencies_go_first_and_are_destroyed_last() {
    let mut world = World::default();
    let text = r#"
        resource "terraform_data" "c" { input = terraform_data.b.output }
        resource "terraform_data" "b" { input = terraform_data.a.output }
        resource "terraform_data" "a" { input = 1 }
    "#;
    let done = world.run(text);
    assert_eq!(
        done,
        ["create terraform_data.a", "create terraform_data.b", "create terraform_data.c"]
    );
    let done = world.destroy(text);
    assert_eq!(
        done,
        ["delete terraform_data.c", "delete terraform_data.b", "delete terraform_data.a"]
    );
    assert!(world.journal.records().is_empty());
}

#[test]
fn the_present_is_asked_for_when_applying_only() {
    let world = World::default();
    let text = r#"
        locals { stamp = timestamp() }
        resource "terraform_data" "a" { input = "${local.stamp} ${uuid()}" }
        output "planned" { value = plantimestamp() == timestamp() }
    "#;
    let planned = world.plan(text);
    assert_eq!(planned.plan.digest, world.plan(text).plan.digest);
    let applied = world.apply(planned);
    assert!(!applied.diagnostics.has_errors(), "{:#?}", applied.diagnostics);
    let records = world.journal.records();
    let shown = format!("{:?}", records.values().next());
    let expected = "2024-01-02T03:04:05Z 07070707-0707-0707-0707-070707070707";
    assert!(shown.contains(expected), "{shown}");
}

#[test]
fn an_instance_waits_for_the_instance_it_reads() {
    let world = World::default();
    let text = r#"
        resource "terraform_data" "a" {
          for_each = toset(["x", "y"])
          input    = each.key
        }
        resource "terraform_data" "b" {
          for_each = toset(["x", "y"])
          input    = terraform_data.a[each.key].id
        }
    "#;
    world.run(text);
    let records = world.journal.records();
    let record =
        records.iter().find(|(key, _)| key.address.to_string() == "terraform_data.b[\"x\"]");
    assert_eq!(*record.unwrap().1.dependencies, ["terraform_data.a[\"x\"]".into()]);
}

#[test]
fn a_trigger_replaces_in_the_order_asked_for() {
    let world = World::default();
    let text = |trigger: &str, first: bool| {
        format!(
            r#"
            resource "terraform_data" "a" {{
              triggers_replace = "{trigger}"
            }}
            resource "terraform_data" "b" {{
              input = 1
              lifecycle {{
                create_before_destroy = {first}
                replace_triggered_by  = [terraform_data.a]
              }}
            }}"#
        )
    };
    world.run(&text("one", false));
    let found = actions(&world, &text("two", false));
    assert_eq!(found[0].1, Action::DeleteThenCreate);
    assert_eq!(found[1].1, Action::DeleteThenCreate);
    let planned = world.plan(&text("two", false));
    assert_eq!(
        planned.plan.changes[1].reason,
        Some(ActionReason::Triggered("terraform_data.a".into()))
    );
    let done = world.run(&text("two", true));
    let place = |line: &str| done.iter().position(|other| other == line);
    assert!(place("create terraform_data.b") < place("delete terraform_data.b"), "{done:?}");
    assert!(!world.plan(&text("two", true)).plan.has_changes());
    assert_eq!(world.journal.records().len(), 2);
}

#[test]
fn what_left_the_configuration_is_destroyed_with_a_reason() {
    let world = World::default();
    world.run(
        r#"
        resource "terraform_data" "a" { input = 1 }
        resource "terraform_data" "b" { count = 2 }"#,
    );
    let planned = world.plan(r#"resource "terraform_data" "b" { count = 1 }"#);
    let reasons: Vec<_> = planned
        .plan
        .changes
        .iter()
        .filter(|change| change.action == Action::Delete)
        .map(|change| (change.key.address.to_string(), change.reason.clone()))
        .collect();
    assert_eq!(
        reasons,
        [
            ("terraform_data.a".to_owned(), Some(ActionReason::NoBlock)),
            ("terraform_data.b[1]".to_owned(), Some(ActionReason::CountIndex)),
        ]
    );
}

#[test]
fn all_instances_can_be_read_at_once() {
    let world = World::default();
    let text = r#"
        resource "terraform_data" "a" {
          count = 10
          input = count.index
        }
        output "sum" { value = sum(terraform_data.a[*].output) }
    "#;
    world.run(text);
    let outputs = &world.journal.prior.lock().unwrap().outputs;
    assert_eq!(&*outputs["sum"].value.0, "45");
}

#[test]
fn a_secret_is_sealed_wherever_it_is_repeated() {
    let world = World::default();
    world.run(
        r#"
        variable "token" {
          default   = "hunter2"
          sensitive = true
        }
        resource "terraform_data" "a" { input = var.token }
        output "token" {
          value     = var.token
          sensitive = true
        }"#,
    );
    let prior = world.journal.prior.lock().unwrap().clone();
    let text = format!("{prior:?}");
    assert!(!text.contains("hunter2"), "{text}");
    assert!(text.contains("$sealed"));
}

#[test]
fn prevent_destroy_refuses_a_replacement() {
    let world = World::default();
    let text = |trigger: i32| {
        format!(
            r#"resource "terraform_data" "a" {{
              triggers_replace = {trigger}
              lifecycle {{ prevent_destroy = true }}
            }}"#
        )
    };
    world.run(&text(1));
    let planned = world.plan(&text(2));
    assert!(planned.plan.diagnostics.has_errors());
    assert!(!world.plan(&text(1)).plan.diagnostics.has_errors());
}

#[test]
fn ignored_changes_stay_as_they_are() {
    let world = World::default();
    world.run(r#"resource "terraform_data" "a" { input = { x = 1, y = 1 } }"#);
    let text = r#"resource "terraform_data" "a" {
        input = { x = 2, y = 2 }
        lifecycle { ignore_changes = [input.x] }
    }"#;
    let planned = world.plan(text);
    let after = &planned.plan.changes[0].after;
    let input = after.get("input").unwrap();
    assert_eq!(input.get("x").and_then(|x| x.as_i64()), Some(1));
    assert_eq!(input.get("y").and_then(|y| y.as_i64()), Some(2));
}

#[test]
fn equal_inputs_give_equal_digests() {
    let world = World::default();
    let text = r#"resource "terraform_data" "a" { input = 1 }"#;
    let first = world.plan(text).plan.digest;
    assert_eq!(first, world.plan(text).plan.digest);
    let other = r#"resource "terraform_data" "a" { input = 2 }"#;
    assert_ne!(first, world.plan(other).plan.digest);
}

#[test]
fn modules_repeat_pass_values_and_wait_for_each_other() {
    let module = r#"
        variable "number" { type = number }
        resource "terraform_data" "inner" { input = var.number * 2 }
        output "double" { value = terraform_data.inner.output }
    "#;
    let mut world = World { modules: vec![("m/main.tf", module)], ..World::default() };
    let text = r#"
        module "m" {
          source = "./m"
          count  = 3
          number = count.index
        }
        resource "terraform_data" "sum" { input = sum(module.m[*].double) }
        resource "terraform_data" "last" { depends_on = [module.m] }
        output "sum" { value = terraform_data.sum.output }
    "#;
    let done = world.run(text);
    let place = |line: &str| done.iter().position(|other| other.starts_with(line));
    assert!(place("create module.m[2]") < place("create terraform_data.last"), "{done:?}");
    assert_eq!(&*world.journal.prior.lock().unwrap().outputs["sum"].value.0, "6");
    assert!(!world.plan(text).plan.has_changes());
    let records = world.journal.records();
    let last = records.iter().find(|(key, _)| key.address.to_string() == "terraform_data.last");
    assert_eq!(*last.unwrap().1.dependencies, ["module.m".into()]);
    let done = world.destroy(text);
    let first_inner = done.iter().position(|line| line.contains("module.m"));
    let last = done.iter().position(|line| line == "delete terraform_data.last");
    assert!(last < first_inner, "{done:?}");
}
