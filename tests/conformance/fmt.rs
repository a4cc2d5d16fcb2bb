//! Texts and what `fmt -` makes of them: `fmt.jsonl` is a sample of the cases that this project is
//! judged by, `fmt/odd.jsonl` has more, and odder ones.

use libtest_mimic::{Failed, Trial};
use platoform_tests::Project;
use serde::Deserialize;

use crate::cases;

/// The files, and how their trials are called.
const FILES: [(&str, &str); 2] = [("fmt.jsonl", "fmt"), ("fmt/odd.jsonl", "fmt::odd")];

#[derive(Deserialize)]
struct Case {
    id: String,
    input: String,
    /// `None` when it has syntax errors.
    output: Option<String>,
    /// The first error.
    error_summary: Option<String>,
}

/// A trial for each case.
pub fn trials() -> Vec<Trial> {
    let trials = |(file, name): (&str, &'static str)| {
        let cases: Vec<Case> = cases::read(file);
        assert!(!cases.is_empty(), "{file} has no cases");
        cases
            .into_iter()
            .map(move |case| Trial::test(format!("{name}::{}", case.id), move || check(&case)))
    };
    FILES.into_iter().flat_map(trials).collect()
}

fn check(case: &Case) -> Result<(), Failed> {
    let run = Project::new("").command("fmt -").input(&case.input).run();
    let (code, output) = match &case.output {
        Some(output) => (0, output.as_str()),
        None => (2, ""),
    };
    if run.stdout != output {
        return Err(format!("expected\n{output:?}\nbut got\n{:?}\n{run}", run.stdout).into());
    }
    let explained = case.error_summary.as_ref().is_none_or(|summary| run.contains(summary));
    if run.code != Some(code) || !explained {
        return Err(format!("expected exit code {code}, {:?}: {run}", case.error_summary).into());
    }
    Ok(())
}
