//! `count`, `for_each` and `enabled`, and `depends_on`.

use std::sync::Arc;

use platoform_diagnostic::{Diagnostic, Diagnostics};
use platoform_lang::tree::{Attribute, Expression, ExpressionKind};

use super::fields::Fields;
use crate::Repetition;

/// Reads `count` and `for_each` of a block.
pub(super) fn repetition(fields: &Fields<'_>, diagnostics: &mut Diagnostics) -> Repetition {
    match (fields.get("count"), fields.get("for_each")) {
        (None, None) => Repetition::Single,
        (Some(count), None) => Repetition::Count(count.expression.clone()),
        (None, Some(each)) => Repetition::ForEach(each.expression.clone()),
        (Some(count), Some(each)) => {
            diagnostics.push(
                Diagnostic::error(
                    "Invalid combination of \"count\" and \"for_each\"",
                    "`count` and `for_each` exclude each other: only one can say how many \
                     instances there are",
                )
                .at(each.name.span)
                .label(count.name.span, "`count` is set here"),
            );
            Repetition::ForEach(each.expression.clone())
        }
    }
}

/// Reads `enabled` of a `lifecycle` block over what `count` and `for_each` said.
pub(super) fn enabled(
    repetition: Repetition,
    enabled: &Attribute,
    diagnostics: &mut Diagnostics,
) -> Repetition {
    if matches!(repetition, Repetition::Single) {
        return Repetition::Enabled(enabled.expression.clone());
    }
    diagnostics.push(
        Diagnostic::error(
            "Invalid combination of \"enabled\" with \"count\" or \"for_each\"",
            "`enabled` excludes `count` and `for_each`: only one can say how many instances there \
             are",
        )
        .at(enabled.name.span),
    );
    repetition
}

/// The expressions of a list that is written out.
pub(super) fn list(attribute: &Attribute, diagnostics: &mut Diagnostics) -> Vec<Arc<Expression>> {
    if let ExpressionKind::Tuple(items) = &attribute.expression.kind {
        return items.iter().cloned().map(Arc::new).collect();
    }
    diagnostics.push(
        Diagnostic::error("Invalid expression", "A list in brackets is required here")
            .at(attribute.expression.span),
    );
    Vec::new()
}

/// Reads a list of references.
pub(super) fn references(
    attribute: Option<&Attribute>,
    diagnostics: &mut Diagnostics,
) -> Vec<Arc<Expression>> {
    let Some(attribute) = attribute else { return Vec::new() };
    let mut items = list(attribute, diagnostics);
    items.retain(|item| {
        let reference = matches!(item.kind, ExpressionKind::Traversal(..));
        // What could not be parsed has been reported.
        let lost = matches!(&item.kind, ExpressionKind::Literal(value) if !value.is_known());
        if !reference && !lost {
            diagnostics.push(not_a_reference(item));
        }
        reference
    });
    items
}

/// The error for something computed where a reference must stand.
pub(super) fn not_a_reference(expression: &Expression) -> Diagnostic {
    let error = Diagnostic::error(
        "Invalid expression",
        "A single reference is required here: names, and indexes with constant keys, without \
         calculations, function calls or templates",
    )
    .at(expression.span);
    match &expression.kind {
        ExpressionKind::Literal(value) if value.as_str().is_some() => {
            error.help("remove the quotes around the reference")
        }
        _ => error,
    }
}
