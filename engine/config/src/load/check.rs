//! References and module inputs, checked without knowing any value: once for each definition.
//!
//! That is done whatever else is wrong, so that one run tells all. Only what would follow from
//! another error is left out: see [`super::lost`].

use std::path::PathBuf;
use std::sync::Arc;

use platoform_diagnostic::{Diagnostic, Diagnostics};
use platoform_lang::json::EXTRANEOUS;
use platoform_lang::tree::{Expression, ExpressionKind, Reference, Step};
use rustc_hash::FxHashMap;

use super::definition::{CallDefinition, Definition, ResourceDefinition};
use crate::content::{missing_argument, opening, unsupported_argument, unsupported_block};
use crate::reference::Referent;
use crate::suggest::did_you_mean;
use crate::{Condition, Content, Repetition};

mod reference;
mod traversal;

use reference::dotted;

/// What the root module is called in messages.
pub(super) const ROOT: &str = "the root module";

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
    /// What the module is called in messages.
    place: &'a str,
    definitions: &'a Definitions,
    diagnostics: &'a mut Diagnostics,
    /// References in what is checked now that name nothing that could be.
    references: Diagnostics,
    /// Names in it that the configuration does not have, or not like this.
    statics: Diagnostics,
    /// Values in it that would be missed when it is evaluated.
    dynamics: Diagnostics,
}

impl<'a> Checker<'a> {
    fn new(
        definition: &'a Definition,
        place: &'a str,
        definitions: &'a Definitions,
        diagnostics: &'a mut Diagnostics,
    ) -> Self {
        Self {
            definition,
            place,
            definitions,
            diagnostics,
            references: Diagnostics::default(),
            statics: Diagnostics::default(),
            dynamics: Diagnostics::default(),
        }
    }

    /// Checks what is evaluated at once. As in Terraform it is not evaluated, and no value missed,
    /// where a name is wrong.
    fn together(&mut self, check: impl FnOnce(&mut Self)) {
        check(self);
        let dynamics = std::mem::take(&mut self.dynamics);
        if self.statics.is_empty() {
            self.diagnostics.extend(dynamics);
        }
        self.diagnostics.extend(std::mem::take(&mut self.statics));
        self.diagnostics.extend(std::mem::take(&mut self.references));
    }
}

/// Checks everything a definition refers to.
pub(super) fn definition(
    definition: &Definition,
    place: &str,
    definitions: &Definitions,
    diagnostics: &mut Diagnostics,
) {
    let mut checker = Checker::new(definition, place, definitions, diagnostics);
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
            checker.content(content, nothing);
        }
    }
    for resource in definition.resources.values() {
        checker.resource(resource);
    }
    for call in definition.calls.values() {
        checker.call(call);
    }
}

/// Checks what an expression in the root module, outside of all blocks, refers to.
pub(super) fn expression(
    definition: &Definition,
    definitions: &Definitions,
    expression: &Expression,
    diagnostics: &mut Diagnostics,
) {
    let mut checker = Checker::new(definition, ROOT, definitions, diagnostics);
    checker.expression(expression, Around::default());
}

impl Checker<'_> {
    fn expression(&mut self, expression: &Expression, around: Around) {
        self.together(|checker| {
            expression.references(&mut |reference| checker.reference(&reference, around));
        });
    }

    fn content(&mut self, content: &Content, around: Around) {
        self.together(|checker| {
            content.references(&mut |reference| checker.reference(&reference, around));
        });
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
        self.content(&resource.content, around);
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
                _ => self.together(|checker| checker.reference(&reference, Around::default())),
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
                if ident.is_quoted() {
                    error.summary = EXTRANEOUS.to_owned();
                }
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
