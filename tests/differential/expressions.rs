//! Expressions: their values, types and errors.

use std::fs;
use std::path::Path;

use libtest_mimic::{Failed, Trial};
use platoform_tests::repository;
use tempfile::TempDir;

use crate::terraform;

mod difference;
mod generate;
mod leaves;
mod oracle;
mod ours;
mod printed;
mod tree;

use difference::agree;
use generate::Generator;
use oracle::Console;
use ours::{Answer, Fixture};
use tree::Tree;

/// Variable with the path of a file whose lines are compared, too.
const GIVEN: &str = "PLATOFORM_EXPRESSIONS";
/// How many disagreements are shown.
const SHOWN: usize = 40;
/// The most disagreements for so many cases is one.
const RATE: u64 = 5_000;
/// The most steps in making one disagreement smaller.
const PATIENCE: usize = 400;

/// The trials.
pub fn trials() -> Vec<Trial> {
    let made_up = || compare(fixture().path());
    let mut trials = vec![Trial::test("expressions::made_up", made_up)];
    if let Ok(path) = std::env::var(GIVEN) {
        trials.push(Trial::test("expressions::given", move || {
            given(fixture().path(), path.as_ref())
        }));
    }
    trials
}

/// A copy of what the conformance cases are evaluated in: the console locks its state.
fn fixture() -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    copy(&repository().join("tests/conformance/fixture"), directory.path());
    directory
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            fs::create_dir(&to).unwrap();
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// Compares the lines of a file.
fn given(directory: &Path, path: &Path) -> Result<(), Failed> {
    let text = fs::read_to_string(path).expect("the file can be read");
    let mut pair = Pair::new(directory);
    let mut differ = 0;
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        if let Some(difference) = pair.disagree(line) {
            println!("{line}\n{difference}");
            differ += 1;
        }
    }
    if differ > 0 { Err(format!("{differ} differ").into()) } else { Ok(()) }
}

fn compare(directory: &Path) -> Result<(), Failed> {
    let seed = terraform::seed();
    let cases = terraform::cases(20_000);
    let mut generator = Generator::new(seed);
    let mut pair = Pair::new(directory);
    let mut found: Vec<Tree> = Vec::new();
    for _ in 0..cases {
        let tree = generator.expression();
        if pair.disagree(&tree.text()).is_some() {
            found.push(tree);
        }
    }
    println!("expressions, seed {seed}: {} of {cases} differ", found.len());
    let mut seen = std::collections::BTreeSet::new();
    for tree in found.iter() {
        let small = pair.shrink(tree.clone());
        let text = small.text();
        if seen.len() >= SHOWN || !seen.insert(text.clone()) {
            continue;
        }
        if let Some(difference) = pair.disagree(&text) {
            println!("{text}\n{difference}");
        }
    }
    if found.len() as u64 * RATE > cases {
        return Err(format!("seed {seed}: {} of {cases} differ", found.len()).into());
    }
    Ok(())
}

/// Both sides.
struct Pair<'a> {
    directory: &'a Path,
    fixture: Fixture,
    console: Console,
}

impl<'a> Pair<'a> {
    fn new(directory: &'a Path) -> Self {
        Self { directory, fixture: Fixture::new(directory), console: Console::start(directory) }
    }

    /// How the two answer an expression differently, if they do.
    fn disagree(&mut self, text: &str) -> Option<String> {
        let theirs = self.ask(text)?;
        let ours = self.fixture.answer(text);
        if !agree(text, &theirs, &ours) {
            return Some(format!("    theirs: {}\n    ours:   {}", shown(&theirs), shown(&ours)));
        }
        let (Answer::Value(_), Ok(value)) = (&theirs, self.fixture.value(text)) else {
            return None;
        };
        let theirs = self.ask(&format!("type({text})"))?;
        let kind = platoform_lang::functions::describe_type(&value.kind());
        let differ = theirs != Answer::Value(kind.clone()) && agree(text, &theirs, &theirs);
        let meant = text.contains("&&") || text.contains("||");
        (differ && !meant)
            .then(|| format!("    their type: {}\n    our type:   {kind}", shown(&theirs)))
    }

    /// Terraform's answer; none where it crashes.
    fn ask(&mut self, line: &str) -> Option<Answer> {
        let answer = self.console.ask(line);
        if answer.is_none() {
            self.console = Console::start(self.directory);
        }
        answer
    }

    /// The smallest expression found that still shows a disagreement.
    fn shrink(&mut self, mut tree: Tree) -> Tree {
        let mut left = PATIENCE;
        'smaller: while left > 0 {
            for smaller in tree.smaller() {
                left = left.saturating_sub(1);
                if left > 0 && self.disagree(&smaller.text()).is_some() {
                    tree = smaller;
                    continue 'smaller;
                }
            }
            break;
        }
        tree
    }
}

fn shown(answer: &Answer) -> String {
    match answer {
        Answer::Value(text) => text.clone(),
        Answer::Errors(errors) => {
            let all = errors.iter().map(|(summary, detail)| format!("{summary}: {detail}"));
            format!("ERROR {}", all.collect::<Vec<_>>().join(" | "))
        }
    }
}
