//! What `validate -json` finds, in the short form that is compared.

use std::path::Path;

use serde_json::Value;

/// Severity, summary and place of each finding, without repetitions and in order. Terraform writes
/// a place in no file where it has none.
///
/// # Errors
/// When the text is no such document.
pub fn findings(document: &str) -> Result<Vec<String>, String> {
    let wrong = |error: &str| format!("{error}: {document}");
    let document: Value =
        serde_json::from_str(document).map_err(|error| wrong(&error.to_string()))?;
    let all = document["diagnostics"].as_array().ok_or_else(|| wrong("no diagnostics"))?;
    let mut found: Vec<String> = all.iter().map(line).collect();
    found.sort();
    found.dedup();
    Ok(found)
}

fn line(finding: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let start = &finding["range"]["start"];
    let file = text(&finding["range"]["filename"]);
    let place = match (file.is_empty(), &start["line"], &start["column"]) {
        (false, line, column) => format!("{file}:{line},{column}"),
        _ => "-".to_owned(),
    };
    let summary = text(&finding["summary"]);
    // A cycle begins anywhere.
    let summary = match summary.strip_prefix("Cycle: ") {
        Some(members) => {
            let mut members: Vec<&str> = members.split(", ").collect();
            members.sort_unstable();
            format!("Cycle: {}", members.join(", "))
        }
        None => summary,
    };
    format!("{place} {}: {summary}", text(&finding["severity"]))
}

/// Writes files into a directory.
///
/// # Panics
/// When that cannot be done.
pub fn write<'a>(directory: &Path, files: impl IntoIterator<Item = (&'a String, &'a String)>) {
    for (name, text) in files {
        let path = directory.join(name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).unwrap_or_else(|error| panic!("{parent:?}: {error}"));
        }
        std::fs::write(&path, text).unwrap_or_else(|error| panic!("{path:?}: {error}"));
    }
}
