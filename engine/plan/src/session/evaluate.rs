//! Evaluating the named values of modules.

use platoform_config::{Check, Condition, Output, Variable, VariableError};
use platoform_diagnostic::{Diagnostic, Diagnostics, Severity, Span};
use platoform_lang::Expression;
use platoform_value::{Marks, Type, Value};

use super::Session;
use super::condition::{self, Outcome};
use super::module::Each;
use super::nodes::NodeId;
use crate::verdict::Verdict;

/// A value with what it was made from and what was found on the way.
pub(crate) struct Evaluated {
    pub value: Value,
    pub reads: Vec<NodeId>,
    pub diagnostics: Diagnostics,
    /// A condition could not be checked yet.
    pub unchecked: bool,
    pub verdict: Verdict,
}

/// What became of a condition.
#[derive(Default)]
pub(crate) struct Checked {
    pub diagnostics: Diagnostics,
    pub reads: Vec<NodeId>,
    /// It cannot be told yet: it passes for now.
    pub unknown: bool,
    /// Headers of the conditions of which that is true.
    pub open: Vec<Span>,
    pub verdict: Verdict,
}

impl Evaluated {
    fn of((result, reads): (Result<Value, Diagnostics>, Vec<NodeId>)) -> Self {
        let (value, diagnostics) = match result {
            Ok(value) => (value, Diagnostics::default()),
            Err(diagnostics) => (Value::unknown(Type::Dynamic), diagnostics),
        };
        Self { value, reads, diagnostics, unchecked: false, verdict: Verdict::default() }
    }
}

impl Session {
    /// A local value.
    pub(crate) fn local(&self, instance: usize, name: &str) -> Evaluated {
        let module = self.topology.module(self.instances[instance].module);
        match module.locals.get(name) {
            Some(local) => Evaluated::of(self.expression(instance, None, &local.expression)),
            None => Evaluated::of((Err(Diagnostics::default()), Vec::new())),
        }
    }

    /// A variable of a called module, from the call's argument or its default.
    pub(crate) fn variable(&self, instance: usize, name: &str) -> Evaluated {
        let module = self.topology.module(self.instances[instance].module);
        let (Some(variable), Some(parent)) =
            (module.variables.get(name), self.instances[instance].parent)
        else {
            return Evaluated::of((Err(Diagnostics::default()), Vec::new()));
        };
        let Some(input) = self.input(instance, name) else {
            return Evaluated::of((accepted(variable, None, None), Vec::new()));
        };
        let each = self.module_each(instance);
        let (result, reads) = self.expression(parent, Some(&each), input);
        let result = result.and_then(|value| accepted(variable, Some(value), Some(input.span)));
        let mut evaluated = Evaluated::of((result, reads));
        if evaluated.diagnostics.has_errors() {
            evaluated.value = Value::unknown(variable.kind.without_optional());
        }
        evaluated
    }

    /// The expression that a call gives for a variable of the module it calls.
    fn input(&self, instance: usize, name: &str) -> Option<&Expression> {
        let state = &self.instances[instance];
        let (parent, call) = self.topology.module(state.module).parent.as_ref()?;
        let call = self.topology.module(*parent).calls.get(call)?;
        call.inputs.get(name).map(|(_, expression)| &**expression)
    }

    /// An output, with its preconditions checked.
    pub(crate) fn output(&self, instance: usize, name: &str) -> Evaluated {
        let state = &self.instances[instance];
        let module = self.topology.module(state.module);
        let Some(output) = module.outputs.get(name) else {
            return Evaluated::of((Err(Diagnostics::default()), Vec::new()));
        };
        let mut evaluated = Evaluated::of(self.expression(instance, None, &output.expression));
        if let Err(diagnostic) = output_value(output, &mut evaluated.value, state.parent.is_none())
        {
            evaluated.diagnostics.push(diagnostic);
        }
        let mut before = Diagnostics::default();
        for condition in &output.preconditions {
            let checked = self.condition(instance, None, None, condition, OUTPUT_FAILED);
            before.extend(checked.diagnostics);
            evaluated.reads.extend(checked.reads);
            evaluated.unchecked |= checked.unknown;
            evaluated.verdict.merge(checked.verdict);
        }
        // Without its preconditions there is no value to find fault with.
        if before.has_errors() {
            evaluated.diagnostics = before;
        } else {
            evaluated.diagnostics.extend(before);
        }
        evaluated
    }

