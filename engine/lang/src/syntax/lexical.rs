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
            r#"Bitwise operators are not supported. Did you mean boolean AND ("&&")?"#,
        ),
        Kind::Pipe => (
            Group::Operator,
            r#"Bitwise operators are not supported. Did you mean boolean OR ("||")?"#,
        ),
        Kind::Tilde => (
            Group::Operator,
            r#"Bitwise operators are not supported. Did you mean boolean NOT ("!")?"#,
        ),
        Kind::Caret => (Group::Operator, "Bitwise operators are not supported"),
        Kind::Apostrophe => (
            Group::Apostrophe,
            r#"Single quotes are not valid. Use double quotes (") to enclose strings"#,
        ),
        Kind::Backtick => (
            Group::Backtick,
            r#"The "`" character is not valid. To create a multi-line string, use the "heredoc" syntax, like "<<EOT""#,
        ),
        Kind::Semicolon => (
            Group::Semicolon,
            r#"The ";" character is not valid. Use newlines to separate arguments and blocks, and commas to separate items in collection values"#,
        ),
        Kind::QuotedNewline => (
            Group::LineEnd,
            r#"Quoted strings may not be split over multiple lines. To produce a multi-line string, either use the \n escape to represent a newline character or use the "heredoc" multi-line template syntax"#,
        ),
        Kind::Broken => (
            Group::Encoding,
            "All input files must be UTF-8 encoded. Ensure that UTF-8 encoding is selected in your editor",
        ),
        _ => (Group::Character, "This character is not used within the language"),
    }
}
