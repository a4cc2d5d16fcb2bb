//! Whole configurations, planned and applied: `configs/` is a sample of those that this project is
//! judged by, `more/` has others. `case.json` says what is run, `expected.json` what Terraform's
//! commands gave: exit codes, what happens to which address, findings with their places, outputs.
//!
//! Cases in `later.txt` are not as they should be yet, each for the reason given there; one that
//! has become so must leave the list.

mod brief;
mod case;
mod normal;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use libtest_mimic::{Failed, Trial};
use platoform_tests::repository;
use serde_json::Value as Json;

use case::Case;

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
    let got = Case::read(path).run();
    if expected == got {
        return Ok(());
    }
    let steps =
        expected.iter().zip(&got).enumerate().filter(|(_, (expected, got))| expected != got);
    let text: Vec<String> = steps
        .map(|(number, (expected, got))| {
            format!("step {}: expected\n{expected:#}\nbut got\n{got:#}", number + 1)
        })
        .collect();
    Err(text.join("\n").into())
}

/// The comparable part of what each step gave.
fn expected(path: &Path) -> Vec<Json> {
    let text = fs::read_to_string(path.join("expected.json")).unwrap();
    // Terraform looks after its objects, this program after its own.
    let text = text.replace("managed by Terraform", "managed by platoform");
    let mut json: Json = serde_json::from_str(&text).unwrap();
    let steps = json["steps"].as_array_mut().expect("there are steps");
    steps.iter_mut().map(|step| step["brief"].take()).collect()
}

fn still_to_come(listed: &[PathBuf]) -> Result<(), Failed> {
    let passing = listed.iter().filter(|path| expected(path) == Case::read(path).run());
    let names: Vec<String> = passing.map(|path| path.display().to_string()).collect();
    if names.is_empty() {
        return Ok(());
    }
    Err(format!("these pass, so they must leave `later.txt`: {}", names.join(", ")).into())
}
