//! `show -github`

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::Path;

use platoform_diagnostic::Diagnostic;

use crate::error::Failure;
use crate::report::review::github::{SUMMARY_BUDGET, annotations, outputs};
use crate::report::review::markdown::markdown;
use crate::report::review::model::Review;
use crate::settings::Settings;

/// Where a step of a workflow writes its summary to.
const SUMMARY: &str = "GITHUB_STEP_SUMMARY";
/// Where it writes values for later steps to.
const OUTPUT: &str = "GITHUB_OUTPUT";
/// Where the repository is.
const REPOSITORY: &str = "GITHUB_WORKSPACE";

/// Writes the summary and the values of a step where its environment says, and gives its
/// annotations.
///
/// # Errors
/// When a file cannot be written.
pub fn write(settings: &Settings, review: &Review) -> Result<String, Failure> {
    let environment = &settings.environment;
    for (name, text) in [(SUMMARY, markdown(review, SUMMARY_BUDGET)), (OUTPUT, outputs(review))] {
        if let Some(path) = environment.get(name) {
            append(Path::new(path), &text).map_err(|error| {
                Diagnostic::error(
                    "Summary cannot be written",
                    format!("`{path}`, which `{name}` names: {error}"),
                )
            })?;
        }
    }
    let inside = environment.get(REPOSITORY).and_then(|repository| {
        let inside = settings.directory().strip_prefix(repository).ok()?;
        Some(inside.to_string_lossy().into_owned())
    });
    let prefix = inside.filter(|inside| !inside.is_empty()).map(|inside| format!("{inside}/"));
    Ok(annotations(review, &prefix.unwrap_or_default()))
}

fn append(path: &Path, text: &str) -> io::Result<()> {
    OpenOptions::new().create(true).append(true).open(path)?.write_all(text.as_bytes())
}
