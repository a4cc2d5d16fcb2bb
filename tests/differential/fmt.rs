//! `fmt`: files as they are, and changed at random.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use std::sync::LazyLock;

use fastrand::Rng;
use libtest_mimic::{Failed, Trial};
use platoform_tests::{program, repository};
use regex::Regex;

use crate::{mutation, terraform};

/// How many files are formatted by one process.
const BATCH: usize = 500;
/// How many differences are shown.
const SHOWN: usize = 5;
/// Variable with more directories to look for files in, separated by colons.
const CORPUS: &str = "PLATOFORM_FMT_CORPUS";
/// Line that shows whether a file was formatted at all.
const WITNESS: &str = "\nwitness_of_formatting   =   1\n";

/// A label that Terraform loses.
static LOST_LABEL: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#" "(?:[^"\\\n]|\\.)*[$%](?:[^"\\\n]|\\.)*""#).unwrap());

/// The trials.
pub fn trials() -> Vec<Trial> {
    vec![Trial::test("fmt::files", files), Trial::test("fmt::mutations", mutations)]
}

fn files() -> Result<(), Failed> {
    let corpus = corpus();
    assert!(!corpus.is_empty(), "there are no files");
    let texts: Vec<String> =
        corpus.iter().flat_map(|text| [text.clone(), format!("{text}{WITNESS}")]).collect();
    report("files as they are", &texts)
}

fn mutations() -> Result<(), Failed> {
    let corpus = corpus();
    let seed = terraform::seed();
    let mut random = Rng::with_seed(seed);
    let mutated = (0..terraform::cases(2_000)).map(|_| {
        let text = mutation::mutate(&corpus[random.usize(..corpus.len())], &mut random);
        if random.bool() { text + WITNESS } else { text }
    });
    report(&format!("seed {seed}"), &mutated.collect::<Vec<_>>())
}

/// Every configuration file of the repository and of the directories that are asked for, and the
/// inputs of the conformance cases.
fn corpus() -> Vec<String> {
    let mut found = Vec::new();
    let more = std::env::var(CORPUS).unwrap_or_default();
    let directories = more.split(':').filter(|path| !path.is_empty()).map(PathBuf::from);
    for directory in [repository().to_owned()].into_iter().chain(directories) {
        gather(&directory, &mut found);
    }
    found.sort();
    found.dedup();
    found
}

fn gather(directory: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(directory).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = entry.path();
        if entry.file_type().unwrap().is_dir() {
            if name != "target" && name != ".git" {
                gather(&path, found);
            }
        } else if [".tf", ".hcl", ".tfvars"].iter().any(|end| name.ends_with(end)) {
            found.extend(fs::read_to_string(path));
        } else if name.ends_with(".jsonl") {
            let lines = fs::read_to_string(path).unwrap();
            found.extend(lines.lines().filter_map(case));
        }
    }
}

/// The text of a conformance case: a whole one, or an expression.
fn case(line: &str) -> Option<String> {
    let case: serde_json::Value = serde_json::from_str(line).ok()?;
    let text = |name| case.get(name).and_then(serde_json::Value::as_str);
    let expression = || Some(format!("a = ({})\nb=\"${{{0}}}\"\n", text("expr")?));
    text("input").map(str::to_owned).or_else(expression)
}

fn report(name: &str, texts: &[String]) -> Result<(), Failed> {
    let differences: Vec<String> = texts.chunks(BATCH).flat_map(compare).collect();
    println!("fmt, {name}: {} of {} differ", differences.len(), texts.len());
    if differences.is_empty() {
        return Ok(());
    }
    let shown = &differences[..differences.len().min(SHOWN)];
    Err(format!("{name}: {} differ\n{}", differences.len(), shown.join("\n")).into())
}

/// What differs between the two for texts that are formatted together: first as files of one
/// directory; what differs there is looked at again, one by one.
fn compare(texts: &[String]) -> Vec<String> {
    let formatted = |command: fn(&Path) -> Command| {
        let directory = tempfile::tempdir().unwrap();
        for (number, text) in texts.iter().enumerate() {
            fs::write(directory.path().join(format!("{number}.tf")), text).unwrap();
        }
        run(&mut command(directory.path()));
        let read = |number| fs::read(directory.path().join(format!("{number}.tf"))).unwrap();
        (0..texts.len()).map(read).collect::<Vec<_>>()
    };
    let ours = formatted(|directory| {
        let mut command = Command::new(program());
        command.arg("fmt").current_dir(directory).stdin(Stdio::null());
        command
    });
    let theirs = formatted(|directory| terraform::command(directory, &["fmt"]));
    let pairs = ours.iter().zip(&theirs).zip(texts);
    pairs.filter(|((ours, theirs), _)| ours != theirs).filter_map(|(_, text)| alone(text)).collect()
}

/// What differs for one text; nothing where Terraform itself crashes, breaks the text or loses
/// labels, as it does those with text beside a `$` or `%`.
fn alone(text: &str) -> Option<String> {
    let ours = answer(Command::new(program()).args(["fmt", "-"]), text);
    let theirs = answer(&mut terraform::command(Path::new("."), &["fmt", "-"]), text);
    let is_sound = match theirs.0 {
        Some(0) => {
            answer(&mut terraform::command(Path::new("."), &["fmt", "-"]), &theirs.1).0 == Some(0)
        }
        code => code == Some(2),
    };
    let without_labels = |text| LOST_LABEL.replace_all(text, "").into_owned();
    let is_same = without_labels(&ours.1) == without_labels(&theirs.1);
    (ours.0 != theirs.0 || is_sound && !is_same).then(|| {
        let answers: BTreeMap<&str, _> = [("ours", ours), ("theirs", theirs)].into();
        format!("--- input\n{text}\n{answers:#?}")
    })
}

/// Exit code and output of a process that reads a text.
fn answer(command: &mut Command, text: &str) -> (Option<i32>, String) {
    let mut input = tempfile::tempfile().unwrap();
    input.write_all(text.as_bytes()).and_then(|()| input.rewind()).unwrap();
    let (code, output) = run(command.stdin(input));
    (code, String::from_utf8_lossy(&output).into_owned())
}

/// Exit code and output of a process.
fn run(command: &mut Command) -> (Option<i32>, Vec<u8>) {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    (output.status.code(), output.stdout)
}
