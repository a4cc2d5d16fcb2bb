//! Evaluation.
//!
//! Semantics are those of HCL's [specification] over cty values: an unknown operand makes the
//! result unknown, marks of operands carry over to results, and an expression that fails stands as
//! an unknown value while the rest is evaluated, so that one run finds as much as it can.
//!
//! [specification]: https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md

use std::path::Path;

use platoform_diagnostic::{Diagnostic, Diagnostics, Files, Sources, Span};
use platoform_value::Value;

use crate::tree::{Expression, Ident};

mod access;
mod attempt;
mod call;
mod collection;
mod condition;
mod context;
pub mod defaults;
mod iteration;
mod mismatch;
mod operator;
mod provided;
pub(crate) mod references;
mod sensitive;
mod splat;
mod template;
#[cfg(test)]
pub(crate) mod tests;
mod traversal;
pub mod types;
mod unknown;

pub use defaults::Defaults;
pub use provided::{ProvidedFunction, ProvidedParameter, ProviderFunctions};

pub(crate) use context::{Context, Findings};
pub(crate) use sensitive::{WITHHELD, is_sensitive};
pub(crate) use unknown::{dynamic, not_null};

/// One step after a name, with its key evaluated, as a [`Scope`] sees it.
#[derive(Clone, Debug)]
pub enum Key<'a> {
    /// `.name`
    Attribute(&'a Ident),
    /// `[key]` or `.0`
    Index(Value, Span),
}

/// What a scope made of a name and the steps after it.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// The value.
    pub value: Value,
    /// How many of the steps it already accounts for; the evaluator applies the others.
    pub consumed: usize,
}

/// What names mean. The scope sees the steps that follow a name, so that `web["a"].id` reads one
/// instance and not all of them.
pub trait Scope {
    /// The value of `root` followed by `steps` (those up to the first splat).
    ///
    /// A name that is declared but whose steps lead nowhere is not an error here: the scope gives
    /// what there is and the evaluator finds out about the remaining steps.
    ///
    /// # Errors
    /// A diagnostic when nothing of that name is declared. `try` and `can` do not catch it, nor
    /// does a branch that is not taken hide it.
    fn lookup(&self, root: &Ident, steps: &[Key<'_>]) -> Result<Resolved, Diagnostic>;
}

/// What functions may depend on besides their arguments.
#[derive(Clone)]
pub struct FunctionContext<'a> {
    /// Where `file` and its like read.
    pub files: &'a dyn Files,
    /// What relative paths are relative to.
    pub directory: &'a Path,
    /// Home directory, for `pathexpand`.
    pub home: Option<&'a Path>,
    /// Moment of the plan in RFC 3339, for `plantimestamp`; empty while it is not known. `None` in a
    /// console, where there is no plan and no such function, but `type`.
    pub timestamp: Option<&'a str>,
    /// What differs from call to call. Without it `timestamp`, `uuid` and `bcrypt` are unknown, as
    /// they must be in a plan.
    pub volatile: Option<&'a dyn Volatile>,
    /// The texts that expressions stand in, for `try`, which says where its arguments failed.
    pub sources: Option<&'a Sources>,
    /// Finds `provider::NAME::FUNCTION`; without it there are no such functions.
    pub provider_function: Option<&'a dyn ProviderFunctions>,
}

impl<'a> FunctionContext<'a> {
    /// Surroundings with files in a directory and nothing else.
    #[must_use]
    pub fn new(files: &'a dyn Files, directory: &'a Path) -> Self {
        Self {
            files,
            directory,
            home: None,
            timestamp: None,
            volatile: None,
            sources: None,
            provider_function: None,
        }
    }
}

/// What functions may depend on that differs from call to call.
pub trait Volatile: Send + Sync {
    /// The present moment in RFC 3339, in UTC and whole seconds.
    fn timestamp(&self) -> String;

    /// Bytes that nobody can guess.
    fn random(&self) -> [u8; 16];
}

/// Evaluates expressions.
pub struct Evaluator<'a> {
    /// What names mean.
    pub scope: &'a dyn Scope,
    /// What functions may depend on.
    pub functions: &'a FunctionContext<'a>,
}

impl Evaluator<'_> {
    /// The value of an expression.
    ///
    /// # Errors
    /// Everything that is wrong, in the order it was found.
    pub fn evaluate(&self, expression: &Expression) -> Result<Value, Diagnostics> {
        let mut findings = Findings::default();
        let value = Context::new(self).value(expression, &mut findings);
        findings.into_result(value)
    }
}
