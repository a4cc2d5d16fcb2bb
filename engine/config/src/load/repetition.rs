//! `count`, `for_each` and `enabled`, and `depends_on`.

use std::sync::Arc;

use platoform_diagnostic::{Diagnostic, Diagnostics};
use platoform_lang::tree::{Attribute, Expression, ExpressionKind};

use super::fields::Fields;
use super::traversal::{self, Traversal};
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
    if is_broken(&attribute.expression) {
        return Vec::new();
    }
    diagnostics.push(
        Diagnostic::error("Invalid expression", "A list in brackets is required here")
            .at(attribute.expression.start()),
    );
    Vec::new()
}

/// Whether something could not be parsed, which has been reported.
pub(super) fn is_broken(item: &Expression) -> bool {
    matches!(&item.kind, ExpressionKind::Literal(value) if !value.is_known())
}

/// Reads a list of references.
pub(super) fn references(
    attribute: Option<&Attribute>,
    diagnostics: &mut Diagnostics,
) -> Vec<Arc<Expression>> {
    let Some(attribute) = attribute else { return Vec::new() };
    let mut found = Vec::new();
    for item in list(attribute, diagnostics) {
        if is_broken(&item) {
            continue;
        }
        let before = diagnostics.len();
        let item = traversal::unquoted(&item, diagnostics);
        if diagnostics.iter().skip(before).any(Diagnostic::is_error) {
            continue;
        }
        if let Some(error) = Traversal::of(&item).err() {
            diagnostics.push(error);
            continue;
        }
        found.push(item);
    }
    found
}
