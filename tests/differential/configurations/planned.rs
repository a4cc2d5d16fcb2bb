//! `plan` with values for variables: what it finds and what it is going to do.

use std::path::Path;
use std::process::Command;

use platoform_tests::{findings, write};
use serde_json::{Value as Json, json};

use super::compare::{Difference, command, install, output};
use super::corpus::Files;
use crate::terraform;

/// Where plans are saved.
const SAVED: [&str; 2] = ["expected.plan", "found.plan"];

/// What `plan` answers.
pub fn planned(files: &Files) -> Option<Difference> {
    let directory = tempfile::tempdir().unwrap();
    let directory = directory.path();
    write(directory, files);
    let [theirs, ours] = SAVED;
    let found = answer(directory, ours, command)?;
    install(directory, files);
    let expected = answer(directory, theirs, terraform::command)?;
    Difference::between(files, expected, found)
}

/// What is found, and if nothing is wrong, what the plan says.
fn answer(
    directory: &Path,
    saved: &str,
    command: fn(&Path, &[&str]) -> Command,
) -> Option<Vec<String>> {
    let out = format!("-out={saved}");
    let stream = output(command(directory, &["plan", "-json", "-input=false", &out]));
    let events: Vec<Json> =
        stream.lines().map(serde_json::from_str).collect::<Result<_, _>>().ok()?;
    let told: Vec<&Json> =
        events.iter().map(|event| &event["diagnostic"]).filter(|found| found.is_object()).collect();
    let mut lines = findings(&json!({ "diagnostics": told }).to_string()).ok()?;
    if directory.join(saved).exists() {
        let document = output(command(directory, &["show", "-json", saved]));
        lines.extend(contents(&serde_json::from_str(&document).ok()?));
    }
    Some(lines)
}

/// What a plan does to which object and output, and what the values are going to be.
fn contents(document: &Json) -> Vec<String> {
    let objects = document["resource_changes"].as_array().into_iter().flatten();
    let mut lines: Vec<String> = objects
        .map(|object| {
            let address = object["address"].as_str().unwrap_or_default();
            format!("{address} {}", effect(&object["change"]))
        })
        .collect();
    let outputs = document["output_changes"].as_object().into_iter().flatten();
    lines.extend(outputs.map(|(name, change)| format!("output.{name} {}", effect(change))));
    lines.sort();
    lines
}

/// Values with anything sensitive in them are left out: here they are not shown.
fn effect(change: &Json) -> String {
    if change["after_sensitive"].to_string().contains("true") {
        return format!("{} sensitive", change["actions"]);
    }
    format!("{} {} unknown {}", change["actions"], change["after"], change["after_unknown"])
}
