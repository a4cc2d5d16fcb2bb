//! Templates: text with interpolations and directives.

use platoform_diagnostic::{Diagnostic, Span, clusters};
use platoform_value::{Marks, Type, Unknown, Value, convert};

use super::condition::{Branch, choose};
use super::iteration::Loop;
use super::{Context, Findings, not_null};
use crate::stack::with_stack;
use crate::tree::{Expression, Ident, Part};

/// Longest known beginning that is kept of a text whose rest is unknown, in bytes.
const LONGEST_PREFIX: usize = 128;

/// The text of a template.
pub(super) fn render(context: &Context<'_>, parts: &[Part], findings: &mut Findings) -> Value {
    with_stack(|| rendered(context, parts, findings))
}

fn rendered(context: &Context<'_>, parts: &[Part], findings: &mut Findings) -> Value {
    let before = findings.len();
    let mut text = String::new();
    let mut known = true;
    let mut marks = Marks::NONE;
    for part in parts {
        let (value, span) = match part {
            Part::Text(piece, _) => {
                if known && findings.len() == before {
                    text.push_str(piece);
                }
                continue;
            }
            Part::Interpolation(expression) => {
                (context.value(expression, findings), expression.span)
            }
            Part::If(test, yes, no) => (conditional(context, test, [yes, no], findings), test.span),
            Part::For(key, value, collection, body) => {
                let each = Loop { key: key.as_ref(), value, collection };
                (repeated(context, &each, body, findings), span_of(key.as_ref(), value))
            }
        };
        marks |= value.marks();
        if value.is_null() {
            let detail =
                "The expression result is null. Cannot include a null value in a string template";
            findings.push(invalid(detail, span));
            continue;
        }
        match convert(&value, &Type::String) {
            Ok(piece) => match piece.as_str() {
                // What stands after a mistake does not count.
                Some(piece) if known && findings.len() == before => text.push_str(piece),
                Some(_) => {}
                None => known = false,
            },
            Err(_) if !value.is_known() => known = false,
            Err(error) => {
                let why = context.reason(&value, error);
                let detail = format!("Cannot include the given value in a string template: {why}");
                findings.push(invalid(&detail, span));
            }
        }
    }
    let failed = findings.len() > before;
    let result = match (known, failed) {
        (true, _) => Value::string(text),
        (false, true) => not_null(Type::String),
        (false, false) => starting_with(&text),
    };
    result.mark(marks)
}

fn invalid(detail: &str, span: Span) -> Diagnostic {
    Diagnostic::error("Invalid template interpolation value", detail).at(span)
}

fn span_of(key: Option<&Ident>, value: &Ident) -> Span {
    key.map_or(value.span, |key| key.span.to(value.span))
}

/// Characters that the reference is sure nothing combines with.
const COMPLETE: &str = " \t!\"#$%&'()*+,-./:;?@[\\]^_{|}~";

/// Unknown text that starts with `known`. Its last character may still combine with what follows;
/// then it does not count.
fn starting_with(known: &str) -> Value {
    let mut prefix = "";
    let mut start = 0;
    for cluster in clusters(known) {
        if start > LONGEST_PREFIX {
            break;
        }
        let end = start + cluster.len();
        prefix = &known[..if COMPLETE.contains(cluster) { end } else { start }];
        start = end;
    }
    if prefix.is_empty() {
        return not_null(Type::String);
    }
    let prefix = Value::string(prefix).as_str().map(Into::into);
    Value::refined(Unknown { not_null: true, prefix, ..Unknown::of(Type::String) })
}

/// `%{if test}…%{else}…%{endif}`.
fn conditional(
    context: &Context<'_>,
    test: &Expression,
    branches: [&Vec<Part>; 2],
    findings: &mut Findings,
) -> Value {
    let [yes, no] = branches.map(|parts| -> Branch {
        let mut part = Findings::default();
        let value = render(context, parts, &mut part);
        (value, part, test.span)
    });
    choose(context, test, yes, no, findings)
}

/// `%{for …}…%{endfor}`: what the body gives for every element, joined.
fn repeated(
    context: &Context<'_>,
    each: &Loop<'_>,
    body: &[Part],
    findings: &mut Findings,
) -> Value {
    let collection = match each.collection(context, findings) {
        Ok(collection) if !collection.is_known() => {
            return Value::unknown(Type::String).mark(collection.marks());
        }
        Ok(collection) => collection,
        Err(result) => return Value::unknown(Type::String).mark(result.marks()),
    };
    let mut marks = collection.marks();
    let mut text = String::new();
    let mut known = true;
    each.run(context, &collection, findings, &mut |context, findings| {
        let piece = render(context, body, findings);
        marks |= piece.marks();
        match piece.as_str() {
            Some(piece) => text.push_str(piece),
            None => known = false,
        }
    });
    let result = if known { Value::string(text) } else { Value::unknown(Type::String) };
    result.mark(marks)
}
