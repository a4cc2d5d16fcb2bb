//! Values as `terraform console` prints them.

use platoform_value::{Data, Marks, Type, Value, quoted};

/// The text of a value, its parts indented by so many spaces.
pub fn printed(value: &Value, indent: usize) -> String {
    if !value.is_known() {
        // Marks of what is unknown are not shown either.
        return "(known after apply)".into();
    }
    if value.marks().contains(Marks::SENSITIVE) {
        return "(sensitive value)".into();
    }
    if value.marks().contains(Marks::EPHEMERAL) {
        return "(ephemeral value)".into();
    }
    match value.data() {
        Data::Null(kind) => null(kind),
        Data::Bool(truth) => truth.to_string(),
        Data::Number(number) => number.to_string(),
        Data::String(content) => text(content, indent),
        Data::List(_) => format!("tolist({})", sequence(value, indent)),
        Data::Set(_) => format!("toset({})", sequence(value, indent)),
        Data::Map(_) => format!("tomap({})", mapping(value, indent)),
        Data::Tuple(_) => sequence(value, indent),
        Data::Object(_) => mapping(value, indent),
        Data::Unknown(_) => unreachable!("it is known"),
    }
}

fn null(kind: &Type) -> String {
    match kind {
        Type::Dynamic => "null".into(),
        Type::Bool | Type::Number | Type::String => format!("to{}(null)", kind.friendly_name()),
        Type::List(element) => format!("tolist(null) /* of {} */", element.friendly_name()),
        Type::Set(element) => format!("toset(null) /* of {} */", element.friendly_name()),
        Type::Map(element) => format!("tomap(null) /* of {} */", element.friendly_name()),
        kind => format!("null /* {} */", kind.friendly_name()),
    }
}

fn sequence(value: &Value, indent: usize) -> String {
    let margin = " ".repeat(indent + 2);
    let items = value.children().map(|item| format!("{margin}{},\n", printed(item, indent + 2)));
    let items: String = items.collect();
    if items.is_empty() { "[]".into() } else { format!("[\n{items}{}]", " ".repeat(indent)) }
}

fn mapping(value: &Value, indent: usize) -> String {
    let margin = " ".repeat(indent + 2);
    let entries = value.as_entries().into_iter().flat_map(|entries| entries.iter());
    let entries = entries.map(|(key, item)| {
        format!("{margin}{} = {}\n", text(key, indent + 2), printed(item, indent + 2))
    });
    let entries: String = entries.collect();
    if entries.is_empty() { "{}".into() } else { format!("{{\n{entries}{}}}", " ".repeat(indent)) }
}

fn text(text: &str, indent: usize) -> String {
    heredoc(text, indent).unwrap_or_else(|| quoted(text))
}

/// Text of several lines.
fn heredoc(text: &str, indent: usize) -> Option<String> {
    if !text.contains('\n') {
        return None;
    }
    let mut delimiter = "EOT".to_owned();
    while text.split('\n').any(|line| line.trim() == delimiter) {
        delimiter.push('_');
    }
    let operator = if indent > 0 { "<<-" } else { "<<" };
    let margin = " ".repeat(indent);
    let lines: String = text.split('\n').map(|line| format!("\n{margin}{line}")).collect();
    Some(format!("{operator}{delimiter}{lines}\n{margin}{delimiter}"))
}
