//! Expressions by what they refer to.

use platoform_config::{Referent, Subject};
use platoform_lang::tree::{ObjectKey, Reference, Step};
use platoform_lang::{Expression, ExpressionKind};
use serde_json::{Map, Value as Json, json};

use super::super::value::plain;

/// `{"references": […]}`, `{"constant_value": …}`, or an empty object for what is neither.
pub fn expression(expression: &Expression) -> Json {
    let references = names(expression);
    if !references.is_empty() {
        return json!({ "references": references });
    }
    constant(expression).map_or_else(|| json!({}), |value| json!({ "constant_value": value }))
}

/// Everything an expression refers to: each reference, then what it is a part of, as often as it is
/// there.
pub fn names(expression: &Expression) -> Vec<String> {
    let mut names = Vec::new();
    expression.references(&mut |reference| names.extend(spelled(&reference)));
    names
}

/// A reference with all its steps, with one less, and so on to the object it is about.
fn spelled(reference: &Reference<'_>) -> Vec<String> {
    let Ok(referent) = Referent::of(reference) else { return Vec::new() };
    let subject = match &referent.subject {
        Subject::Resource(id) => id.to_string(),
        Subject::Variable(name) => format!("var.{}", name.name),
        Subject::Local(name) => format!("local.{}", name.name),
        Subject::Module(name) => format!("module.{}", name.name),
        Subject::Count(name) => format!("count.{}", name.name),
        Subject::Each(name) => format!("each.{}", name.name),
        Subject::Path(name) => format!("path.{}", name.name),
        Subject::Terraform(name) => format!("terraform.{}", name.name),
        Subject::Myself => "self".to_owned(),
    };
    let is_module = matches!(referent.subject, Subject::Module(_));
    let mut names = vec![subject];
    for step in referent.rest {
        let last = names.last().map(String::as_str).unwrap_or_default();
        let next = match step {
            Step::Attribute(name) => format!("{last}.{}", name.name),
            Step::Index(Expression { kind: ExpressionKind::Literal(key), .. }, _) => {
                format!("{last}[{}]", plain(key))
            }
            _ => break,
        };
        // An instance of a module is named without the call that yields it.
        if is_module && names.len() == 1 && matches!(step, Step::Index(..)) {
            names.clear();
        }
        names.push(next);
    }
    names.reverse();
    names
}

/// The value of an expression that is written out.
fn constant(expression: &Expression) -> Option<Json> {
    match &expression.kind {
        ExpressionKind::Literal(value) => Some(plain(value)),
        ExpressionKind::Parenthesis(inner) => constant(inner),
        ExpressionKind::Tuple(items) => {
            items.iter().map(constant).collect::<Option<Vec<_>>>().map(Json::Array)
        }
        ExpressionKind::Object(items) => {
            let entries = items.iter().map(|(key, value)| Some((name(key)?, constant(value)?)));
            entries.collect::<Option<Map<_, _>>>().map(Json::Object)
        }
        _ => None,
    }
}

fn name(key: &ObjectKey) -> Option<String> {
    match key {
        ObjectKey::Name(name) => Some(name.name.to_string()),
        ObjectKey::Property(expression) | ObjectKey::Expression(expression) => {
            match constant(expression)? {
                Json::String(text) => Some(text),
                other => Some(other.to_string()),
            }
        }
    }
}
