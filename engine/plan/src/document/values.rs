//! Any value as JSON, unknown parts and marks included.

use std::sync::Arc;

use platoform_value::{Data, Marks, Number, Step, Type, Unknown, Value};
use serde::{Deserialize, Serialize};

/// A value in a saved plan.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Saved {
    /// Null of a type.
    N(serde_json::Value),
    /// Unknown of a type, whether it cannot be null, and its known prefix.
    U(serde_json::Value, bool, Option<Arc<str>>),
    /// A bool.
    B(bool),
    /// A number in decimal.
    D(String),
    /// A string.
    S(Arc<str>),
    /// A list with its element type.
    L(serde_json::Value, Vec<Saved>),
    /// A set with its element type.
    E(serde_json::Value, Vec<Saved>),
    /// A map with its element type.
    M(serde_json::Value, Vec<(Arc<str>, Saved)>),
    /// A tuple.
    T(Vec<Saved>),
    /// An object.
    O(Vec<(Arc<str>, Saved)>),
    /// A marked value: sensitive, ephemeral.
    X(bool, bool, Box<Saved>),
}

impl From<&Value> for Saved {
    fn from(value: &Value) -> Self {
        let all = |value: &Value| value.children().map(Saved::from).collect();
        let pairs = |value: &Value| {
            let entries = value.as_entries().into_iter().flat_map(|entries| entries.iter());
            entries.map(|(key, value)| (key.clone(), value.into())).collect()
        };
        let marks = value.marks();
        if !marks.is_empty() {
            let inner = Saved::from(&value.clone().unmark());
            let sensitive = marks.contains(Marks::SENSITIVE);
            return Self::X(sensitive, marks.contains(Marks::EPHEMERAL), Box::new(inner));
        }
        match value.data() {
            Data::Null(kind) => Self::N(kind.to_json()),
            Data::Unknown(unknown) => {
                Self::U(unknown.kind.to_json(), unknown.not_null, unknown.prefix.clone())
            }
            Data::Bool(value) => Self::B(*value),
            Data::Number(number) => Self::D(number.to_string()),
            Data::String(text) => Self::S(text.clone()),
            Data::List(list) => Self::L(list.element.to_json(), all(value)),
            Data::Set(set) => Self::E(set.element.to_json(), all(value)),
            Data::Map(map) => Self::M(map.0.to_json(), pairs(value)),
            Data::Tuple(_) => Self::T(all(value)),
            Data::Object(_) => Self::O(pairs(value)),
        }
    }
}

impl Saved {
    /// The value again.
    pub fn restore(self) -> Result<Value, String> {
        let kind =
            |json: &serde_json::Value| Type::from_json(json).map_err(|error| error.to_string());
        let all = |items: Vec<Saved>| -> Result<Vec<Value>, String> {
            items.into_iter().map(Saved::restore).collect()
        };
        let pairs = |pairs: Vec<(Arc<str>, Saved)>| {
            pairs
                .into_iter()
                .map(|(key, value)| Ok((key, value.restore()?)))
                .collect::<Result<_, String>>()
        };
        Ok(match self {
            Self::N(json) => Value::null(kind(&json)?),
            Self::U(json, not_null, prefix) => {
                Value::refined(Unknown { not_null, prefix, ..Unknown::of(kind(&json)?) })
            }
            Self::B(value) => value.into(),
            Self::D(text) => Value::from(Number::parse(&text).map_err(|error| error.to_string())?),
            Self::S(text) => Value::string(text),
            Self::L(json, items) => Value::list(kind(&json)?, all(items)?),
            Self::E(json, items) => Value::set(kind(&json)?, all(items)?),
            Self::M(json, entries) => Value::map(kind(&json)?, pairs(entries)?),
            Self::T(items) => Value::tuple(all(items)?),
            Self::O(entries) => Value::object(pairs(entries)?),
            Self::X(sensitive, ephemeral, inner) => {
                let mut marks = if sensitive { Marks::SENSITIVE } else { Marks::NONE };
                if ephemeral {
                    marks |= Marks::EPHEMERAL;
                }
                inner.restore()?.mark(marks)
            }
        })
    }
}

/// A step of a path in a saved plan.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum SavedStep {
    /// An attribute.
    A(Arc<str>),
    /// An index.
    I(usize),
    /// A key.
    K(Arc<str>),
    /// A set element.
    E(Saved),
}

impl From<&Step> for SavedStep {
    fn from(step: &Step) -> Self {
        match step {
            Step::Attribute(name) => Self::A(name.clone()),
            Step::Index(index) => Self::I(*index),
            Step::Key(key) => Self::K(key.clone()),
            Step::Element(value) => Self::E(value.into()),
        }
    }
}

impl SavedStep {
    /// The step again.
    pub fn restore(self) -> Result<Step, String> {
        Ok(match self {
            Self::A(name) => Step::Attribute(name),
            Self::I(index) => Step::Index(index),
            Self::K(key) => Step::Key(key),
            Self::E(value) => Step::Element(value.restore()?),
        })
    }
}
