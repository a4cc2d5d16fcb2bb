//! Values as `output` writes them, and objects as `show` does.

use std::fmt::Write as _;
use std::sync::Arc;

use platoform_config::InstanceAddress;
use platoform_schema::Block;
use platoform_value::{Data, Value};

use super::diff::{Forced, body};
use super::literal::{is_secret, literal};
use super::paint::Paint;
use super::plan::header;
use super::render::Renderer;

/// Indentation of one level.
const INDENT: usize = 2;

/// A value as the language would write it, over several lines where it has parts; secrets are
/// written out, because they were asked for by name.
pub fn value(value: &Value) -> String {
    let mut out = String::new();
    write(&mut out, &value.clone().unmark_deep(), 0);
    out
}

fn write(out: &mut String, value: &Value, level: usize) {
    let margin = |level: usize| " ".repeat(level * INDENT);
    match value.data() {
        Data::String(text) if text.contains('\n') => heredoc(out, text, &margin(level)),
        Data::List(_) | Data::Set(_) | Data::Tuple(_) if value.children().next().is_some() => {
            let _ = writeln!(out, "{}[", conversion(value));
            for item in value.children() {
                out.push_str(&margin(level + 1));
                write(out, item, level + 1);
                out.push_str(",\n");
            }
            let _ = write!(out, "{}]{}", margin(level), closing(value));
        }
        Data::Map(_) | Data::Object(_) if value.children().next().is_some() => {
            let _ = writeln!(out, "{}{{", conversion(value));
            for (key, item) in value.as_entries().into_iter().flat_map(|entries| entries.iter()) {
                let key = literal(&Value::from(&**key));
                let _ = write!(out, "{}{key} = ", margin(level + 1));
                write(out, item, level + 1);
                out.push('\n');
            }
            let _ = write!(out, "{}}}{}", margin(level), closing(value));
        }
        Data::List(_) | Data::Set(_) | Data::Map(_) => {
            let _ = write!(out, "{}{}{}", conversion(value), literal(value), closing(value));
        }
        _ => out.push_str(&literal(value)),
    }
}

/// The function that makes a literal the collection it is meant to be.
fn conversion(value: &Value) -> &'static str {
    match value.data() {
        Data::List(_) => "tolist(",
        Data::Set(_) => "toset(",
        Data::Map(_) => "tomap(",
        _ => "",
    }
}

fn closing(value: &Value) -> &'static str {
    if conversion(value).is_empty() { "" } else { ")" }
}

fn heredoc(out: &mut String, text: &str, margin: &str) {
    let mut end = "EOT".to_owned();
    while text.lines().any(|line| line.trim() == end) {
        end.push('_');
    }
    let marker = if margin.is_empty() { "<<" } else { "<<-" };
    let _ = writeln!(out, "{marker}{end}");
    for line in text.split('\n') {
        let line = super::literal::line(line);
        let margin = if line.is_empty() { "" } else { margin };
        let _ = writeln!(out, "{margin}{line}");
    }
    let _ = write!(out, "{margin}{end}");
}

/// One root module output.
#[derive(Clone, Debug)]
pub struct Output {
    /// Its name.
    pub name: Arc<str>,
    /// Its value.
    pub value: Value,
    /// It is not to be shown unless it is asked for by name.
    pub sensitive: bool,
}

/// `name = value` for each output; secrets only by name.
pub fn outputs(outputs: &[Output]) -> String {
    let mut out = String::new();
    for output in outputs {
        if output.sensitive || is_secret(&output.value) {
            let _ = writeln!(out, "{} = <sensitive>", output.name);
        } else {
            let _ = writeln!(out, "{} = {}", output.name, value(&output.value));
        }
    }
    out
}

/// The block that follows an apply.
pub fn outputs_block(all: &[Output], paint: Paint) -> String {
    if all.is_empty() {
        return String::new();
    }
    format!("{}\n\n{}", paint.bold(paint.green("Outputs:")), outputs(all))
}

/// An object as a block, with everything that is set; secrets are hidden.
pub fn object(
    address: &InstanceAddress,
    title: &str,
    schema: &Block,
    value: &Value,
    paint: Paint,
) -> String {
    let body = body(schema, Some(value), Some(value), &Forced::default());
    let mut out = format!("{}\n{} {{\n", paint.bold(format!("# {title}:")), header(address));
    Renderer { paint, changes: false }.body(&mut out, &body, 1);
    out.push_str("}\n");
    out
}

#[cfg(test)]
mod tests {
    use platoform_value::{Entries, Marks, Type};

    use super::*;

    #[test]
    fn outputs_read_like_terraforms() {
        let object = Value::object_of([
            ("a", Value::from(1)),
            ("b c", Value::tuple(vec![Value::from(true), Value::null(Type::Dynamic)])),
            ("text", Value::from("x\ny\n")),
        ]);
        let names: Entries = [(Arc::from("k"), Value::from("${x}"))].into_iter().collect();
        let output =
            |name: &str, value: Value, sensitive| Output { name: name.into(), value, sensitive };
        let all = [
            output("empty", Value::tuple(Vec::new()), false),
            output("list", Value::list(Type::String, vec!["a".into()]), false),
            output("map", Value::map(Type::String, names), false),
            output("multi", Value::from("a\nb\n"), false),
            output("object", object, false),
            output("secret", Value::from("geheim"), true),
            output("secret_inside", Value::from("geheim").mark(Marks::SENSITIVE), false),
        ];
        let text = outputs(&all);
        assert!(!text.contains("geheim"));
        insta::assert_snapshot!(text);
    }
}
