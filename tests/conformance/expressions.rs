//! Expressions and what the console makes of them, in the directory `fixture/`: `expressions.jsonl`
//! is a sample of the cases that this project is judged by, `expressions.differences.json` lists
//! those that are meant to differ. One that is listed and agrees is a failure, too.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use libtest_mimic::{Failed, Trial};
use platoform_tests::{Project, Run, repository};
use serde::Deserialize;

use crate::cases;

/// The cases.
const CASES: &str = "expressions.jsonl";
/// The deliberate differences.
const DIFFERENCES: &str = "tests/conformance/expressions.differences.json";
/// Where expressions are evaluated.
const FIXTURE: &str = "tests/conformance/fixture";

/// An expression and Terraform's answer.
#[derive(Deserialize)]
struct Case {
    mode: Mode,
    expr: String,
    /// What the console prints.
    printed: Option<String>,
    /// What `jsonencode` makes of it, where that is text.
    json: Option<String>,
    /// What `type` says of it.
    #[serde(rename = "type")]
    kind: Option<String>,
    /// `jsonencode` of it is a secret.
    #[serde(default)]
    sensitive: bool,
    /// Headline of the first error, where there is one.
    error_summary: Option<String>,
    error_detail: Option<String>,
    /// Its line; 1 where it is not said.
    error_line: Option<u32>,
    /// Terraform crashed: any error will do.
    #[serde(default)]
    oracle_panic: bool,
    /// The hint in the explanation is another one each time.
    #[serde(default)]
    unstable_detail: bool,
}

/// How an expression reaches the console.
#[derive(Clone, Copy, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Mode {
    /// It is typed.
    Console,
    /// It stands in a file, as the local value `e`.
    Config,
}

/// Cases that are meant to differ for one reason.
#[derive(Deserialize)]
struct Class {
    /// Whether only the explanation of the error differs, not whether there is one, which, and
    /// where.
    detail: bool,
    /// Why they differ.
    reason: String,
    expressions: Vec<String>,
}

/// What is meant to differ in a case.
#[derive(Clone, Copy, PartialEq)]
enum Difference {
    None,
    Detail,
    Whole,
}

/// The directory that typed expressions are evaluated in; nothing writes to it.
static PROJECT: LazyLock<Project> = LazyLock::new(fixture);

fn fixture() -> Project {
    Project::copy(&repository().join(FIXTURE))
}

/// A trial for each case.
pub fn trials() -> Vec<Trial> {
    let cases: Vec<Case> = cases::read(CASES);
    assert!(!cases.is_empty(), "{CASES} has no cases");
    let mut differences = differences();
    let mut trials: Vec<Trial> = cases
        .into_iter()
        .map(|case| {
            let difference = differences.remove(&case.expr).unwrap_or(Difference::None);
            let name = format!("expressions::{}", case.expr.escape_debug());
            Trial::test(name, move || check(&case, difference))
        })
        .collect();
    let unknown: Arc<[String]> = differences.into_keys().collect();
    trials.push(Trial::test("expressions::differences", move || {
        if unknown.is_empty() {
            return Ok(());
        }
        Err(format!("{DIFFERENCES} lists what is no case: {unknown:?}").into())
    }));
    trials
}

fn differences() -> HashMap<String, Difference> {
    let text = std::fs::read_to_string(repository().join(DIFFERENCES)).expect("it is there");
    let classes: HashMap<String, Class> = serde_json::from_str(&text).expect("it is a list");
    let mut all = HashMap::new();
    for (name, class) in classes {
        assert!(!class.reason.is_empty(), "{name} needs a reason");
        let difference = if class.detail { Difference::Detail } else { Difference::Whole };
        for expression in class.expressions {
            let before = all.insert(expression.clone(), difference);
            assert!(before.is_none(), "{expression} is listed twice");
        }
    }
    all
}

fn check(case: &Case, difference: Difference) -> Result<(), Failed> {
    let own;
    let (project, expression) = match case.mode {
        Mode::Console => (&*PROJECT, case.expr.as_str()),
        Mode::Config => {
            own = fixture();
            own.write("e.tf", &format!("locals {{ e = (\n{}\n) }}\n", case.expr));
            (&own, "local.e")
        }
    };
    let outcome = match &case.error_summary {
        Some(summary) => fails(case, summary, project, expression),
        None => succeeds(case, project, expression),
    };
    match (outcome, difference) {
        (Err(error), Difference::None) => Err(error),
        (Ok(()), Difference::Detail | Difference::Whole) => {
            Err(format!("it agrees: remove it from {DIFFERENCES}").into())
        }
        // What differs in more than its explanation is an error in such a class as well.
        (Err(error), Difference::Detail) if !error.message().is_some_and(is_detail) => Err(error),
        _ => Ok(()),
    }
}

