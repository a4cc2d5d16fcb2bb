//! JSON from values.

use serde_json::{Map, Value as Json, json};

use super::JsonError;
use crate::{Data, Step, Type, Value};

/// Replaces the JSON of a part that carries marks.
type Leaf<'a> = Option<&'a mut dyn FnMut(&Value, Json) -> Json>;

impl Value {
    /// Its natural JSON, as `jsonencode` gives it. Marks are ignored. Types are lost: numbers keep
    /// all digits, but a list, a set and a tuple look alike.
    ///
    /// # Errors
    /// When a part is unknown, or an infinite number.
    pub fn to_json(&self) -> Result<Json, JsonError> {
        write(self, None, &mut None)
    }

    /// JSON that [`Value::from_json`] with the same type reads back: where `declared` is
    /// [`Type::Dynamic`] the value is wrapped as `{"value":…,"type":…}`. Marks are ignored.
    ///
    /// # Errors
    /// When a part is unknown, an infinite number, or not of the declared type.
    pub fn to_json_as(&self, declared: &Type) -> Result<Json, JsonError> {
        write(self, Some(declared), &mut None)
    }

    /// As [`Value::to_json_as`], but what `leaf` returns takes the place of each part that carries
    /// marks itself. `leaf` gets the part and its JSON (with the wrapping of a dynamic type, which
    /// is thereby part of what is replaced). Parts of such a part are not offered again.
    ///
    /// # Errors
    /// As [`Value::to_json_as`].
    pub fn to_json_with(
        &self,
        declared: &Type,
        leaf: &mut dyn FnMut(&Value, Json) -> Json,
    ) -> Result<Json, JsonError> {
        write(self, Some(declared), &mut Some(leaf))
    }
}

fn write(value: &Value, declared: Option<&Type>, leaf: &mut Leaf<'_>) -> Result<Json, JsonError> {
    if let Some(replace) = leaf
        && !value.marks().is_empty()
    {
        let json = write(value, declared, &mut None)?;
        return Ok(replace(value, json));
    }
    if declared == Some(&Type::Dynamic) && !untyped(value) {
        let kind = value.kind();
        let json = write(value, Some(&kind), leaf)?;
        return Ok(json!({ "value": json, "type": kind.to_json() }));
    }
    match value.data() {
        Data::Null(_) => Ok(Json::Null),
        Data::Unknown(_) => Err(JsonError::new("value is not known")),
        Data::Bool(value) if fits(declared, |kind| *kind == Type::Bool) => Ok(Json::Bool(*value)),
        Data::String(text) if fits(declared, |kind| *kind == Type::String) => {
            Ok(Json::String(text.to_string()))
        }
        Data::Number(number) if fits(declared, |kind| *kind == Type::Number) => {
            let json = number.to_string().parse().map(Json::Number);
            json.map_err(|_| JsonError::new("cannot serialize infinity as JSON"))
        }
        Data::List(_) | Data::Set(_) | Data::Tuple(_) => {
            let set = matches!(value.data(), Data::Set(_));
            let step = |index, part: &Value| {
                if set { Step::Element(part.clone()) } else { Step::Index(index) }
            };
            let parts = value.children().enumerate().map(|(index, part)| {
                let declared = part_type(value, declared, index, "")?;
                write(part, declared, leaf).map_err(|error| error.within(step(index, part)))
            });
            Ok(Json::Array(parts.collect::<Result<_, _>>()?))
        }
        Data::Map(_) | Data::Object(_) => {
            let object = matches!(value.data(), Data::Object(_));
            let entries = value.as_entries().into_iter().flat_map(crate::Entries::iter);
            let parts = entries.map(|(key, part)| {
                let declared = part_type(value, declared, 0, key)?;
                let json = write(part, declared, leaf).map_err(|error| {
                    let key = key.clone();
                    error.within(if object { Step::Attribute(key) } else { Step::Key(key) })
                })?;
                Ok((key.to_string(), json))
            });
            Ok(Json::Object(parts.collect::<Result<Map<_, _>, _>>()?))
        }
        Data::Bool(_) | Data::String(_) | Data::Number(_) => Err(misfit(declared)),
    }
}

/// Whether a value has no type to be written.
fn untyped(value: &Value) -> bool {
    match value.data() {
        Data::Null(kind) => *kind == Type::Dynamic,
        Data::Unknown(_) => true,
        _ => false,
    }
}

fn fits(declared: Option<&Type>, is: impl FnOnce(&Type) -> bool) -> bool {
    declared.is_none_or(is)
}

/// The declared type of a part, if one is declared for the whole.
fn part_type<'a>(
    value: &Value,
    declared: Option<&'a Type>,
    index: usize,
    key: &str,
) -> Result<Option<&'a Type>, JsonError> {
    let Some(declared) = declared else { return Ok(None) };
    let part = match (value.data(), declared) {
        (Data::List(_), Type::List(element))
        | (Data::Set(_), Type::Set(element))
        | (Data::Map(_), Type::Map(element)) => Some(element.as_ref()),
        (Data::Tuple(_), Type::Tuple(elements)) => elements.get(index),
        (Data::Object(_), Type::Object(object)) => object.attributes.get(key),
        _ => None,
    };
    part.map(Some).ok_or_else(|| misfit(Some(declared)))
}

fn misfit(declared: Option<&Type>) -> JsonError {
    let name = declared.map(Type::constraint_name).unwrap_or_default();
    JsonError::new(format!("{name} required"))
}
