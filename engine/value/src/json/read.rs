//! Values from JSON.

use std::sync::Arc;

use serde_json::{Map, Number as JsonNumber, Value as Json};

use super::{DEPTH_LIMIT, JsonError};
use crate::convert::settle;
use crate::{Entries, Number, Step, Type, Value};

impl Value {
    /// Reads what [`Value::to_json_as`] with the same type writes. As in Terraform a string may
    /// stand for a number or bool and the other way round, and attributes that are missing are
    /// null.
    ///
    /// # Errors
    /// When the JSON is not of this type, nests too deeply, or has a number that is out of range.
    pub fn from_json(json: &Json, declared: &Type) -> Result<Self, JsonError> {
        read(json, &declared.without_optional(), 0)
    }

    /// Reads JSON of any type, as `jsondecode` does: objects become objects, arrays tuples.
    ///
    /// # Errors
    /// When it nests too deeply, or has a number that is out of range.
    pub fn from_json_implied(json: &Json) -> Result<Self, JsonError> {
        implied(json, 0)
    }
}

fn implied(json: &Json, depth: usize) -> Result<Value, JsonError> {
    check_depth(depth)?;
    match json {
        Json::Null => Ok(Value::null(Type::Dynamic)),
        Json::Bool(value) => Ok(Value::from(*value)),
        Json::Number(value) => number(value),
        Json::String(text) => Ok(Value::from(text.as_str())),
        Json::Array(items) => {
            let items = items.iter().enumerate();
            let items = items.map(|(index, item)| {
                implied(item, depth + 1).map_err(|error| error.within(Step::Index(index)))
            });
            Ok(Value::tuple(items.collect::<Result<_, _>>()?))
        }
        Json::Object(members) => {
            let members = members.iter().map(|(name, member)| {
                let name: Arc<str> = name.as_str().into();
                let member = implied(member, depth + 1)
                    .map_err(|error| error.within(Step::Attribute(name.clone())))?;
                Ok((name, member))
            });
            Ok(Value::object(members.collect::<Result<_, JsonError>>()?))
        }
    }
}

fn read(json: &Json, kind: &Type, depth: usize) -> Result<Value, JsonError> {
    check_depth(depth)?;
    if json.is_null() {
        return Ok(Value::null(kind.clone()));
    }
    match kind {
        Type::Dynamic => wrapped(json, depth),
        Type::Bool | Type::Number | Type::String => primitive(json, kind),
        Type::List(element) => {
            let (element, items) = elements(array(json, "a list")?, element, depth)?;
            Ok(Value::list(element, items))
        }
        Type::Set(element) => {
            let (element, items) = elements(array(json, "a set")?, element, depth)?;
            Ok(Value::set(element, items))
        }
        Type::Map(element) => map(members(json, "a map")?, element, depth),
        Type::Tuple(kinds) => {
            let items = array(json, "a tuple")?;
            if items.len() != kinds.len() {
                let message = format!("a tuple of {} elements is required", kinds.len());
                return Err(JsonError::new(message));
            }
            let items = items.iter().zip(kinds.iter()).enumerate();
            let items = items.map(|(index, (item, kind))| {
                read(item, kind, depth + 1).map_err(|error| error.within(Step::Index(index)))
            });
            Ok(Value::tuple(items.collect::<Result<_, _>>()?))
        }
        Type::Object(object) => {
            let members = members(json, "an object")?;
            if let Some(name) =
                members.keys().find(|name| !object.attributes.contains_key(name.as_str()))
            {
                return Err(JsonError::new(format!("unsupported attribute {name:?}")));
            }
            let attributes = object.attributes.iter().map(|(name, kind)| {
                let member = members.get(&**name).unwrap_or(&Json::Null);
                let value = read(member, kind, depth + 1)
                    .map_err(|error| error.within(Step::Attribute(name.clone())))?;
                Ok((name.clone(), value))
            });
            Ok(Value::object(attributes.collect::<Result<_, JsonError>>()?))
        }
    }
}

/// `{"value":…,"type":…}`.
fn wrapped(json: &Json, depth: usize) -> Result<Value, JsonError> {
    let invalid = || JsonError::new("an object with `value` and `type` is required");
    let members = json.as_object().filter(|members| members.len() == 2).ok_or_else(invalid)?;
    let kind = members.get("type").ok_or_else(invalid)?;
    let kind = Type::from_json(kind).map_err(|error| JsonError::new(error.message))?;
    let value = members.get("value").ok_or_else(invalid)?;
    // Wrapped in turn, it would not get shallower by being read.
    if kind == Type::Dynamic {
        return Err(invalid());
    }
    read(value, &kind.without_optional(), depth)
}

fn primitive(json: &Json, kind: &Type) -> Result<Value, JsonError> {
    let value = match json {
        Json::Bool(value) => Value::from(*value),
        Json::Number(value) if *kind == Type::String => Value::from(value.as_str()),
        Json::Number(value) => number(value)?,
        Json::String(text) => Value::from(text.as_str()),
        _ => {
            let message = format!("a {} is required", kind.friendly_name());
            return Err(JsonError::new(message));
        }
    };
    crate::convert(&value, kind).map_err(|error| JsonError::new(error.message))
}

fn number(json: &JsonNumber) -> Result<Value, JsonError> {
    let number = Number::parse(json.as_str());
    number.map(Value::from).map_err(|error| JsonError::new(error.to_string()))
}

fn elements(items: &[Json], kind: &Type, depth: usize) -> Result<(Type, Vec<Value>), JsonError> {
    let items = items.iter().enumerate();
    let items = items.map(|(index, item)| {
        read(item, kind, depth + 1).map_err(|error| error.within(Step::Index(index)))
    });
    settled(items.collect::<Result<_, _>>()?, kind)
}

fn map(members: &Map<String, Json>, kind: &Type, depth: usize) -> Result<Value, JsonError> {
    let items = members.iter().map(|(key, member)| {
        read(member, kind, depth + 1).map_err(|error| error.within(Step::Key(key.as_str().into())))
    });
    let (element, items) = settled(items.collect::<Result<_, _>>()?, kind)?;
    let keys = members.keys().map(|key| key.as_str().into());
    Ok(Value::map(element, keys.zip(items).collect::<Entries>()))
}

/// Elements of a type that is partly open must still have one type.
fn settled(items: Vec<Value>, kind: &Type) -> Result<(Type, Vec<Value>), JsonError> {
    if items.is_empty() || !kind.has_dynamic() {
        return Ok((kind.clone(), items));
    }
    settle(items, false).map_err(|_| JsonError::new("all elements must have the same type"))
}

fn array<'a>(json: &'a Json, noun: &str) -> Result<&'a [Json], JsonError> {
    let items = json.as_array().map(Vec::as_slice);
    items.ok_or_else(|| JsonError::new(format!("{noun} is required")))
}

fn members<'a>(json: &'a Json, noun: &str) -> Result<&'a Map<String, Json>, JsonError> {
    json.as_object().ok_or_else(|| JsonError::new(format!("{noun} is required")))
}

fn check_depth(depth: usize) -> Result<(), JsonError> {
    if depth > DEPTH_LIMIT {
        return Err(JsonError::new("the value is nested too deeply"));
    }
    Ok(())
}
