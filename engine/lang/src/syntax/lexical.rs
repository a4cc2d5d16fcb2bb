//! What is wrong with tokens by themselves.

use platoform_diagnostic::{Diagnostic, Span};

use super::token::{Kind, Token};

/// How many bitwise operators are reported for one text; the others are likely the same mistake.
const SAME_OPERATORS: usize = 4;

/// Reports the tokens that are errors wherever they stand.
pub(super) fn check(tokens: &[Token], span: impl Fn(Token) -> Span) -> Vec<Diagnostic> {
    let mut seen = [0_usize; 7];
    let mut found = Vec::new();
    for token in tokens.iter().filter(|token| notable(token.kind)) {
        let (group, detail) = describe(token.kind);
        let count = seen[group as usize];
        seen[group as usize] += 1;
        let report = match group {
            Group::Operator => count < SAME_OPERATORS,
            // Quotes come in pairs: the second one of a pair says nothing new.
            Group::Apostrophe | Group::Backtick => count == 0 || count == 2,
            Group::Semicolon | Group::Encoding => count == 0,
            Group::LineEnd | Group::Character => true,
        };
        if report {
            let summary = match group {
                Group::Operator => "Unsupported operator",
                Group::Encoding => "Invalid character encoding",
                Group::LineEnd => "Invalid multi-line string",
                _ => "Invalid character",
            };
            found.push(Diagnostic::error(summary, detail).at(span(*token)));
        }
    }
    found
}

#[derive(Clone, Copy)]
enum Group {
    Operator,
    Apostrophe,
    Backtick,
    Semicolon,
    LineEnd,
    Character,
    Encoding,
}

fn notable(kind: Kind) -> bool {
    kind.is_foreign() || kind == Kind::QuotedNewline
}

fn describe(kind: Kind) -> (Group, &'static str) {
    match kind {
        Kind::Ampersand => (
            Group::Operator,
            "There are no bitwise operators. Did you mean the logical operator `&&`?",
        ),
        Kind::Pipe => (
            Group::Operator,
            "There are no bitwise operators. Did you mean the logical operator `||`?",
        ),
        Kind::Tilde => (
            Group::Operator,
            "There are no bitwise operators. Did you mean the logical operator `!`?",
        ),
        Kind::Caret => (Group::Operator, "There are no bitwise operators"),
        Kind::Apostrophe => {
            (Group::Apostrophe, "Text is enclosed in double quotes (`\"`), not in single ones")
        }
        Kind::Backtick => (
            Group::Backtick,
            "Text is enclosed in double quotes (`\"`), not in backticks. For text of several lines use a heredoc, such as `<<EOT`",
        ),
        Kind::Semicolon => (
            Group::Semicolon,
            "There are no semicolons. Arguments and blocks are separated by line ends, items of collections by commas",
        ),
        Kind::QuotedNewline => (
            Group::LineEnd,
            "Text in quotes must end on the line it begins on. Write `\\n` for a line end, or use a heredoc, such as `<<EOT`, for text of several lines",
        ),
        Kind::Broken => (Group::Encoding, "The text must be encoded in UTF-8"),
        _ => (Group::Character, "The language has no use for this character"),
    }
}
