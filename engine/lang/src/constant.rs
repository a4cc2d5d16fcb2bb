//! Expressions that must be constant: no names, no function calls.

use std::path::Path;

use platoform_diagnostic::{Diagnostic, Diagnostics, MemoryFiles, Span};
use platoform_value::Value;

use crate::eval::{Evaluator, FunctionContext, Key, Resolved, Scope};
use crate::tree::{Expression, ExpressionKind, Ident, Part, Step};

struct NoNames;

impl Scope for NoNames {
    fn lookup(&self, root: &Ident, _: &[Key<'_>]) -> Result<Resolved, Diagnostic> {
        Err(no_variables(root.span))
    }
}

fn no_variables(span: Span) -> Diagnostic {
    Diagnostic::error("Variables not allowed", "Names may not be used here: the value is constant")
        .at(span)
}

/// The value of a constant expression.
///
/// # Errors
/// "Function calls not allowed", "Variables not allowed", or whatever evaluation finds.
pub fn value(expression: &Expression) -> Result<Value, Diagnostics> {
    let mut found = Diagnostics::default();
    calls(expression, &mut found);
    expression.references(&mut |reference| found.push(no_variables(reference.root.span)));
    if found.has_errors() {
        return Err(found);
    }
    evaluating(|evaluator| evaluator.evaluate(expression))
}

/// Runs an evaluation in which no name means anything and no file is there.
pub fn evaluating<T>(run: impl FnOnce(&Evaluator<'_>) -> T) -> T {
    let files = MemoryFiles::default();
    let functions = FunctionContext::new(&files, Path::new(""));
    run(&Evaluator { scope: &NoNames, functions: &functions })
}

/// Reports every function call.
fn calls(expression: &Expression, found: &mut Diagnostics) {
    let mut each = |inner: &Expression| calls(inner, found);
    match &expression.kind {
        ExpressionKind::Call(_) => found.push(
            Diagnostic::error(
                "Function calls not allowed",
                "Functions may not be called here: the value is constant",
            )
            .at(expression.span),
        ),
        ExpressionKind::Literal(_) => {}
        ExpressionKind::Template(parts) => in_parts(parts, found),
        ExpressionKind::Wrap(inner)
        | ExpressionKind::Parenthesis(inner)
        | ExpressionKind::Unary(_, inner) => each(inner),
        ExpressionKind::Traversal(_, steps) => in_steps(steps, found),
        ExpressionKind::Postfix(inner, steps) => {
            each(inner);
            in_steps(steps, found);
        }
        ExpressionKind::Binary(first, rest) => {
            each(first);
            rest.iter().for_each(|(_, operand)| each(operand));
        }
        ExpressionKind::Conditional(parts) => parts.iter().for_each(each),
        ExpressionKind::Tuple(items) => items.iter().for_each(each),
        ExpressionKind::Object(items) => {
            for (key, value) in items {
                if let Some(key) = key.expression() {
                    each(key);
                }
                each(value);
            }
        }
        ExpressionKind::For(inner) => {
            each(&inner.collection);
            inner.result_key.iter().for_each(&mut each);
            each(&inner.result);
            inner.condition.iter().for_each(each);
        }
    }
}

fn in_steps(steps: &[Step], found: &mut Diagnostics) {
    for step in steps {
        match step {
            Step::Attribute(_) => {}
            Step::Index(key, _) => calls(key, found),
            Step::Splat(inner, _) => in_steps(inner, found),
        }
    }
}

fn in_parts(parts: &[Part], found: &mut Diagnostics) {
    for part in parts {
        match part {
            Part::Text(..) => {}
            Part::Interpolation(inner) => calls(inner, found),
            Part::If(condition, yes, no) => {
                calls(condition, found);
                in_parts(yes, found);
                in_parts(no, found);
            }
            Part::For(_, _, collection, body) => {
                calls(collection, found);
                in_parts(body, found);
            }
        }
    }
}
