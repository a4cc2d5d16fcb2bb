//! Function calls.

use platoform_diagnostic::{Diagnostic, Span};
use platoform_value::{Type, Value, convert};

use super::{Context, Findings, attempt, dynamic, provided};
use crate::functions::{self, Arguments, Body, Function, Parameter, Problem};
use crate::tree::{Call, Expression, ExpressionKind};

/// One argument: an expression, or an element of what `...` expanded.
pub(super) enum Argument<'a> {
    /// Not evaluated yet.
    Written(&'a Expression),
    /// From the last argument's value, with the place of the whole.
    Expanded(Value, Span),
}

impl Argument<'_> {
    fn span(&self) -> Span {
        match self {
            Self::Written(expression) => expression.start(),
            Self::Expanded(_, span) => *span,
        }
    }

    /// Whether it can be a reference, so that it is worth evaluating.
    fn is_reference(&self) -> bool {
        match self {
            Self::Written(expression) => matches!(expression.kind, ExpressionKind::Traversal(..)),
            Self::Expanded(..) => true,
        }
    }

    /// Its value.
    pub(super) fn value(&self, context: &Context<'_>, findings: &mut Findings) -> Value {
        match self {
            Self::Written(expression) => context.value(expression, findings),
            Self::Expanded(value, _) => value.clone(),
        }
    }
}

/// `name(x, …)`.
pub(super) fn evaluate(
    context: &Context<'_>,
    call: &Call,
    span: Span,
    findings: &mut Findings,
) -> Value {
    let name = &*call.name.name;
    let planned = context.evaluator.functions.timestamp.is_some();
    let function = functions::find(name).filter(|function| is_offered(function.name, planned));
    let provided = provided::parts(name).and_then(|(provider, function)| {
        context.evaluator.functions.provider_function?.find(provider, function)
    });
    if function.is_none() && provided.is_none() {
        // The arguments may refer to what does not exist either.
        call.arguments.iter().for_each(|argument| {
            findings.absorb_undeclared(context.attempt(argument).1);
        });
        return findings.fail(unknown(context, name, planned).at(call.name.span));
    }
    let Some(arguments) = arguments(context, call, findings) else { return dynamic() };
    if let Some(function) = provided {
        return provided::evaluate(context, &function, call, &arguments, span, findings);
    }
    let Some(function) = function else { return dynamic() };
    let missing = function.parameters.get(arguments.len()).map(|parameter| parameter.name);
    let (wanted, variadic) = (function.parameters.len(), function.variadic.is_some());
    if let Some(diagnostic) = counted(wanted, missing, variadic, call, &arguments) {
        return findings.fail(diagnostic);
    }
    match function.body {
        Body::Lazy(kind) => attempt::evaluate(context, kind, &arguments, call, findings),
        Body::Eager(_) => eager(context, function, call, &arguments, span, findings),
    }
}

/// Whether there is such a function in a plan, or else in a console.
fn is_offered(name: &str, planned: bool) -> bool {
    match name {
        functions::PLAN_TIMESTAMP => planned,
        functions::TYPE => !planned,
        _ => true,
    }
}

/// What to say about a function that there is not.
fn unknown(context: &Context<'_>, name: &str, planned: bool) -> Diagnostic {
    const SUMMARY: &str = "Unknown provider function";
    let Some((namespace, rest)) = name.split_once("::") else {
        let known = functions::names();
        let known = known.iter().filter(|known| is_offered(known, planned));
        let similar = known.map(|known| (strsim::levenshtein(name, known), known));
        let similar = similar.filter(|(distance, _)| *distance < 3).min();
        let hint = similar.map(|(_, name)| format!(" Did you mean {name:?}?"));
        let detail = format!("There is no function named {name:?}.{}", hint.unwrap_or_default());
        return Diagnostic::error("Call to unknown function", detail);
    };
    if namespace != "provider" {
        let detail = format!(
            "The function namespace {namespace:?} is not valid. Provider function calls must use \
             the \"provider::\" namespace prefix"
        );
        return Diagnostic::error(SUMMARY, detail);
    }
    let providers = context.evaluator.functions.provider_function;
    if let Some((provider, function)) = provided::parts(name)
        && providers.is_some_and(|providers| providers.requires(provider))
    {
        let detail =
            format!("The function {function:?} is not available from the provider {provider:?}");
        return Diagnostic::error(SUMMARY, detail);
    }
    let Some((provider, function)) = rest.split_once("::") else {
        let detail =
            "The function call must include the provider name after the \"provider::\" prefix";
        return Diagnostic::error(SUMMARY, detail);
    };
    let function = function.split("::").next().unwrap_or(function);
    let detail = format!(
        "There is no function named {name:?}. Ensure that provider name {provider:?} is declared in \
         this module's required_providers block, and that this provider offers a function named \
         {function:?}"
    );
    Diagnostic::error(SUMMARY, detail)
}

/// The arguments, the last one expanded; `None` when the result is unknown or it is wrong.
fn arguments<'a>(
    context: &Context<'_>,
    call: &'a Call,
    findings: &mut Findings,
) -> Option<Vec<Argument<'a>>> {
    let mut arguments: Vec<_> = call.arguments.iter().map(Argument::Written).collect();
    if !call.expand {
        return Some(arguments);
    }
    let last = call.arguments.last()?;
    arguments.pop();
    let before = findings.len();
    let value = context.value(last, findings);
    if findings.len() > before {
        return None;
    }
    let sequence = matches!(value.kind(), Type::List(_) | Type::Set(_) | Type::Tuple(_));
    let detail = if !sequence && value.kind() != Type::Dynamic {
        "The expanding argument (indicated by ...) must be of a tuple, list, or set type"
    } else if value.is_null() {
        "The expanding argument (indicated by ...) must not be null"
    } else {
        let marks = value.marks();
        let items = value.as_items()?.iter();
        let expanded = items.map(|item| Argument::Expanded(item.clone().mark(marks), last.span));
        arguments.extend(expanded);
        return Some(arguments);
    };
    findings.push(Diagnostic::error("Invalid expanding argument value", detail).at(last.span));
    None
}

