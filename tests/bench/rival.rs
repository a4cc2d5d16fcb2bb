//! Terraform on the same workload.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::table::Row;
use crate::timed;
use crate::workload::Workload;

/// Its plan and apply, once each; nothing where it is not installed.
pub fn measure(workload: &Workload) -> Vec<Row> {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("main.tf"), (workload.configuration)()).unwrap();
    if !run(directory.path(), &["init"]) {
        println!("Terraform is not installed: it is left out");
        return Vec::new();
    }
    let lines: [(&'static str, &[&str]); 2] =
        [("plan", &["plan"]), ("apply", &["apply", "-auto-approve"])];
    let name = format!("{} (Terraform)", workload.name);
    let row = |(run_name, arguments): (&'static str, &[&str])| {
        let (time, worked) = timed(|| run(directory.path(), arguments));
        assert!(worked, "{arguments:?} failed");
        Row::new(name.clone(), run_name, vec![time])
    };
    lines.into_iter().map(row).collect()
}

/// Whether a run was possible and went well.
fn run(directory: &Path, arguments: &[&str]) -> bool {
    let status = Command::new("terraform")
        .args(arguments)
        .current_dir(directory)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    status.is_ok_and(|status| status.success())
}
