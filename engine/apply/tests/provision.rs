//! Provisioners.

#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use common::World;
use platoform_apply::Applied;
use platoform_plan::Action;

fn ran(world: &World) -> Vec<String> {
    std::mem::take(&mut *world.programs.0.lock().unwrap())
}

fn thing(body: &str) -> String {
    format!("resource \"scripted_thing\" \"a\" {{\n  name = \"a\"\n{body}\n}}")
}

fn provisioner(command: &str, more: &str) -> String {
    format!("  provisioner \"local-exec\" {{\n    command = \"{command}\"\n    {more}\n  }}\n")
}

fn tainted(world: &World) -> Vec<bool> {
    world.journal.records().values().map(|record| record.tainted).collect()
}

fn apply(world: &World, text: &str) -> Applied {
    let planned = world.plan(text);
    assert!(!planned.plan.diagnostics.has_errors(), "{:#?}", planned.plan.diagnostics);
    world.apply(planned)
}

#[test]
fn they_run_in_order_once_the_object_is_there() {
    let world = World::default();
    let text = thing(&(provisioner("one ${self.id}", "") + &provisioner("two ${self.name}", "")));
    world.run(&text);
    assert_eq!(ran(&world), ["one id-a", "two a"]);
    assert_eq!(tainted(&world), [false]);
    world.run(&text.replace("name = \"a\"", "name = \"a\"\n  input = \"x\""));
    assert!(ran(&world).is_empty(), "they ran on an update");
}

#[test]
fn a_failure_taints_and_keeps_the_next_from_running() {
    let world = World::default();
    let text = thing(&(provisioner("fail", "") + &provisioner("two", "")));
    let applied = apply(&world, &text);
    assert_eq!(applied.diagnostics.iter().next().unwrap().summary, "it failed");
    assert_eq!((ran(&world), tainted(&world)), (vec!["fail".to_owned()], vec![true]));
    let planned = world.plan(&text);
    assert_eq!(planned.plan.changes[0].action, Action::DeleteThenCreate);
}

#[test]
fn a_failure_that_is_to_be_ignored_is() {
    let world = World::default();
    world.run(&thing(&(provisioner("fail", "on_failure = continue") + &provisioner("two", ""))));
    assert_eq!((ran(&world), tainted(&world)), (vec!["fail".into(), "two".into()], vec![false]));
}

#[test]
fn what_depends_on_the_object_waits_for_them() {
    let world = World::default();
    let text = thing(&provisioner("fail", ""))
        + "\nresource \"scripted_thing\" \"b\" { name = scripted_thing.a.id }";
    apply(&world, &text);
    assert_eq!(world.known.script.lock().unwrap().done(), ["create a"]);
}

#[test]
fn they_wait_for_what_they_read() {
    let world = World::default();
    let text = thing(&provisioner("see ${scripted_thing.b.id}", ""))
        + "\nresource \"scripted_thing\" \"b\" { name = \"b\" }";
    world.run(&text);
    assert_eq!(ran(&world), ["see id-b"]);
    assert_eq!(world.known.script.lock().unwrap().done(), ["create b", "create a"]);
}

#[test]
fn those_of_the_end_run_before_it_and_keep_the_object_when_they_fail() {
    let mut world = World::default();
    let text = |command| thing(&provisioner(command, "when = destroy"));
    world.run(&text("fail ${self.id}"));
    assert!(ran(&world).is_empty());
    world.options.mode = platoform_plan::PlanMode::Destroy;
    apply(&world, &text("fail ${self.id}"));
    assert_eq!(ran(&world), ["fail id-a"]);
    assert_eq!(world.known.script.lock().unwrap().objects.len(), 1);
    assert_eq!(tainted(&world), [false]);
    apply(&world, &text("bye ${self.id}"));
    assert_eq!(ran(&world), ["bye id-a"]);
    assert!(world.known.script.lock().unwrap().objects.is_empty());
    assert!(world.journal.records().is_empty());
}

#[test]
fn those_of_the_end_know_their_key_and_run_for_instances_that_go() {
    let world = World::default();
    let text = |count| {
        format!(
            "resource \"scripted_thing\" \"a\" {{\n  count = {count}\n  name = \"a${{count.index}}\"\n{}}}",
            provisioner("bye ${count.index} ${self.id}", "when = destroy")
        )
    };
    world.run(&text(2));
    world.run(&text(1));
    assert_eq!(ran(&world), ["bye 1 id-a1"]);
}

#[test]
fn those_of_the_end_do_not_run_for_what_was_never_finished() {
    let mut world = World::default();
    let text = thing(&(provisioner("fail", "") + &provisioner("bye", "when = destroy")));
    apply(&world, &text);
    ran(&world);
    world.destroy(&text);
    assert!(ran(&world).is_empty());
}