/// What is wrong with the number of arguments, if anything is: how many are wanted, the name of the
/// first parameter without one, and whether further ones are taken.
pub(super) fn counted(
    wanted: usize,
    missing: Option<&str>,
    variadic: bool,
    call: &Call,
    arguments: &[Argument<'_>],
) -> Option<Diagnostic> {
    let name = &*call.name.name;
    if let Some(missing) = missing {
        let qualifier = if variadic { " at least" } else { "" };
        let detail = format!(
            "Function {name:?} expects{qualifier} {wanted} argument(s). Missing value for \
             {missing:?}"
        );
        return Some(Diagnostic::error("Not enough function arguments", detail).at(call.close));
    }
    match arguments.get(wanted) {
        Some(extra) if !variadic => {
            let detail = format!("Function {name:?} expects only {wanted} argument(s)");
            Some(Diagnostic::error("Too many function arguments", detail).at(extra.span()))
        }
        _ => None,
    }
}

fn eager(
    context: &Context<'_>,
    function: &Function,
    call: &Call,
    arguments: &[Argument<'_>],
    span: Span,
    findings: &mut Findings,
) -> Value {
    let fail = |problem: &Problem| {
        let parameter = problem.argument.and_then(|index| function.parameter(index));
        failure(parameter.map(|parameter| parameter.name), call, arguments, problem, span)
    };
    let before = findings.len();
    let mut values = Vec::with_capacity(arguments.len());
    for (index, argument) in arguments.iter().enumerate() {
        let Some(parameter) = function.parameter(index) else { continue };
        if parameter.direct {
            values.push(match argument.is_reference() {
                true => argument.value(context, findings),
                false => Value::unknown(parameter.kind.to_type()),
            });
            continue;
        }
        let value = argument.value(context, findings);
        match convert(&value, &parameter.kind.to_type()) {
            Ok(value) => values.push(value),
            Err(error) => {
                let problem = Problem::at(index, context.reason(&value, error));
                findings.push(fail(&problem));
            }
        }
    }
    if findings.len() > before {
        return dynamic();
    }
    if let Err(problem) = references(function, arguments, &values) {
        return findings.fail(fail(&problem));
    }
    let called = functions::call(
        function,
        Arguments {
            values,
            returns: Type::Dynamic,
            context: context.evaluator.functions,
            in_template: context.in_template,
        },
    );
    match called {
        Ok(value) => value,
        Err(problem) => {
            // What the call could not know: the arguments stem from a sensitive collection.
            let problem = if context.sensitive { problem.silenced() } else { problem };
            findings.fail(fail(&problem))
        }
    }
}

/// Whether the arguments are references that must be. It does not matter while another one is
/// unknown.
fn references(
    function: &Function,
    arguments: &[Argument<'_>],
    values: &[Value],
) -> Result<(), Problem> {
    for (index, (argument, value)) in arguments.iter().zip(values).enumerate() {
        let direct = function.parameter(index).filter(|parameter| parameter.direct);
        let others = values.iter().enumerate().filter(|(other, _)| *other != index);
        if let Some(parameter) = direct
            && others.into_iter().all(|(_, value)| value.is_known() && !value.is_null())
        {
            reference(argument, value, parameter).map_err(|why| Problem::at(index, why))?;
        }
    }
    Ok(())
}

fn reference(
    argument: &Argument<'_>,
    value: &Value,
    parameter: &Parameter,
) -> Result<(), &'static str> {
    if let Argument::Written(expression) = argument {
        match &expression.kind {
            ExpressionKind::Traversal(..) => {}
            ExpressionKind::Literal(text) if text.as_str().is_some() => {
                return Err("invalid template expression: templatestring is only for rendering \
                            templates retrieved dynamically from elsewhere, and so does not support \
                            providing a literal template; consider using a template string \
                            expression instead");
            }
            ExpressionKind::Wrap(_) => {
                return Err("invalid template expression: templatestring is only for rendering \
                            templates retrieved dynamically from elsewhere; to treat the inner \
                            expression as template syntax, write the reference expression directly \
                            without any template interpolation syntax");
            }
            ExpressionKind::Template(_) => {
                return Err("invalid template expression: templatestring is only for rendering \
                            templates retrieved dynamically from elsewhere; to render an inline \
                            template, consider using a plain template string expression");
            }
            _ => {
                return Err("invalid template expression: must be a direct reference to a single \
                            string from elsewhere, containing valid template syntax");
            }
        }
    }
    let kind = value.kind();
    let fits = !value.is_known() || kind == parameter.kind.to_type();
    if fits { Ok(()) } else { Err("invalid template value: a string is required") }
}

/// What to say about a call that failed.
///
/// `parameter` is the name of the one that the argument at fault is for.
pub(super) fn failure(
    parameter: Option<&str>,
    call: &Call,
    arguments: &[Argument<'_>],
    problem: &Problem,
    span: Span,
) -> Diagnostic {
    let message = &problem.message;
    let Some(parameter) = parameter else {
        let detail = format!("Call to function {:?} failed: {message}", call.name.name);
        return Diagnostic::error("Error in function call", detail).at(call.opening());
    };
    let place = problem.argument.and_then(|index| arguments.get(index));
    let detail = format!("Invalid value for {parameter:?} parameter: {message}");
    Diagnostic::error("Invalid function argument", detail).at(place.map_or(span, Argument::span))
}
