//! How two values differ, as a value that any report can draw.
//!
//! Collections are compared by what they mean: lists by their longest common subsequence, sets by
//! content, maps and objects by key, text that holds JSON or YAML by structure, other text line by line.
//!
//! *Invariant:* a sensitive value never gets into a [`Diff`].

mod body;
mod list;
mod node;
mod path;
#[cfg(test)]
mod tests;
mod text;

use std::sync::Arc;

use platoform_value::Value;

pub use body::{Block, Body, Content, body};
pub use node::{added, compare, removed};
pub use path::Forced;

/// What happens to a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// Nothing.
    Same,
    /// It is new.
    Add,
    /// It goes away.
    Remove,
    /// It, or something in it, is different.
    Change,
}

/// What happens to a value.
#[derive(Clone, Debug, PartialEq)]
pub struct Diff {
    /// In one word.
    pub sign: Sign,
    /// The change of just this part makes the replacement necessary.
    pub forces: bool,
    /// A remark where the change cannot be seen.
    pub note: Option<&'static str>,
    /// In full.
    pub shape: Shape,
}

/// The parts of a value with what happens to each.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// Fits on a line; never sensitive, never unknown.
    Literal(Value),
    /// Must not be shown.
    Sensitive,
    /// Known after apply.
    Unknown,
    /// Text of more than one line.
    Text(Vec<Line>),
    /// Text that holds a JSON array or object.
    Json(Box<Diff>),
    /// Text that holds a YAML sequence or mapping.
    Yaml(Box<Diff>),
    /// A list, set or tuple.
    List {
        /// Neighbours mean something: not in a set.
        ordered: bool,
        /// In order; in a set, what left comes first.
        items: Vec<Diff>,
    },
    /// A map or object.
    Entries {
        /// Keys are data, not names: they are always quoted.
        map: bool,
        /// In order of their keys.
        entries: Vec<(Arc<str>, Diff)>,
    },
    /// One thing becomes quite another.
    Turn(Box<Diff>, Box<Diff>),
}

/// A line of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What happens to it; never [`Sign::Change`].
    pub sign: Sign,
    /// Without its line break.
    pub text: String,
}

impl Diff {
    fn new(sign: Sign, shape: Shape) -> Self {
        Self { sign, forces: false, note: None, shape }
    }

    /// Whether it or any part of it forces a replacement.
    fn any_forces(&self) -> bool {
        self.forces
            || match &self.shape {
                Shape::Json(inner) | Shape::Yaml(inner) => inner.any_forces(),
                Shape::List { items, .. } => items.iter().any(Diff::any_forces),
                Shape::Entries { entries, .. } => entries.iter().any(|(_, item)| item.any_forces()),
                _ => false,
            }
    }
}
