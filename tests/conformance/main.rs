//! Answers that Terraform 1.11.4 gave, as files; the program has to give the same.
//!
//! One trial for each case, named after the file and the case's `id`.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on panics")]

mod blocks;
mod cases;
mod configurations;
mod expressions;
mod fmt;
mod json;

use libtest_mimic::{Arguments, Trial};

fn main() {
    let arguments = Arguments::from_args();
    let trials: Vec<Trial> = [
        blocks::trials(),
        configurations::trials(),
        expressions::trials(),
        fmt::trials(),
        json::trials(),
    ]
    .into_iter()
    .flatten()
    .collect();
    libtest_mimic::run(&arguments, trials).exit();
}
