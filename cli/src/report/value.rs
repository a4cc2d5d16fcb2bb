//! Values as `output` writes them, and objects as `show` does.

use std::fmt::Write as _;
use std::sync::Arc;

use platoform_config::InstanceAddress;
use platoform_schema::Block;
use platoform_value::{Data, Marks, Type, Value, quoted};

use super::diff::{Forced, body};
use super::literal::is_secret;
use super::paint::Paint;
use super::plan::header;
use super::render::Renderer;

/// Indentation of one level.
const INDENT: usize = 2;

/// How values are written out: as Terraform's console and `output` do, letter for letter. Each type
/// can be told from the text.
#[derive(Clone, Copy, Debug, Default)]
pub struct Printer {
    /// Marks are written in the place of what bears them. Otherwise all is written out, because
    /// it was asked for by name.
    pub marks: bool,
    /// Text of several lines comes with control characters escaped, so that none reaches a
    /// terminal. Otherwise it comes as it is.
    pub terminal: bool,
}

impl Printer {
    /// A value, over several lines where it has parts, without a line break after the last.
    pub fn value(self, value: &Value) -> String {
        let mut out = String::new();
        self.write(&mut out, value, 0);
        out
    }

    fn write(self, out: &mut String, value: &Value, level: usize) {
        if let Some(word) = self.placeholder(value) {
            return out.push_str(word);
        }
        let (opening, closing) = match value.data() {
            Data::Unknown(_) => return out.push_str("(known after apply)"),
            Data::Null(kind) => return out.push_str(&null(kind)),
            Data::Bool(truth) => return out.push_str(if *truth { "true" } else { "false" }),
            Data::Number(number) => return out.push_str(&number.to_string()),
            Data::String(text) if text.contains('\n') => return self.heredoc(out, text, level),
            Data::String(text) => return out.push_str(&quoted(text)),
            Data::List(_) => ("tolist([", "])"),
            Data::Set(_) => ("toset([", "])"),
            Data::Tuple(_) => ("[", "]"),
            Data::Map(_) => ("tomap({", "})"),
            Data::Object(_) => ("{", "}"),
        };
        out.push_str(opening);
        let empty = value.children().next().is_none();
        let line = |out: &mut String, level: usize| {
            out.push('\n');
            out.extend(std::iter::repeat_n(' ', level * INDENT));
        };
        match value.as_entries() {
            Some(entries) => {
                for (key, item) in entries.iter() {
                    line(out, level + 1);
                    self.write(out, &Value::from(&**key), level + 1);
                    out.push_str(" = ");
                    self.write(out, item, level + 1);
                }
            }
            None => {
                for item in value.children() {
                    line(out, level + 1);
                    self.write(out, item, level + 1);
                    out.push(',');
                }
            }
        }
        if !empty {
            line(out, level);
        }
        out.push_str(closing);
    }

    /// What stands for a value that is not shown.
    fn placeholder(self, value: &Value) -> Option<&'static str> {
        let marked = |marks| self.marks && value.is_known() && value.marks().contains(marks);
        if marked(Marks::SENSITIVE) {
            return Some("(sensitive value)");
        }
        marked(Marks::EPHEMERAL).then_some("(ephemeral value)")
    }

    fn heredoc(self, out: &mut String, text: &str, level: usize) {
        let mut end = "EOT".to_owned();
        while text.split('\n').any(|line| line.trim() == end) {
            end.push('_');
        }
        let margin = " ".repeat(level * INDENT);
        out.push_str(if level == 0 { "<<" } else { "<<-" });
        out.push_str(&end);
        for line in text.split('\n') {
            out.push('\n');
            out.push_str(&margin);
            if self.terminal {
                out.push_str(&super::literal::line(line));
            } else {
                out.push_str(line);
            }
        }
        let _ = write!(out, "\n{margin}{end}");
    }
}

/// Null, with the type it is of.
fn null(kind: &Type) -> String {
    match kind {
        Type::Dynamic => "null".into(),
        Type::Bool | Type::Number | Type::String => format!("to{kind}(null)"),
        Type::List(element) => format!("tolist(null) /* of {} */", element.friendly_name()),
        Type::Set(element) => format!("toset(null) /* of {} */", element.friendly_name()),
        Type::Map(element) => format!("tomap(null) /* of {} */", element.friendly_name()),
        Type::Tuple(_) | Type::Object(_) => format!("null /* {} */", kind.friendly_name()),
    }
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
pub fn outputs(outputs: &[Output], printer: Printer) -> String {
    let mut out = String::new();
    for output in outputs {
        if output.sensitive || is_secret(&output.value) {
            let _ = writeln!(out, "{} = <sensitive>", output.name);
        } else {
            let _ = writeln!(out, "{} = {}", output.name, printer.value(&output.value));
        }
    }
    out
}

/// The block that follows an apply.
pub fn outputs_block(all: &[Output], paint: Paint, printer: Printer) -> String {
    if all.is_empty() {
        return String::new();
    }
    format!("{}\n\n{}", paint.bold(paint.green("Outputs:")), outputs(all, printer))
}

/// An object as a block, with everything that is set; secrets are hidden. A note may stand beside
/// its address.
pub fn object(
    address: &InstanceAddress,
    note: &str,
    schema: &Block,
    value: &Value,
    paint: Paint,
) -> String {
    let body = body(schema, Some(value), Some(value), &Forced::default());
    let mut out =
        format!("{}\n{} {{\n", paint.bold(format!("# {address}:{note}")), header(address));
    Renderer::state(paint).body(&mut out, &body, 1);
    out.push_str("}\n");
    out
}

#[cfg(test)]
mod tests {
    use platoform_value::Entries;

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
        let text = outputs(&all, Printer::default());
        assert!(!text.contains("geheim"));
        insta::assert_snapshot!(text);
    }
}
