//! A disk that is full: the state cannot grow any more, at whichever write that happens.

use crate::fleet::Fleet;
use crate::rng;

/// Limits that are tried.
const LIMITS: usize = 5;
/// Least and greatest size of the largest file, in the shell's blocks: from when a state can be
/// made to when all of an apply fits.
const BLOCKS: std::ops::Range<u32> = 160..1400;

#[test]
fn a_full_disk_ends_the_run_and_loses_nothing() {
    let mut rng = rng();
    let mut fleet = Fleet::new(rng.u64(..));
    let mut failed = 0;
    for _ in 0..LIMITS {
        let blocks = rng.u32(BLOCKS);
        let run = fleet.command("apply -auto-approve").file_limit(blocks).run();
        match run.code {
            Some(0) => {
                fleet.settled();
                fleet.next_generation();
            }
            _ => {
                run.exits(1);
                failed += 1;
            }
        }
        fleet.nothing_is_lost();
    }
    // The least one there is: no state can be made or changed.
    fleet.next_generation();
    let before = fleet.objects();
    fleet.command("apply -auto-approve").file_limit(1).run().exits(1);
    assert_eq!(fleet.objects(), before, "something was changed that could not be recorded");
    fleet.run("apply");
    fleet.settled();
    #[allow(clippy::print_stdout, reason = "these are the figures")]
    {
        println!("{failed} of {LIMITS} applies ran out of room");
    }
}
