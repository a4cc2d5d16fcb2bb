//! Expressions that must be constant: no names, no function calls.

use std::sync::Arc;

use platoform_diagnostic::{Diagnostic, Diagnostics};
use platoform_lang::constant::evaluating;
pub(crate) use platoform_lang::constant::value;
use platoform_lang::eval::defaults::Defaults;
use platoform_lang::tree::{Attribute, Expression};
use platoform_value::{Type, Value, convert};

/// The type a constraint stands for, with the defaults of its optional attributes.
///
/// # Errors
/// What is wrong with it.
pub(super) fn type_constraint(constraint: &Expression) -> Result<(Type, Defaults), Diagnostics> {
    evaluating(|evaluator| {
        platoform_lang::eval::types::type_constraint(constraint, evaluator.functions)
    })
}

/// Whether there is nothing in an expression that could make its value depend on anything.
pub(super) fn is_constant(expression: &Expression) -> bool {
    let mut constant = true;
    expression.references(&mut |_| constant = false);
    constant
}

/// Constant text.
pub(super) fn text(attribute: &Attribute, diagnostics: &mut Diagnostics) -> Option<Arc<str>> {
    typed(attribute, &Type::String, diagnostics)?.as_str().map(Arc::from)
}

/// A constant truth value.
pub(super) fn boolean(attribute: &Attribute, diagnostics: &mut Diagnostics) -> Option<bool> {
    typed(attribute, &Type::Bool, diagnostics)?.as_bool()
}

fn typed(attribute: &Attribute, kind: &Type, diagnostics: &mut Diagnostics) -> Option<Value> {
    let expression = &attribute.expression;
    let unsuitable = |why: String| {
        Diagnostic::error("Unsuitable value type", format!("Unsuitable value: {why}"))
            .at(expression.start())
    };
    let value = match value(expression) {
        Ok(value) => value,
        Err(errors) => {
            diagnostics.extend(errors);
            diagnostics.push(unsuitable("value must be known".into()));
            return None;
        }
    };
    let converted = convert(&value, kind).map_err(|error| error.to_string());
    let converted = converted.and_then(|value| {
        if value.is_null() {
            Err(format!("a {} is required", kind.friendly_name()))
        } else {
            Ok(value)
        }
    });
    converted.map_err(|why| diagnostics.push(unsuitable(why))).ok()
}
