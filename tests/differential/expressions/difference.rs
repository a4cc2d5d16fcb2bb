//! What counts as a disagreement.

use std::sync::LazyLock;

use regex::Regex;

use super::ours::Answer;

/// Stands in messages of ours for what Terraform would show of a sensitive value.
const WITHHELD: &str = "sensitive";
/// What ours ends with where it leaves out the names of sensitive attributes.
const NAMELESS: &str = "must have consistent types";
static ELEMENT: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"(element|attribute) "[^"]*""#).expect("it is a pattern"));

/// After so many failures a loop of ours ends.
const FAILURES_PER_LOOP: usize = 10;

/// Whether two answers agree, apart from differences that are meant.
pub fn agree(text: &str, theirs: &Answer, ours: &Answer) -> bool {
    if theirs == ours || is_meant(text, theirs) || is_more_careful(text, theirs, ours) {
        return true;
    }
    match (theirs, ours) {
        (Answer::Errors(theirs), Answer::Errors(ours)) => {
            let count = if ours.len() >= FAILURES_PER_LOOP { ours.len() } else { theirs.len() };
            count == ours.len()
                && theirs.iter().zip(ours).all(|(theirs, ours)| same_error(theirs, ours))
        }
        _ => false,
    }
}

/// Differences that `docs/language/differences.md` lists.
fn is_meant(text: &str, theirs: &Answer) -> bool {
    // What is sensitive stays so while not even its type is known.
    if text.contains("sensitive(var.unk_any)") {
        return true;
    }
    let crashed = |detail: &str| detail.contains("panic in function implementation");
    match theirs {
        Answer::Errors(errors) => {
            errors.iter().any(|(_, detail)| crashed(detail)) || is_short_circuit(text)
        }
        Answer::Value(_) => is_short_circuit(text),
    }
}

/// What is sensitive stays so where Terraform loses sight of it beside something unknown.
fn is_more_careful(text: &str, theirs: &Answer, ours: &Answer) -> bool {
    let hidden = matches!(ours, Answer::Value(text) if text == "(sensitive value)");
    hidden
        && matches!(theirs, Answer::Value(_))
        && text.contains("sensitive(")
        && text.contains("unk_")
}

/// `&&` and `||` ask no more than they need.
fn is_short_circuit(text: &str) -> bool {
    text.contains("&&") || text.contains("||")
}

fn same_error(theirs: &(String, String), ours: &(String, String)) -> bool {
    let withheld = ours.1.contains(WITHHELD) || ours.1.ends_with(NAMELESS);
    // Messages that name Terraform name nobody here.
    let named = theirs.1.contains("Terraform");
    theirs.0 == ours.0 && (withheld || named || plain(&theirs.1) == plain(&ours.1))
}

/// A detail without what the styles differ in: the last full stop and how lines are broken.
fn plain(detail: &str) -> String {
    let lines = detail.lines().map(|line| line.trim().trim_end_matches(['.', ' ']));
    let words: Vec<&str> = lines.flat_map(str::split_whitespace).collect();
    // Go visits the attributes of an object in any order, and reports the first.
    ELEMENT.replace_all(&words.join(" "), "$1").trim_end_matches(['.', ' ']).to_owned()
}
