//! Attributes and indices of values.

use platoform_diagnostic::{Diagnostic, Span};
use platoform_value::{Number, Type, Value, convert, quoted};

use super::{Context, Findings, dynamic, splat};
use crate::tree::{Ident, Step};

/// Applies steps to a value one after the other.
pub(super) fn follow(
    context: &Context<'_>,
    mut value: Value,
    steps: &[Step],
    findings: &mut Findings,
) -> Value {
    let before = findings.len();
    for step in steps {
        value = match step {
            Step::Attribute(name) => attribute(&value, name, findings),
            Step::Index(key, span) => {
                let key = context.value(key, findings);
                index(context, &value, &key, *span, findings)
            }
            // One mistake would be one for each attribute of nothing.
            Step::Splat(..) if findings.len() > before => return dynamic(),
            Step::Splat(steps, span) => splat::evaluate(context, value, steps, *span, findings),
        };
    }
    value
}

/// `value.name`.
pub(super) fn attribute(value: &Value, name: &Ident, findings: &mut Findings) -> Value {
    match attribute_of(value, &name.name) {
        Ok(found) => found,
        Err((summary, detail)) => {
            findings.fail(Diagnostic::error(summary, detail).at(with_dot(name.span)))
        }
    }
}

/// The place of a step: its name with the dot before it.
fn with_dot(name: Span) -> Span {
    Span { start: name.start.saturating_sub(1), ..name }
}

