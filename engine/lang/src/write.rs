//! Values as the language would write them.

use platoform_diagnostic::FileId;
use platoform_value::{Data, Value};

use crate::format::{format, label};
use crate::is_identifier;
use crate::stack::with_stack;

/// A known value as an expression that gives it, as far as there is one: what was a collection
/// gives a tuple or an object.
#[must_use]
pub fn write(value: &Value) -> String {
    const NAME: &str = "_ = ";
    let text = write_arguments([("_", value)]);
    text.strip_prefix(NAME).unwrap_or(&text).trim_end().to_owned()
}

/// Known values as the arguments of a body.
#[must_use]
pub fn write_arguments<'a>(arguments: impl IntoIterator<Item = (&'a str, &'a Value)>) -> String {
    let mut text = String::new();
    for (name, value) in arguments {
        text.push_str(name);
        text.push_str(" = ");
        expression(&mut text, value);
        text.push('\n');
    }
    // Only what is nested too deeply to be read has no layout.
    format(FileId(0), &text).unwrap_or(text)
}

fn expression(out: &mut String, value: &Value) {
    match value.data() {
        Data::Null(_) | Data::Unknown(_) => out.push_str("null"),
        Data::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
        Data::Number(number) => out.push_str(&number.to_string()),
        Data::String(text) => quoted(out, text),
        Data::List(_) | Data::Set(_) | Data::Tuple(_) => {
            out.push('[');
            for (index, item) in value.as_items().unwrap_or_default().iter().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                with_stack(|| expression(out, item));
            }
            out.push(']');
        }
        Data::Map(_) | Data::Object(_) => {
            let entries = value.as_entries().into_iter().flat_map(|entries| entries.iter());
            out.push('{');
            for (index, (key, item)) in entries.enumerate() {
                out.push_str(if index > 0 { "" } else { "\n" });
                match is_identifier(key) {
                    true => out.push_str(key),
                    false => quoted(out, key),
                }
                out.push_str(" = ");
                with_stack(|| expression(out, item));
                out.push('\n');
            }
            out.push('}');
        }
    }
}

fn quoted(out: &mut String, text: &str) {
    out.push('"');
    out.push_str(&label::escape(text));
    out.push('"');
}
