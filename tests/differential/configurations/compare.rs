//! Both answers to a configuration.

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;
use std::process::{Command, Stdio};

use platoform_tests::{findings, program, write};
use serde::Serialize;

use super::corpus::Files;
use super::deliberate;
use crate::terraform;

/// What differs in a configuration. None where Terraform itself breaks down.
pub type Compare = fn(&Files) -> Option<Difference>;

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

/// What `validate` finds.
pub fn validated(files: &Files) -> Option<Difference> {
    let directory = tempfile::tempdir().unwrap();
    write(directory.path(), files);
    let found = output(command(directory.path(), &["validate", "-json"]));
    install(directory.path(), files);
    let expected = output(terraform::command(directory.path(), &["validate", "-json"]));
    Difference::between(files, findings(&expected).ok()?, findings(&found).unwrap())
}

impl Difference {
    /// Both answers, if they differ in more than what is meant.
    pub fn between(files: &Files, expected: Vec<String>, found: Vec<String>) -> Option<Self> {
        (!deliberate::agree(files, &expected, &found)).then(|| Self {
            files: files.clone(),
            expected,
            found,
        })
    }
}

/// Installs modules for Terraform, which fails where their files are wrong.
pub fn install(directory: &Path, files: &Files) {
    let needs =
        |text: &String| ["module", "backend \"local\" {"].iter().any(|word| text.contains(word));
    if files.values().any(needs) {
        output(terraform::command(directory, &["init", "-input=false"]));
    }
}

/// The program with these arguments in a directory.
pub fn command(directory: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(program());
    command.args(arguments).current_dir(directory).stdin(Stdio::null());
    command
}

/// What a command prints.
pub fn output(mut command: Command) -> String {
    String::from_utf8_lossy(&command.output().unwrap().stdout).into_owned()
}
