//! References and module inputs, checked without knowing any value: once for each definition.
//!
//! That is done whatever else is wrong, so that one run tells all. Only what would follow from
//! another error is left out: see [`super::lost`].

use std::path::PathBuf;
use std::sync::Arc;

use platoform_diagnostic::{Diagnostic, Diagnostics};
use platoform_lang::tree::{Expression, ExpressionKind, Reference, Step};
use rustc_hash::FxHashMap;

use super::definition::{CallDefinition, Definition, ResourceDefinition};
use crate::content::{missing_argument, opening, unsupported_argument, unsupported_block};
use crate::reference::Referent;
use crate::suggest::did_you_mean;
use crate::{Condition, Repetition};

mod reference;

use reference::dotted;

/// All definitions, and the one that each call leads to.
#[derive(Clone, Debug, Default)]
pub(super) struct Definitions {
    /// By directory; `None` where there is none.
    pub(super) by_directory: FxHashMap<PathBuf, Option<Arc<Definition>>>,
    /// Where calls lead, by the caller's directory and the name of the call.
    pub(super) callees: FxHashMap<(PathBuf, Arc<str>), PathBuf>,
}

impl Definitions {
    /// The module of a call in a definition, unless it could not be read.
    fn callee(&self, caller: &Definition, call: &CallDefinition) -> Option<&Definition> {
        let directory = self.callees.get(&(caller.directory.clone(), call.name.name.clone()))?;
        self.by_directory.get(directory)?.as_deref()
    }
}

/// Which names have a meaning that depends on the block around an expression.
#[derive(Clone, Copy, Default)]
struct Around {
    count: bool,
    each: bool,
    myself: bool,
}

impl Around {
    /// Within a block; a broken one may have lost what it says about its repetition.
    fn within(repetition: &Repetition, broken: bool) -> Self {
        Self {
            count: broken || matches!(repetition, Repetition::Count(_)),
            each: broken || matches!(repetition, Repetition::ForEach(_)),
            myself: false,
        }
    }
}

struct Checker<'a> {
    definition: &'a Definition,
    definitions: &'a Definitions,
    diagnostics: &'a mut Diagnostics,
}

/// Checks everything a definition refers to.
pub(super) fn definition(
    definition: &Definition,
    definitions: &Definitions,
    diagnostics: &mut Diagnostics,
) {
    let mut checker = Checker { definition, definitions, diagnostics };
    let nothing = Around::default();
    for variable in definition.variables.values() {
        checker.conditions(&variable.validations, nothing);
    }
    for local in definition.locals.values() {
        checker.expression(&local.expression, nothing);
    }
    for output in definition.outputs.values() {
        checker.expression(&output.expression, nothing);
        checker.conditions(&output.preconditions, nothing);
        checker.depends_on(&output.depends_on);
    }
    for provider in definition.providers.values() {
        if let Some(content) = &provider.content {
            content.references(&mut |reference| checker.reference(&reference, nothing));
        }
    }
    for resource in definition.resources.values() {
        checker.resource(resource);
    }
    for call in definition.calls.values() {
        checker.call(call);
    }
}

/// Checks what an expression outside of all blocks refers to.
pub(super) fn expression(
    definition: &Definition,
    definitions: &Definitions,
    expression: &Expression,
    diagnostics: &mut Diagnostics,
) {
    Checker { definition, definitions, diagnostics }.expression(expression, Around::default());
}

impl Checker<'_> {
    fn expression(&mut self, expression: &Expression, around: Around) {
        expression.references(&mut |reference| self.reference(&reference, around));
    }

    fn conditions(&mut self, conditions: &[Condition], around: Around) {
        for condition in conditions {
            self.expression(&condition.condition, around);
            self.expression(&condition.message, around);
        }
    }

    fn repetition(&mut self, repetition: &Repetition) {
        match repetition {
            Repetition::Single => {}
            Repetition::Count(inner) | Repetition::ForEach(inner) | Repetition::Enabled(inner) => {
                self.expression(inner, Around::default());
            }
        }
    }

    fn resource(&mut self, resource: &ResourceDefinition) {
        let broken = self.definition.lost.may_declare(&resource.id.name);
        let around = Around::within(&resource.repetition, broken);
        self.repetition(&resource.repetition);
        resource.content.references(&mut |reference| self.reference(&reference, around));
        self.depends_on(&resource.depends_on);
        let lifecycle = &resource.lifecycle;
        if let Some(expression) = &lifecycle.prevent_destroy {
            self.expression(expression, Around::default());
        }
        for expression in &lifecycle.replace_triggered_by {
            self.expression(expression, around);
        }
        self.conditions(&lifecycle.preconditions, around);
        self.conditions(&lifecycle.postconditions, Around { myself: true, ..around });
    }

    fn depends_on(&mut self, expressions: &[Arc<Expression>]) {
        for expression in expressions {
            let ExpressionKind::Traversal(root, steps) = &expression.kind else { continue };
            let reference = Reference { root, steps, span: expression.span };
            match Referent::of(&reference) {
                Ok(Referent { rest: [step, ..], .. }) => self.diagnostics.push(
                    Diagnostic::error(
                        "Invalid depends_on reference",
                        "References in `depends_on` must be to a whole object, not to a part of it",
                    )
                    .at(match step {
                        Step::Attribute(name) => dotted(name),
                        other => other.span(),
                    }),
                ),
                _ => self.reference(&reference, Around::default()),
            }
        }
    }

    fn call(&mut self, call: &CallDefinition) {
        self.repetition(&call.repetition);
        self.depends_on(&call.depends_on);
        let broken = self.definition.lost.may_declare(&call.name.name);
        let around = Around::within(&call.repetition, broken);
        for (_, expression) in call.inputs.values() {
            self.expression(expression, around);
        }
        for block in &call.blocks {
            self.diagnostics.push(unsupported_block(&block.name).at(block.span));
        }
        let Some(callee) = self.definitions.callee(self.definition, call) else { return };
        for (name, (ident, _)) in &call.inputs {
            if !callee.variables.contains_key(name) && !callee.lost.may_declare(name) {
                let mut error = unsupported_argument(name).at(ident.span);
                error.help = did_you_mean(name, callee.variables.keys().map(|name| &**name));
                self.diagnostics.push(error);
            }
        }
        if broken {
            return;
        }
        for (name, variable) in &callee.variables {
            let required = variable.default.is_none() && !callee.lost.may_declare(name);
            if required && !call.inputs.contains_key(name) {
                self.diagnostics.push(
                    missing_argument(name)
                        .at(opening(call.body))
                        .label(variable.header, "the variable is declared here"),
                );
            }
        }
        for alias in &callee.aliases {
            if !call.providers.iter().any(|(inside, _)| inside.key() == *alias) {
                let alias = format!("{}.{}", alias.0, alias.1.as_deref().unwrap_or_default());
                let detail = format!("The module needs the provider configuration `{alias}`");
                self.diagnostics.push(
                    Diagnostic::error("Missing required provider configuration", detail)
                        .at(call.header)
                        .help(format!("pass it: `providers = {{ {alias} = … }}`")),
                );
            }
        }
    }
}
