//! Where `type`, which the console alone has, may stand: its result is no value that others could
//! be made from.

use platoform_lang::tree::Call;
use platoform_lang::{Expression, ExpressionKind};

/// Functions that give what they are given.
const TRANSPARENT: [&str; 3] = ["try", "sensitive", "nonsensitive"];

/// Functions that give nothing of what they are given.
const OBLIVIOUS: [&str; 5] = ["type", "can", "issensitive", "length", "keys"];

/// Whether the result is what `type` gave.
pub fn is_type(expression: &Expression) -> bool {
    match &expression.kind {
        ExpressionKind::Parenthesis(inner) | ExpressionKind::Wrap(inner) => is_type(inner),
        ExpressionKind::Conditional(parts) => is_type(&parts[1]) && is_type(&parts[2]),
        ExpressionKind::Call(call) if TRANSPARENT.contains(&name(call)) => {
            call.arguments.first().is_some_and(is_type)
        }
        ExpressionKind::Call(call) => name(call) == "type",
        _ => false,
    }
}

/// Whether that is the type of a type.
pub fn is_type_of_type(expression: &Expression) -> bool {
    match &expression.kind {
        ExpressionKind::Parenthesis(inner) | ExpressionKind::Wrap(inner) => is_type_of_type(inner),
        ExpressionKind::Call(call) => {
            name(call) == "type" && call.arguments.first().is_some_and(is_type)
        }
        _ => false,
    }
}

/// Whether the result is made from what `type` gave, which it must not be.
pub fn is_made_from_type(expression: &Expression) -> bool {
    let part = |part: &Expression| is_type(part) || is_made_from_type(part);
    match &expression.kind {
        ExpressionKind::Parenthesis(inner) | ExpressionKind::Wrap(inner) => {
            is_made_from_type(inner)
        }
        ExpressionKind::Unary(_, operand) => part(operand),
        ExpressionKind::Binary(left, rest) => {
            part(left) || rest.iter().any(|(_, right)| part(right))
        }
        ExpressionKind::Conditional(parts) => parts.iter().any(is_made_from_type),
        ExpressionKind::Tuple(items) => items.iter().any(part),
        ExpressionKind::Object(items) => items.iter().any(|(_, value)| part(value)),
        ExpressionKind::For(parts) => part(&parts.result),
        ExpressionKind::Call(call) => match name(call) {
            name if OBLIVIOUS.contains(&name) => false,
            name if TRANSPARENT.contains(&name) => call.arguments.iter().any(is_made_from_type),
            _ => call.arguments.iter().any(part),
        },
        _ => false,
    }
}

/// The name without the namespace that all these functions are in.
fn name(call: &Call) -> &str {
    call.name.name.strip_prefix("core::").unwrap_or(&call.name.name)
}

#[cfg(test)]
mod tests {
    use platoform_diagnostic::FileId;
    use platoform_lang::parse_expression;

    use super::*;

    fn parsed(text: &str) -> Expression {
        parse_expression(FileId(0), text, 0).0
    }

    #[test]
    fn types_stand_alone() {
        for text in [
            "type(1)",
            "(core::type(1))",
            "true ? type(1) : type(2)",
            "try(type(1), 2)",
            "type(type(1))",
            "type([type(1)])",
        ] {
            assert!(is_type(&parsed(text)) && !is_made_from_type(&parsed(text)), "{text}");
        }
        for text in [
            "[type(1)]",
            "{ a = type(1) }",
            "type(1) == 1",
            "[for x in [1] : type(x)]",
            "f(type(1))",
        ] {
            assert!(is_made_from_type(&parsed(text)) && !is_type(&parsed(text)), "{text}");
        }
        for text in ["1", "can(type(1))", "length([type(1)])", "[type(1)][0]", "[1]"] {
            assert!(!is_made_from_type(&parsed(text)) && !is_type(&parsed(text)), "{text}");
        }
        assert!(is_type_of_type(&parsed("type(type(1))")));
        assert!(!is_type_of_type(&parsed("type(1)")));
    }
}
