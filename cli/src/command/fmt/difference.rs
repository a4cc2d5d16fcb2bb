//! What formatting changes, as a patch.

use std::time::Duration;

use similar::TextDiff;

/// How long the smallest patch is looked for; after that a larger one will do.
const SEARCH_TIME: Duration = Duration::from_millis(500);

/// The changes of a text as a unified diff.
pub(super) fn unified(name: &str, before: &str, after: &str) -> String {
    let difference = TextDiff::configure().timeout(SEARCH_TIME).diff_lines(before, after);
    let headers = (format!("old/{name}"), format!("new/{name}"));
    difference.unified_diff().header(&headers.0, &headers.1).to_string()
}
