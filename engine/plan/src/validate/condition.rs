//! Conditions: what can be told of them before anything is known.

use platoform_config::{Condition, ModuleId, Surroundings, Variable};
use platoform_diagnostic::{Diagnostic, Span};
use platoform_lang::Expression;
use platoform_value::{Type, Value, convert};

use super::Validator;
use crate::session::condition;
use crate::session::evaluate::OUTPUT_FAILED;

impl Validator<'_> {
    /// Evaluates an expression whatever is wrong with its references, as conditions are: where one
    /// names nothing, no name has a meaning.
    fn value(
        &mut self,
        module: ModuleId,
        expression: &Expression,
        nameless: bool,
    ) -> Option<Value> {
        let mut names = false;
        expression.references(&mut |_| names = true);
        if nameless && names {
            expression.references(&mut |reference| {
                let detail = format!("There is no variable named `{}`", reference.root.name);
                self.found
                    .push(Diagnostic::error("Unknown variable", detail).at(reference.root.span));
            });
            return None;
        }
        let result = self.within(module, |evaluator| evaluator.evaluate(expression));
        result.map_err(|errors| self.found.extend(errors)).ok()
    }

    fn loosely(&mut self, module: ModuleId, expression: &Expression, around: &Surroundings<'_>) {
        let misnamed = self.topology.check_expression(module, expression, around);
        let nameless = !misnamed.undeclared.is_empty();
        self.found.extend(misnamed.report());
        self.value(module, expression, nameless);
    }

    /// Checks conditions of a resource, of which nothing is asked but that they can be evaluated.
    pub(super) fn conditions(
        &mut self,
        module: ModuleId,
        conditions: &[Condition],
        around: &Surroundings<'_>,
    ) {
        for condition in conditions {
            self.loosely(module, &condition.condition, around);
            self.loosely(module, &condition.message, around);
        }
    }

    /// Checks conditions of an output or a `check` block, whose messages must be text. Those of a
    /// check are not evaluated yet; those of an output must hold, if that is known already.
    pub(super) fn assertions(
        &mut self,
        module: ModuleId,
        conditions: &[Condition],
        around: &Surroundings<'_>,
        evaluate: bool,
    ) {
        for condition in conditions {
            let before = self.found.len();
            let mut checker = self.topology.checker(module, around);
            for expression in [&condition.condition, &condition.message] {
                expression.references(&mut |reference| checker.check(&reference));
            }
            let nameless = !checker.found.undeclared.is_empty();
            let found = checker.found.report();
            let wrong = found.has_errors();
            self.found.extend(found);
            let message = self.value(module, &condition.message, nameless);
            let test = evaluate.then(|| self.value(module, &condition.condition, nameless));
            self.found.extend(message.and_then(|message| unsuitable(condition, &message)));
            if wrong {
                continue;
            }
            self.found.extend(test.flatten().and_then(|test| undecided(condition, &test)));
            if evaluate && !self.found.has_errors_after(before) {
                let outcome = self.within(module, |evaluator| {
                    condition::rule(evaluator, condition, OUTPUT_FAILED)
                });
                self.found.extend(outcome.diagnostics);
            }
        }
    }

    /// Checks the validations of a variable, which may have a value already, given at `place`.
    pub(super) fn validations(
        &mut self,
        module: ModuleId,
        variable: &Variable,
        value: Option<&Value>,
        place: Span,
    ) {
        let around = Surroundings::default();
        let mut checker = self.topology.checker(module, &around);
        for rule in &variable.validations {
            for expression in [&rule.condition, &rule.message] {
                expression.references(&mut |reference| checker.check(&reference));
            }
        }
        let mut found = checker.found.report();
        // Rules are looked at together: where one names nothing, none is evaluated.
        if !found.has_errors() {
            let known = value.map(|value| (&*variable.name.name, value));
            for rule in &variable.validations {
                let outcome = self.knowing(module, known, |evaluator| {
                    condition::validation(evaluator, rule, place)
                });
                found.extend(outcome.diagnostics);
            }
        }
        self.found.extend(found);
    }
}

/// The error for a message that is not text.
fn unsuitable(condition: &Condition, message: &Value) -> Option<Diagnostic> {
    let detail = match convert(message, &Type::String) {
        Ok(text) if text.is_known() && text.is_null() => "The message must not be null".to_owned(),
        Ok(_) => return None,
        Err(error) => format!("The message must be text: {error}"),
    };
    Some(Diagnostic::error("Invalid error message", detail).at(condition.message.span))
}

/// The error for a result that is neither true nor false.
fn undecided(condition: &Condition, value: &Value) -> Option<Diagnostic> {
    if !value.is_known() {
        return None;
    }
    let detail = match convert(value, &Type::Bool) {
        Ok(value) if value.is_null() => "A condition must be true or false, not null".to_owned(),
        Ok(_) => return None,
        Err(error) => format!("Invalid condition result value: {error}"),
    };
    Some(Diagnostic::error("Invalid condition result", detail).at(condition.condition.span))
}