type Refusal = (&'static str, String);

fn attribute_of(value: &Value, name: &str) -> Result<Value, Refusal> {
    let marks = value.marks();
    if let Some(found) = value.get(name) {
        return Ok(found.clone().mark(marks));
    }
    if value.is_null() {
        let detail = "This value is null, so it does not have any attributes";
        return Err(("Attempt to get attribute from null value", detail.into()));
    }
    match value.kind() {
        Type::Dynamic => Ok(dynamic().mark(marks)),
        Type::Object(object) => match object.attributes.get(name) {
            Some(kind) => Ok(Value::unknown(kind.clone()).mark(marks)),
            None => Err((
                "Unsupported attribute",
                format!("This object does not have an attribute named {name}", name = quoted(name)),
            )),
        },
        Type::Map(element) if !value.is_known() => {
            Ok(Value::unknown((*element).clone()).mark(marks))
        }
        Type::Map(_) => Err((
            "Missing map element",
            format!("This map does not have an element with the key {name}", name = quoted(name)),
        )),
        kind => Err(("Unsupported attribute", without_attributes(&kind, name))),
    }
}

/// Why a value of a type has no attributes, with a hint where it holds objects that have.
fn without_attributes(kind: &Type, name: &str) -> String {
    match kind {
        Type::List(element) => match &**element {
            Type::Object(object) if object.attributes.contains_key(name) => format!(
                "Can't access attributes on a list of objects. Did you mean to access attribute \
                 {name} for a specific element of the list, or across all elements of the list?",
                name = quoted(name)
            ),
            Type::Object(_) => "Can't access attributes on a list of objects. Did you mean to \
                                access an attribute for a specific element of the list, or across \
                                all elements of the list?"
                .into(),
            _ => "This value does not have any attributes".into(),
        },
        Type::Set(element) if matches!(**element, Type::Object(_)) => {
            "Can't access attributes on a set of objects. Did you mean to access an attribute \
             across all elements of the set?"
                .into()
        }
        kind if kind.is_primitive() => {
            let name = kind.friendly_name();
            format!("Can't access attributes on a primitive-typed value ({name})")
        }
        _ => "This value does not have any attributes".into(),
    }
}

/// `value[key]`.
pub(super) fn index(
    context: &Context<'_>,
    value: &Value,
    key: &Value,
    span: Span,
    findings: &mut Findings,
) -> Value {
    if value.is_null() {
        let detail = "This value is null, so it does not have any indices";
        return findings.fail(Diagnostic::error("Attempt to index null value", detail).at(span));
    }
    let found = if key.is_null() {
        Err("Can't use a null value as an indexing key".into())
    } else {
        element(context, value, key)
    };
    match found {
        Ok(found) => found,
        Err(detail) => findings.fail(Diagnostic::error("Invalid index", detail).at(span)),
    }
}

const NO_ELEMENT: &str = "The given key does not identify an element in this collection value";

fn element(context: &Context<'_>, value: &Value, key: &Value) -> Result<Value, String> {
    let kind = value.kind();
    if kind == Type::Dynamic || key.kind() == Type::Dynamic {
        return Ok(dynamic().mark(value.marks()));
    }
    match &kind {
        Type::List(_) | Type::Tuple(_) => {
            element_at(value, &kind, &key_as(context, key, &Type::Number)?)
        }
        Type::Map(element) => {
            let key = key_as(context, key, &Type::String)?;
            let marks = value.marks() | key.marks();
            match (key.as_str(), value.as_entries()) {
                (Some(name), Some(entries)) => match entries.get(name) {
                    Some(found) => Ok(found.clone().mark(marks)),
                    None => Err(NO_ELEMENT.to_owned()),
                },
                _ => Ok(Value::unknown((**element).clone()).mark(value.marks())),
            }
        }
        Type::Object(_) => attribute_by_key(context, value, key),
        Type::Set(_) => Err("Elements of a set are identified only by their value and don't have \
                             any separate index or key to select with, so it's only possible to \
                             perform operations across all elements of the set"
            .into()),
        _ => Err("This value does not have any indices".into()),
    }
}

fn key_as(context: &Context<'_>, key: &Value, kind: &Type) -> Result<Value, String> {
    convert(key, kind).map_err(|error| format!("{NO_ELEMENT}: {}", context.reason(key, error)))
}

fn element_at(value: &Value, kind: &Type, key: &Value) -> Result<Value, String> {
    let marks = value.marks() | key.marks();
    let Some(number) = key.as_number() else {
        let element = kind.element().cloned().unwrap_or(Type::Dynamic);
        return Ok(Value::unknown(element).mark(value.marks()));
    };
    let position = number.as_i64().and_then(|number| usize::try_from(number).ok());
    let count = match kind {
        Type::Tuple(kinds) => Some(kinds.len()),
        _ => value.as_items().map(<[Value]>::len),
    };
    if kind.element().is_some() && !value.is_known() {
        let element = kind.element().cloned().unwrap_or(Type::Dynamic);
        return Ok(Value::unknown(element).mark(marks));
    }
    match (position, count) {
        (Some(position), Some(count)) if position < count => match value.as_items() {
            Some(items) => Ok(items[position].clone().mark(marks)),
            None => {
                let Type::Tuple(kinds) = kind else { return Ok(dynamic().mark(marks)) };
                Ok(Value::unknown(kinds[position].clone()).mark(marks))
            }
        },
        _ => Err(outside(number, position, count, marks.is_empty())),
    }
}

/// Why a number is no index; silent about the length of a marked collection.
fn outside(number: &Number, position: Option<usize>, count: Option<usize>, open: bool) -> String {
    if !number.is_integer() {
        return format!(
            "{NO_ELEMENT}: indexing a sequence requires a whole number, but the given index has a \
             fractional part"
        );
    }
    if number.is_negative() {
        return format!("{NO_ELEMENT}: a negative number is not a valid index for a sequence");
    }
    match (open, count) {
        (true, Some(0)) if position == Some(0) => {
            format!("{NO_ELEMENT}: the collection has no elements")
        }
        // The reference says so for the first index after the end only.
        (true, Some(count)) if position == Some(count) => format!(
            "{NO_ELEMENT}: the given index is greater than or equal to the length of the \
             collection"
        ),
        _ => NO_ELEMENT.to_owned(),
    }
}

fn attribute_by_key(context: &Context<'_>, value: &Value, key: &Value) -> Result<Value, String> {
    let number = key.kind() == Type::Number;
    let key = key_as(context, key, &Type::String)?;
    let Some(name) = key.as_str() else { return Ok(dynamic().mark(value.marks())) };
    if let Some(found) = value.get(name) {
        return Ok(found.clone().mark(value.marks()));
    }
    if !value.is_known() {
        return Ok(dynamic().mark(value.marks()));
    }
    let hint = " An object only supports looking up attributes by name, not by numeric index";
    Err(format!("{NO_ELEMENT}.{}", if number { hint } else { "" }))
}
