//! Configurations in JSON syntax, right and wrong ones, and what `validate` finds in them.

use std::collections::{BTreeMap, BTreeSet};

use libtest_mimic::{Failed, Trial};
use platoform_tests::Project;
use serde::Deserialize;

use crate::cases;

#[derive(Deserialize)]
struct Case {
    id: String,
    /// By name.
    files: BTreeMap<String, String>,
    /// `SEVERITY SUMMARY at FILE:LINE,COLUMN`; each once.
    diagnostics: BTreeSet<String>,
}

#[derive(Deserialize)]
struct Answer {
    diagnostics: Vec<Found>,
}

#[derive(Deserialize)]
struct Found {
    severity: String,
    summary: String,
    range: Option<Range>,
}

#[derive(Deserialize)]
struct Range {
    filename: String,
    start: Start,
}

#[derive(Deserialize)]
struct Start {
    line: u32,
    column: u32,
}

/// A trial for each case.
pub fn trials() -> Vec<Trial> {
    let cases: Vec<Case> = cases::read("json.jsonl");
    assert!(!cases.is_empty());
    let trial = |case: Case| Trial::test(format!("json::{}", case.id), move || check(&case));
    cases.into_iter().map(trial).collect()
}

fn check(case: &Case) -> Result<(), Failed> {
    let project = Project::new("");
    for (name, text) in &case.files {
        std::fs::create_dir_all(project.path(name).parent().unwrap()).unwrap();
        project.write(name, text);
    }
    let run = project.command("validate -json").run();
    let answer: Answer = serde_json::from_str(&run.stdout)?;
    let found: BTreeSet<String> = answer.diagnostics.iter().map(line).collect();
    if found != case.diagnostics {
        let expected = &case.diagnostics;
        return Err(format!("expected {expected:#?}\nbut got {found:#?}").into());
    }
    Ok(())
}

fn line(found: &Found) -> String {
    let Found { severity, summary, range } = found;
    let place = range
        .as_ref()
        .map(|Range { filename, start }| format!(" at {filename}:{},{}", start.line, start.column));
    format!("{severity} {summary}{}", place.unwrap_or_default())
}
