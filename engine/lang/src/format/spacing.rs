//! Which tokens have a space between them.

use super::piece::{Piece, bracket_change};
use crate::syntax::token::Kind;

/// Whether a space stands after `subject`, where `after` follows and `before`, if anything, comes
/// before in the same cell. The first rule that fits decides.
pub(super) fn space_between(before: Option<Kind>, subject: &Piece<'_>, after: Kind) -> bool {
    let kind = subject.kind;
    if is_tight(kind, after) {
        return false;
    }
    if kind == Kind::Comma {
        return true;
    }
    if is_template_text(kind, after) {
        return false;
    }
    // `in` of a for-expression is no name that is indexed: `[for x in [1]: x]`.
    if kind == Kind::Identifier && subject.text == "in" && before == Some(Kind::Identifier) {
        return true;
    }
    match (kind, after) {
        (_, Kind::OpenBracket)
            if matches!(kind, Kind::Identifier | Kind::Number) || bracket_change(kind) < 0 =>
        {
            false
        }
        (Kind::Not, _) => false,
        (Kind::Minus, _) => before.is_some_and(|before| !precedes_operand(before)),
        (Kind::OpenBrace, Kind::CloseBrace) => false,
        (Kind::OpenBrace, _) | (_, Kind::CloseBrace) => true,
        // An object between the braces of a sequence.
        (Kind::Interpolation | Kind::Directive, Kind::OpenBrace)
        | (Kind::CloseBrace, Kind::SequenceEnd) => true,
        (Kind::SequenceEnd, Kind::Interpolation | Kind::Directive) => false,
        _ => bracket_change(kind) <= 0 && bracket_change(after) >= 0,
    }
}

/// Tokens that never have a space between them, whatever is around.
fn is_tight(kind: Kind, after: Kind) -> bool {
    matches!(
        (kind, after),
        (_, Kind::Newline | Kind::Dot | Kind::Comma | Kind::Ellipsis)
            | (Kind::Dot, _)
            | (Kind::Identifier, Kind::OpenParenthesis | Kind::DoubleColon)
            | (Kind::DoubleColon, Kind::Identifier)
    )
}

/// Whether a space would be part of a template's text.
fn is_template_text(kind: Kind, after: Kind) -> bool {
    matches!(kind, Kind::Quoted | Kind::Text | Kind::OpenQuote | Kind::OpenHeredoc)
        || matches!(after, Kind::Quoted | Kind::Text | Kind::CloseQuote | Kind::CloseHeredoc)
}

/// Whether a minus after such a token is a sign and no subtraction.
fn precedes_operand(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::OpenParenthesis
            | Kind::OpenBrace
            | Kind::OpenBracket
            | Kind::Assign
            | Kind::Colon
            | Kind::Comma
            | Kind::Question
            | Kind::Plus
            | Kind::Star
            | Kind::Slash
            | Kind::Percent
            | Kind::Minus
            | Kind::Equal
            | Kind::NotEqual
            | Kind::Greater
            | Kind::GreaterOrEqual
            | Kind::Less
            | Kind::LessOrEqual
            | Kind::And
            | Kind::Or
            | Kind::Not
    )
}
