//! The whole program against a real Docker Engine.
//!
//! Where none answers, every trial is reported as ignored; with `PLATOFORM_REQUIRE_ENGINE=1` they
//! fail instead. The Engine is looked at with Docker's own client.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on panics")]

mod docker;
mod killed;
mod orphans;
mod stack;
mod tainted;
mod taken;
mod web;

use libtest_mimic::{Arguments, Failed, Trial};

/// What is tried.
const TRIALS: [(&str, fn()); 7] = [
    ("web::a_stack_from_its_first_plan_to_its_end", web::a_stack_from_its_first_plan_to_its_end),
    ("web::what_was_removed_by_hand_is_made_again", web::what_was_removed_by_hand_is_made_again),
    ("killed::apply_and_destroy_converge", killed::apply_and_destroy_converge),
    ("killed::nothing_is_forgotten", killed::nothing_is_forgotten),
    (
        "orphans::what_the_state_does_not_know_is_listed",
        orphans::what_the_state_does_not_know_is_listed,
    ),
    ("taken::names_of_others_are_refused", taken::names_of_others_are_refused),
    ("tainted::one_that_never_gets_healthy", tainted::one_that_never_gets_healthy),
];

fn main() {
    let mut arguments = Arguments::from_args();
    // One after the other: they share an Engine, and the example's subnet.
    arguments.test_threads = Some(1);
    let missing = docker::missing();
    let required = std::env::var("PLATOFORM_REQUIRE_ENGINE").is_ok_and(|value| value == "1");
    let trial = |(name, run): (&str, fn())| {
        let reason = missing.clone();
        let ignored = missing.is_some() && !required;
        Trial::test(name, move || match reason {
            Some(reason) => Err(Failed::from(reason)),
            None => {
                run();
                Ok(())
            }
        })
        .with_ignored_flag(ignored)
    };
    libtest_mimic::run(&arguments, TRIALS.into_iter().map(trial).collect()).exit();
}
