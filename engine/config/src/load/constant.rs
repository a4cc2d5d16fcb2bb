//! Expressions that must be constant: no names, no function calls.

use std::path::PathBuf;
use std::sync::Arc;

use platoform_diagnostic::{Diagnostic, Diagnostics, MemoryFiles, Span};
use platoform_lang::eval::defaults::Defaults;
use platoform_lang::eval::{Key, Resolved};
use platoform_lang::tree::{Attribute, Expression, ExpressionKind, Ident, Part, Step};
use platoform_lang::{Evaluator, FunctionContext, Scope};
use platoform_value::{Type, Value, convert};

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
pub(crate) fn value(expression: &Expression) -> Result<Value, Diagnostics> {
    let mut found = Diagnostics::default();
    calls(expression, &mut found);
    expression.references(&mut |reference| found.push(no_variables(reference.root.span)));
    if found.has_errors() {
        return Err(found);
    }
    evaluating(|evaluator| evaluator.evaluate(expression))
}

/// The type a constraint stands for, with the defaults of its optional attributes.
///
/// # Errors
/// What is wrong with it.
pub(super) fn type_constraint(constraint: &Expression) -> Result<(Type, Defaults), Diagnostics> {
    evaluating(|evaluator| {
        platoform_lang::eval::types::type_constraint(constraint, evaluator.functions)
    })
}

fn evaluating<T>(run: impl FnOnce(&Evaluator<'_>) -> T) -> T {
    let files = MemoryFiles::default();
    let functions = FunctionContext {
        files: &files,
        directory: PathBuf::new(),
        home: None,
        timestamp: None,
        volatile: None,
        sources: None,
        provider_function: None,
    };
    run(&Evaluator { scope: &NoNames, functions: &functions })
}

/// Constant text.
pub(super) fn text(attribute: &Attribute, diagnostics: &mut Diagnostics) -> Option<Arc<str>> {
    typed(attribute, &Type::String, diagnostics)?.as_str().map(Arc::from)
}

/// A constant truth value.
pub(super) fn boolean(attribute: &Attribute, diagnostics: &mut Diagnostics) -> Option<bool> {
    typed(attribute, &Type::Bool, diagnostics)?.as_bool()
}

fn typed(attribute: &Attribute, kind: &Type, diagnostics: &mut Diagnostics) -> Option<Value> {
    let expression = &attribute.expression;
    let unsuitable = |why: String| {
        Diagnostic::error("Unsuitable value type", format!("Unsuitable value: {why}"))
            .at(expression.start())
    };
    let value = match value(expression) {
        Ok(value) => value,
        Err(errors) => {
            diagnostics.extend(errors);
            diagnostics.push(unsuitable("value must be known".into()));
            return None;
        }
    };
    let converted = convert(&value, kind).map_err(|error| error.to_string());
    let converted = converted.and_then(|value| {
        if value.is_null() {
            Err(format!("a {} is required", kind.friendly_name()))
        } else {
            Ok(value)
        }
    });
    converted.map_err(|why| diagnostics.push(unsuitable(why))).ok()
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