    /// The validations of a variable whose value is already in its slot. What is wrong with the
    /// value is reported where it was given: `given`, the call's argument, or else the declaration.
    pub(crate) fn validations(
        &self,
        instance: usize,
        variable: &Variable,
        given: Option<Span>,
    ) -> Checked {
        let input = self.input(instance, &variable.name.name).map(|input| input.span);
        let place = given.or(input).unwrap_or(variable.header);
        let mut all = Checked::default();
        for validation in &variable.validations {
            let (outcome, reads) = self.within(instance, None, None, |evaluator| {
                condition::validation(evaluator, validation, place)
            });
            all.add(outcome, reads);
        }
        all
    }

    /// Checks the assertions of a `check` block, whose failures are warnings. Where they are not to
    /// be told, only what the assertions read counts.
    pub(crate) fn assertions(&self, instance: usize, check: &Check, told: bool) -> Checked {
        const FAILED: &str = "Check block assertion failed";
        let mut all = Checked::default();
        for assertion in &check.assertions {
            let checked = self.condition(instance, None, None, assertion, FAILED);
            if checked.unknown {
                all.open.push(assertion.header);
            }
            all.unknown |= checked.unknown;
            all.reads.extend(checked.reads);
            all.verdict.merge(checked.verdict);
            let found = checked.diagnostics.into_iter().filter(|_| told).map(|mut found| {
                if found.summary == FAILED {
                    found.severity = Severity::Warning;
                }
                found
            });
            all.diagnostics.extend(found);
        }
        all
    }

    /// Checks a condition; one that is unknown passes for now.
    pub(crate) fn condition(
        &self,
        instance: usize,
        each: Option<&Each>,
        itself: Option<&Value>,
        condition: &Condition,
        summary: &str,
    ) -> Checked {
        let (outcome, reads) = self.within(instance, each, itself, |evaluator| {
            condition::rule(evaluator, condition, summary)
        });
        let mut checked = Checked::default();
        checked.add(outcome, reads);
        checked
    }
}

impl Checked {
    fn add(&mut self, outcome: Outcome, reads: Vec<NodeId>) {
        self.verdict.merge(outcome.verdict());
        self.diagnostics.extend(outcome.diagnostics);
        self.unknown |= outcome.unknown;
        self.reads.extend(reads);
    }
}

/// Brings a given value into the shape its variable declares.
fn accepted(
    variable: &Variable,
    value: Option<Value>,
    span: Option<Span>,
) -> Result<Value, Diagnostics> {
    let name = &variable.name.name;
    variable.accept(value).map_err(|error| {
        let found = match &error {
            // Reported when the call was read.
            VariableError::Missing => return Diagnostics::default(),
            VariableError::Null => Diagnostic::error(
                "Required variable not set",
                format!("The value given for `var.{name}` must not be null"),
            ),
            VariableError::Unsuitable(why) => Diagnostic::error(
                "Invalid value for input variable",
                format!("The given value is not suitable for `var.{name}`: {why}"),
            ),
        };
        found.at_default(span).label(variable.header, "declared here").into()
    })
}

/// The error for an output that is kept where its value is not, or the other way round.
pub(crate) fn lasting(output: &Output, value: &Value) -> Option<Diagnostic> {
    let (summary, detail) = if output.ephemeral && !value.marks().contains(Marks::EPHEMERAL) {
        (
            "Value not allowed in ephemeral output",
            "This output value is declared as returning an ephemeral value, so it can only be set \
             to an ephemeral value",
        )
    } else if !output.ephemeral && value.deep_marks().contains(Marks::EPHEMERAL) {
        (
            "Ephemeral value not allowed",
            "This output value is not declared as returning an ephemeral value, so it cannot be set \
             to a result derived from an ephemeral value",
        )
    } else {
        return None;
    };
    Some(Diagnostic::error(summary, detail).at(output.expression.span))
}

/// What a precondition of an output is called that does not hold.
pub(crate) const OUTPUT_FAILED: &str = "Module output value precondition failed";

/// Marks a sensitive output; a root output that shows a secret without saying so is refused, and
/// so is a value that is not kept, unless the output says the same.
fn output_value(output: &Output, value: &mut Value, root: bool) -> Result<(), Diagnostic> {
    let exposed = root && !output.sensitive && value.deep_marks().contains(Marks::SENSITIVE);
    if !exposed && let Some(error) = lasting(output, value) {
        return Err(error);
    }
    if output.sensitive {
        *value = value.clone().mark(Marks::SENSITIVE);
    } else if exposed {
        let detail = "To reduce the risk of accidentally exporting sensitive data that was intended \
                      to be only internal, a root module output that contains sensitive data must \
                      be explicitly marked as sensitive";
        return Err(Diagnostic::error("Output refers to sensitive values", detail)
            .at(output.header)
            .help("add `sensitive = true` to the output"));
    }
    Ok(())
}
