//! The table: what happens to which object, and why.

use std::collections::BTreeMap;

use super::detail::{Class, Detail, Severe};
use super::escape::code;
use crate::report::review::model::{Change, Effect, Origin, Reason, Review};

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
    let why = if brief { String::new() } else { why(change) };
    out.push_str(&format!("| {} | {} | {why} |\n", change.effect.sign(), what(change)));
}

/// The object and what happens to it.
pub fn what(change: &Change) -> String {
    let mut text = format!("{} {}", code(&change.name), change.effect.phrase());
    if change.effect == Effect::Update && !change.attributes.is_empty() {
        text.push_str(&format!(": {}", names(&change.attributes)));
    }
    if let Some(previous) = &change.previous {
        let moved = if change.effect == Effect::Move { "" } else { ", moved" };
        text.push_str(&format!("{moved} from {}", code(previous)));
    }
    if change.imported && change.effect != Effect::Import {
        text.push_str(", imported");
    }
    text
}

/// The first few names.
fn names(all: &[String]) -> String {
    let mut names: Vec<String> = all.iter().take(ATTRIBUTES_LIMIT).map(|it| code(it)).collect();
    let more = all.len().saturating_sub(ATTRIBUTES_LIMIT);
    if more > 0 {
        names.push(format!("{more} more"));
    }
    names.join(", ")
}

/// Why it happens, with places.
fn why(change: &Change) -> String {
    let mut reasons: Vec<String> = change.reasons.iter().take(REASONS_LIMIT).map(reason).collect();
    let more = change.reasons.len().saturating_sub(REASONS_LIMIT);
    if more > 0 {
        reasons.push(format!("{more} more"));
    }
    if reasons.is_empty() {
        reasons.extend(change.place.as_ref().map(|place| code(&place.to_string())));
    }
    reasons.join("; ")
}

/// A reason, with places.
pub fn reason(reason: &Reason) -> String {
    match reason {
        Reason::Needs(other) => format!("needs {}", code(other)),
        Reason::Instances(place) => {
            let place = place.as_ref().map(|place| format!(" — {}", code(&place.to_string())));
            format!("how many there will be is not known yet{}", place.unwrap_or_default())
        }
        Reason::Plain(text) => (*text).to_owned(),
        Reason::Trigger(reference) => format!("{} changes", code(reference)),
        Reason::Origin(origin) => self::origin(origin),
    }
}

fn origin(origin: &Origin) -> String {
    let verb = if origin.known { "changed" } else { "may change" };
    let mut text = format!("{} {verb} — {}", code(&origin.path), code(&origin.place.to_string()));
    for link in &origin.chain {
        text.push_str(&format!(", as {} {}", code(&link.name), link.phrase));
        if let Some((path, place)) = &link.origin {
            text.push_str(&format!(" ({} — {})", code(path), code(&place.to_string())));
        }
    }
    if origin.cut {
        text.push_str(", and so on");
    }
    text
}
