//! `try` and `can`.

use platoform_value::{Type, Value};

use super::call::Argument;
use super::{Context, Findings, Key, dynamic};
use crate::functions::Attempt;
use crate::tree::{Call, Expression, ExpressionKind, Step};
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
        let mut part = Findings::default();
        let value = argument.value(context, &mut part);
        let failed = !part.is_empty();
        findings.absorb_undeclared(part);
        match (failed, value.is_wholly_known()) {
            (true, _) => Value::from(false),
            (false, true) => Value::from(true),
            // It may yet fail.
            (false, false) => Value::unknown(Type::Bool),
        }
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
        let mut part = Findings::default();
        let value = argument.value(context, &mut part);
        if part.is_empty() {
            // What is not wholly known may yet fail, and then another argument is the result.
            found = Some(if value.is_wholly_known() { value } else { dynamic() });
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
        None => Some(report(context, &failures)),
    };
    findings.absorb_undeclared(failures);
    if let Some(detail) = detail {
        let detail = format!("Call to function {:?} failed: {detail}", call.name.name);
        findings.push(Diagnostic::error("Error in function call", detail).at(call.opening()));
    }
    found.unwrap_or_else(dynamic)
}

fn report(context: &Context<'_>, failures: &Findings) -> String {
    let sources = context.evaluator.functions.sources;
    let each = failures.iter().map(|failure| {
        let place = failure.span.zip(sources).and_then(|(span, sources)| sources.range(span));
        let place = place.map(|place| format!(" (at {place})")).unwrap_or_default();
        // A sentence among others ends with a full stop.
        let stop = if failure.detail.ends_with(['.', '?', '!']) { "" } else { "." };
        format!("- {}{place}\n  {}{stop}\n", failure.summary, failure.detail)
    });
    format!(
        "no expression succeeded:\n{}\nAt least one expression must produce a successful result",
        each.collect::<String>()
    )
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
