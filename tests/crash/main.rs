//! `kill -9` at any moment of an apply or a destroy: the state opens, the next plan is right about
//! what exists, and a last run converges.
//!
//! Moments are drawn from a seed, which a failure names; `PLATOFORM_SEED` repeats one.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on panics")]

mod check;
mod workload;

use std::time::{Duration, Instant};

use check::{after_a_kill, settled};
use fastrand::Rng;
use workload::Workload;

/// Least number of runs that are killed before they end, of each kind.
const KILLS: usize = 25;
/// Most runs to get there.
const ROUNDS: usize = 150;

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

/// How long a run takes that nobody kills.
fn timed(run: impl FnOnce()) -> Duration {
    let begun = Instant::now();
    run();
    begun.elapsed()
}

#[test]
fn apply_is_killed_at_any_moment() {
    let mut rng = rng();
    let mut workload = Workload::new();
    let mut longest = timed(|| workload.apply());
    let mut kills = 0;
    for _ in 0..ROUNDS {
        if kills >= KILLS && workload.is_applied() {
            break;
        }
        if workload.is_applied() {
            workload.next_generation();
        }
        let running = workload.apply_in_the_background();
        if running.kill_after(longest.mul_f64(rng.f64())) {
            kills += 1;
            after_a_kill(&workload);
        } else {
            settled(&workload);
        }
        // What is left takes less and less; every other time it is done to its end.
        if rng.u8(..4) == 0 {
            longest = longest.max(timed(|| workload.apply()));
            settled(&workload);
        }
    }
    println!("kills {kills} longest {longest:?}");
    assert!(kills >= KILLS, "only {kills} runs were killed before they ended");
    workload.apply();
    settled(&workload);
    workload.destroy();
}

#[test]
fn destroy_is_killed_at_any_moment() {
    let mut rng = rng();
    let workload = Workload::new();
    workload.apply();
    let longest = timed(|| workload.destroy());
    workload.apply();
    let mut kills = 0;
    for _ in 0..ROUNDS {
        if kills >= KILLS {
            break;
        }
        let running = workload.destroy_in_the_background();
        if running.kill_after(longest.mul_f64(rng.f64())) {
            kills += 1;
            after_a_kill(&workload);
        } else {
            assert!(workload.project.recorded().is_empty());
        }
        if rng.u8(..3) == 0 || workload.files().is_empty() {
            workload.apply();
            settled(&workload);
        }
    }
    assert!(kills >= KILLS, "only {kills} runs were killed before they ended");
    workload.destroy();
    assert!(workload.files().is_empty() && workload.project.recorded().is_empty());
    workload.project.run(&workload.line("plan -destroy -detailed-exitcode")).exits(0);
}
