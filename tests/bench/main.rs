//! How long whole runs of the program take and how much memory, beside Terraform on the same
//! files.
//!
//! `cargo bench -p platoform-tests --bench speed` prints a table; `-- --terraform` runs Terraform
//! alongside where it is installed, which takes a quarter of an hour; other words choose workloads
//! by a part of their name. Nothing here fails because of a time.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "a measurement prints, and one that cannot go on panics"
)]

mod graph;
mod measure;
mod rival;
mod table;
mod workload;

use std::time::Duration;

use measure::{Ended, Taken};
use platoform_tests::Project;
use table::{Row, print};
use workload::{Step, WORKLOADS, Workload};

/// When a run of ours is given up.
const LIMIT: Duration = Duration::from_secs(600);
/// The step that shows how long it takes until the program can do anything.
const VERSION: Step = Step {
    name: "version",
    line: "version",
    shows: "platoform",
    seconds: Some(0.005),
    megabytes: None,
    bound: None,
    terraform: "",
};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let beside = arguments.iter().any(|argument| argument == rival::OPTION);
    if beside && !rival::is_installed() {
        println!("Terraform is not installed: it is left out");
    }
    let words: Vec<&String> = arguments.iter().filter(|word| !word.starts_with("--")).collect();
    let mut rows = vec![start_up()];
    for workload in &WORKLOADS {
        if !words.is_empty() && !words.iter().any(|word| workload.name.contains(word.as_str())) {
            continue;
        }
        rows.extend(measure(workload));
        if beside && workload.common && rival::is_installed() {
            rows.extend(rival::measure(workload));
        }
    }
    print(&rows);
}

fn start_up() -> Row {
    let project = Project::new("");
    let taken = (0..20).map(|_| taken(&project, &VERSION)).collect();
    Row::own("", &VERSION, taken)
}

/// Runs the steps of a workload from nothing, again and again.
fn measure(workload: &Workload) -> Vec<Row> {
    let files = (workload.files)();
    let mut all: Vec<Vec<Taken>> = workload.steps.iter().map(|_| Vec::new()).collect();
    for _ in 0..workload.rounds {
        let project = Project::new(&files);
        for (step, all) in workload.steps.iter().zip(&mut all) {
            all.push(taken(&project, step));
        }
    }
    let rows = workload.steps.iter().zip(all);
    rows.map(|(step, taken)| Row::own(workload.name, step, taken)).collect()
}

/// What a step takes.
fn taken(project: &Project, step: &Step) -> Taken {
    match measure::run(&mut project.command(step.line).into_parts().0, LIMIT) {
        Ended::Well(taken, text) => {
            assert!(text.contains(step.shows), "`{}` is not in {text}", step.shows);
            taken
        }
        Ended::Badly(text) => panic!("{}: {text}", step.line),
        Ended::Late => panic!("{} did not end", step.line),
    }
}
