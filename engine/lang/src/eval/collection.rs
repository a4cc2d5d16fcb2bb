//! Object expressions.

use platoform_diagnostic::{Diagnostic, Span};
use platoform_value::{Data, Entries, Marks, Type, Value, convert};
use rustc_hash::FxHashSet;

use super::{Context, Findings, dynamic};
use crate::tree::{Expression, ExpressionKind, ObjectKey};

/// `{ key = value, … }`. Of two equal keys the later one wins; in JSON syntax the second one is an
/// error, which has been reported unless a template is among the keys.
pub(super) fn object(
    context: &Context<'_>,
    items: &[(ObjectKey, Expression)],
    findings: &mut Findings,
) -> Value {
    let mut marks = Marks::NONE;
    let mut known = true;
    let mut pairs = Vec::with_capacity(items.len());
    let templates = items.iter().any(|(key, _)| matches!(key, ObjectKey::Property(_)));
    let mut seen = FxHashSet::default();
    for (key, expression) in items {
        let name = match key {
            ObjectKey::Property(key) => property(context, key, &mut marks),
            ObjectKey::Name(name) => Ok(Some(name.name.clone())),
            ObjectKey::Expression(key) => computed(context, key, expression.span, &mut marks),
        };
        let value = context.value(expression, findings);
        match name {
            Ok(Some(name)) if templates && !seen.insert(name.clone()) => {
                let detail = format!("There is already an attribute named `{name}`");
                let error = Diagnostic::error("Duplicate object attribute", detail);
                findings.push(error.at(key.span()));
            }
            Ok(Some(name)) => pairs.push((name, value)),
            Ok(None) => known = false,
            Err(part) => {
                findings.absorb(part);
                known = false;
            }
        }
    }
    if !known {
        return dynamic().mark(marks);
    }
    Value::object(pairs.into_iter().collect::<Entries>()).mark(marks)
}

/// The text of a key; `None` while it is unknown.
fn computed(
    context: &Context<'_>,
    key: &Expression,
    value: Span,
    marks: &mut Marks,
) -> Result<Option<std::sync::Arc<str>>, Findings> {
    if let ExpressionKind::Traversal(_, steps) = &key.kind
        && !steps.is_empty()
    {
        let detail = "If this expression is intended to be a reference, wrap it in parentheses. \
                      If it's instead intended as a literal name containing periods, wrap it in \
                      quotes to create a string literal";
        return Err(failure(Diagnostic::error("Ambiguous attribute key", detail).at(key.span)));
    }
    let (name, findings) = context.attempt(key);
    if !findings.is_empty() {
        return Err(findings);
    }
    if name.is_null() {
        let detail = "Can't use a null value as a key";
        return Err(failure(Diagnostic::error("Null value as key", detail).at(value)));
    }
    *marks |= name.marks();
    match convert(&name, &Type::String).map(Value::into_data) {
        Ok(Data::String(name)) => Ok(Some(name)),
        Ok(_) => Ok(None),
        Err(error) => {
            let why = context.reason(&name, error);
            let detail = format!("Can't use this value as a key: {why}");
            Err(failure(Diagnostic::error("Incorrect key type", detail).at(key.span)))
        }
    }
}

/// The same for the name of a property in JSON syntax.
fn property(
    context: &Context<'_>,
    key: &Expression,
    marks: &mut Marks,
) -> Result<Option<std::sync::Arc<str>>, Findings> {
    let (name, findings) = context.attempt(key);
    if !findings.is_empty() {
        return Err(findings);
    }
    *marks |= name.marks();
    let invalid = |why: String| {
        let detail = format!("Cannot use this expression as an object key: {why}");
        failure(Diagnostic::error("Invalid object key expression", detail).at(key.span))
    };
    if name.is_null() {
        return Err(invalid("it is null".to_owned()));
    }
    match convert(&name, &Type::String).map(Value::into_data) {
        Ok(Data::String(name)) => Ok(Some(name)),
        Ok(_) => Ok(None),
        Err(error) => Err(invalid(context.reason(&name, error))),
    }
}

fn failure(diagnostic: Diagnostic) -> Findings {
    let mut findings = Findings::default();
    findings.push(diagnostic);
    findings
}
