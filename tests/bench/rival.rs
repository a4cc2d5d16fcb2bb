//! Terraform on the same files.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use platoform_tests::Project;

use crate::measure::{Ended, run};
use crate::table::Row;
use crate::workload::{Step, Workload};

/// When a run of Terraform is given up.
const LIMIT: Duration = Duration::from_secs(500);
/// The part of the program's argument that asks for Terraform, too.
pub const OPTION: &str = "--terraform";

/// Whether it is installed.
pub fn is_installed() -> bool {
    Command::new("terraform").arg("version").output().is_ok_and(|output| output.status.success())
}

/// What its runs take, once each.
pub fn measure(workload: &Workload) -> Vec<Row> {
    let project = Project::new(&(workload.files)());
    let Ended::Well(..) = terraform(project.root(), "init") else { return Vec::new() };
    let mut rows = Vec::new();
    for step in workload.steps {
        match terraform(project.root(), step.line) {
            Ended::Well(taken, text) => {
                assert!(text.contains(step.shows), "{text}");
                rows.push(Row::terraform(workload.name, step.name, taken));
            }
            Ended::Badly(text) => panic!("terraform {}: {text}", step.line),
            Ended::Late => {
                rows.push(Row::given_up(workload.name, step.name, LIMIT));
                state(&project, workload, step);
            }
        }
    }
    rows
}

/// After an apply that would not end: gives it the state that the apply was to leave.
fn state(project: &Project, workload: &Workload, step: &Step) {
    let own = Project::new(&(workload.files)());
    own.run(step.line).exits(0);
    let state = own.run("state pull");
    project.write("terraform.tfstate", &state.exits(0).stdout);
    if project.has(".terraform.tfstate.lock.info") {
        project.remove(".terraform.tfstate.lock.info");
    }
}

fn terraform(directory: &Path, line: &str) -> Ended {
    let mut command = Command::new("terraform");
    command.args(line.split_whitespace()).arg("-no-color").current_dir(directory);
    command.env("TF_CLI_CONFIG_FILE", "/dev/null").env("CHECKPOINT_DISABLE", "1");
    run(&mut command, LIMIT)
}
