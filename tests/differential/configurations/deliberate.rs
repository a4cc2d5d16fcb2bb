//! Differences that are meant: the classes in `docs/language/differences.md` that `validate` and
//! `plan` show.

use std::sync::LazyLock;

use regex::Regex;

use super::corpus::Files;

/// Who finds something that the other does not.
#[derive(Clone, Copy, PartialEq)]
enum Side {
    Terraform,
    Ours,
}

/// Who finds what, and the line it is found in.
const CLASSES: [(Side, &str, &str); 12] = [
    // Addresses of modules and what protects from destruction may depend on variables.
    (Side::Terraform, "Variables not allowed", r#"^\s*"?(source|version|prevent_destroy)\b"#),
    (Side::Terraform, "Function calls not allowed", r#"^\s*"?(source|version|prevent_destroy)\b"#),
    (Side::Terraform, "Unsuitable value type", r#"^\s*"?prevent_destroy\b"#),
    (Side::Terraform, "Unsupported argument", r"\benabled\b"),
    (Side::Terraform, "Unsupported argument", r#"^\s*"?destroy\b"#),
    (Side::Terraform, "Reserved argument name in provider block", r#"^\s*"?for_each\b"#),
    // State is kept in one place, which is said at once.
    (Side::Ours, "Unsupported backend", ""),
    (Side::Ours, "", r#"\bbackend "local" \{"#),
    // A provider that is required but not used need not be there.
    (Side::Terraform, "Missing required provider", ""),
    // What is not needed is not asked for.
    (Side::Terraform, "", r"&&|\|\|"),
    (Side::Ours, "Module calls itself", ""),
    // A key that is sensitive and not known yet makes the whole sensitive.
    (Side::Ours, "Invalid for_each argument", r"\{ \("),
];

static LINES: LazyLock<Vec<(Side, &str, Regex)>> = LazyLock::new(|| {
    CLASSES
        .iter()
        .map(|(side, summary, line)| (*side, *summary, Regex::new(line).unwrap()))
        .collect()
});

/// Whether both find the same, apart from what is meant. Whoever finds something that is meant need
/// not come to what the other finds after that.
pub fn agree(files: &Files, expected: &[String], found: &[String]) -> bool {
    let only = |one: &[String], other: &[String], side: Side| {
        let alone: Vec<&String> = one.iter().filter(|finding| !other.contains(finding)).collect();
        let all = alone.len();
        let meant = alone.into_iter().filter(|finding| is_deliberate(files, finding, side)).count();
        (meant, all - meant)
    };
    let (theirs_meant, theirs) = only(expected, found, Side::Terraform);
    let (ours_meant, ours) = only(found, expected, Side::Ours);
    (theirs == 0 || ours_meant > 0) && (ours == 0 || theirs_meant > 0)
}

/// Whether a finding of only one side is of one of the classes.
fn is_deliberate(files: &Files, finding: &str, side: Side) -> bool {
    let (place, summary) = finding.split_once(' ').unwrap_or(("", finding));
    let line = place.rsplit_once(':').and_then(|(file, position)| {
        let number: usize = position.split_once(',')?.0.parse().ok()?;
        files.get(file)?.lines().nth(number.checked_sub(1)?)
    });
    LINES.iter().any(|(whose, wanted, pattern)| {
        *whose == side && summary.contains(wanted) && pattern.is_match(line.unwrap_or_default())
    })
}
