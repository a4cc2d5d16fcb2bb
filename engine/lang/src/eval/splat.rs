//! Splats: `x[*].a` and `x.*.a`.

use platoform_diagnostic::{Diagnostic, Span};
use platoform_value::{Data, Type, Unknown, Value};

use super::iteration::{FAILURES_PER_LOOP, list_of};
use super::{Context, Findings, access, dynamic, not_null, unknown};
use crate::tree::Step;

/// Applies `steps` to every element of a list, set or tuple; any other value counts as the only
/// element of a tuple, null as an empty tuple.
pub(super) fn evaluate(
    context: &Context<'_>,
    source: Value,
    steps: &[Step],
    span: Span,
    findings: &mut Findings,
) -> Value {
    let kind = source.kind();
    let sequence = matches!(kind, Type::List(_) | Type::Set(_) | Type::Tuple(_));
    if source.is_null() {
        if !sequence {
            return Value::tuple(Vec::new()).mark(source.marks());
        }
        let detail = "Splat expressions (with the * symbol) cannot be applied to null sequences";
        return findings.fail(Diagnostic::error("Splat of null value", detail).at(span));
    }
    if kind == Type::Dynamic {
        return dynamic().mark(source.marks());
    }
    if !sequence {
        let uncertain = !source.is_known() && !unknown::never_null(&source);
        let marks = source.marks();
        let before = findings.len();
        let kind = source.kind();
        let item = access::follow(context, source.unmark(), steps, findings);
        let result = if uncertain {
            // Whether there is an element at all depends on whether the value turns out null.
            dynamic()
        } else if findings.len() > before {
            let kind = result_type(context, &kind, steps, &mut Findings::default());
            Value::unknown(Type::tuple(vec![kind]))
        } else {
            Value::tuple(vec![item])
        };
        return result.mark(marks);
    }
    let marks = source.marks();
    let Some(items) = source.as_items() else {
        return unknown_source(context, &source, &kind, steps, findings).mark(marks);
    };
    let before = findings.len();
    let mut results = Vec::with_capacity(items.len());
    for item in items {
        results.push(access::follow(context, item.clone(), steps, findings));
        if findings.len() >= before + FAILURES_PER_LOOP {
            break;
        }
    }
    if findings.len() > before {
        let mut again = Findings::default();
        return unknown_source(context, &source, &kind, steps, &mut again).mark(marks);
    }
    let result = match kind.element() {
        None => Value::tuple(results),
        Some(element) if results.is_empty() => {
            Value::list(result_type(context, element, steps, findings), results)
        }
        Some(_) => list_of(results),
    };
    result.mark(marks)
}

/// The type that `steps` give for an element of a type.
fn result_type(
    context: &Context<'_>,
    element: &Type,
    steps: &[Step],
    findings: &mut Findings,
) -> Type {
    access::follow(context, Value::unknown(element.clone()), steps, findings).kind()
}

fn unknown_source(
    context: &Context<'_>,
    source: &Value,
    kind: &Type,
    steps: &[Step],
    findings: &mut Findings,
) -> Value {
    if let Type::Tuple(kinds) = kind {
        let mut each = |kind| result_type(context, kind, steps, findings);
        return not_null(Type::tuple(kinds.iter().map(&mut each).collect()));
    }
    let Some(element) = kind.element() else { return dynamic() };
    let element = result_type(context, element, steps, findings);
    let length = match source.data() {
        Data::Unknown(unknown) => unknown.length,
        _ => (None, None),
    };
    Value::refined(Unknown { not_null: true, length, ..Unknown::of(Type::list(element)) })
}
