//! `validate`: the configurations of the conformance cases, as they are and changed at random.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use fastrand::Rng;
use libtest_mimic::{Failed, Trial};
use platoform_tests::{findings, program, repository, write};
use serde::Deserialize;

use crate::{mutation, terraform};

/// Where the configurations are from.
const CASES: &str = "tests/conformance/blocks.jsonl";
/// How many differences are shown.
const SHOWN: usize = 5;

/// A configuration.
#[derive(Clone, Deserialize)]
struct Case {
    files: BTreeMap<String, String>,
    difference: Option<String>,
}

/// The trials.
pub fn trials() -> Vec<Trial> {
    vec![
        Trial::test("configurations::cases", || report("as they are", &cases())),
        Trial::test("configurations::mutations", mutations),
    ]
}

fn cases() -> Vec<Case> {
    let text = fs::read_to_string(repository().join(CASES)).unwrap();
    let all = text.lines().map(|line| serde_json::from_str::<Case>(line).unwrap());
    all.filter(|case| case.difference.is_none()).collect()
}

/// Configurations with a line taken out, doubled or moved, or a word changed.
fn mutations() -> Result<(), Failed> {
    let cases = cases();
    let seed = terraform::seed();
    let mut random = Rng::with_seed(seed);
    let mutated = (0..terraform::cases(200)).map(|_| {
        let mut case = cases[random.usize(..cases.len())].clone();
        let other = cases[random.usize(..cases.len())].files.values().next().cloned();
        if let Some(text) = case.files.get_mut("main.tf") {
            *text = mutation::lines(text, &other.unwrap_or_default(), &mut random);
        }
        case
    });
    report(&format!("seed {seed}"), &mutated.collect::<Vec<_>>())
}

fn report(what: &str, cases: &[Case]) -> Result<(), Failed> {
    let different: Vec<String> = cases.iter().filter_map(difference).collect();
    if different.is_empty() {
        return Ok(());
    }
    let shown = different[..different.len().min(SHOWN)].join("\n");
    Err(format!("{what}: {} of {} differ\n{shown}", different.len(), cases.len()).into())
}

/// What differs in a configuration, shown with its files.
fn difference(case: &Case) -> Option<String> {
    let directory = tempfile::tempdir().unwrap();
    write(directory.path(), &case.files);
    let theirs = validated(directory.path());
    let output = Command::new(program())
        .args(["validate", "-json"])
        .current_dir(directory.path())
        .output()
        .unwrap();
    let ours = findings(&String::from_utf8_lossy(&output.stdout)).unwrap();
    (theirs != ours).then(|| format!("{:#?}\nexpected {theirs:#?}\nfound {ours:#?}", case.files))
}

/// What Terraform finds. Modules are installed first, which fails where their files are wrong.
fn validated(directory: &Path) -> Vec<String> {
    let _ = terraform::command(directory, &["init", "-input=false"]).output().unwrap();
    let output = terraform::command(directory, &["validate", "-json"]).output().unwrap();
    findings(&String::from_utf8_lossy(&output.stdout)).unwrap_or_else(|error| vec![error])
}
