//! Values written on one line, as the language would write them.

use std::fmt::Write as _;

use platoform_value::{Data, Value};

/// Whether a value fits on a line: text without line breaks, a number, a truth value, null, or an
/// empty collection.
pub fn is_literal(value: &Value) -> bool {
    match value.data() {
        Data::String(text) => !text.contains('\n'),
        _ => value.children().next().is_none(),
    }
}

/// A value on one line. A part that is a secret or not known yet is written as such.
pub fn literal(value: &Value) -> String {
    let mut text = String::new();
    write(&mut text, value);
    text
}

fn write(out: &mut String, value: &Value) {
    if is_secret(value) {
        out.push_str("(sensitive value)");
        return;
    }
    match value.data() {
        Data::Null(_) => out.push_str("null"),
        Data::Unknown(_) => out.push_str("(known after apply)"),
        Data::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
        Data::Number(number) => {
            let _ = write!(out, "{number}");
        }
        Data::String(text) => out.push_str(&quoted(text)),
        Data::List(_) | Data::Set(_) | Data::Tuple(_) => {
            out.push('[');
            for (index, item) in value.children().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                write(out, item);
            }
            out.push(']');
        }
        Data::Map(_) | Data::Object(_) => {
            let quote = matches!(value.data(), Data::Map(_));
            out.push('{');
            for (index, (key, item)) in
                value.as_entries().into_iter().flat_map(|entries| entries.iter()).enumerate()
            {
                out.push_str(if index > 0 { ", " } else { " " });
                let _ = write!(out, "{} = ", name(key, quote));
                write(out, item);
            }
            out.push_str(if value.children().next().is_some() { " }" } else { "}" });
        }
    }
}

/// Whether a value must not be shown.
pub fn is_secret(value: &Value) -> bool {
    value.marks().contains(platoform_value::Marks::SENSITIVE)
}

/// Text in quotes, with whatever would break the line or mislead the terminal escaped.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => {
                out.push('\\');
                out.push(character);
            }
            '\n' => out.push_str("\\n"),
            other => visible(&mut out, other),
        }
    }
    out.push('"');
    out
}

/// A line of text with control characters escaped; a tab stays.
pub fn line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\t' => out.push('\t'),
            other => visible(&mut out, other),
        }
    }
    out
}

/// Writes a character, escaped when it is a control character or changes the direction of text:
/// neither may reach a terminal from a value.
fn visible(out: &mut String, character: char) {
    match character {
        '\t' => out.push_str("\\t"),
        '\r' => out.push_str("\\r"),
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}' => {
            let _ = write!(out, "\\u{:04x}", u32::from(character));
        }
        control if control.is_control() => {
            let _ = write!(out, "\\u{:04x}", u32::from(control));
        }
        other => out.push(other),
    }
}

/// A key, in quotes where it is asked for or needed.
pub fn name(key: &str, quote: bool) -> String {
    if !quote && is_identifier(key) { key.to_owned() } else { quoted(key) }
}

fn is_identifier(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next().is_some_and(|first| first.is_alphabetic() || first == '_')
        && characters.all(|next| next.is_alphanumeric() || next == '_' || next == '-')
}

#[cfg(test)]
mod tests {
    use platoform_value::{Marks, Type};

    use super::*;

    #[test]
    fn values_are_written_as_in_the_language() {
        let value = Value::object_of([
            ("a b", Value::from("x\"\t\u{1b}[31m")),
            ("list", Value::tuple(vec![Value::from(1), Value::from(true)])),
            ("nothing", Value::null(Type::String)),
            ("secret", Value::from("s").mark(Marks::SENSITIVE)),
        ]);
        assert_eq!(
            literal(&value),
            "{ \"a b\" = \"x\\\"\\t\\u001b[31m\", list = [1, true], nothing = null, \
             secret = (sensitive value) }"
        );
        assert_eq!(literal(&Value::tuple(Vec::new())), "[]");
    }

    #[test]
    fn text_that_turns_the_reading_direction_is_shown_as_escapes() {
        assert_eq!(quoted("a\u{202e}b"), "\"a\\u202eb\"");
        assert_eq!(line("a\tb\r"), "a\tb\\r");
    }
}
