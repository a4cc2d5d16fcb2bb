//! What a provider reports.

use std::time::Duration;

use platoform_diagnostic::Severity;
use platoform_value::Path;

/// A finding of a provider, about a part of a block's value. The engine knows where in the source
/// that part was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// Error or warning.
    pub severity: Severity,
    /// Headline without a final full stop.
    pub summary: String,
    /// The explanation; may be empty. Never holds a secret.
    pub detail: String,
    /// The part it is about; empty for the whole block.
    pub path: Path,
}

impl Problem {
    /// An error about the whole block.
    pub fn error(summary: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            summary: summary.into(),
            detail: detail.into(),
            path: Path::default(),
        }
    }

    /// A warning about the whole block.
    pub fn warning(summary: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(summary, detail) }
    }

    /// Whether it is an error.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// The same finding, about a part.
    #[must_use]
    pub fn at(mut self, path: Path) -> Self {
        self.path = path;
        self
    }
}

/// What is known of the effect of a call that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureClass {
    /// Nothing was changed, and trying again would fail the same way.
    Fail,
    /// Nothing was changed; trying again may succeed, not before this long.
    Retry(Duration),
    /// Something may have been changed: a timeout or a broken connection after the request was
    /// sent, or an answer that does not tell. Only a `find` or `read` can say.
    Unknown,
}

/// A call that failed.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    /// What is known of its effect.
    pub class: FailureClass,
    /// At least one error.
    pub problems: Vec<Problem>,
}

impl Failure {
    /// A failure without effect.
    pub fn fail(problem: Problem) -> Self {
        Self { class: FailureClass::Fail, problems: vec![problem] }
    }

    /// A failure that may have had an effect.
    pub fn unknown(problem: Problem) -> Self {
        Self { class: FailureClass::Unknown, problems: vec![problem] }
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::fail(problem)
    }
}
