//! The program and Terraform side by side, on cases that are made up anew.
//!
//! Ignored unless asked for (`cargo test --test differential -- --include-ignored`), and fails where
//! there is no `terraform`. `PLATOFORM_SEED` repeats a run, `PLATOFORM_CASES` says how many cases
//! each trial makes up.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on panics")]
#![allow(
    clippy::print_stdout,
    reason = "how many cases there were is worth knowing when all is well"
)]

mod configurations;
mod expressions;
mod fmt;
mod mutation;
mod syntax;
mod terraform;

use libtest_mimic::{Arguments, Trial};

fn main() {
    let arguments = Arguments::from_args();
    let trials: Vec<Trial> =
        [configurations::trials(), expressions::trials(), fmt::trials(), syntax::trials()]
            .into_iter()
            .flatten()
            .collect();
    let ignored = trials.into_iter().map(|trial| trial.with_ignored_flag(true)).collect();
    libtest_mimic::run(&arguments, ignored).exit();
}
