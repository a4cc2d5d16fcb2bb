//! `test ? yes : no`, and `%{if}` in templates, which means the same.

use platoform_diagnostic::{Diagnostic, Span};
use platoform_value::{Data, Marks, Type, Unknown, Value, convert, unify};

use super::mismatch::describe;
use super::{Context, Findings, WITHHELD, dynamic, not_null, unknown};
use crate::tree::Expression;

/// The outcome of one branch with what went wrong in it and where it stands.
pub(super) type Branch = (Value, Findings, Span);

/// A conditional expression.
pub(super) fn expression(
    context: &Context<'_>,
    parts: &[Expression; 3],
    findings: &mut Findings,
) -> Value {
    let [test, yes, no] = parts;
    let branch = |branch: &Expression| {
        let (value, part) = context.attempt(branch);
        (value, part, branch.span)
    };
    choose(context, test, branch(yes), branch(no), findings)
}

/// The branch that `test` selects, as the type both branches have in common.
pub(super) fn choose(
    context: &Context<'_>,
    test: &Expression,
    yes: Branch,
    no: Branch,
    findings: &mut Findings,
) -> Value {
    let Some(kind) = common_type(&yes.0, &no.0) else {
        findings.absorb_undeclared(yes.1);
        findings.absorb_undeclared(no.1);
        let detail = "The true and false result expressions must have consistent types";
        // The names of attributes may be sensitive: they are part of the types.
        let why = describe(&yes.0.kind(), &no.0.kind());
        let open = !context.sensitive && !hides_names(&yes.0) && !hides_names(&no.0);
        let detail =
            if open || !why.contains('"') { format!("{detail}. {why}") } else { detail.to_owned() };
        let diagnostic = Diagnostic::error("Inconsistent conditional result types", detail);
        return findings.fail(diagnostic.at(yes.2.to(no.2)));
    };
    let answer = context.value(test, findings);
    let marks = answer.marks() | yes.0.marks() | no.0.marks();
    let refusal = match (answer.is_null(), answer.is_known()) {
        (true, _) => Some((
            "Null condition",
            "The condition value is null. Conditions must either be true or false",
        )),
        (_, false) => {
            // What is wrong in a branch may yet turn out not to matter.
            findings.absorb_undeclared(yes.1);
            findings.absorb_undeclared(no.1);
            return undecided(kind, yes.0, no.0).mark(marks);
        }
        _ => None,
    };
    let truth = convert(&answer, &Type::Bool).ok().and_then(|answer| answer.as_bool());
    let incorrect = ("Incorrect condition type", "The condition expression must be of type bool");
    let (Some(truth), None) = (truth, refusal) else {
        let (summary, detail) = refusal.unwrap_or(incorrect);
        findings.push(Diagnostic::error(summary, detail).at(test.span));
        findings.absorb_undeclared(yes.1);
        findings.absorb_undeclared(no.1);
        return Value::unknown(kind);
    };
    let ((value, used, span), (other, unused, _)) = if truth { (yes, no) } else { (no, yes) };
    findings.absorb(used);
    findings.absorb_undeclared(unused);
    match convert(&value, &kind) {
        Ok(value) => value.mark(marks),
        // From the reference: elements of a set that may turn out equal are not looked at.
        Err(_) if is_open_set(&value) && matches!(kind, Type::List(_)) => {
            Value::unknown(kind).mark(marks)
        }
        Err(error) => {
            // The common type names attributes of both.
            let why = if context.may_show(&other) {
                context.reason(&value, error)
            } else {
                WITHHELD.to_owned()
            };
            let detail = format!("The {truth} result value has the wrong type: {why}");
            let diagnostic = Diagnostic::error("Inconsistent conditional result types", detail);
            findings.push(diagnostic.at(span));
            Value::unknown(kind).mark(marks)
        }
    }
}

/// Whether nobody knows how many elements a set has.
fn is_open_set(value: &Value) -> bool {
    matches!(value.data(), Data::Set(_)) && !value.is_wholly_known()
}

/// Whether a value is sensitive that has attributes, or a part of it: their names tell of it.
fn hides_names(value: &Value) -> bool {
    value.marks().contains(Marks::SENSITIVE) && !value.kind().is_primitive()
        || value.children().any(hides_names)
}

fn common_type(yes: &Value, no: &Value) -> Option<Type> {
    let untyped_null = |value: &Value| {
        matches!(value.data(), Data::Null(Type::Dynamic)) && value.marks().is_empty()
    };
    let (yes_kind, no_kind) = (yes.kind(), no.kind());
    if untyped_null(yes) {
        return Some(no_kind);
    }
    if untyped_null(no) || yes_kind == no_kind {
        return Some(yes_kind);
    }
    if yes_kind == Type::Dynamic || no_kind == Type::Dynamic {
        return Some(Type::Dynamic);
    }
    unify(&[yes_kind, no_kind])
}

/// What is known of the result while the condition is unknown.
fn undecided(kind: Type, yes: Value, no: Value) -> Value {
    if yes.is_null() && no.is_null() {
        return Value::null(kind);
    }
    if kind == Type::Dynamic {
        return dynamic();
    }
    if !unknown::never_null(&yes) || !unknown::never_null(&no) {
        return Value::unknown(kind);
    }
    let same = yes.kind() == no.kind();
    if same && kind == Type::Number {
        let (low, high) = match (unknown::bounds(&yes), unknown::bounds(&no)) {
            ((Some(a), Some(b)), (Some(c), Some(d))) => (a.min(c).clone(), b.max(d).clone()),
            _ => return not_null(kind),
        };
        let range = (Some((low, true)), Some((high, true)));
        return Value::refined(Unknown { not_null: true, range, ..Unknown::of(kind) });
    }
    if same && kind.element().is_some() {
        let (yes, no) = (unknown::lengths(&yes), unknown::lengths(&no));
        let high = yes.1.zip(no.1).map(|(yes, no)| yes.max(no));
        let length = (Some(yes.0.min(no.0)), high);
        return Value::refined(Unknown { not_null: true, length, ..Unknown::of(kind) });
    }
    not_null(kind)
}
