//! Bodies that a schema describes, and references in `depends_on`.

use std::sync::Arc;

use platoform_config::{Content, ModuleId, Referent, Subject, Surroundings, step_span};
use platoform_diagnostic::{Diagnostic, Diagnostics};
use platoform_lang::tree::{Expression, ExpressionKind, Reference};
use platoform_value::Value;

use super::Validator;

impl Validator<'_> {
    /// The value of a body; `None` after an error, which is reported.
    pub(super) fn content(
        &mut self,
        module: ModuleId,
        content: &Content,
        around: &Surroundings<'_>,
    ) -> Option<Value> {
        let mut checker = self.topology.checker(module, around);
        content.references(&mut |reference| checker.check(&reference));
        let found = checker.found.report();
        let wrong = found.has_errors();
        self.found.extend(found);
        if wrong {
            return None;
        }
        let (value, mut found) = self.within(module, |evaluator| content.evaluate(evaluator));
        found.extend(content.diagnostics().clone());
        let wrong = found.has_errors();
        self.found.extend(found);
        (!wrong).then_some(value)
    }

    /// Checks `depends_on`: whole objects that are there.
    pub(super) fn depends_on(&mut self, module: ModuleId, expressions: &[Arc<Expression>]) {
        let mut found = Diagnostics::default();
        for expression in expressions {
            let ExpressionKind::Traversal(root, steps) = &expression.kind else { continue };
            let reference = Reference { root, steps, span: expression.span };
            if let Some(error) = partial(&reference) {
                found.push(error);
            }
            if !found.has_errors() {
                let around = Surroundings::default();
                let misnamed = self.topology.check_expression(module, expression, &around);
                found.extend(misnamed.report());
            }
        }
        self.found.extend(found);
    }
}

/// The error for a reference to a part of an object.
fn partial(reference: &Reference<'_>) -> Option<Diagnostic> {
    use platoform_lang::tree::Step;
    let referent = match Referent::of(reference) {
        Ok(referent) => referent,
        Err(error) => return Some(error),
    };
    let is_module = matches!(referent.subject, Subject::Module(_));
    let rest = match (&referent.subject, referent.rest) {
        (Subject::Resource(_) | Subject::Module(_), [Step::Index(..), rest @ ..]) => rest,
        (_, rest) => rest,
    };
    // An output of a module is a whole object, too.
    let rest = match rest {
        [Step::Attribute(_), rest @ ..] if is_module => rest,
        rest => rest,
    };
    let step = rest.first()?;
    Some(
        Diagnostic::error(
            "Invalid depends_on reference",
            "References in `depends_on` must be to a whole object, not to a part of it",
        )
        .at(step_span(step)),
    )
}
