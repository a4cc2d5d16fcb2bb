//! Conditions that must hold: preconditions, postconditions, assertions, and the validation rules of
//! variables, each with the message it has for when it does not.

use std::sync::Arc;

use platoform_config::Condition;
use platoform_diagnostic::{Diagnostic, Diagnostics, Span};
use platoform_lang::Evaluator;
use platoform_value::{Data, Marks, Type, Value, convert};

use crate::CheckStatus;
use crate::verdict::Verdict;

/// What became of a condition.
#[derive(Default)]
pub(crate) struct Outcome {
    pub diagnostics: Diagnostics,
    /// It cannot be told yet: it passes for now.
    pub unknown: bool,
    /// It does not hold.
    pub failed: bool,
    /// The message then, where there is one that can be shown.
    pub message: Option<Arc<str>>,
}

impl Outcome {
    fn of(diagnostics: impl Into<Diagnostics>) -> Self {
        Self { diagnostics: diagnostics.into(), ..Self::default() }
    }

    /// The same as one word.
    pub fn verdict(&self) -> Verdict {
        let status = match (self.failed, self.unknown) {
            (true, _) => CheckStatus::Fail,
            _ if self.diagnostics.has_errors() => CheckStatus::Error,
            (_, true) => CheckStatus::Unknown,
            _ => CheckStatus::Pass,
        };
        Verdict { status, problems: self.message.clone().into_iter().collect() }
    }
}

/// Says that the message of a condition names a secret.
const SECRET_MESSAGE: &str = "Error message refers to sensitive values";
const SECRET_DETAIL: &str = "The expression that explains this condition refers to sensitive \
                             values, so its result is not shown";
const SECRET_HELP: &str = "take these references out, or use `nonsensitive` where the result does \
                           not give the secret away";

/// Checks a precondition, postcondition or assertion. `summary` is what a failure is called.
pub(crate) fn rule(evaluator: &Evaluator<'_>, condition: &Condition, summary: &str) -> Outcome {
    let span = condition.condition.span;
    let result = evaluator.evaluate(&condition.condition);
    let (message, mut found) = message(evaluator, condition);
    let value = match result {
        Ok(value) if !found.has_errors() => value,
        Ok(_) => return Outcome::of(found),
        Err(errors) => {
            let mut all = errors;
            all.extend(found);
            return Outcome::of(all);
        }
    };
    let invalid = |detail: String| {
        Outcome::of(Diagnostic::error("Invalid condition result", detail).at(span))
    };
    if !value.is_known() {
        return Outcome { diagnostics: found, unknown: true, ..Outcome::default() };
    }
    if value.is_null() {
        return invalid("Condition expression must return either true or false, not null".into());
    }
    let value = match convert(&value, &Type::Bool) {
        Ok(value) => value,
        Err(error) => return invalid(format!("Invalid condition result value: {error}")),
    };
    match value.data() {
        Data::Bool(true) => Outcome::of(found),
        Data::Bool(false) => {
            let unexplained = "This check failed, but has an invalid error message as described in \
                               the other accompanying messages";
            let detail = message.clone().unwrap_or_else(|| unexplained.to_owned());
            found.push(Diagnostic::error(summary, detail).at(span));
            let message = message.map(Into::into);
            Outcome { diagnostics: found, failed: true, message, ..Outcome::default() }
        }
        _ => invalid("Condition expression must return either true or false".into()),
    }
}

/// The message of a condition as far as it can be shown, and what is wrong with it.
fn message(evaluator: &Evaluator<'_>, condition: &Condition) -> (Option<String>, Diagnostics) {
    let span = condition.message.span;
    let value = match evaluator.evaluate(&condition.message) {
        Ok(value) => value,
        Err(errors) => return (None, errors),
    };
    let invalid =
        |detail: String| (None, Diagnostic::error("Invalid error message", detail).at(span).into());
    let value = match convert(&value, &Type::String) {
        Ok(value) => value,
        Err(error) => return invalid(format!("Unsuitable value for error message: {error}")),
    };
    if !value.is_known() {
        return (None, Diagnostics::default());
    }
    if value.is_null() {
        return invalid("Unsuitable value for error message: must not be null".into());
    }
    if value.marks().contains(Marks::SENSITIVE) {
        let warning = Diagnostic::warning(SECRET_MESSAGE, SECRET_DETAIL).help(SECRET_HELP);
        return (None, warning.at(span).into());
    }
    (value.as_str().map(|text| text.trim().to_owned()), Diagnostics::default())
}

/// Checks a validation rule of a variable whose value was given at `place`.
pub(crate) fn validation(evaluator: &Evaluator<'_>, rule: &Condition, place: Span) -> Outcome {
    let span = rule.condition.span;
    // The message must be right whether it is needed or not.
    let (tested, message) =
        (evaluator.evaluate(&rule.condition), evaluator.evaluate(&rule.message));
    let value = match (tested, message) {
        (Ok(value), Ok(_)) => value,
        (tested, message) => {
            let found = tested.err().into_iter().chain(message.err()).flatten();
            return Outcome::of(found.map(misnamed).collect::<Diagnostics>());
        }
    };
    let invalid = |detail: String| {
        Outcome::of(Diagnostic::error("Invalid variable validation result", detail).at(span))
    };
    if !value.is_known() {
        return Outcome { unknown: true, ..Outcome::default() };
    }
    if value.is_null() {
        return invalid(
            "Validation condition expression must return either true or false, not null".into(),
        );
    }
    let value = match convert(&value, &Type::Bool) {
        Ok(value) => value,
        Err(error) => return invalid(format!("Invalid validation condition result: {error}")),
    };
    match value.data() {
        Data::Bool(true) => Outcome::default(),
        Data::Bool(false) => {
            let (text, mut found) = explanation(evaluator, rule);
            let failed = Diagnostic::error("Invalid value for variable", text.clone()).at(place);
            found.push(failed.label(rule.header, "this rule says so"));
            let message = Some(text.into());
            Outcome { diagnostics: found, failed: true, message, ..Outcome::default() }
        }
        _ => invalid("Validation condition expression must return either true or false".into()),
    }
}

/// A function that a provider does not have is like any other that there is not in the rules of
/// variables.
fn misnamed(mut error: Diagnostic) -> Diagnostic {
    if error.summary == "Unknown provider function" {
        error.summary = "Call to unknown function".into();
    }
    error
}

/// The message of a validation rule, and what is wrong with it.
fn explanation(evaluator: &Evaluator<'_>, rule: &Condition) -> (String, Diagnostics) {
    let span = rule.message.span;
    let mut found = Diagnostics::default();
    let evaluated = evaluator.evaluate(&rule.message).ok();
    let value = evaluated.filter(|value| value.is_known() && !value.is_null());
    let text = value.and_then(|value: Value| match convert(&value, &Type::String) {
        Ok(text) if text.marks().contains(Marks::SENSITIVE) => {
            let error = Diagnostic::error(SECRET_MESSAGE, SECRET_DETAIL).help(SECRET_HELP);
            found.push(error.at(span));
            Some("The error message included a sensitive value, so it is not shown".to_owned())
        }
        Ok(text) => text.as_str().map(|text| text.trim().to_owned()),
        Err(error) => {
            let detail = format!("Unsuitable value for error message: {error}");
            found.push(Diagnostic::error("Invalid error message", detail).at(span));
            None
        }
    });
    let fallback = "The condition does not hold, and its error message cannot be evaluated";
    (text.unwrap_or_else(|| fallback.to_owned()), found)
}
