//! Native syntax: files broken at random, and the first error that is found in each.
//!
//! Terraform reports the syntax errors of all files of a directory together, so one run of it
//! answers for hundreds of them. What it finds in files that it can read is left out: that depends
//! on what their blocks mean.

use std::collections::BTreeMap;
use std::fs;

use fastrand::Rng;
use libtest_mimic::{Failed, Trial};
use platoform_diagnostic::Sources;
use serde::Deserialize;

use crate::terraform;

/// How many files are read by one process.
const BATCH: usize = 1_000;
/// How many differences are shown.
const SHOWN: usize = 10;
/// One file in so many may differ: what Terraform makes of the rest of an item once it is lost
/// depends on how it recovers.
const TOLERATED: usize = 1_000;
/// How the summaries of errors begin that are about the meaning of blocks.
const MEANING: [&str; 8] = [
    "Unsupported block type",
    "Unsupported argument",
    "Missing name for",
    "Missing type for",
    "Extraneous label for",
    "Unexpected \"",
    "Duplicate ",
    "Invalid resource ",
];

/// Expressions of all kinds.
const EXPRESSIONS: [&str; 34] = [
    "1 + 2 * 3",
    "-a.b ? !c : d",
    "\"plain ${var.x} text\"",
    "\"${a}${b}\"",
    "\"%{ if a }x%{ else }y%{ endif }\"",
    "\"%{ for k, v in m ~} ${k}=${v} %{~ endfor }\"",
    r#""esc \n \t \" \\ \u00e9 \U0001F600 $${x} %%{y}""#,
    "[1, 2, [3, \"x\"]]",
    "[\n  1,\n  2, # c\n  // d\n]",
    "{ a = 1, b : 2 }",
    "{\n  a = 1\n  \"b\" = 2,\n  (c) = 3\n  1 = 2\n}",
    "[for x in xs : x if x > 1]",
    "[for i, x in xs : \"${i}-${x}\"]",
    "{ for k, v in m : k => v... if v != null }",
    "f(a, b...)",
    "core::max(1, 2,)",
    "f(\n  a,\n  b\n)",
    "a[0].b[\"c\"][*].d.*.e.0",
    "a.0.b",
    "a[b.c[0]]",
    "(a || b) && (c == d)",
    "<<EOT\nline ${x}\n%{ if y }z%{ endif }\nEOT",
    "<<-EOT\n    a\n      b\n    ${c}\n    EOT",
    "\"${<<X\nin\nX\n}\"",
    "null",
    "1.5e3",
    "é_x-y.日本",
    "a /* c */ + /* d */ b",
    "! a",
    "a ? b : c ? d : e",
    "\"${~ a ~}\"",
    "f()[0].x",
    "{ \"${a}\" = 1, \"b\" = 2 }",
    "a == b != c < d <= e > f >= g % h",
];

/// What stands around an expression; `@` is where it goes, `#` the number of the file.
const AROUND: [&str; 4] = [
    "resource \"terraform_data\" \"r#\" {\n  input = @\n}\n",
    "locals {\n  v# = @\n}\n",
    "locals { v# = @ }\n",
    "resource \"terraform_data\" \"r#\" {\n  a {\n    b = @\n  }\n  c \"d\" e { f = 1 }\n}\n",
];

/// What is put in.
const INSERTIONS: [&str; 56] = [
    "{", "}", "[", "]", "(", ")", "\"", "'", "`", "$", "%", "~", "!", "@", "#", "^", "&", "*", "-",
    "+", "=", "|", "\\", ":", ";", ",", ".", "<", ">", "/", "?", " ", "\n", "\t", "${", "%{",
    "<<EOT\n", "<<-A\n", "EOT\n", "...", "==", "=>", "&&", "/*", "*/", "//", "$${", "\\u12",
    "for ", "if ", "in ", "1.", "é", "\u{200b}", "::", "[*]",
];

/// A summary, a line and a column.
type Error = (String, u64, u64);

/// The trials.
pub fn trials() -> Vec<Trial> {
    vec![Trial::test("syntax::mutations", mutations)]
}

