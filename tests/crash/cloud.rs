//! `kill -9` at any moment of an apply or a destroy, on a cloud behind HTTP. `PLATOFORM_KILLS` sets
//! how many.

use std::time::Duration;

use crate::fleet::Fleet;
use crate::{killed, rng};

/// Runs that are killed.
const KILLS: usize = 6;
/// Most runs to get there, for each kill.
const ROUNDS: usize = 4;

fn kills() -> usize {
    let given = std::env::var("PLATOFORM_KILLS").ok();
    given.map_or(KILLS, |text| text.parse().expect("a number"))
}

#[test]
fn killed_at_any_moment_no_object_of_the_cloud_is_lost_or_made_twice() {
    let mut rng = rng();
    let mut fleet = Fleet::new(rng.u64(..));
    let (mut applies, mut destroys) = (0, 0);
    for _ in 0..ROUNDS * kills() {
        if applies + destroys == kills() {
            break;
        }
        let destroy = rng.u8(..3) == 0;
        let command = if destroy { "destroy" } else { "apply" };
        if killed(fleet.start(command), &mut rng) {
            fleet.nothing_is_lost();
            *(if destroy { &mut destroys } else { &mut applies }) += 1;
        } else if destroy {
            fleet.gone();
        } else {
            fleet.settled();
            fleet.next_generation();
        }
    }
    assert_eq!(applies + destroys, kills(), "the others came to their end");
    fleet.run("apply");
    fleet.settled();
    fleet.run("destroy");
    fleet.gone();
    #[allow(clippy::print_stdout, reason = "these are the figures")]
    {
        println!("{applies} applies and {destroys} destroys killed, nothing lost, nothing twice");
    }
}

/// A process that is halted, not killed, keeps its lock; killed then, it gives it back.
#[test]
fn a_halted_apply_keeps_others_out() {
    let fleet = Fleet::new(1);
    let first = fleet.start("apply");
    while fleet.objects().is_empty() {
        std::thread::sleep(Duration::from_millis(5));
    }
    first.stop();
    // What it has sent is on its way.
    std::thread::sleep(Duration::from_millis(300));
    let calls = fleet.cloud.call_count();
    fleet.command("apply -auto-approve").run().exits(1).shows("State is locked");
    assert_eq!(fleet.cloud.call_count(), calls, "it has called the cloud");
    assert!(first.kill());
    fleet.nothing_is_lost();
    fleet.run("apply");
    fleet.settled();
}
