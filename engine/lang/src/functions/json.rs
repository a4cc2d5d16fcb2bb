//! JSON.

use platoform_value::{Data, Type, Value};

use super::json_syntax::value_end;
use super::{Arguments, Function, Parameter, Problem, Returns};

type Outcome = Result<Value, Problem>;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new(
        "jsonencode",
        &[Parameter::any("val").null().unknown().untyped()],
        Returns::TEXT,
        jsonencode,
    ),
    Function::new("jsondecode", &[Parameter::text("str").unknown()], Returns::Result, jsondecode)
        .nullable(),
];

fn jsonencode(arguments: &Arguments<'_>) -> Outcome {
    let value = arguments.value(0);
    if !value.is_wholly_known() {
        return Ok(Value::unknown(Type::String));
    }
    Ok(to_json(value)?.into())
}

/// JSON as Go writes it: keys in order, and what could end a script element escaped.
pub(super) fn to_json(value: &Value) -> Result<String, Problem> {
    let json = value.to_json().map_err(|error| error.to_string())?;
    let text = serde_json::to_string(&json).map_err(|error| error.to_string())?;
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        // These stand in strings only.
        match character {
            '<' => escaped.push_str("\\u003c"),
            '>' => escaped.push_str("\\u003e"),
            '&' => escaped.push_str("\\u0026"),
            '\u{2028}' => escaped.push_str("\\u2028"),
            '\u{2029}' => escaped.push_str("\\u2029"),
            other => escaped.push(other),
        }
    }
    Ok(escaped)
}

fn jsondecode(arguments: &Arguments<'_>) -> Outcome {
    if let Data::Unknown(unknown) = arguments.value(0).data() {
        let first = unknown.prefix.as_deref().and_then(|prefix| prefix.trim_start().chars().next());
        return match first {
            Some(first) if !begins_document(first) => {
                let message = format!("a JSON document cannot begin with the character {first:?}");
                Err(Problem::at(0, message))
            }
            _ => Ok(Value::unknown(Type::Dynamic)),
        };
    }
    let text = whole_characters(arguments.text(0));
    let text = &text[..value_end(&text)?];
    let json: serde_json::Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    Value::from_json_implied(&json).map_err(|error| error.to_string().into())
}

fn begins_document(character: char) -> bool {
    matches!(character, '{' | '[' | '"' | 't' | 'f' | 'n' | '-' | '0'..='9')
}

/// Escapes of half a character (lone surrogates) stand for the replacement character.
fn whole_characters(text: &str) -> std::borrow::Cow<'_, str> {
    if !text.contains("\\uD") && !text.contains("\\ud") {
        return text.into();
    }
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('\\') {
        result.push_str(&rest[..start]);
        rest = &rest[start..];
        let unit = |text: &str| {
            let digits = text.strip_prefix("\\u")?.get(..4)?;
            u16::from_str_radix(digits, 16).ok()
        };
        let length = match (unit(rest), rest.get(6..).and_then(unit)) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => 12,
            (Some(0xD800..=0xDFFF), _) => {
                result.push('\u{FFFD}');
                rest = &rest[6..];
                continue;
            }
            _ => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
        };
        result.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    result.push_str(rest);
    result.into()
}
