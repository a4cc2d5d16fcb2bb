//! What the user's interruptions do.

#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use std::time::Duration;

use common::World;
use common::scripted::Act;
use platoform_apply::Applied;

const SECOND: Duration = Duration::from_secs(1);

const THREE: &str = r#"
    resource "scripted_thing" "a" { name = "a" }
    resource "scripted_thing" "b" { name = "b" }
    resource "scripted_thing" "c" { name = "c-${scripted_thing.a.id}" }"#;

fn summaries(applied: &Applied) -> Vec<String> {
    applied.diagnostics.iter().map(|found| found.summary.clone()).collect()
}

fn told(world: &World, start: &str) -> Vec<String> {
    let told = world.watch.0.lock().unwrap().clone();
    told.into_iter().filter(|line| line.starts_with(start)).collect()
}

#[test]
fn the_first_lets_what_runs_come_to_its_end() {
    let world = World { interruptions: vec![SECOND], ..World::default() };
    world.acts("a", [Act::Takes(10 * SECOND)]);
    world.acts("b", [Act::Takes(5 * SECOND)]);
    let applied = world.apply(world.plan(THREE));
    assert!(applied.stopped && applied.summary.add == 2);
    assert_eq!(world.journal.records().len(), 2);
    assert!(world.journal.open().is_empty());
    assert_eq!(told(&world, "stopping"), ["stopping, waits for scripted_thing.a scripted_thing.b"]);
}

#[test]
fn the_first_ends_pauses() {
    let world = World { interruptions: vec![SECOND], ..World::default() };
    world.acts("a", [Act::Busy(600 * SECOND)]);
    let begun = std::time::Instant::now();
    let applied = world.apply(world.plan(THREE));
    assert!(begun.elapsed() < 10 * SECOND);
    assert_eq!(summaries(&applied), ["Too many requests"]);
    assert_eq!(told(&world, "stopping"), ["stopping, waits for "]);
    assert!(world.journal.open().is_empty(), "nothing was changed");
}

#[test]
fn the_second_waits_for_nothing_and_saves() {
    let world = World { interruptions: vec![SECOND, 2 * SECOND], ..World::default() };
    world.acts("a", [Act::Takes(3600 * SECOND)]);
    world.acts("b", [Act::CreatedThenTakes(3600 * SECOND)]);
    let applied = world.apply(world.plan(THREE));
    assert_eq!(summaries(&applied), ["Not waited for", "Not waited for"]);
    assert_eq!(world.journal.open(), ["create scripted_thing.a", "create scripted_thing.b"]);
    let records = world.journal.records();
    assert!(records.values().all(|record| record.tainted) && records.len() == 1);
}

/// The answer is there when the user gives up, and nobody has looked at it yet.
#[test]
fn an_answer_that_comes_with_the_second_is_not_lost() {
    let world = World { interruptions: vec![SECOND, 2 * SECOND], ..World::default() };
    world.acts("a", [Act::Takes(2 * SECOND)]);
    world.acts("b", [Act::Takes(3600 * SECOND)]);
    let applied = world.apply(world.plan(THREE));
    let made = world.known.script.lock().unwrap().objects.len();
    let known = world.journal.records().len() + world.journal.open().len();
    assert!(made <= known, "{:?}", applied.diagnostics);
    assert_eq!(made, 1);
}

#[test]
fn an_object_that_is_not_ready_when_the_user_gives_up_is_recorded() {
    let world = World { interruptions: vec![2 * SECOND, 3 * SECOND], ..World::default() };
    world.known.script.lock().unwrap().ready = 3600 * SECOND;
    let applied = world.apply(world.plan(r#"resource "scripted_thing" "a" { name = "a" }"#));
    assert_eq!(summaries(&applied), ["Not waited for"]);
    let records = world.journal.records();
    assert!(records.values().all(|record| record.tainted) && records.len() == 1);
}

#[test]
fn a_provider_that_panics_takes_nothing_with_it() {
    let world = World::default();
    world.acts("a", [Act::Panic]);
    world.acts("b", [Act::Takes(SECOND)]);
    let applied = world.apply(world.plan(THREE));
    assert_eq!(summaries(&applied), ["The provider failed"]);
    assert_eq!(world.journal.open(), ["create scripted_thing.a"]);
    assert_eq!(world.journal.records().len(), 1);
}