fn evaluate(project: &Project, input: &str) -> Run {
    project.command("console").input(input).run()
}

fn succeeds(case: &Case, project: &Project, expression: &str) -> Result<(), Failed> {
    let (printed, kind) = case.printed.as_ref().zip(case.kind.as_ref()).expect("it has both");
    let mut input = String::new();
    if case.json.is_some() {
        let (open, close) = if case.sensitive { ("nonsensitive(", ")") } else { ("", "") };
        input.push_str(&format!("{open}jsonencode(\n{expression}\n){close}\n"));
    }
    input.push_str(&format!("type(\n{expression}\n)\n{expression}\n"));
    let run = evaluate(project, &input);
    let wrong = |what: &str, expected: &str| {
        Err(format!("{what} should be\n{expected}\nbut this came of it: {run}").into())
    };
    let mut output = run.stdout.as_str();
    if let Some(json) = &case.json {
        let (line, rest) = output.split_once('\n').unwrap_or_default();
        if unquoted(line).as_ref() != Some(json) {
            return wrong("its JSON", json);
        }
        output = rest;
    }
    let Some(output) = output.strip_prefix(&format!("{kind}\n")) else {
        return wrong("its type", kind);
    };
    if run.code != Some(0) || output != format!("{printed}\n") {
        return wrong("what is printed", printed);
    }
    Ok(())
}

/// The text that a line of Go's `%q` stands for.
fn unquoted(line: &str) -> Option<String> {
    let mut text = String::new();
    let mut rest = line.strip_prefix('"')?.strip_suffix('"')?.chars();
    while let Some(character) = rest.next() {
        if character != '\\' {
            text.push(character);
            continue;
        }
        let kind = rest.next()?;
        let length = match kind {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ => 0,
        };
        let code: String = rest.by_ref().take(length).collect();
        text.push(match kind {
            'x' | 'u' | 'U' => char::from_u32(u32::from_str_radix(&code, 16).ok()?)?,
            'a' => '\u{7}',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\u{b}',
            other => other,
        });
    }
    Some(text)
}

/// How a failure begins that is about nothing but the explanation.
const DETAIL: &str = "the explanation should be";

fn is_detail(message: &str) -> bool {
    message.starts_with(DETAIL)
}

fn fails(case: &Case, summary: &str, project: &Project, expression: &str) -> Result<(), Failed> {
    let run = evaluate(project, &format!("{expression}\n"));
    let wrong = |what: &str, expected: &dyn std::fmt::Display| {
        Err(format!("{what} {expected}\nbut this came of it: {run}").into())
    };
    if run.code != Some(1) || !run.stdout.is_empty() {
        return wrong("it should fail with", &summary);
    }
    if case.oracle_panic {
        return Ok(());
    }
    let found = errors(&run.stderr);
    let summary_words = words(&format!("Error: {summary}"));
    let Some(at) = found.text.find(&summary_words) else {
        return wrong("the error should be", &summary);
    };
    let line = case.error_line.unwrap_or(1);
    let line_known = case.mode == Mode::Console || case.error_line.is_some();
    if line_known && found.lines.first().is_some_and(|found| *found != line) {
        return wrong("the error should be in line", &line);
    }
    let detail = case.error_detail.as_deref().unwrap_or_default();
    // Terraform has no place for an attribute without a name, and says so.
    let detail = detail.trim_start_matches("on line 0: (source code not available) ");
    let told = &found.text[at + summary_words.len()..];
    if !case.unstable_detail && !told.starts_with(&words(detail)) {
        return wrong(DETAIL, &detail);
    }
    Ok(())
}

/// What a run says about errors.
struct Errors {
    /// Headlines, explanations and advice, without the lines of source between them, as
    /// [`words`].
    text: String,
    /// The line that each is in.
    lines: Vec<u32>,
}

fn errors(stderr: &str) -> Errors {
    let mut text = String::new();
    let mut lines = Vec::new();
    let mut source = false;
    for line in stderr.lines() {
        if let Some((_, place)) = line.split_once(",-[") {
            source = true;
            // `name:line:column]`
            lines.extend(place.rsplit(':').nth(1).and_then(|line| line.parse::<u32>().ok()));
        }
        if !source {
            text.push_str(line.trim_start().strip_prefix("help: ").unwrap_or(line));
        }
        source &= !line.trim_start().starts_with("`----");
    }
    Errors { text: words(&text), lines }
}

/// The letters and digits of a text: how it is wrapped, quoted and ended does not count, nor
/// whether advice stands by itself or in the explanation.
fn words(text: &str) -> String {
    text.chars()
        .filter(|character| character.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}
