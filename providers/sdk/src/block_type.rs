//! Structs as blocks.

use platoform_schema::Block;
use platoform_value::{Path, Step, Type, Value};

use crate::Problem;

/// A struct that mirrors a block: derive it with `#[derive(Block)]`.
///
/// `encode(decode(value))` equals `value` for every value that conforms to `block()`, however much
/// of it is unknown; a null collection of nested blocks, which no configuration yields, becomes an
/// empty one.
pub trait BlockType: Sized {
    /// Its schema.
    fn block() -> Block;

    /// The type its values have. Cheap to call again where it is derived.
    #[must_use]
    fn implied_type() -> Type {
        Self::block().implied_type()
    }

    /// Reads a value of that type.
    ///
    /// # Errors
    /// When the value does not conform, or holds what the struct cannot: null as an element, a
    /// number with a fraction for an integer.
    fn decode(value: &Value) -> Result<Self, DecodeError>;

    /// The value of that type.
    fn encode(&self) -> Value;
}

/// A value could not be read into a Rust type.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{}{}{reason}", path, if path.0.is_empty() { "" } else { ": " })]
pub struct DecodeError {
    /// Where.
    pub path: Path,
    /// What is wrong there.
    pub reason: DecodeReason,
}

/// What is wrong with a value.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum DecodeReason {
    /// It is unknown, where the Rust type holds known values only.
    #[error("is not known yet")]
    Unknown,
    /// It is null, where the Rust type holds something.
    #[error("must not be null")]
    Null,
    /// It has another type.
    #[error("{expected} required, but it is {found}")]
    Mismatch {
        /// The type it should have, as messages name it.
        expected: String,
        /// The type it has.
        found: String,
    },
    /// A number outside of what the Rust type holds.
    #[error("a whole number from {least} to {greatest} is required")]
    Range {
        /// The least number allowed.
        least: i64,
        /// The greatest number allowed.
        greatest: u64,
    },
}

impl From<DecodeReason> for DecodeError {
    fn from(reason: DecodeReason) -> Self {
        Self { path: Path::default(), reason }
    }
}

impl DecodeError {
    /// The value is not of the type expected, is null, or is unknown.
    #[must_use]
    pub fn unexpected(expected: &Type, found: &Value) -> Self {
        if found.is_null() {
            return DecodeReason::Null.into();
        }
        if !found.is_known() {
            return DecodeReason::Unknown.into();
        }
        let (expected, found) = (expected.friendly_name(), found.kind().friendly_name());
        DecodeReason::Mismatch { expected, found }.into()
    }

    /// The same error, in a part of a value.
    #[must_use]
    pub fn within(mut self, step: Step) -> Self {
        self.path.0.insert(0, step);
        self
    }
}

impl From<DecodeError> for Problem {
    fn from(error: DecodeError) -> Self {
        let detail = match error.path.0.is_empty() {
            true => format!("The value {}", error.reason),
            false => format!("`{}` {}", error.path, error.reason),
        };
        Problem::error("Unusable value", detail).at(error.path)
    }
}
