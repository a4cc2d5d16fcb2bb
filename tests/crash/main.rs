//! `kill -9` at any moment of an apply or a destroy: the state opens, the next plan is right about
//! what exists, and a last run converges.
//!
//! Moments are drawn from a seed, which a failure names; `PLATOFORM_SEED` repeats one.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on panics")]

mod check;
mod cloud;
mod commands;
mod disk;
mod fleet;
mod rival;
mod synced;
mod workload;

use std::time::Duration;

use check::{after_a_kill, settled};
use fastrand::Rng;
use platoform_tests::Running;
use workload::Workload;

/// Number of runs that are killed before they end, of each kind.
const KILLS: usize = 25;
/// Most runs to get there.
const ROUNDS: usize = 100;
/// Lines of progress after which a run is killed at the latest: a quarter of what it does.
const LINES: usize = 160;

/// Chance that can be repeated.
fn rng() -> Rng {
    let given = std::env::var("PLATOFORM_SEED").ok();
    let seed = given.map_or_else(|| fastrand::u64(..), |text| text.parse().expect("a number"));
    // Shown when the test fails.
    #[allow(clippy::print_stdout, reason = "it is how to repeat a failure")]
    {
        println!("PLATOFORM_SEED={seed}");
    }
    Rng::with_seed(seed)
}

/// Kills a run: one time in five while it starts and plans, else a moment after some line of its
/// progress. Whether it was still running.
fn killed(running: Running, rng: &mut Rng) -> bool {
    if rng.u8(..5) == 0 {
        return running.kill_after(Duration::from_millis(rng.u64(..500)));
    }
    running.kill_after_lines(rng.usize(1..=LINES), Duration::from_micros(rng.u64(..5000)))
}

#[test]
fn apply_is_killed_at_any_moment() {
    let mut rng = rng();
    let mut workload = Workload::new();
    let mut kills = 0;
    for _ in 0..ROUNDS {
        if kills == KILLS {
            break;
        }
        if killed(workload.apply_watched(), &mut rng) {
            kills += 1;
            after_a_kill(&workload);
        } else {
            settled(&workload);
            workload.next_generation();
        }
    }
    assert_eq!(kills, KILLS, "the others came to their end");
    workload.apply();
    settled(&workload);
    workload.next_generation();
    workload.apply();
    settled(&workload);
    workload.destroy();
    gone(&workload);
}

#[test]
fn destroy_is_killed_at_any_moment() {
    let mut rng = rng();
    let workload = Workload::new();
    workload.apply();
    let mut kills = 0;
    for _ in 0..ROUNDS {
        if kills == KILLS {
            break;
        }
        if killed(workload.destroy_watched(), &mut rng) {
            kills += 1;
            after_a_kill(&workload);
        } else {
            gone(&workload);
            workload.apply();
            settled(&workload);
        }
    }
    assert_eq!(kills, KILLS, "the others came to their end");
    workload.destroy();
    gone(&workload);
}

/// Nothing is left, and nothing is to be done.
#[track_caller]
fn gone(workload: &Workload) {
    // Not even what a write that was cut off had put aside: it may be half of a secret.
    assert_eq!(workload.project.list("out"), Vec::<String>::new());
    assert!(workload.project.recorded().is_empty());
    let plan = workload.project.run(&workload.line("plan -destroy -full -detailed-exitcode"));
    plan.exits(0).shows("No changes.");
}
