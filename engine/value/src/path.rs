//! Paths into a value.

use std::fmt;
use std::sync::Arc;

use crate::Value;

/// One step of a [`Path`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// An attribute of an object, or a nested block.
    Attribute(Arc<str>),
    /// An element of a list or tuple.
    Index(usize),
    /// An element of a map.
    Key(Arc<str>),
    /// An element of a set, named by itself.
    Element(Value),
}

/// The way from a value to a part of it; the empty path is the value itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Path(pub Vec<Step>);

impl Path {
    /// The path of an attribute of the value itself.
    pub fn attribute(name: impl Into<Arc<str>>) -> Self {
        Self(vec![Step::Attribute(name.into())])
    }

    /// This path with one more step.
    #[must_use]
    pub fn join(&self, step: Step) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }

    /// Whether this path leads to `other` or to something that holds it.
    #[must_use]
    pub fn covers(&self, other: &Path) -> bool {
        other.0.starts_with(&self.0)
    }
}

impl fmt::Display for Path {
    /// As the language would write it after a value: `ports[0].internal`, `labels["a"]`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, step) in self.0.iter().enumerate() {
            match step {
                Step::Attribute(name) if index == 0 => formatter.write_str(name)?,
                Step::Attribute(name) => write!(formatter, ".{name}")?,
                Step::Index(position) => write!(formatter, "[{position}]")?,
                Step::Key(key) => write!(formatter, "[{key:?}]")?,
                Step::Element(_) => formatter.write_str("[*]")?,
            }
        }
        Ok(())
    }
}
