//! Values for the variables of the root module: where they come from and what they must be.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use platoform_diagnostic::{Diagnostic, Diagnostics, Environment, Files, Sources, Span};
use platoform_lang::Expression;
use platoform_value::{Marks, Value, convert};

use crate::load::constant;
use crate::{ModuleId, Topology, Variable};

mod gather;
#[cfg(test)]
mod tests;
mod tfvars;

pub use tfvars::tfvars;

/// Values given for variables, later ones over earlier ones.
#[derive(Clone, Debug, Default)]
pub struct VariableInputs(pub Vec<VariableInput>);

/// A value given for a variable.
#[derive(Clone, Debug)]
pub struct VariableInput {
    /// Where it was given.
    pub origin: VariableOrigin,
    /// Name of the variable.
    pub name: Arc<str>,
    /// What was given.
    pub text: VariableText,
    /// Where it was written, if that was a file.
    pub span: Option<Span>,
}

/// Where a value for a variable was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VariableOrigin {
    /// `TF_VAR_…` or `PLATOFORM_VAR_…`.
    Environment,
    /// A file that is read without being named, such as `terraform.tfvars`.
    AutomaticFile(Arc<str>),
    /// `-var-file`.
    File(Arc<str>),
    /// `-var`.
    CommandLine,
    /// The command, which found none elsewhere and asked for it, or does without.
    Command,
}

/// What was given for a variable.
#[derive(Clone, Debug, PartialEq)]
pub enum VariableText {
    /// Text from outside of a file: taken literally for a variable of primitive type or without a
    /// type, an expression for any other.
    Expression(Arc<str>),
    /// A value.
    Value(Value),
    /// What stands in a file: a constant expression.
    Written(Arc<Expression>),
}

/// An option of the command line that gives values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VariableArgument {
    /// `-var NAME=VALUE`, the whole of `NAME=VALUE`.
    Assignment(String),
    /// `-var-file PATH`.
    File(PathBuf),
}

/// Why a variable cannot have a value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VariableError {
    /// None is given and there is no default.
    #[error("no value is given and it has no default")]
    Missing,
    /// Null is given for a variable that must not be null.
    #[error("it must not be null")]
    Null,
    /// The value does not fit the type constraint, for this reason.
    #[error("{0}")]
    Unsuitable(String),
}

impl Variable {
    /// A value converted to the variable's type, with the defaults of optional attributes filled
    /// in.
    ///
    /// # Errors
    /// [`VariableError::Unsuitable`].
    pub fn convert(&self, value: &Value) -> Result<Value, VariableError> {
        let value = self.defaults.apply(value);
        convert(&value, &self.kind).map_err(|error| VariableError::Unsuitable(error.to_string()))
    }

    /// The value the variable has when this is given, default and marks included. For the root
    /// module and for calls alike; validation rules are not checked.
    ///
    /// # Errors
    /// See [`VariableError`].
    pub fn accept(&self, given: Option<Value>) -> Result<Value, VariableError> {
        let value = match given {
            Some(given) => self.convert(&given)?,
            None => self.default.clone().ok_or(VariableError::Missing)?,
        };
        let value = if value.is_null() && !self.nullable {
            self.default.clone().ok_or(VariableError::Null)?
        } else {
            value
        };
        Ok(value.mark(self.marks()))
    }

    /// The marks its values carry by declaration.
    #[must_use]
    pub fn marks(&self) -> Marks {
        let mut marks = Marks::NONE;
        if self.sensitive {
            marks |= Marks::SENSITIVE;
        }
        if self.ephemeral {
            marks |= Marks::EPHEMERAL;
        }
        marks
    }
}

impl VariableInputs {
    /// Collects values from all places they can be given in, in Terraform's order: environment,
    /// `terraform.tfvars`, `platoform.tfvars`, `*.auto.tfvars` by name, command line. Files are
    /// added to `sources`.
    #[must_use]
    pub fn gather(
        files: &dyn Files,
        directory: &Path,
        environment: &Environment,
        arguments: &[VariableArgument],
        sources: &mut Sources,
    ) -> (Self, Diagnostics) {
        gather::all(files, directory, environment, arguments, sources)
    }

    /// The variables of the root module that have neither a value nor a default, by name.
    #[must_use]
    pub fn missing(&self, topology: &Topology) -> Vec<Arc<Variable>> {
        let given: BTreeSet<&str> = self.0.iter().map(|input| &*input.name).collect();
        let declared = topology.modules.get(ModuleId::ROOT.0 as usize);
        let declared = declared.into_iter().flat_map(|root| root.variables.values());
        let missing = declared
            .filter(|variable| variable.default.is_none() && !given.contains(&*variable.name.name));
        missing.cloned().collect()
    }

    /// Gives a variable a value that no user gave beforehand.
    pub fn complete(&mut self, variable: &Variable, text: VariableText) {
        let name = variable.name.name.clone();
        self.push(VariableInput { origin: VariableOrigin::Command, name, text, span: None });
    }

    /// Adds a value over all given before.
    pub fn push(&mut self, input: VariableInput) {
        self.0.push(input);
    }
}

/// What a variable of the root module is.
#[derive(Clone, Debug)]
pub struct RootVariable {
    /// Its value, converted and marked; unknown where it is invalid.
    pub value: Value,
    /// The value's place, where it was given in a file.
    pub given: Option<Span>,
    /// What is wrong with the value; nothing that needs it can be worked out.
    pub invalid: Option<Diagnostic>,
}

