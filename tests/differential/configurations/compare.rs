//! Both answers to a configuration.

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;
use std::process::Command;

use platoform_tests::{findings, program, write};
use serde::Serialize;

use super::corpus::Files;
use super::deliberate::is_deliberate;
use crate::terraform;

/// A configuration that the two do not agree about.
#[derive(Serialize)]
pub struct Difference {
    /// Its files.
    pub files: Files,
    /// What Terraform finds.
    expected: Vec<String>,
    /// What the program finds.
    found: Vec<String>,
}

impl Difference {
    /// What only one of the two finds.
    fn findings(&self) -> impl Iterator<Item = &String> {
        let missing = self.expected.iter().filter(|finding| !self.found.contains(finding));
        let extra = self.found.iter().filter(|finding| !self.expected.contains(finding));
        missing.chain(extra)
    }

    /// Whether this one, with less in it, differs in the same way, and in nothing but that.
    pub fn is_like(&self, other: &Self) -> bool {
        let kinds = |difference: &Self| -> BTreeSet<String> {
            difference.findings().map(|finding| summary(finding).to_owned()).collect()
        };
        let known: BTreeSet<&str> = other.expected.iter().map(|finding| summary(finding)).collect();
        kinds(self) == kinds(other)
            && self.expected.iter().all(|finding| known.contains(summary(finding)))
    }
}

/// A finding without its place.
fn summary(finding: &str) -> &str {
    finding.split_once(' ').map_or(finding, |(_, summary)| summary)
}

impl fmt::Display for Difference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, text) in &self.files {
            write!(formatter, "--- {name}\n{text}")?;
        }
        writeln!(formatter, "expected {:#?}\nfound {:#?}", self.expected, self.found)
    }
}

/// What differs in a configuration. None where Terraform itself breaks down.
pub fn difference(files: &Files) -> Option<Difference> {
    let directory = tempfile::tempdir().unwrap();
    write(directory.path(), files);
    let ours = Command::new(program())
        .args(["validate", "-json"])
        .current_dir(directory.path())
        .output()
        .unwrap();
    let expected = validated(directory.path(), files)?;
    let found = findings(&String::from_utf8_lossy(&ours.stdout)).unwrap();
    let difference = Difference { files: files.clone(), expected, found };
    let meant = difference.findings().any(|finding| is_deliberate(files, finding));
    (difference.expected != difference.found && !meant).then_some(difference)
}

/// What Terraform finds. Modules are installed first, which fails where their files are wrong.
fn validated(directory: &Path, files: &Files) -> Option<Vec<String>> {
    if files.values().any(|text| text.contains("module")) {
        let install = ["init", "-input=false", "-backend=false"];
        let _ = terraform::command(directory, &install).output().unwrap();
    }
    let output = terraform::command(directory, &["validate", "-json"]).output().unwrap();
    findings(&String::from_utf8_lossy(&output.stdout)).ok()
}
