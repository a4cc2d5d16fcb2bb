//! Whether an expression that is typed line by line goes on.

use super::lexer::{Start, tokens};
use super::token::Kind;

/// Whether an expression cannot end here, because a bracket, an interpolation or a heredoc is not
/// closed yet. Quotes do not count: a quoted text ends on its line. Nor does anything after a
/// bracket that closes what was never opened: more lines cannot mend that.
#[must_use]
pub fn is_open(text: &str) -> bool {
    // The sequences that the position is in, innermost last.
    let mut opened: Vec<Kind> = Vec::new();
    for token in tokens(text, Start::Code) {
        match token.kind {
            Kind::OpenBrace
            | Kind::OpenBracket
            | Kind::OpenParenthesis
            | Kind::OpenHeredoc
            | Kind::OpenQuote
            | Kind::Interpolation => opened.push(token.kind),
            Kind::Directive => opened.push(Kind::Interpolation),
            Kind::QuotedNewline => return false,
            other => match other.opener() {
                Some(opener) if opened.last() == Some(&opener) => {
                    opened.pop();
                }
                Some(_) => return false,
                None => {}
            },
        }
    }
    opened.last().is_some_and(|last| *last != Kind::OpenQuote)
}

#[cfg(test)]
mod tests {
    use super::is_open;

    #[test]
    fn open_brackets_want_more() {
        for text in [
            "(1",
            "[1, {a = 2",
            "f(1,",
            "{",
            "\"a${",
            "\"a${f(",
            "<<EOT\n",
            "<<EOT\ntext",
            "<<-EOT\n${x",
            "upper(<<EOT\nx\nEOT\n",
            "[ # comment )",
        ] {
            assert!(is_open(text), "{text}");
        }
    }

    #[test]
    fn all_else_is_as_whole_as_it_gets() {
        for text in [
            "",
            "1 +",
            "(1)",
            "1)",
            "(1]",
            "\"a",
            "\"(",
            "\"a${1}",
            "\"a\nb(",
            "<<EOT\nx\nEOT\n",
            "# (",
            "<<EOT",
            "a ? b :",
            "\"${\"x\"}\"",
            "}{",
        ] {
            assert!(!is_open(text), "{text}");
        }
    }
}
