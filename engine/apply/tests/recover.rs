//! Deciding what became of calls that nobody knows the end of.

#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use common::World;
use common::scripted::Act;
use platoform_apply::{forget, settle};
use platoform_plan::{Planned, Resolution};

const ONE: &str = r#"resource "scripted_thing" "a" { name = "a" }"#;

/// A create whose end nobody knows, of a kind that cannot be looked up.
fn cut_off(effect: bool) -> World {
    let world = World::default();
    world.known.script.lock().unwrap().blind = true;
    world.acts("a", [Act::Unknown { effect }]);
    world.apply(world.plan(ONE));
    assert_eq!(world.journal.open(), ["create scripted_thing.a"]);
    world
}

fn reasons(planned: &Planned) -> Vec<String> {
    planned.uncertain.values().cloned().collect()
}

#[test]
fn what_cannot_be_told_is_shown_and_blocks_the_object() {
    let world = cut_off(true);
    let planned = world.plan(ONE);
    assert_eq!(reasons(&planned), ["it cannot tell"]);
    assert!(planned.plan.diagnostics.has_errors());
}

#[test]
fn an_object_that_the_user_names_is_taken_over() {
    let mut world = cut_off(true);
    world.options.adopt = vec![("scripted_thing.a".parse().unwrap(), "id-a".to_owned())];
    let planned = world.plan(ONE);
    let Resolution::Exists(record) = &planned.recovered[0].resolution else { panic!("not found") };
    assert!(!record.tainted);
    common::block_on(settle(&*world.journal, &planned.recovered)).unwrap();
    world.options.adopt.clear();
    assert!(world.journal.open().is_empty());
    assert!(!world.plan(ONE).plan.has_changes());
}

#[test]
fn an_object_that_the_user_names_must_be_there() {
    let mut world = cut_off(false);
    world.options.adopt = vec![("scripted_thing.a".parse().unwrap(), "id-a".to_owned())];
    assert_eq!(reasons(&world.plan(ONE)), ["No such thing"]);
}

#[test]
fn a_call_that_the_user_forgets_is_planned_anew() {
    let world = cut_off(false);
    let open = world.journal.prior.lock().unwrap().open.clone();
    common::block_on(forget(&*world.journal, &open)).unwrap();
    assert!(world.journal.open().is_empty());
    let planned = world.plan(ONE);
    assert!(!planned.plan.diagnostics.has_errors());
    assert_eq!(planned.plan.summary().add, 1);
}
