//! `validate`: the configurations of the conformance cases, as they are, changed at random, and
//! others that are put together at random. `plan`: some that are mostly right, with values.

use std::fs;
use std::io::Write;
use std::sync::Mutex;
use std::thread;

use fastrand::Rng;
use libtest_mimic::{Failed, Trial};

use crate::terraform;

mod change;
mod compare;
mod corpus;
mod deliberate;
mod json;
mod pieces;
mod planned;
mod shrink;

use compare::{Compare, Difference, validated};
use corpus::Files;

/// Variable with the path of a file that gets the differences, one a line.
const KEPT: &str = "PLATOFORM_DIFFERENCES";
/// Variable with the path of a file with configurations to compare, one a line.
const GIVEN: &str = "PLATOFORM_CONFIGURATIONS";
/// How many differences are shown.
const SHOWN: usize = 10;
/// The most disagreements for so many cases is one.
const RATE: u64 = 5_000;
/// How many processes of each side run at once.
const THREADS: usize = 2;

/// The trials.
pub fn trials() -> Vec<Trial> {
    let mut trials = vec![
        Trial::test("configurations::cases", || {
            report("as they are", corpus::agreeing(), validated)
        }),
        Trial::test("configurations::changed", || made_up(change::changed, validated)),
        Trial::test("configurations::assembled", || {
            made_up(|_, random| pieces::assembled(random), validated)
        }),
        Trial::test("configurations::json", || made_up(json::changed, validated)),
        Trial::test("configurations::planned", || {
            made_up(|_, random| pieces::sound(random), planned::planned)
        }),
    ];
    if let Ok(path) = std::env::var(GIVEN) {
        trials.push(Trial::test("configurations::given", move || {
            report(&path, corpus::read(path.as_ref()), validated)
        }));
    }
    trials
}

/// Compares configurations that `make` makes of those in the corpus.
fn made_up(make: impl Fn(&[Files], &mut Rng) -> Files, compare: Compare) -> Result<(), Failed> {
    let seed = terraform::seed();
    let mut random = Rng::with_seed(seed);
    let corpus = corpus::all();
    let cases = (0..terraform::cases(200)).map(|_| make(&corpus, &mut random)).collect();
    report(&format!("seed {seed}"), cases, compare)
}

fn report(what: &str, cases: Vec<Files>, compare: Compare) -> Result<(), Failed> {
    let count = cases.len() as u64;
    let cases = Mutex::new(cases.into_iter());
    let next = || cases.lock().unwrap().next();
    let found: Mutex<Vec<Difference>> = Mutex::default();
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                while let Some(case) = next() {
                    let Some(different) = compare(&case) else { continue };
                    let different = shrink::shrunk(different, compare);
                    let mut found = found.lock().unwrap();
                    keep(&different);
                    found.push(different);
                }
            });
        }
    });
    let found = found.into_inner().unwrap();
    println!("{what}: {} of {count} differ", found.len());
    if found.len() as u64 * RATE <= count {
        return Ok(());
    }
    let shown: Vec<String> = found.iter().take(SHOWN).map(ToString::to_string).collect();
    Err(format!("{what}: {} of {count} differ\n{}", found.len(), shown.join("\n")).into())
}

/// Adds a difference to a file, if one is named.
fn keep(found: &Difference) {
    let Ok(path) = std::env::var(KEPT) else { return };
    let mut file = fs::OpenOptions::new().create(true).append(true).open(path).unwrap();
    writeln!(file, "{}", serde_json::to_string(found).unwrap()).unwrap();
}
