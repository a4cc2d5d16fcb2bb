//! What follows from failures.

#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use std::time::Duration;

use common::World;
use common::scripted::Act;
use platoform_apply::Applied;
use platoform_diagnostic::Severity;

const SECOND: Duration = Duration::from_secs(1);

const ONE: &str = r#"resource "scripted_thing" "a" { name = "a" }"#;

fn applied(world: &World, text: &str) -> Applied {
    let planned = world.plan(text);
    assert!(!planned.plan.diagnostics.has_errors(), "{:#?}", planned.plan.diagnostics);
    world.apply(planned)
}

fn errors(applied: &Applied) -> Vec<String> {
    let errors = applied.diagnostics.iter().filter(|found| found.severity == Severity::Error);
    errors.map(|error| format!("{}: {}", error.summary, error.detail)).collect()
}

fn done(world: &World) -> Vec<String> {
    let script = world.known.script.lock().unwrap();
    script.done().into_iter().map(str::to_owned).collect()
}

fn tainted(world: &World) -> Vec<bool> {
    world.journal.records().values().map(|record| record.tainted).collect()
}

#[test]
fn what_asks_to_be_tried_again_is_not_before_the_time_it_names() {
    let world = World::default();
    let pauses = [Duration::ZERO, Duration::ZERO, 7 * SECOND];
    world.acts("a", pauses.map(Act::Busy));
    world.run(ONE);
    let times = world.known.script.lock().unwrap().times("create a");
    assert_eq!(times.len(), 4);
    let pauses: Vec<Duration> = times.windows(2).map(|two| two[1] - two[0]).collect();
    assert!(pauses[0] >= SECOND / 4 && pauses[0] <= SECOND / 2, "{pauses:?}");
    assert!(pauses[1] >= SECOND / 2 && pauses[1] <= SECOND, "{pauses:?}");
    assert!(pauses[2] >= 7 * SECOND && pauses[2] <= 8 * SECOND, "{pauses:?}");
    let told = world.watch.0.lock().unwrap().clone();
    let told = told.iter().filter(|line| line.contains("Too many requests; trying again in"));
    assert_eq!(told.count(), 3);
}

#[test]
fn retries_end_with_the_time_that_the_block_gives() {
    let world = World::default();
    world.acts("a", std::iter::repeat_n(Act::Busy(20 * SECOND), 100));
    let text = r#"resource "scripted_thing" "a" {
      name = "a"
      timeouts { create = "1m" }
    }"#;
    let applied = applied(&world, text);
    assert_eq!(errors(&applied), ["Too many requests: The API says so (tried 3 times in 40s)"]);
    assert_eq!(done(&world).len(), 3);
    assert!(world.journal.records().is_empty());
}

#[test]
fn what_fails_for_good_is_not_tried_again() {
    let world = World::default();
    world.acts("a", [Act::Fail]);
    assert_eq!(errors(&applied(&world, ONE)), ["Refused: The API says so"]);
    assert_eq!(done(&world), ["create a"]);
}

#[test]
fn a_create_of_which_nothing_is_known_is_tried_again_once_nothing_was_found() {
    let world = World::default();
    world.acts("a", [Act::Unknown { effect: false }]);
    world.run(ONE);
    assert_eq!(done(&world), ["create a", "find a", "create a"]);
    assert_eq!(tainted(&world), [false]);
}

#[test]
fn a_create_that_had_an_effect_is_not_made_twice() {
    let world = World::default();
    world.acts("a", [Act::Unknown { effect: true }]);
    let applied = applied(&world, ONE);
    assert_eq!(errors(&applied), ["Connection lost: Nobody knows"]);
    assert_eq!(done(&world), ["create a", "find a"]);
    assert_eq!(tainted(&world), [true]);
    assert!(world.journal.open().is_empty());
}

#[test]
fn a_create_that_cannot_be_looked_up_stays_open() {
    let world = World::default();
    world.known.script.lock().unwrap().blind = true;
    world.acts("a", [Act::Unknown { effect: true }]);
    assert_eq!(errors(&applied(&world, ONE)).len(), 1);
    assert_eq!(world.journal.open(), ["create scripted_thing.a"]);
}

fn changed(input: &str) -> String {
    format!("resource \"scripted_thing\" \"a\" {{\n  name  = \"a\"\n  input = \"{input}\"\n}}")
}

#[test]
fn an_update_of_which_nothing_is_known_is_looked_at_first() {
    for effect in [true, false] {
        let world = World::default();
        world.run(&changed("x"));
        let before = done(&world).len();
        world.acts("a", [Act::Unknown { effect }]);
        world.run(&changed("y"));
        let done = done(&world)[before..].to_vec();
        // The first reading is the plan's.
        let expected: &[&str] = if effect {
            &["read a", "update a", "read a"]
        } else {
            &["read a", "update a", "read a", "update a"]
        };
        assert_eq!(done, expected);
        assert!(!world.plan(&changed("y")).plan.has_changes());
    }
}

#[test]
fn a_delete_of_which_nothing_is_known_is_looked_at_first() {
    for effect in [true, false] {
        let world = World::default();
        world.run(ONE);
        let before = done(&world).len();
        world.acts("a", [Act::Unknown { effect }]);
        world.run("");
        let done = done(&world)[before..].to_vec();
        let expected: &[&str] = if effect {
            &["read a", "delete a", "read a"]
        } else {
            &["read a", "delete a", "read a", "delete a"]
        };
        assert_eq!(done, expected);
        assert!(world.journal.records().is_empty());
    }
}

#[test]
fn a_call_is_given_up_when_its_time_is_over() {
    let world = World::default();
    world.acts("a", [Act::CreatedThenTakes(3600 * SECOND)]);
    world.acts("b", [Act::Takes(3600 * SECOND)]);
    let text = r#"
        resource "scripted_thing" "a" {
          name = "a"
          timeouts { create = "90s" }
        }
        resource "scripted_thing" "b" { name = "b" }
        resource "scripted_thing" "c" { name = "c" }"#;
    let applied = applied(&world, text);
    let mut errors = errors(&applied);
    errors.sort();
    let after = "What came of it is looked up by the next run";
    assert_eq!(
        errors,
        [
            format!(
                "Timeout: Making it was given up after 1m 30s, as its `timeouts` block says. {after}"
            ),
            format!("Timeout: Making it was given up after 20m, which is the default. {after}"),
        ]
    );
    // The one was known to exist, of the other nothing is known, the third has nothing to do with it.
    assert_eq!(tainted(&world), [true, false]);
    assert_eq!(world.journal.open().len(), 2);
}

#[test]
fn an_object_that_is_never_ready_is_recorded() {
    let world = World::default();
    world.known.script.lock().unwrap().ready = 3600 * SECOND;
    let applied = applied(&world, ONE);
    let detail = "It was made, but could not be used yet after 20m, which is the default";
    assert_eq!(errors(&applied), [format!("Timeout: {detail}")]);
    assert_eq!(tainted(&world), [true]);
}

#[test]
fn branches_that_do_not_depend_on_a_failure_go_on() {
    let world = World::default();
    world.acts("a", [Act::Fail]);
    let text = r#"
        resource "scripted_thing" "a" { name = "a" }
        resource "scripted_thing" "b" { name = "b-${scripted_thing.a.id}" }
        resource "scripted_thing" "c" { name = "c" }
        resource "scripted_thing" "d" { name = "d-${scripted_thing.c.id}" }"#;
    let applied = applied(&world, text);
    assert_eq!(applied.summary.add, 2);
    assert_eq!(done(&world), ["create a", "create c", "create d-id-c"]);
}
