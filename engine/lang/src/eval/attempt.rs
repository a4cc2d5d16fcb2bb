//! `try` and `can`.

use platoform_value::{Type, Value};

use super::call::Argument;
use super::{Context, Findings, Key, dynamic};
use crate::functions::Attempt;
use crate::tree::{Call, Expression, ExpressionKind, Reference, Step};
use platoform_diagnostic::Diagnostic;

/// Evaluates the arguments of `try` or `can`. A reference to what is not declared is reported even
/// where its argument is not needed.
pub(super) fn evaluate(
    context: &Context<'_>,
    kind: Attempt,
    arguments: &[Argument<'_>],
    call: &Call,
    findings: &mut Findings,
) -> Value {
    let before = findings.len();
    let result = match kind {
        Attempt::Can => can(context, arguments, findings),
        Attempt::Try => first_success(context, arguments, call, findings),
    };
    if findings.len() > before { dynamic() } else { result }
}

fn can(context: &Context<'_>, arguments: &[Argument<'_>], findings: &mut Findings) -> Value {
    let mut all = arguments.iter().map(|argument| {
        if is_undecided(context, argument) {
            return Value::unknown(Type::Bool);
        }
        let mut part = Findings::default();
        argument.value(context, &mut part);
        let success = part.is_empty();
        findings.absorb_undeclared(part);
        Value::from(success)
    });
    all.next().unwrap_or_else(dynamic)
}

fn first_success(
    context: &Context<'_>,
    arguments: &[Argument<'_>],
    call: &Call,
    findings: &mut Findings,
) -> Value {
    let mut failures = Findings::default();
    let mut rest = arguments.iter();
    let mut found = None;
    for argument in rest.by_ref() {
        if is_undecided(context, argument) {
            found = Some(dynamic());
            break;
        }
        let mut part = Findings::default();
        let value = argument.value(context, &mut part);
        if part.is_empty() {
            found = Some(value);
            break;
        }
        failures.absorb(part);
    }
    for unneeded in rest {
        undeclared(context, unneeded, findings);
    }
    let detail = match &found {
        Some(_) => None,
        None if arguments.is_empty() => Some("at least one argument is required".to_owned()),
        None => Some(report(&failures)),
    };
    findings.absorb_undeclared(failures);
    if let Some(detail) = detail {
        let detail = format!("Call to function {:?} failed: {detail}", call.name.name);
        findings.push(Diagnostic::error("Error in function call", detail).at(call.name.span));
    }
    found.unwrap_or_else(dynamic)
}

fn report(failures: &Findings) -> String {
    let each =
        failures.iter().map(|failure| format!("- {}\n  {}\n", failure.summary, failure.detail));
    format!(
        "no expression succeeded:\n{}\nAt least one expression must produce a successful result",
        each.collect::<String>()
    )
}

/// Whether an argument refers to anything unknown, so that it cannot be said yet whether it will
/// succeed. This errs on the side of not knowing.
fn is_undecided(context: &Context<'_>, argument: &Argument<'_>) -> bool {
    match argument {
        Argument::Expanded(value, _) => !value.is_wholly_known(),
        Argument::Written(expression) => {
            let mut undecided = false;
            expression.references(&mut |reference| {
                undecided = undecided
                    || direct(context, reference).is_some_and(|value| !value.is_wholly_known());
            });
            undecided
        }
    }
}

/// The value of a reference with those of its steps that are plain; `None` when it fails.
fn direct(context: &Context<'_>, reference: Reference<'_>) -> Option<Value> {
    let plain = reference.steps.iter().take_while(|step| is_plain(step)).count();
    let mut findings = Findings::default();
    let steps = &reference.steps[..plain];
    let value = super::traversal::evaluate(context, reference.root, steps, &mut findings);
    findings.is_empty().then_some(value)
}

fn is_plain(step: &Step) -> bool {
    let literal = |key: &Expression| matches!(key.kind, ExpressionKind::Literal(_));
    match step {
        Step::Attribute(_) => true,
        Step::Index(key, _) => literal(key),
        Step::Splat(..) => false,
    }
}

/// Reports what an argument that is not evaluated refers to in vain.
fn undeclared(context: &Context<'_>, argument: &Argument<'_>, findings: &mut Findings) {
    let Argument::Written(expression) = argument else { return };
    expression.references(&mut |reference| {
        if context.bound(&reference.root.name).is_some() {
            return;
        }
        let keys = reference.steps.iter().map_while(|step| match step {
            Step::Attribute(name) => Some(Key::Attribute(name)),
            Step::Index(Expression { kind: ExpressionKind::Literal(key), .. }, span) => {
                Some(Key::Index(key.clone(), *span))
            }
            _ => None,
        });
        let keys: Vec<_> = keys.collect();
        if let Err(diagnostic) = context.evaluator.scope.lookup(reference.root, &keys) {
            findings.undeclared(diagnostic.at_default(Some(reference.span)));
        }
    });
}
