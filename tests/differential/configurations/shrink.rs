//! Differences made smaller, so that their cause is seen.

use super::change::Parts;
use super::compare::{Compare, Difference};
use super::corpus::Files;

/// The most steps in making one difference smaller.
const PATIENCE: usize = 40;

/// The difference without what it does not need: files, then blocks and lines.
pub fn shrunk(mut smallest: Difference, compare: Compare) -> Difference {
    let mut patience = PATIENCE;
    let names: Vec<String> = smallest.files.keys().cloned().collect();
    for name in names {
        let mut files = smallest.files.clone();
        files.remove(&name);
        attempt(&mut smallest, files, &mut patience, compare);
    }
    let names: Vec<String> = smallest.files.keys().cloned().collect();
    for name in names {
        if name.ends_with(".json") {
            continue;
        }
        let mut at = 0;
        loop {
            let parts = Parts::of(&smallest.files[&name]);
            if at >= parts.len() || patience == 0 {
                break;
            }
            let mut files = smallest.files.clone();
            files.insert(name.clone(), parts.without(at));
            if !attempt(&mut smallest, files, &mut patience, compare) {
                at += 1;
            }
        }
    }
    smallest
}

/// Takes the smaller configuration if it differs in the same kinds of findings.
fn attempt(
    smallest: &mut Difference,
    files: Files,
    patience: &mut usize,
    compare: Compare,
) -> bool {
    if *patience == 0 || files.is_empty() {
        return false;
    }
    *patience -= 1;
    match compare(&files) {
        Some(smaller) if smaller.is_like(smallest) => {
            *smallest = smaller;
            true
        }
        _ => false,
    }
}
