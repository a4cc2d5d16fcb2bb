//! The table: what happens to which object, and why.

use std::collections::BTreeMap;

use super::detail::{Class, Detail, Severe};
use super::escape::code;
use crate::report::review::model::{Change, Effect, Review};
use crate::report::review::words::{what, why};

/// Attributes that are named for one object.
const ATTRIBUTES_LIMIT: usize = 5;
/// Reasons that are given for one object.
const REASONS_LIMIT: usize = 3;

/// The table of what happens, worst first; nothing where nothing does.
pub fn table(review: &Review, detail: &Detail) -> String {
    if review.changes.is_empty() {
        return String::new();
    }
    let mut out = String::from("| | what | why |\n|---|---|---|\n");
    if detail.severe == Severe::Resources {
        resources(&mut out, review);
    }
    for class in [Class::Severe, Class::Updates, Class::Harmless] {
        if class == Class::Severe && detail.severe == Severe::Resources {
            continue;
        }
        let all = review.changes.iter().filter(|change| Class::of(change.effect) == class);
        let mut left = 0;
        for (index, change) in all.enumerate() {
            if index < detail.rows(class) {
                row(&mut out, change, class == Class::Severe && detail.severe != Severe::Reasons);
            } else {
                left += 1;
            }
        }
        if left > 0 {
            let sign = if class == Class::Updates { "~" } else { "+" };
            out.push_str(&format!("| {sign} | … and {left} more, not shown here | |\n"));
        }
    }
    out
}

/// One row for all instances of a resource to which the same happens.
fn resources(out: &mut String, review: &Review) {
    let mut counts: BTreeMap<(Effect, &str), usize> = BTreeMap::new();
    for change in review.changes.iter().filter(|change| change.effect.is_severe()) {
        *counts.entry((change.effect, &change.resource)).or_default() += 1;
    }
    for ((effect, resource), count) in counts {
        let (sign, phrase) = (effect.sign(), effect.phrase());
        out.push_str(&format!("| {sign} | {} × {count} {phrase} | |\n", code(resource)));
    }
}

fn row(out: &mut String, change: &Change, brief: bool) {
    let why = if brief { String::new() } else { why(change, code, REASONS_LIMIT) };
    let what = what(change, code, ATTRIBUTES_LIMIT);
    out.push_str(&format!("| {} | {what} | {why} |\n", change.effect.sign()));
}
