//! Rust types as attribute types.

use std::collections::BTreeMap;

use platoform_schema::{AttributeKind, ObjectNesting};
use platoform_value::{Data, Number, Step, Type, Value};

use crate::{DecodeError, DecodeReason};

/// A Rust type that holds known values of one type.
///
/// `String`, `bool`, `i64`, `u64`, `f64`, [`Number`], `Vec`, `BTreeMap<String, _>`, every struct
/// with `#[derive(Block)]` (an object), and [`Value`] for a dynamic attribute. An element that may
/// be null or unknown is a [`Field`](crate::Field).
pub trait AttributeType: Sized {
    /// The type of its values.
    fn kind() -> Type;

    /// What the schema says of it; more than the type where it has nested attributes.
    #[must_use]
    fn schema() -> AttributeKind {
        AttributeKind::Type(Self::kind())
    }

    /// Reads a value.
    ///
    /// # Errors
    /// When it is null, unknown, or not of this type.
    fn from_value(value: &Value) -> Result<Self, DecodeError>;

    /// The value.
    fn to_value(&self) -> Value;
}

impl AttributeType for String {
    fn kind() -> Type {
        Type::String
    }

    fn from_value(value: &Value) -> Result<Self, DecodeError> {
        let text = value.as_str().map(str::to_owned);
        text.ok_or_else(|| DecodeError::unexpected(&Type::String, value))
    }

    fn to_value(&self) -> Value {
        Value::from(self.as_str())
    }
}

impl AttributeType for bool {
    fn kind() -> Type {
        Type::Bool
    }

    fn from_value(value: &Value) -> Result<Self, DecodeError> {
        value.as_bool().ok_or_else(|| DecodeError::unexpected(&Type::Bool, value))
    }

    fn to_value(&self) -> Value {
        Value::from(*self)
    }
}

impl AttributeType for Number {
    fn kind() -> Type {
        Type::Number
    }

    fn from_value(value: &Value) -> Result<Self, DecodeError> {
        let number = value.as_number().cloned();
        number.ok_or_else(|| DecodeError::unexpected(&Type::Number, value))
    }

    fn to_value(&self) -> Value {
        Value::from(self.clone())
    }
}

impl AttributeType for i64 {
    fn kind() -> Type {
        Type::Number
    }

    fn from_value(value: &Value) -> Result<Self, DecodeError> {
        let range = DecodeReason::Range { least: i64::MIN, greatest: i64::MAX as u64 };
        Number::from_value(value)?.as_i64().ok_or_else(|| range.into())
    }

    fn to_value(&self) -> Value {
        Value::from(*self)
    }
}

impl AttributeType for u64 {
    fn kind() -> Type {
        Type::Number
    }

    fn from_value(value: &Value) -> Result<Self, DecodeError> {
        let range = DecodeReason::Range { least: 0, greatest: u64::MAX };
        let number = Number::from_value(value)?;
        let number = match number.as_i64() {
            Some(number) => u64::try_from(number).ok(),
            // Above what an `i64` holds: its decimal text tells.
            None => number.to_string().parse().ok(),
        };
        number.ok_or_else(|| range.into())
    }

    fn to_value(&self) -> Value {
        Value::from(Number::from(*self))
    }
}

/// The nearest number. As a value it is the decimal number that it prints as, so that 0.1 in a
/// configuration is 0.1 again; digits beyond the 17th are lost ([`Number`] keeps them).
impl AttributeType for f64 {
    fn kind() -> Type {
        Type::Number
    }

    fn from_value(value: &Value) -> Result<Self, DecodeError> {
        Number::from_value(value).map(|number| number.as_f64())
    }

    fn to_value(&self) -> Value {
        let decimal = Number::parse(&self.to_string()).or_else(|_| Number::from_f64(*self));
        // What is left is "not a number", which no value is.
        decimal.map_or_else(|_| Value::null(Type::Number), Value::from)
    }
}

/// A dynamic attribute: its type is part of its value.
impl AttributeType for Value {
    fn kind() -> Type {
        Type::Dynamic
    }

    fn from_value(value: &Value) -> Result<Self, DecodeError> {
        match value.data() {
            Data::Null(_) | Data::Unknown(_) => Err(DecodeError::unexpected(&Type::Dynamic, value)),
            _ => Ok(value.clone()),
        }
    }

    fn to_value(&self) -> Value {
        self.clone()
    }
}

impl<T: AttributeType> AttributeType for Vec<T> {
    fn kind() -> Type {
        Type::list(T::kind())
    }

    fn schema() -> AttributeKind {
        collection::<T>(ObjectNesting::List, Self::kind)
    }

    fn from_value(value: &Value) -> Result<Self, DecodeError> {
        let items = value.as_items();
        let items = items.ok_or_else(|| DecodeError::unexpected(&Self::kind(), value))?;
        let read = |(index, item)| {
            T::from_value(item).map_err(|error| match value.steps().nth(index) {
                Some((step, _)) => error.within(step),
                None => error,
            })
        };
        items.iter().enumerate().map(read).collect()
    }

    fn to_value(&self) -> Value {
        Value::list(T::kind(), self.iter().map(T::to_value).collect())
    }
}

impl<T: AttributeType> AttributeType for BTreeMap<String, T> {
    fn kind() -> Type {
        Type::map(T::kind())
    }

    fn schema() -> AttributeKind {
        collection::<T>(ObjectNesting::Map, Self::kind)
    }

    fn from_value(value: &Value) -> Result<Self, DecodeError> {
        let entries = value.as_entries();
        let entries = entries.ok_or_else(|| DecodeError::unexpected(&Self::kind(), value))?;
        let pair = |(key, item): (&std::sync::Arc<str>, &Value)| {
            let item = T::from_value(item);
            let item = item.map_err(|error| error.within(Step::Key(key.clone())))?;
            Ok((key.to_string(), item))
        };
        entries.iter().map(pair).collect()
    }

    fn to_value(&self) -> Value {
        let entries = self.iter().map(|(key, item)| (key.as_str().into(), item.to_value()));
        Value::map(T::kind(), entries.collect())
    }
}

/// The schema of a collection of `T`: nested attributes where `T` has some.
pub(crate) fn collection<T: AttributeType>(
    nesting: ObjectNesting,
    kind: impl FnOnce() -> Type,
) -> AttributeKind {
    match T::schema() {
        AttributeKind::Nested(ObjectNesting::Single, attributes) => {
            AttributeKind::Nested(nesting, attributes)
        }
        _ => AttributeKind::Type(kind()),
    }
}
