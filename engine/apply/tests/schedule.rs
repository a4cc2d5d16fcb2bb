//! Who starts when.

#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use std::time::Duration;

use common::World;
use common::scripted::Act;
use platoform_provider::{Allowance, Limits, Rate};

const SECOND: Duration = Duration::from_secs(1);

/// Things by name, each with the things it waits for.
fn things(all: &[(&str, &[&str])]) -> String {
    let block = |(name, after): &(&str, &[&str])| {
        let after: Vec<String> = after.iter().map(|it| format!("scripted_thing.{it}")).collect();
        let after = after.join(", ");
        format!(
            "resource \"scripted_thing\" \"{name}\" {{\n  name = \"{name}\"\n  \
             depends_on = [{after}]\n}}\n"
        )
    };
    all.iter().map(block).collect()
}

fn many(count: usize) -> String {
    format!(
        "resource \"scripted_thing\" \"a\" {{\n  count = {count}\n  name = \"${{count.index}}\"\n}}"
    )
}

fn took(world: &World) -> Duration {
    world.known.script.lock().unwrap().calls.last().unwrap().1
}

#[test]
fn the_longest_chain_goes_first() {
    let world = World { parallelism: Some(1), ..World::default() };
    world.run(&things(&[
        ("lone", &[]),
        ("short", &[]),
        ("shorter", &["short"]),
        ("w", &[]),
        ("x", &["w"]),
        ("y", &["x"]),
        ("z", &["y"]),
    ]));
    let script = world.known.script.lock().unwrap();
    let done: Vec<&str> = script.done().iter().map(|call| &call["create ".len()..]).collect();
    assert_eq!(done[..2], ["w", "x"]);
    assert!(done[2..4].contains(&"y") && done[2..4].contains(&"short"), "{done:?}");
}

#[test]
fn no_more_run_at_once_than_may() {
    let world = World { parallelism: Some(3), ..World::default() };
    world.known.script.lock().unwrap().call = SECOND;
    world.run(&many(9));
    assert_eq!(world.known.script.lock().unwrap().most_running, 3);
    assert_eq!(took(&world), 2 * SECOND);
}

#[test]
fn waiting_until_an_object_can_be_used_holds_no_slot() {
    let world = World { parallelism: Some(1), ..World::default() };
    world.known.script.lock().unwrap().ready = 60 * SECOND;
    world.known.script.lock().unwrap().call = SECOND;
    world.run(&many(5));
    assert_eq!(took(&world), 4 * SECOND);
}

#[test]
fn a_pause_before_another_attempt_holds_no_slot() {
    let world = World { parallelism: Some(1), ..World::default() };
    world.acts("0", [Act::Busy(60 * SECOND)]);
    world.run(&many(3));
    let script = world.known.script.lock().unwrap();
    assert_eq!(script.done(), ["create 0", "create 1", "create 2", "create 0"]);
}

#[test]
fn a_provider_is_not_called_more_than_it_says() {
    let mut world = World::default();
    let rate = Rate { requests: 4, per: 10 * SECOND };
    world.known.limits = Limits { in_flight: Some(2), rates: vec![rate] };
    world.known.script.lock().unwrap().call = SECOND;
    world.run(&many(10));
    let script = world.known.script.lock().unwrap();
    assert_eq!(script.most_running, 2);
    let times: Vec<Duration> = script.calls.iter().map(|(_, at)| *at).collect();
    assert!(times.windows(5).all(|five| five[4] - five[0] >= 10 * SECOND), "{times:?}");
}

#[test]
fn what_answers_say_is_left_counts() {
    let mut world = World::default();
    let rate = Rate { requests: 1000, per: 60 * SECOND };
    world.known.limits = Limits { in_flight: None, rates: vec![rate] };
    let told = Allowance { per: 60 * SECOND, remaining: 3, resets_in: 30 * SECOND };
    world.known.script.lock().unwrap().allowances.push(told);
    world.run(&many(5));
    let script = world.known.script.lock().unwrap();
    let late = script.calls.iter().filter(|(_, at)| *at >= 30 * SECOND).count();
    assert_eq!((script.calls.len(), late), (5, 2));
}

#[test]
fn a_graph_takes_hardly_longer_than_its_longest_chain() {
    // Twenty chains of different lengths that meet now and then.
    let mut text = String::new();
    let mut count = 0;
    for chain in 0..20 {
        for place in 0..10 + 2 * chain {
            let mut after = Vec::new();
            if place > 0 {
                after.push(format!("scripted_thing.t{chain}_{}", place - 1));
                if chain > 0 && place % 3 == 0 && place < 10 + 2 * (chain - 1) {
                    after.push(format!("scripted_thing.t{}_{}", chain - 1, place - 1));
                }
            }
            text += &format!(
                "resource \"scripted_thing\" \"t{chain}_{place}\" {{\n  name = \"{chain}-{place}\"\n  \
                 depends_on = [{}]\n}}\n",
                after.join(", ")
            );
            count += 1;
        }
    }
    assert!(count >= 500);
    let world = World { parallelism: Some(16), ..World::default() };
    world.known.script.lock().unwrap().call = Duration::from_millis(10);
    world.run(&text);
    // Neither the longest chain nor the work there is allows for less.
    let chain = Duration::from_millis(10) * 48;
    let work = Duration::from_millis(10) * u32::try_from(count / 16).unwrap();
    let all = took(&world) + Duration::from_millis(10);
    assert!(all <= chain.max(work).mul_f64(1.05), "{all:?}, {chain:?}, {work:?}");
}