fn mutations() -> Result<(), Failed> {
    let seed = terraform::seed();
    let mut random = Rng::with_seed(seed);
    let count = usize::try_from(terraform::cases(5_000))?;
    let files: Vec<String> = (0..count).map(|number| file(number, &mut random)).collect();
    let differences: Vec<String> = files.chunks(BATCH).flat_map(compare).collect();
    println!("syntax, seed {seed}: {} of {count} differ", differences.len());
    if differences.len() * TOLERATED <= count {
        return Ok(());
    }
    let shown = &differences[..differences.len().min(SHOWN)];
    Err(format!("seed {seed}: {} differ\n{}", differences.len(), shown.join("\n")).into())
}

/// A file with something broken in it.
fn file(number: usize, random: &mut Rng) -> String {
    let expression = random.choice(EXPRESSIONS).unwrap_or_default();
    let around = random.choice(AROUND).unwrap_or_default().replace('#', &number.to_string());
    let (before, after) = around.split_once('@').unwrap();
    if random.u8(..4) > 0 {
        return format!("{before}{}{after}", broken(expression, random));
    }
    broken(&around.replace('@', expression), random)
}

fn broken(text: &str, random: &mut Rng) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    for _ in 0..random.usize(1..3) {
        let at = random.usize(..=characters.len());
        let end = (at + random.usize(1..8)).min(characters.len());
        let insertion = random.choice(INSERTIONS).unwrap_or_default().chars();
        match random.u8(..10) {
            0..=2 if at < characters.len() => {
                characters.remove(at);
            }
            3 => {
                characters.drain(at..end);
            }
            4 => {
                let copy = characters[at..end].to_vec();
                characters.splice(at..at, copy);
            }
            5 if at < characters.len() => {
                characters.splice(at..=at, insertion);
            }
            6 if random.bool() => characters.truncate(at),
            _ => {
                characters.splice(at..at, insertion);
            }
        }
    }
    characters.into_iter().collect()
}

/// The files whose first errors differ, with both.
fn compare(files: &[String]) -> Vec<String> {
    let directory = tempfile::tempdir().unwrap();
    for (number, text) in files.iter().enumerate() {
        fs::write(directory.path().join(format!("{number}.tf")), text).unwrap();
    }
    let output = terraform::command(directory.path(), &["validate", "-json"]).output().unwrap();
    let theirs = theirs(&output.stdout);
    let difference = |(number, text): (usize, &String)| {
        let ours = ours(text);
        let none = Vec::new();
        let theirs = theirs.get(&format!("{number}.tf")).unwrap_or(&none);
        let agree = match (first(&ours), first(theirs)) {
            (Some(first), Some(other)) => {
                (first.1, first.2) == (other.1, other.2) && theirs.contains(first)
            }
            (first, other) => first.is_none() && other.is_none(),
        };
        (!agree).then(|| format!("---\n{text}\nours: {ours:?}\ntheirs: {theirs:?}"))
    };
    files.iter().enumerate().filter_map(difference).collect()
}

fn first(errors: &[Error]) -> Option<&Error> {
    errors.iter().min_by_key(|error| (error.1, error.2))
}

fn ours(text: &str) -> Vec<Error> {
    let mut sources = Sources::default();
    let file = sources.add("main.tf", text);
    let (_, found) = platoform_lang::parse(file, text);
    let error = |found: &platoform_diagnostic::Diagnostic| {
        let position = sources.position(found.span?)?;
        Some((found.summary.clone(), position.line as u64, position.column as u64))
    };
    found.iter().filter_map(error).collect()
}

#[derive(Deserialize)]
struct Answer {
    diagnostics: Vec<Found>,
}

#[derive(Deserialize)]
struct Found {
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
    line: u64,
    column: u64,
}

/// Syntax errors by file.
fn theirs(output: &[u8]) -> BTreeMap<String, Vec<Error>> {
    let answer: Answer = serde_json::from_slice(output).unwrap();
    let mut errors: BTreeMap<String, Vec<Error>> = BTreeMap::new();
    for Found { summary, range } in answer.diagnostics {
        let Some(Range { filename, start }) = range else { continue };
        if !MEANING.iter().any(|meaning| summary.starts_with(meaning)) {
            errors.entry(filename).or_default().push((summary, start.line, start.column));
        }
    }
    errors
}
