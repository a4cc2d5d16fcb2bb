//! How long whole runs of the program take, beside what Terraform took.
//!
//! `cargo bench -p platoform-tests` prints a table; `-- --terraform` runs Terraform alongside where
//! it is installed, which takes many minutes. Nothing here fails because of a time.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a measurement prints, and one that cannot go on panics"
)]

mod rival;
mod table;
mod workload;

use std::time::{Duration, Instant};

use platoform_tests::Project;
use table::{Row, print};
use workload::{WORKLOADS, Workload};

/// Times each run is measured.
const RUNS: usize = 5;

fn main() {
    let rival = std::env::args().any(|argument| argument == "--terraform");
    let mut rows = Vec::new();
    rows.push(Row::new("version", "", start_up()));
    for workload in &WORKLOADS {
        rows.extend(measure(workload));
        if rival {
            rows.extend(rival::measure(workload));
        }
    }
    print(&rows);
}

/// How long it takes until the program can do anything.
fn start_up() -> Vec<Duration> {
    let project = Project::new("");
    let mut times = Vec::new();
    for _ in 0..RUNS * 4 {
        let (time, run) = timed(|| project.run("version"));
        run.exits(0);
        times.push(time);
    }
    times
}

/// Plans and applies a workload from nothing, again and again.
fn measure(workload: &Workload) -> Vec<Row> {
    let configuration = (workload.configuration)();
    let objects = workload.objects;
    // What is run, and what shows that it did what is measured.
    let lines = [
        ("plan", format!("Plan: {objects} to add")),
        ("apply -auto-approve", format!("{objects} added")),
        ("plan -detailed-exitcode", "No changes.".to_owned()),
        ("destroy -auto-approve", format!("{objects} destroyed")),
    ];
    let mut times = [const { Vec::new() }; 4];
    for _ in 0..RUNS {
        let project = Project::new(&configuration);
        for ((line, result), times) in lines.iter().zip(&mut times) {
            let (time, run) = timed(|| project.run(line));
            run.exits(0).shows(result);
            times.push(time);
        }
    }
    let names = ["plan", "apply", "plan again", "destroy"];
    let rows = names.into_iter().zip(times);
    rows.map(|(name, times)| Row::new(workload.name, name, times)).collect()
}

/// How long something takes, and what comes of it.
fn timed<T>(run: impl FnOnce() -> T) -> (Duration, T) {
    let begun = Instant::now();
    let result = run();
    (begun.elapsed(), result)
}
