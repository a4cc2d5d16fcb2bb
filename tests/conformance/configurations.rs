//! Whole configurations, planned and applied: `configs/` is a sample of those that this project is
//! judged by, `more/` has others. `case.json` says what is run, `expected.json` what Terraform's
//! commands gave: exit codes, what happens to which address, findings with their places, outputs,
//! and, in the sample, whole plans as JSON.
//!
//! Cases in `later.txt` are not as they should be yet, each for the reason given there; one that
//! has become so must leave the list.

mod brief;
mod case;
mod document;
mod normal;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use libtest_mimic::{Failed, Trial};
use platoform_tests::repository;
use serde_json::Value as Json;

use case::Case;
use document::comparable;

/// The directories of cases, and how their trials are called.
const DIRECTORIES: [(&str, &str); 2] =
    [("configs", "configurations"), ("more", "configurations::more")];

/// A trial for each case, and one for the list of those that are to come.
pub fn trials() -> Vec<Trial> {
    let later = later();
    let mut trials = Vec::new();
    let mut listed = Vec::new();
    for (directory, group) in DIRECTORIES {
        for path in cases(directory) {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let waits = later.contains_key(&name);
            if waits {
                listed.push(path.clone());
            }
            let trial = Trial::test(format!("{group}::{name}"), move || check(&path));
            trials.push(trial.with_ignored_flag(waits));
        }
    }
    assert!(listed.len() == later.len(), "`later.txt` names cases that there are not");
    trials.push(Trial::test("configurations::later", move || still_to_come(&listed)));
    trials
}

fn home() -> PathBuf {
    repository().join("tests/conformance")
}

/// Names of cases, each with what it waits for.
fn later() -> BTreeMap<String, String> {
    let text = fs::read_to_string(home().join("later.txt")).unwrap();
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let entry = |line: &str| {
        let (name, reason) = line.split_once(": ").expect("a line is `NAME: REASON`");
        (name.to_owned(), reason.to_owned())
    };
    lines.map(entry).collect()
}

fn cases(directory: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(home().join(directory)).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(!paths.is_empty(), "`{directory}` has no cases");
    paths
}

fn check(path: &Path) -> Result<(), Failed> {
    let expected = expected(path);
    let got = run(path, &expected);
    if expected == got {
        return Ok(());
    }
    let mut found = Vec::new();
    for (number, (expected, got)) in expected.iter().zip(&got).enumerate() {
        differences(&format!("step {}", number + 1), expected, got, &mut found);
    }
    Err(found.join("\n").into())
}

/// Names the places where two documents differ.
fn differences(place: &str, expected: &Json, got: &Json, found: &mut Vec<String>) {
    match (expected, got) {
        (Json::Object(left), Json::Object(right)) => {
            let names: BTreeSet<&String> = left.keys().chain(right.keys()).collect();
            for name in names {
                let [left, right] = [left, right].map(|it| it.get(name).unwrap_or(&Json::Null));
                differences(&format!("{place}.{name}"), left, right, found);
            }
        }
        (Json::Array(left), Json::Array(right)) if left.len() == right.len() => {
            for (number, (left, right)) in left.iter().zip(right).enumerate() {
                differences(&format!("{place}[{number}]"), left, right, found);
            }
        }
        _ if expected == got => {}
        _ => found.push(format!("{place}: expected\n{expected:#}\nbut got\n{got:#}")),
    }
}

/// The comparable part of what each step gave.
fn expected(path: &Path) -> Vec<Json> {
    let text = fs::read_to_string(path.join("expected.json")).unwrap();
    // Terraform looks after its objects, this program after its own.
    let text = text.replace("managed by Terraform", "managed by platoform");
    let mut json: Json = serde_json::from_str(&text).unwrap();
    let steps = json["steps"].as_array_mut().expect("there are steps");
    let step = |step: &mut Json| {
        let mut brief = step["brief"].take();
        let plan = step["plan"]["json"].take();
        // Secrets are in none of our documents.
        if !plan.is_null() && !has_secrets(&plan) {
            brief["plan"] = comparable(plan);
        }
        brief
    };
    steps.iter_mut().map(step).collect()
}

/// Whether a plan shows values that are sensitive.
fn has_secrets(plan: &Json) -> bool {
    let marks = plan["resource_changes"].as_array().into_iter().flatten();
    let marks = marks.map(|change| &change["change"]["after_sensitive"]);
    let variables = plan["configuration"]["root_module"]["variables"].as_object();
    variables.into_iter().flatten().any(|(_, variable)| variable["sensitive"] == true)
        || marks.into_iter().any(|marks| marks.to_string().contains("true"))
}

/// What each step gives; the plan as a document only where there is one to compare it with.
fn run(path: &Path, expected: &[Json]) -> Vec<Json> {
    let mut steps = Case::read(path).run();
    for (step, expected) in steps.iter_mut().zip(expected) {
        if let Some(step) = step.as_object_mut().filter(|_| expected["plan"].is_null()) {
            step.remove("plan");
        }
    }
    steps
}

fn still_to_come(listed: &[PathBuf]) -> Result<(), Failed> {
    let passing = listed.iter().filter(|path| {
        let expected = expected(path);
        expected == run(path, &expected)
    });
    let names: Vec<String> = passing.map(|path| path.display().to_string()).collect();
    if names.is_empty() {
        return Ok(());
    }
    Err(format!("these pass, so they must leave `later.txt`: {}", names.join(", ")).into())
}
