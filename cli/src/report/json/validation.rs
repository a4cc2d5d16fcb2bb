//! The document of `validate -json`.

use platoform_diagnostic::{Diagnostic, Diagnostics, Sources};
use serde_json::{Value as Json, json};

use super::diagnostic::Writer;
use super::format;

/// What was found, and whether the configuration is valid.
pub fn document(found: &Diagnostics, sources: &Sources) -> Json {
    let errors = found.iter().filter(|diagnostic| Diagnostic::is_error(diagnostic)).count();
    let mut writer = Writer::new(sources);
    let diagnostics: Vec<Json> = found.iter().map(|found| writer.object(found)).collect();
    json!({
        "format_version": format::VALIDATION,
        "valid": errors == 0,
        "error_count": errors,
        "warning_count": found.len() - errors,
        "diagnostics": diagnostics,
    })
}
