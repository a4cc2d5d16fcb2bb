//! How a command ends.

use std::process::ExitCode;

use platoform_diagnostic::{Diagnostic, Diagnostics, Sources};

/// A command that did what it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Exit code 0.
    Done,
    /// There are changes, and the caller wants to know by the exit code: 2.
    Changes,
    /// There are files to format, and the caller only wants to know: 3.
    Unformatted,
    /// What was asked for is done, and there is a next stage that nobody has approved: 3.
    Unfinished,
    /// What was wrong has been written already, as the data that was asked for: exit code 1.
    Invalid,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Done => Self::SUCCESS,
            Outcome::Changes => Self::from(2),
            Outcome::Unformatted | Outcome::Unfinished => Self::from(3),
            Outcome::Invalid => Self::from(Failure::EXIT_CODE),
        }
    }
}

/// A command that did not.
#[derive(Debug)]
pub struct Failure {
    /// Why; warnings that were found on the way come along.
    pub diagnostics: Diagnostics,
    /// The texts they point into.
    pub sources: Sources,
    /// How the process ends.
    pub exit_code: u8,
}

impl Failure {
    /// Exit code of failures that have none of their own.
    pub const EXIT_CODE: u8 = 1;

    /// Findings about texts.
    pub fn new(diagnostics: Diagnostics, sources: Sources) -> Self {
        Self { diagnostics, sources, exit_code: Self::EXIT_CODE }
    }
}

impl From<Diagnostic> for Failure {
    fn from(diagnostic: Diagnostic) -> Self {
        Self::new(diagnostic.into(), Sources::default())
    }
}

impl From<Diagnostics> for Failure {
    fn from(diagnostics: Diagnostics) -> Self {
        Self::new(diagnostics, Sources::default())
    }
}
