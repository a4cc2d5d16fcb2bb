//! The types of the language.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

/// A type. Cloning shares.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Type {
    /// Not known, or any: the pseudo-type that every type conforms to.
    Dynamic,
    /// True or false.
    Bool,
    /// A number of arbitrary magnitude, 512 bits of precision.
    Number,
    /// Unicode text in normal form C.
    String,
    /// A sequence of elements of one type.
    List(Arc<Type>),
    /// Distinct elements of one type, without order.
    Set(Arc<Type>),
    /// String keys to values of one type.
    Map(Arc<Type>),
    /// A sequence in which each position has its own type.
    Tuple(Arc<Vec<Type>>),
    /// Named attributes, each with its own type.
    Object(Arc<ObjectType>),
}

/// The attributes of an object type.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObjectType {
    /// Type of each attribute.
    pub attributes: BTreeMap<Arc<str>, Type>,
    /// Attributes that a value may lack when it is converted to this type (it then gets null).
    pub optional: BTreeSet<Arc<str>>,
}

impl Type {
    /// `list(element)`.
    #[must_use]
    pub fn list(element: Type) -> Self {
        Self::List(Arc::new(element))
    }

    /// `set(element)`.
    #[must_use]
    pub fn set(element: Type) -> Self {
        Self::Set(Arc::new(element))
    }

    /// `map(element)`.
    #[must_use]
    pub fn map(element: Type) -> Self {
        Self::Map(Arc::new(element))
    }

    /// `tuple([…])`.
    #[must_use]
    pub fn tuple(elements: Vec<Type>) -> Self {
        Self::Tuple(Arc::new(elements))
    }

    /// `object({…})` with all attributes required.
    pub fn object<K: Into<Arc<str>>>(attributes: impl IntoIterator<Item = (K, Type)>) -> Self {
        let attributes = attributes.into_iter().map(|(name, kind)| (name.into(), kind)).collect();
        Self::Object(Arc::new(ObjectType { attributes, optional: BTreeSet::new() }))
    }

    /// The element type of a list, set or map.
    #[must_use]
    pub fn element(&self) -> Option<&Type> {
        match self {
            Self::List(element) | Self::Set(element) | Self::Map(element) => Some(element),
            _ => None,
        }
    }

    /// Whether [`Type::Dynamic`] occurs anywhere in it.
    #[must_use]
    pub fn has_dynamic(&self) -> bool {
        match self {
            Self::Dynamic => true,
            Self::Bool | Self::Number | Self::String => false,
            Self::List(element) | Self::Set(element) | Self::Map(element) => element.has_dynamic(),
            Self::Tuple(elements) => elements.iter().any(Type::has_dynamic),
            Self::Object(object) => object.attributes.values().any(Type::has_dynamic),
        }
    }

    /// Whether it is bool, number or string.
    #[must_use]
    pub fn is_primitive(&self) -> bool {
        matches!(self, Self::Bool | Self::Number | Self::String)
    }

    /// Its name in messages, as Terraform says it: `string`, `list of string`, `object`, `dynamic`.
    #[must_use]
    pub fn friendly_name(&self) -> String {
        match self {
            Self::Dynamic => "dynamic".into(),
            Self::Bool => "bool".into(),
            Self::Number => "number".into(),
            Self::String => "string".into(),
            Self::List(element) => format!("list of {}", element.friendly_name()),
            Self::Set(element) => format!("set of {}", element.friendly_name()),
            Self::Map(element) => format!("map of {}", element.friendly_name()),
            Self::Tuple(_) => "tuple".into(),
            Self::Object(_) => "object".into(),
        }
    }
}

impl fmt::Display for Type {
    /// As a type constraint would be written on one line: `map(object({ a = string }))`; dynamic
    /// is `any`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dynamic => formatter.write_str("any"),
            Self::Bool => formatter.write_str("bool"),
            Self::Number => formatter.write_str("number"),
            Self::String => formatter.write_str("string"),
            Self::List(element) => write!(formatter, "list({element})"),
            Self::Set(element) => write!(formatter, "set({element})"),
            Self::Map(element) => write!(formatter, "map({element})"),
            Self::Tuple(elements) => {
                formatter.write_str("tuple([")?;
                for (index, element) in elements.iter().enumerate() {
                    write!(formatter, "{}{element}", if index > 0 { ", " } else { "" })?;
                }
                formatter.write_str("])")
            }
            Self::Object(object) if object.attributes.is_empty() => {
                formatter.write_str("object({})")
            }
            Self::Object(object) => {
                formatter.write_str("object({ ")?;
                for (index, (name, kind)) in object.attributes.iter().enumerate() {
                    formatter.write_str(if index > 0 { ", " } else { "" })?;
                    if object.optional.contains(name) {
                        write!(formatter, "{name} = optional({kind})")?;
                    } else {
                        write!(formatter, "{name} = {kind}")?;
                    }
                }
                formatter.write_str(" })")
            }
        }
    }
}
