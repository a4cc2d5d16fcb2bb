//! Whole configurations and what `validate` finds in them. A case that is meant to differ says why;
//! one that says so and agrees is a failure, too.

use std::collections::BTreeMap;
use std::process::Command;

use libtest_mimic::{Failed, Trial};
use platoform_tests::{findings, program, write};
use serde::Deserialize;

use crate::cases;

/// The cases.
const CASES: &str = "blocks.jsonl";

/// A configuration and Terraform's answer.
#[derive(Deserialize)]
struct Case {
    name: String,
    /// Texts by path.
    files: BTreeMap<String, String>,
    /// Place, severity and summary of each finding.
    expected: Vec<String>,
    /// Why the answer is meant to be another one.
    difference: Option<String>,
}

/// A trial for each case.
pub fn trials() -> Vec<Trial> {
    let cases: Vec<Case> = cases::read(CASES);
    assert!(!cases.is_empty(), "{CASES} has no cases");
    let trial = |case: Case| Trial::test(format!("blocks::{}", case.name), move || check(&case));
    cases.into_iter().map(trial).collect()
}

fn check(case: &Case) -> Result<(), Failed> {
    let directory = tempfile::tempdir()?;
    write(directory.path(), &case.files);
    let output = Command::new(program())
        .args(["validate", "-json"])
        .current_dir(directory.path())
        .output()?;
    let found = findings(&String::from_utf8_lossy(&output.stdout))?;
    match (&case.difference, found == case.expected) {
        (None, true) | (Some(_), false) => Ok(()),
        (None, false) => Err(format!("expected {:#?}, found {found:#?}", case.expected).into()),
        (Some(_), true) => Err("it agrees: it has no `difference` any more".into()),
    }
}
