//! Types as JSON.

use serde_json::{Value as Json, json};

use super::{DEPTH_LIMIT, JsonError};
use crate::{ObjectType, Type};

impl Type {
    /// Terraform's form: `"string"`, `["list","string"]`, `["object",{"a":"bool"},["a"]]` with the
    /// optional attributes third, `"dynamic"`.
    #[must_use]
    pub fn to_json(&self) -> Json {
        match self {
            Self::Dynamic => json!("dynamic"),
            Self::Bool => json!("bool"),
            Self::Number => json!("number"),
            Self::String => json!("string"),
            Self::List(element) => json!(["list", element.to_json()]),
            Self::Set(element) => json!(["set", element.to_json()]),
            Self::Map(element) => json!(["map", element.to_json()]),
            Self::Tuple(elements) => {
                json!(["tuple", elements.iter().map(Type::to_json).collect::<Vec<_>>()])
            }
            Self::Object(object) => {
                let attributes = object.attributes.iter();
                let attributes = attributes.map(|(name, kind)| (name.to_string(), kind.to_json()));
                let attributes = Json::Object(attributes.collect());
                if object.optional.is_empty() {
                    json!(["object", attributes])
                } else {
                    let optional: Vec<&str> = object.optional.iter().map(AsRef::as_ref).collect();
                    json!(["object", attributes, optional])
                }
            }
        }
    }

    /// Reads what [`Type::to_json`] writes.
    ///
    /// # Errors
    /// When it is no type.
    pub fn from_json(json: &Json) -> Result<Self, JsonError> {
        read(json, DEPTH_LIMIT)
    }
}

fn read(json: &Json, depth: usize) -> Result<Type, JsonError> {
    let invalid = || JsonError::new("invalid type description");
    let Some(depth) = depth.checked_sub(1) else { return Err(invalid()) };
    if let Some(name) = json.as_str() {
        return match name {
            "dynamic" => Ok(Type::Dynamic),
            "bool" => Ok(Type::Bool),
            "number" => Ok(Type::Number),
            "string" => Ok(Type::String),
            _ => Err(invalid()),
        };
    }
    let parts = json.as_array().ok_or_else(invalid)?;
    match parts.as_slice() {
        [Json::String(kind), element] if kind == "list" => Ok(Type::list(read(element, depth)?)),
        [Json::String(kind), element] if kind == "set" => Ok(Type::set(read(element, depth)?)),
        [Json::String(kind), element] if kind == "map" => Ok(Type::map(read(element, depth)?)),
        [Json::String(kind), Json::Array(elements)] if kind == "tuple" => {
            let elements = elements.iter().map(|element| read(element, depth));
            Ok(Type::tuple(elements.collect::<Result<_, _>>()?))
        }
        [Json::String(kind), Json::Object(attributes), optional @ ..]
            if kind == "object" && optional.len() <= 1 =>
        {
            let attributes = attributes.iter();
            let attributes = attributes
                .map(|(name, kind)| Ok((name.as_str().into(), read(kind, depth)?)))
                .collect::<Result<_, JsonError>>()?;
            let mut object = ObjectType { attributes, ..ObjectType::default() };
            for name in
                optional.first().map_or(Some(&Vec::new()), Json::as_array).ok_or_else(invalid)?
            {
                let name = name.as_str().ok_or_else(invalid)?;
                if !object.attributes.contains_key(name) {
                    return Err(invalid());
                }
                object.optional.insert(name.into());
            }
            Ok(Type::Object(object.into()))
        }
        _ => Err(invalid()),
    }
}
