//! What names mean where they stand, as far as that can be told without any value.

use platoform_diagnostic::{Diagnostics, Span};
use platoform_lang::tree::{Expression, Step};

use crate::{Module, ModuleId, Repetition, Resource, Topology};

mod reference;
mod traversal;

pub use traversal::traversal as check_steps;

/// Which names have a meaning that depends on the block around an expression.
#[derive(Clone, Copy, Debug, Default)]
pub struct Surroundings<'a> {
    /// `count.index` has one.
    pub count: bool,
    /// `each.key` and `each.value` have one.
    pub each: bool,
    /// What `self` is.
    pub myself: Option<&'a Resource>,
    /// The `check` block around it.
    pub check: Option<&'a str>,
}

impl Surroundings<'_> {
    /// Inside a block that repeats like this.
    #[must_use]
    pub fn within(repetition: &Repetition) -> Self {
        Self {
            count: matches!(repetition, Repetition::Count(_)),
            each: matches!(repetition, Repetition::ForEach(_)),
            ..Self::default()
        }
    }
}

/// What is wrong with references, by how early that can be told.
#[derive(Clone, Debug, Default)]
pub struct Misnamed {
    /// They name nothing that could be.
    pub malformed: Diagnostics,
    /// They name blocks that are not there, or parts that those do not have.
    pub undeclared: Diagnostics,
    /// They name values that are not there.
    pub missing: Diagnostics,
}

impl Misnamed {
    /// What to report: values are not looked for where blocks are not found.
    #[must_use]
    pub fn report(mut self) -> Diagnostics {
        let rest = if self.undeclared.is_empty() { self.missing } else { self.undeclared };
        self.malformed.extend(rest);
        self.malformed
    }
}

impl Topology {
    /// Checks the references in an expression of a module.
    #[must_use]
    pub fn check_expression(
        &self,
        module: ModuleId,
        expression: &Expression,
        around: &Surroundings<'_>,
    ) -> Misnamed {
        let mut checker = self.checker(module, around);
        expression.references(&mut |reference| checker.check(&reference));
        checker.found
    }

    /// A checker for references in a module.
    #[must_use]
    pub fn checker<'a>(
        &'a self,
        module: ModuleId,
        around: &'a Surroundings<'a>,
    ) -> ReferenceChecker<'a> {
        let found = Misnamed::default();
        ReferenceChecker { module: self.module(module), around, found }
    }
}

/// Checks references in one place.
#[derive(Debug)]
pub struct ReferenceChecker<'a> {
    module: &'a Module,
    around: &'a Surroundings<'a>,
    /// What was found.
    pub found: Misnamed,
}

impl ReferenceChecker<'_> {
    /// What the module is called in messages.
    fn place(&self) -> String {
        let path: Vec<String> =
            self.module.path.iter().map(|name| format!("module.{name}")).collect();
        if path.is_empty() { "the root module".to_owned() } else { path.join(".") }
    }
}

/// The place of a step with its dot, as Terraform points to it.
#[must_use]
pub fn step_span(step: &Step) -> Span {
    match step {
        Step::Attribute(name) => reference::dotted(name),
        other => other.span(),
    }
}