impl From<Value> for RootVariable {
    fn from(value: Value) -> Self {
        Self { value, given: None, invalid: None }
    }
}

/// Finds the value of each variable of the root module. Texts that are expressions are added to
/// the topology's sources.
///
/// A value that is missing, or no value at all, is among the diagnostics; one that does not fit is
/// told with the variable, because what does not need it can still be worked out. Values for variables that are not declared are errors on the command line, warnings in files,
/// and ignored in the environment.
#[must_use]
pub fn resolve_variables(
    topology: &mut Topology,
    inputs: &VariableInputs,
) -> (BTreeMap<Arc<str>, RootVariable>, Diagnostics) {
    let mut diagnostics = Diagnostics::default();
    let mut values = BTreeMap::new();
    let Some(root) = topology.modules.get(ModuleId::ROOT.0 as usize) else {
        return (values, diagnostics);
    };
    let declared = root.variables.clone();
    let given: BTreeMap<&str, &VariableInput> =
        inputs.0.iter().map(|input| (&*input.name, input)).collect();
    for (name, variable) in &declared {
        let input = given.get(&**name).copied();
        let parsed = input.map(|input| parse(variable, input, &mut topology.sources));
        let value = parsed.transpose().unwrap_or_else(|errors| {
            diagnostics.extend(errors);
            None
        });
        values.insert(name.clone(), resolve(variable, input, value, &mut diagnostics));
    }
    undeclared(
        given.values().filter(|input| !declared.contains_key(&input.name)),
        &mut diagnostics,
    );
    (values, diagnostics)
}

fn resolve(
    variable: &Variable,
    input: Option<&VariableInput>,
    value: Option<Value>,
    diagnostics: &mut Diagnostics,
) -> RootVariable {
    let given = input.and_then(|input| input.span);
    let error = match variable.accept(value) {
        Ok(value) => return RootVariable { value, given, invalid: None },
        Err(error) => error,
    };
    let name = &variable.name.name;
    let invalid = match &error {
        VariableError::Missing => {
            let detail = format!(
                "The input variable `{name}` of the root module has neither value nor default"
            );
            diagnostics.push(
                Diagnostic::error("No value for required variable", detail)
                    .at(variable.header)
                    .help(format!(
                        "give it with `-var {name}=VALUE`, or in a file with `-var-file`"
                    )),
            );
            None
        }
        VariableError::Null => Some(Diagnostic::error(
            "Required variable not set",
            format!("The value given for `var.{name}` must not be null"),
        )),
        VariableError::Unsuitable(why) => Some(Diagnostic::error(
            "Invalid value for input variable",
            format!("The value given for `var.{name}` does not fit its type: {why}"),
        )),
    };
    let invalid = invalid.map(|found| match given {
        // The text of a secret is not shown.
        Some(place) if variable.sensitive => {
            found.at(variable.header).label(place, "the value is given here")
        }
        Some(place) => found.at(place).label(variable.header, "the variable is declared here"),
        None => found.at(variable.header),
    });
    let value = Value::unknown(variable.kind.without_optional()).mark(variable.marks());
    RootVariable { value, given, invalid }
}

fn parse(
    variable: &Variable,
    input: &VariableInput,
    sources: &mut Sources,
) -> Result<Value, Diagnostics> {
    let text = match &input.text {
        VariableText::Value(value) => return Ok(value.clone()),
        VariableText::Written(expression) => return constant::value(expression),
        VariableText::Expression(text) if variable.literal => {
            return Ok(Value::string(text.clone()));
        }
        VariableText::Expression(text) => text,
    };
    let file = sources.add(format!("<value for var.{}>", input.name), text.clone());
    let (expression, errors) = platoform_lang::parse_expression(file, text, 0);
    if errors.has_errors() {
        return Err(errors);
    }
    constant::value(&expression)
}

/// How many values for undeclared variables are reported one by one.
const UNDECLARED_SHOWN: usize = 2;

fn undeclared<'a>(
    inputs: impl Iterator<Item = &'a &'a VariableInput>,
    diagnostics: &mut Diagnostics,
) {
    const SUMMARY: &str = "Value for undeclared variable";
    let mut in_files = 0;
    for input in inputs {
        // One that cannot be read is nothing to warn about.
        if matches!(&input.text, VariableText::Written(value) if constant::value(value).is_err()) {
            continue;
        }
        let name = &input.name;
        match &input.origin {
            VariableOrigin::Environment | VariableOrigin::Command => {}
            VariableOrigin::CommandLine => diagnostics.push(
                Diagnostic::error(
                    SUMMARY,
                    format!(
                        "The root module declares no variable `{name}`, yet `-var` gives it one"
                    ),
                )
                .help(format!("declare it: `variable \"{name}\" {{}}`")),
            ),
            VariableOrigin::AutomaticFile(file) | VariableOrigin::File(file) => {
                in_files += 1;
                if in_files <= UNDECLARED_SHOWN {
                    let detail = format!(
                        "The root module declares no variable `{name}`, yet `{file}` gives it a value"
                    );
                    diagnostics.push(
                        Diagnostic::warning(SUMMARY, detail).help(
                            "values for several configurations can be given as `TF_VAR_NAME`",
                        ),
                    );
                }
            }
        }
    }
    if in_files > UNDECLARED_SHOWN {
        let more = in_files - UNDECLARED_SHOWN;
        diagnostics.push(Diagnostic::warning(
            "Values for undeclared variables",
            format!("Files give values to {more} more variables that are not declared"),
        ));
    }
}
