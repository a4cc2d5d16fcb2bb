//! Functions that providers define.

use std::sync::Arc;

use platoform_value::{Marks, Type, Value, convert};

use super::call::{Argument, counted, failure};
use super::{Context, Findings, dynamic};
use crate::functions::Problem;
use crate::tree::Call;

/// The functions of the providers that a module requires.
pub trait ProviderFunctions {
    /// Whether the module requires a provider under this local name.
    fn requires(&self, provider: &str) -> bool;

    /// The function of that provider that has this name.
    fn find(&self, provider: &str, function: &str) -> Option<ProvidedFunction<'_>>;
}

/// Runs a function. `Err` names the argument at fault, if one is, and says what is wrong.
pub type Run<'a> = Box<dyn Fn(Vec<Value>) -> Result<Value, (Option<usize>, String)> + 'a>;

/// A function of a provider.
pub struct ProvidedFunction<'a> {
    /// Parameters that every call must give.
    pub parameters: Vec<ProvidedParameter>,
    /// What further arguments are, if it takes any.
    pub variadic: Option<ProvidedParameter>,
    /// The type of the result.
    pub returns: Type,
    /// Its code, for arguments that have the types of the parameters and bear no marks.
    pub run: Run<'a>,
}

/// One parameter of a provider's function.
#[derive(Clone, Debug, PartialEq)]
pub struct ProvidedParameter {
    /// The name, for messages.
    pub name: Arc<str>,
    /// What arguments are converted to.
    pub kind: Type,
    /// It may be null; otherwise that is an error.
    pub allows_null: bool,
    /// The code deals with values that are not wholly known; otherwise they make the result
    /// unknown.
    pub allows_unknown: bool,
}

impl ProvidedFunction<'_> {
    /// The parameter that the argument at this position is for.
    fn parameter(&self, index: usize) -> Option<&ProvidedParameter> {
        self.parameters.get(index).or(self.variadic.as_ref())
    }

    /// The result for arguments that have the types of the parameters and bear no marks.
    fn result(&self, arguments: Vec<Value>) -> Result<Value, Problem> {
        let mut unknown = false;
        for (index, value) in arguments.iter().enumerate() {
            let Some(parameter) = self.parameter(index) else { continue };
            if value.is_null() && !parameter.allows_null {
                return Err(Problem::at(index, "argument must not be null"));
            }
            unknown |= !parameter.allows_unknown && !value.is_wholly_known();
        }
        if unknown {
            return Ok(Value::unknown(self.returns.clone()));
        }
        (self.run)(arguments)
            .map_err(|(argument, message)| Problem { argument, ..Problem::from(message) })
    }
}

/// The provider and the function that a name `provider::NAME::FUNCTION` speaks of.
pub(super) fn parts(name: &str) -> Option<(&str, &str)> {
    let (provider, function) = name.strip_prefix("provider::")?.split_once("::")?;
    (!function.contains("::")).then_some((provider, function))
}

/// A call of a provider's function.
pub(super) fn evaluate(
    context: &Context<'_>,
    function: &ProvidedFunction<'_>,
    call: &Call,
    arguments: &[Argument<'_>],
    span: platoform_diagnostic::Span,
    findings: &mut Findings,
) -> Value {
    let fail = |problem: &Problem| {
        let parameter = problem.argument.and_then(|index| function.parameter(index));
        let name = parameter.map(|parameter| &*parameter.name);
        failure(name, call, arguments, problem, span)
    };
    let wanted = function.parameters.len();
    let missing = function.parameters.get(arguments.len()).map(|parameter| &*parameter.name);
    if let Some(wrong) = counted(wanted, missing, function.variadic.is_some(), call, arguments) {
        return findings.fail(wrong);
    }
    let before = findings.len();
    let mut values = Vec::with_capacity(arguments.len());
    let mut marks = Marks::NONE;
    for (index, argument) in arguments.iter().enumerate() {
        let Some(parameter) = function.parameter(index) else { continue };
        let value = argument.value(context, findings);
        match convert(&value, &parameter.kind) {
            Ok(value) => {
                marks |= value.deep_marks();
                values.push(value.unmark_deep());
            }
            Err(error) => {
                findings.push(fail(&Problem::at(index, context.reason(&value, error))));
            }
        }
    }
    if findings.len() > before {
        return dynamic();
    }
    match function.result(values) {
        Ok(value) => value.mark(marks),
        Err(problem) => {
            let open = !context.sensitive && !marks.contains(Marks::SENSITIVE);
            findings.fail(fail(&if open { problem } else { problem.silenced() }))
        }
    }
}

#[cfg(test)]
mod tests;
