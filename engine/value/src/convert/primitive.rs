//! Between bool, number and string.

use super::{ConvertError, refused};
use crate::{Data, Number, Type, Value};

pub(super) fn convert(value: &Value, want: &Type) -> Result<Value, ConvertError> {
    match (value.data(), want) {
        (Data::Bool(_), Type::Bool)
        | (Data::Number(_), Type::Number)
        | (Data::String(_), Type::String) => Ok(value.clone().unmark()),
        (Data::Bool(value), Type::String) => Ok(Value::from(if *value { "true" } else { "false" })),
        (Data::Number(number), Type::String) => Ok(Value::from(number.to_string())),
        (Data::String(text), Type::Number) => Number::parse(text)
            .map(Value::from)
            .map_err(|error| ConvertError::new(error.to_string())),
        (Data::String(text), Type::Bool) => to_bool(text).map_err(ConvertError::new),
        _ => Err(refused(value, want)),
    }
}

fn to_bool(text: &str) -> Result<Value, String> {
    match text {
        "true" | "1" => Ok(Value::from(true)),
        "false" | "0" => Ok(Value::from(false)),
        _ => {
            let lower = text.to_lowercase();
            Err(if lower == "true" || lower == "false" {
                format!("a bool is required; to convert from string, use lowercase \"{lower}\"")
            } else {
                "a bool is required".into()
            })
        }
    }
}
