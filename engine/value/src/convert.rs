//! Conversion of values to types, with the rules of cty's
//! [convert](https://github.com/zclconf/go-cty/blob/main/docs/convert.md) package.

mod collection;
mod mismatch;
mod possible;
mod primitive;
mod structure;
mod unknown;

use std::fmt;

pub(crate) use self::collection::settle;
pub(crate) use self::possible::{Safety, possible};
use crate::{Data, Path, Step, Type, Value};

/// Why a value cannot be converted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct ConvertError {
    /// The part of the value that does not fit. Empty where the type alone rules the conversion
    /// out; the message then names the part.
    pub path: Path,
    /// What is required, in Terraform's words: `string required`.
    pub message: String,
}

impl fmt::Display for ConvertError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.0.is_empty() {
            formatter.write_str(&self.message)
        } else {
            write!(formatter, "{}: {}", self.path, self.message)
        }
    }
}

impl ConvertError {
    fn new(message: impl Into<String>) -> Self {
        Self { path: Path::default(), message: message.into() }
    }

    /// The error of a part as one of what holds the part.
    fn within(mut self, step: Step) -> Self {
        self.path.0.insert(0, step);
        self
    }
}

/// The value as one of type `want`.
///
/// [`Type::Dynamic`] takes any value as it is, and as the element type of a collection stands for
/// the one type that all elements can have. Attributes that an object lacks become null where they
/// are optional; attributes that the type lacks are dropped. Null and unknown stay what they are.
/// Marks stay where they are, except that those of a set's elements move to the set.
///
/// # Errors
/// When the type rules it out, or a part has no such form (`"a"` as a number).
pub fn convert(value: &Value, want: &Type) -> Result<Value, ConvertError> {
    if *want == Type::Dynamic || (!want.has_dynamic() && value.conforms_to(want)) {
        return Ok(value.clone());
    }
    let have = value.kind();
    let settled = want.without_optional();
    if have == settled {
        return Ok(value.clone());
    }
    if !possible(&have, want, Safety::Unsafe) {
        return Err(ConvertError::new(mismatch::message(&have, want)));
    }
    convert_part(value, want)
}

/// Converts a part for which a conversion exists by type.
fn convert_part(value: &Value, want: &Type) -> Result<Value, ConvertError> {
    let converted = match (value.data(), want) {
        (_, Type::Dynamic) => return Ok(value.clone()),
        (Data::Unknown(unknown), _) => unknown::converted(unknown, &want.without_optional()),
        (Data::Null(have), _) => {
            Value::null(unknown::replace_dynamic(have, &want.without_optional()))
        }
        (_, Type::Bool | Type::Number | Type::String) => primitive::convert(value, want)?,
        (_, Type::List(element)) => collection::to_list(value, element)?,
        (_, Type::Set(element)) => collection::to_set(value, element)?,
        (_, Type::Map(element)) => collection::to_map(value, element)?,
        (_, Type::Tuple(elements)) => structure::to_tuple(value, elements)?,
        (_, Type::Object(object)) => structure::to_object(value, object)?,
    };
    Ok(converted.mark(value.marks()))
}

/// The error for a value that cannot be of a type.
fn refused(value: &Value, want: &Type) -> ConvertError {
    ConvertError::new(mismatch::message(&value.kind(), want))
}

#[cfg(test)]
mod tests;
