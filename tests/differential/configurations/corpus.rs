//! Configurations that others are made of.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use platoform_tests::repository;
use serde::Deserialize;

/// Texts by path.
pub type Files = BTreeMap<String, String>;

/// Cases with one configuration a line.
const LINES: [&str; 2] = ["blocks.jsonl", "json.jsonl"];
/// Directories of cases with files of their own.
const DIRECTORIES: [&str; 2] = ["configs", "more"];

/// A recorded configuration.
#[derive(Deserialize)]
struct Case {
    files: Files,
    difference: Option<String>,
}

/// The configurations that Terraform's answers were recorded for and that are meant to agree.
pub fn agreeing() -> Vec<Files> {
    let lines = LINES.iter().flat_map(|name| cases(&home().join(name)));
    lines.filter(|case| case.difference.is_none()).map(|case| case.files).collect()
}

/// All configurations there are.
pub fn all() -> Vec<Files> {
    let mut all = agreeing();
    for directory in DIRECTORIES {
        let entries = fs::read_dir(home().join(directory)).unwrap();
        let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        for path in paths {
            let mut files = Files::new();
            gather(&path, "", &mut files);
            if files.keys().any(|name| !name.contains('/')) {
                all.push(files);
            }
        }
    }
    all
}

/// The configurations of a file, one a line.
pub fn read(path: &Path) -> Vec<Files> {
    cases(path).into_iter().map(|case| case.files).collect()
}

fn cases(path: &Path) -> Vec<Case> {
    let text = fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn home() -> std::path::PathBuf {
    repository().join("tests/conformance")
}

/// The configuration files below a directory.
fn gather(directory: &Path, prefix: &str, files: &mut Files) {
    for entry in fs::read_dir(directory).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type().unwrap().is_dir() {
            gather(&entry.path(), &format!("{name}/"), files);
        } else if name.contains(".tf")
            && let Ok(text) = fs::read_to_string(entry.path())
        {
            files.insert(name, text);
        }
    }
}
