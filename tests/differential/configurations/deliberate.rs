//! Differences that are meant: the classes in `docs/language/differences.md` that `validate` shows.

use std::sync::LazyLock;

use regex::Regex;

use super::corpus::Files;

/// What only one of the two finds, and the line it is found in.
const CLASSES: [(&str, &str); 8] = [
    // Addresses of modules and what protects from destruction may depend on variables.
    ("Variables not allowed", r#"^\s*"?(source|version|prevent_destroy)\b"#),
    ("Function calls not allowed", r#"^\s*"?(source|version|prevent_destroy)\b"#),
    ("Unsupported argument", r"\benabled\b"),
    ("Reserved argument name in provider block", r#"^\s*"?for_each\b"#),
    // State is kept in one place, which is said at once.
    ("Unsupported backend", ""),
    // What is not needed is not asked for.
    ("", r"&&|\|\|"),
    ("Module calls itself", ""),
    ("Invalid data source", "terraform_remote_state"),
];

static LINES: LazyLock<Vec<(&str, Regex)>> = LazyLock::new(|| {
    CLASSES.iter().map(|(summary, line)| (*summary, Regex::new(line).unwrap())).collect()
});

/// Whether a finding of only one side is of one of the classes.
pub fn is_deliberate(files: &Files, finding: &str) -> bool {
    let (place, summary) = finding.split_once(' ').unwrap_or(("", finding));
    let line = place.rsplit_once(':').and_then(|(file, position)| {
        let number: usize = position.split_once(',')?.0.parse().ok()?;
        files.get(file)?.lines().nth(number.checked_sub(1)?)
    });
    LINES.iter().any(|(wanted, pattern)| {
        summary.contains(wanted) && pattern.is_match(line.unwrap_or_default())
    })
}
