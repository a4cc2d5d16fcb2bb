//! What goes wrong on the way to a machine or on it.

use std::fmt::Display;

/// Something went wrong.
#[derive(Debug)]
pub(crate) struct Trouble {
    pub what: String,
    /// Trying again makes no sense.
    pub lasting: bool,
}

impl Trouble {
    /// Something that will not change.
    pub fn of(what: impl Into<String>) -> Self {
        Self { what: what.into(), lasting: true }
    }

    /// Something that may be better in a moment.
    pub fn passing(what: impl Into<String>) -> Self {
        Self { what: what.into(), lasting: false }
    }

    /// The same with what to know about it.
    pub fn because(self, why: impl Display) -> Self {
        Self { what: format!("{}: {why}", self.what), ..self }
    }
}

impl From<russh::Error> for Trouble {
    fn from(error: russh::Error) -> Self {
        Self::passing(error.to_string())
    }
}
