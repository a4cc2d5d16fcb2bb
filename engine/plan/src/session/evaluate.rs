//! Evaluating the named values of modules.

use platoform_config::{Condition, Output, Variable};
use platoform_diagnostic::{Diagnostic, Diagnostics, Span};
use platoform_value::{Data, Marks, Type, Value, convert};

use super::Session;
use super::module::Each;
use super::nodes::NodeId;

/// A value with what it was made from and what was found on the way.
pub(crate) struct Evaluated {
    pub value: Value,
    pub reads: Vec<NodeId>,
    pub diagnostics: Diagnostics,
    /// A condition could not be checked yet.
    pub unchecked: bool,
}

/// What became of a condition.
#[derive(Default)]
pub(crate) struct Checked {
    pub diagnostics: Diagnostics,
    pub reads: Vec<NodeId>,
    /// It cannot be told yet: it passes for now.
    pub unknown: bool,
}

impl Evaluated {
    fn of((result, reads): (Result<Value, Diagnostics>, Vec<NodeId>)) -> Self {
        match result {
            Ok(value) => {
                Self { value, reads, diagnostics: Diagnostics::default(), unchecked: false }
            }
            Err(diagnostics) => {
                let value = Value::unknown(Type::Dynamic);
                Self { value, reads, diagnostics, unchecked: false }
            }
        }
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
        let state = &self.instances[instance];
        let module = self.topology.module(state.module);
        let missing = || Evaluated::of((Err(Diagnostics::default()), Vec::new()));
        let (Some(variable), Some((parent_module, call)), Some(parent)) =
            (module.variables.get(name), &module.parent, state.parent)
        else {
            return missing();
        };
        let call = self.topology.module(*parent_module).calls.get(call);
        let input = call.and_then(|call| call.inputs.get(name));
        let mut evaluated = match input {
            Some((_, expression)) => {
                Evaluated::of(self.expression(parent, Some(&state.each), expression))
            }
            None => Evaluated::of((
                Ok(variable.default.clone().unwrap_or_else(|| Value::null(variable.kind.clone()))),
                Vec::new(),
            )),
        };
        let span = input.map(|(_, expression)| expression.span);
        match variable_value(variable, evaluated.value, span) {
            Ok(value) => evaluated.value = value,
            Err(diagnostic) => {
                evaluated.value = Value::unknown(variable.kind.clone());
                evaluated.diagnostics.push(diagnostic);
            }
        }
        evaluated
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
        let failed = "Module output value precondition failed";
        for condition in &output.preconditions {
            let checked = self.condition(instance, None, None, condition, failed);
            evaluated.diagnostics.extend(checked.diagnostics);
            evaluated.reads.extend(checked.reads);
            evaluated.unchecked |= checked.unknown;
        }
        evaluated
    }

    /// The validations of a variable whose value is already in its slot.
    pub(crate) fn validations(&self, instance: usize, variable: &Variable) -> Checked {
        let failed = "Invalid value for variable";
        let mut all = Checked::default();
        for validation in &variable.validations {
            let checked = self.condition(instance, None, None, validation, failed);
            all.diagnostics.extend(checked.diagnostics);
            all.reads.extend(checked.reads);
            all.unknown |= checked.unknown;
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
        let (result, mut reads) = self
            .within(instance, each, itself, |evaluator| evaluator.evaluate(&condition.condition));
        let span = condition.condition.span;
        let invalid = |detail: String| {
            Diagnostics::from(Diagnostic::error("Invalid condition result", detail).at(span))
        };
        let value = result.and_then(|value| {
            convert(&value, &Type::Bool)
                .map_err(|error| invalid(format!("Invalid condition result value: {error}")))
        });
        let mut unknown = false;
        let diagnostics = match value.as_ref().map(Value::data) {
            Err(diagnostics) => diagnostics.clone(),
            Ok(Data::Bool(true)) => Diagnostics::default(),
            Ok(Data::Unknown(_)) => {
                unknown = true;
                Diagnostics::default()
            }
            Ok(Data::Bool(false)) => {
                let (message, more) = self.message(instance, each, itself, condition);
                reads.extend(more);
                Diagnostic::error(summary, message).at(span).into()
            }
            Ok(_) => {
                invalid("Condition expression must return either true or false, not null".into())
            }
        };
        Checked { diagnostics, reads, unknown }
    }

    fn message(
        &self,
        instance: usize,
        each: Option<&Each>,
        itself: Option<&Value>,
        condition: &Condition,
    ) -> (String, Vec<NodeId>) {
        let (result, reads) =
            self.within(instance, each, itself, |evaluator| evaluator.evaluate(&condition.message));
        let text = result.ok().and_then(|value| {
            if value.deep_marks().contains(Marks::SENSITIVE) {
                return Some(
                    "The error message included a sensitive value, so it will not be \
                             displayed"
                        .to_owned(),
                );
            }
            convert(&value, &Type::String).ok()?.as_str().map(str::to_owned)
        });
        let fallback = "This check failed, but has an invalid error message";
        (text.unwrap_or_else(|| fallback.to_owned()), reads)
    }
}

/// Brings a given value into the shape its variable declares.
fn variable_value(
    variable: &Variable,
    value: Value,
    span: Option<Span>,
) -> Result<Value, Diagnostic> {
    let fail = |detail: String| {
        Diagnostic::error("Invalid value for input variable", detail)
            .at_default(span)
            .label(variable.header, "declared here")
    };
    let value = if value.is_null() && !variable.nullable {
        variable.default.clone().unwrap_or(value)
    } else {
        value
    };
    let value = variable.defaults.apply(&value);
    let value = convert(&value, &variable.kind).map_err(|error| {
        fail(format!("The given value is not suitable for var.{}: {error}", variable.name.name))
    })?;
    if value.is_null() && !variable.nullable {
        return Err(fail(format!(
            "The variable \"{}\" is required and must not be null",
            variable.name.name
        )));
    }
    let marks = if variable.sensitive { Marks::SENSITIVE } else { Marks::NONE };
    let marks = if variable.ephemeral { marks | Marks::EPHEMERAL } else { marks };
    Ok(value.mark(marks))
}

/// Marks a sensitive output; a root output that shows a secret without saying so is refused.
fn output_value(output: &Output, value: &mut Value, root: bool) -> Result<(), Diagnostic> {
    if output.sensitive {
        *value = value.clone().mark(Marks::SENSITIVE);
    } else if root && value.deep_marks().contains(Marks::SENSITIVE) {
        let detail = "To reduce the risk of accidentally exporting sensitive data that was intended \
                      to be only internal, a root module output that contains sensitive data must \
                      be explicitly marked as sensitive";
        return Err(Diagnostic::error("Output refers to sensitive values", detail)
            .at(output.header)
            .help("add `sensitive = true` to the output"));
    }
    Ok(())
}
