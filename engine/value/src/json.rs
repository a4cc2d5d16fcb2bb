//! Values and types as JSON, in the form that Terraform's state and plans have
//! ([cty/json](https://github.com/zclconf/go-cty/blob/main/docs/json.md)).

mod read;
mod types;
mod write;

use std::fmt;

use crate::{Path, Step};

/// How deeply JSON may nest, the same as `serde_json` allows text to.
const DEPTH_LIMIT: usize = 128;

/// Why JSON is no value or type, or a value has no JSON.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct JsonError {
    /// The part that it is about.
    pub path: Path,
    /// What is wrong with it.
    pub message: String,
}

impl fmt::Display for JsonError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.0.is_empty() {
            formatter.write_str(&self.message)
        } else {
            write!(formatter, "{}: {}", self.path, self.message)
        }
    }
}

impl JsonError {
    fn new(message: impl Into<String>) -> Self {
        Self { path: Path::default(), message: message.into() }
    }

    /// The error of a part as one of what holds the part.
    fn within(mut self, step: Step) -> Self {
        self.path.0.insert(0, step);
        self
    }
}

#[cfg(test)]
mod tests;
