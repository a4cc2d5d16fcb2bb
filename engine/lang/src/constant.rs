//! Expressions that must be constant: no names, no function calls.

use std::path::Path;

use platoform_diagnostic::{Diagnostic, Diagnostics, MemoryFiles, Span};
use platoform_value::Value;

use crate::eval::{Evaluator, FunctionContext, Key, Resolved, Scope};
use crate::tree::{Expression, Ident};

struct NoNames;

impl Scope for NoNames {
    fn lookup(&self, root: &Ident, _: &[Key<'_>]) -> Result<Resolved, Diagnostic> {
        Err(no_variables(root.span))
    }
}

/// Where functions cannot be called either.
struct Constant;

impl Scope for Constant {
    fn lookup(&self, root: &Ident, steps: &[Key<'_>]) -> Result<Resolved, Diagnostic> {
        NoNames.lookup(root, steps)
    }

    fn has_functions(&self) -> bool {
        false
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
    within(&Constant, |evaluator| evaluator.evaluate(expression))
}

/// Runs an evaluation in which no name means anything and no file is there.
pub fn evaluating<T>(run: impl FnOnce(&Evaluator<'_>) -> T) -> T {
    within(&NoNames, run)
}

fn within<T>(scope: &dyn Scope, run: impl FnOnce(&Evaluator<'_>) -> T) -> T {
    let files = MemoryFiles::default();
    let functions = FunctionContext::new(&files, Path::new(""));
    run(&Evaluator { scope, functions: &functions })
}
