//! Values that come into a module and go out of it, and `check` blocks.

use std::sync::Arc;

use platoform_config::{ModuleCall, ModuleId, Surroundings, Topology, Variable, did_you_mean};
use platoform_diagnostic::{Diagnostic, Diagnostics, Span};
use platoform_lang::json::EXTRANEOUS;
use platoform_value::{Marks, Value, convert};

use super::Validator;
use crate::session::evaluate::lasting;

impl Validator<'_> {
    pub(super) fn variable(&mut self, module: ModuleId, name: &Arc<str>) {
        let topology = self.topology;
        let this = topology.module(module);
        let Some(variable) = this.variables.get(name) else { return };
        let Some((caller, call)) = &this.parent else {
            return self.validations(module, variable, None, variable.header);
        };
        let call = topology.module(*caller).calls.get(call);
        let Some((_, input)) = call.and_then(|call| call.inputs.get(name)) else {
            let value = variable.accept(None).ok();
            return self.validations(module, variable, value.as_ref(), variable.header);
        };
        // Terraform finds out only later whether the call repeats.
        let around = Surroundings { count: true, each: true, ..Surroundings::default() };
        let given = self.expression(*caller, input, &around);
        let error = given.as_ref().and_then(|value| unacceptable(variable, value, input.span));
        let value = given.filter(|_| error.is_none());
        let value = value.and_then(|value| variable.accept(Some(value)).ok());
        self.found.extend(error);
        self.validations(module, variable, value.as_ref(), input.span);
    }

    pub(super) fn output(&mut self, module: ModuleId, name: &str) {
        let this = self.topology.module(module);
        let Some(output) = this.outputs.get(name) else { return };
        let root = module == ModuleId::ROOT;
        if root && output.ephemeral {
            let detail = "The root module has nobody to pass an ephemeral value to";
            self.found
                .push(Diagnostic::error("Ephemeral output not allowed", detail).at(output.header));
            return;
        }
        let around = Surroundings::default();
        let before = self.found.len();
        self.assertions(module, &output.preconditions, &around, true);
        // Without its preconditions there is no value.
        if self.found.has_errors_after(before) {
            return;
        }
        let value = self.expression(module, &output.expression, &around);
        self.depends_on(module, &output.depends_on);
        let Some(value) = value else { return };
        if root && !output.sensitive && value.deep_marks().contains(Marks::SENSITIVE) {
            self.found.push(
                Diagnostic::error(
                    "Output refers to sensitive values",
                    "An output of the root module is shown, so one that holds a secret must say so",
                )
                .at(output.header)
                .help("add `sensitive = true` to the output"),
            );
        }
        if !self.found.has_errors_after(before) {
            self.found.extend(lasting(output, &value));
        }
    }

    pub(super) fn check(&mut self, module: ModuleId, name: &str) {
        let Some(check) = self.topology.module(module).checks.get(name) else { return };
        let around = Surroundings { check: Some(name), ..Surroundings::default() };
        self.assertions(module, &check.assertions, &around, false);
    }

    /// Checks the call of a module: how often, and whether it takes what is given.
    pub(super) fn call(&mut self, module: ModuleId) {
        let topology = self.topology;
        let Some((caller, name)) = &topology.module(module).parent else { return };
        let Some(call) = topology.module(*caller).calls.get(name) else { return };
        self.repetition(*caller, &call.repetition);
        self.depends_on(*caller, &call.depends_on);
    }
}

/// What is wrong with the arguments of calls: without these nothing else makes sense.
pub(super) fn arguments(topology: &Topology) -> Diagnostics {
    let mut found = Diagnostics::default();
    for call in topology.modules.iter().flat_map(|module| module.calls.values()) {
        wrong_arguments(topology, call, &mut found);
        // One call at a time: others may only follow from it.
        if found.has_errors() {
            break;
        }
    }
    found
}

fn wrong_arguments(topology: &Topology, call: &ModuleCall, found: &mut Diagnostics) {
    let variables = &topology.module(call.module).variables;
    for (name, (given, _)) in &call.inputs {
        if !variables.contains_key(name) {
            let mut error = platoform_config::unsupported_argument(name).at(given.span);
            if given.is_quoted() {
                error.summary = EXTRANEOUS.to_owned();
            }
            error.help = did_you_mean(name, variables.keys().map(|name| &**name));
            found.push(error);
        }
    }
    for block in &call.foreign {
        found.push(platoform_config::unsupported_block(&block.name).at(block.span));
    }
    for (name, variable) in variables {
        if variable.default.is_none() && !call.inputs.contains_key(name) {
            found.push(
                platoform_config::missing_argument(name)
                    .at(call.opening)
                    .label(variable.header, "the variable is declared here"),
            );
        }
    }
}

/// The error for a value that a variable does not take.
fn unacceptable(variable: &Variable, value: &Value, at: Span) -> Option<Diagnostic> {
    let name = &variable.name.name;
    let error = |summary: &str, detail: String| {
        Diagnostic::error(summary, detail).at(at).label(variable.header, "declared here")
    };
    if !variable.ephemeral && value.deep_marks().contains(Marks::EPHEMERAL) {
        let detail = format!("The variable `{name}` does not take ephemeral values");
        return Some(error("Ephemeral value not allowed", detail));
    }
    if value.is_null() && !variable.nullable {
        let detail = format!("The variable `{name}` must not be null");
        return variable.default.is_none().then(|| error("Required variable not set", detail));
    }
    let value = variable.defaults.apply(value);
    let why = convert(&value, &variable.kind).err()?;
    let detail = format!("The given value is not suitable for `var.{name}`: {why}");
    Some(error("Invalid value for input variable", detail))
}
