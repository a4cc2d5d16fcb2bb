//! `format` and `formatlist`.

use platoform_value::{Type, Value};

use super::format_text::format;
use super::{Arguments, Function, Parameter, Problem, Returns};

type Outcome = Result<Value, Problem>;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("format", &[Parameter::text("format")], Returns::TEXT, one)
        .variadic(Parameter::any("args").null()),
    Function::new("formatlist", &[Parameter::text("format")], Returns::TEXTS, each)
        .variadic(Parameter::any("args").null().unknown()),
];

fn one(arguments: &Arguments<'_>) -> Outcome {
    let values = &arguments.values[1..];
    if !values.iter().all(Value::is_wholly_known) {
        return Ok(beginning(arguments.text(0)));
    }
    Ok(format(arguments.text(0), values)?.into())
}

/// Unknown text; what stands before the first verb is known.
fn beginning(format: &str) -> Value {
    use platoform_value::Unknown;
    let literal = format.find('%').map_or(format, |verb| &format[..verb]);
    // The last character may combine with what follows.
    let safe = literal.char_indices().next_back().map_or("", |(last, _)| &literal[..last]);
    let prefix = safe.is_ascii().then_some(safe).filter(|safe| !safe.is_empty());
    let prefix = prefix.map(Into::into);
    Value::refined(Unknown { not_null: true, prefix, ..Unknown::of(Type::String) })
}

/// One text for every element of the sequences among the arguments.
fn each(arguments: &Arguments<'_>) -> Outcome {
    let template = arguments.text(0);
    let values = &arguments.values[1..];
    let mut unknown = false;
    let mut length: Option<(usize, usize)> = None;
    for (index, value) in values.iter().enumerate() {
        let this = match value.kind() {
            _ if value.is_null() => continue,
            Type::Tuple(kinds) => Some(kinds.len()),
            // Nobody knows how many elements it has in the end.
            Type::Set(_) if !value.is_counted() => {
                unknown = true;
                continue;
            }
            Type::List(_) | Type::Set(_) => value.as_items().map(<[Value]>::len),
            _ => continue,
        };
        unknown |= !value.is_known();
        match (this, length) {
            (Some(this), Some((first, chosen))) if this != first => {
                let message = format!(
                    "argument {} has length {this}, which is inconsistent with argument {} of \
                     length {first}",
                    index + 1,
                    chosen + 1
                );
                return Err(Problem::at(index + 1, message));
            }
            (Some(this), None) => length = Some((this, index)),
            _ => {}
        }
    }
    if unknown {
        return Ok(arguments.unknown());
    }
    let count = length.map_or(1, |(length, _)| length);
    let mut results = Vec::with_capacity(count);
    for index in 0..count {
        let row: Vec<Value> = values
            .iter()
            .map(|value| value.as_items().map_or(value, |items| &items[index]).clone())
            .collect();
        if !row.iter().all(Value::is_wholly_known) {
            results.push(crate::eval::not_null(Type::String));
            continue;
        }
        let text = format(template, &row).map_err(|problem| match values {
            [] => problem,
            _ => format!("error on format iteration {index}: {}", problem.message).into(),
        })?;
        results.push(text.into());
    }
    Ok(Value::list(Type::String, results))
}
