//! Expressions that must be a reference as it stands: names, and indexes with constant keys.

use std::sync::Arc;

use platoform_diagnostic::{Diagnostic, Diagnostics, Span};
use platoform_lang::tree::{Expression, ExpressionKind, Ident, Step};
use platoform_value::Data;

use crate::step_span;

/// A static traversal.
#[derive(Clone, Copy, Debug)]
pub(super) struct Traversal<'a> {
    pub(super) root: &'a Ident,
    pub(super) steps: &'a [Step],
    pub(super) span: Span,
}

impl<'a> Traversal<'a> {
    /// Where the steps from this one on stand.
    pub(super) fn rest(&self, from: usize) -> Span {
        self.steps.get(from).map_or(self.span, |step| step_span(step).to(self.span_end()))
    }

    fn span_end(&self) -> Span {
        Span { start: self.span.end, ..self.span }
    }

    /// The reference an expression is.
    ///
    /// # Errors
    /// "Invalid expression" when it is anything else.
    pub(super) fn of(expression: &'a Expression) -> Result<Self, Diagnostic> {
        match &expression.kind {
            ExpressionKind::Traversal(root, steps) if steps.iter().all(is_constant) => {
                Ok(Self { root, steps, span: expression.span })
            }
            _ => Err(not_a_reference(expression)),
        }
    }
}

fn is_constant(step: &Step) -> bool {
    match step {
        Step::Attribute(_) => true,
        Step::Index(key, _) => matches!(key.kind, ExpressionKind::Literal(_)),
        Step::Splat(..) => false,
    }
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

/// An expression where a reference must stand: `true`, `false` and `null` are names there.
pub(super) fn named(expression: &Arc<Expression>) -> Arc<Expression> {
    let (root, steps) = match &expression.kind {
        ExpressionKind::Postfix(root, steps) => (&**root, steps.as_slice()),
        _ => (&**expression, &[][..]),
    };
    let ExpressionKind::Literal(value) = &root.kind else { return expression.clone() };
    let name = match value.data() {
        Data::Bool(true) => "true",
        Data::Bool(false) => "false",
        Data::Null(_) => "null",
        _ => return expression.clone(),
    };
    let root = Ident { name: name.into(), span: root.span };
    let kind = ExpressionKind::Traversal(root, steps.to_vec());
    Arc::new(Expression { kind, span: expression.span })
}

/// An expression that may also be a reference in quotes, as it was written long ago: that is
/// read, with a warning.
pub(super) fn unquoted(
    expression: &Arc<Expression>,
    diagnostics: &mut Diagnostics,
) -> Arc<Expression> {
    let expression = &named(expression);
    let ExpressionKind::Literal(value) = &expression.kind else { return expression.clone() };
    let Some(text) = value.as_str() else { return expression.clone() };
    diagnostics.push(
        Diagnostic::warning(
            "Quoted references are deprecated",
            "References are written as they are here, without quotes",
        )
        .at(expression.span)
        .help("remove the quotes"),
    );
    let span = expression.span;
    let (inner, found) = platoform_lang::parse_expression(span.file, text, span.start + 1);
    if Traversal::of(&inner).is_ok() && !found.has_errors() {
        return Arc::new(inner);
    }
    let taken = |character: char| character.is_alphanumeric() || "_-.".contains(character);
    let name: usize =
        text.chars().take_while(|character| taken(*character)).map(char::len_utf8).sum();
    let gap = text[name..].len() - text[name..].trim_start().len();
    let offset = span.start as usize + 1 + name + gap;
    let at = Span::new(span.file, offset, offset + 1);
    diagnostics.push(
        Diagnostic::error("Invalid character", "A dot and a name, or an index, is expected here")
            .at(at),
    );
    expression.clone()
}

/// A bare word, or one in quotes with a warning.
pub(super) fn keyword<'a>(
    expression: &'a Expression,
    diagnostics: &mut Diagnostics,
) -> Option<&'a str> {
    match &expression.kind {
        ExpressionKind::Traversal(name, steps) if steps.is_empty() => Some(&name.name),
        ExpressionKind::Literal(value) => {
            let word = value.as_str()?;
            diagnostics.push(
                Diagnostic::warning(
                    "Quoted keywords are deprecated",
                    "Keywords are written as they are here, without quotes",
                )
                .at(expression.span)
                .help("remove the quotes"),
            );
            Some(word)
        }
        _ => None,
    }
}
