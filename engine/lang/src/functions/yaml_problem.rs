//! What is wrong with a YAML document, in the words of Terraform's parser.

use platoform_value::quoted;
use saphyr_parser::ScanError;

/// What our parser says where theirs says something else.
const REWORDED: &[(&str, &str)] = &[
    ("expected ',' or ']'", "did not find expected ',' or ']'"),
    ("unexpected character", UNEXPECTED_CHARACTER),
    ("tabs disallowed", UNEXPECTED_CHARACTER),
    ("invalid indentation in quoted scalar", UNEXPECTED_END),
    ("found unexpected end of stream", UNEXPECTED_END),
    ("did not find expected <document start>", "found unknown directive name"),
    ("mapping values are not allowed", "mapping values are not allowed in this context"),
    ("misplaced bracket", "did not find expected node content"),
    ("did not find expected hexadecimal number", "did not find expected hexdecimal number"),
    ("simple key expected", "could not find expected ':'"),
    ("illegal placement of ':' indicator", "did not find expected ',' or ']'"),
];
const UNEXPECTED_CHARACTER: &str = "found character that cannot start any token";
const UNEXPECTED_END: &str = "found unexpected end of stream";

/// What theirs finds while it splits the text, which it places by the line alone.
const OF_THE_SCANNER: &[&str] = &[
    UNEXPECTED_CHARACTER,
    UNEXPECTED_END,
    "mapping values are not allowed in this context",
    "found unknown directive name",
    "could not find expected ':'",
    "did not find expected hexdecimal number",
];

/// A message with its place. Lines count from zero in it, columns from one, and the first line is
/// not mentioned: so it is in the reference.
pub(super) fn placed(line: usize, column: usize, message: &str) -> String {
    match line {
        0 | 1 => message.to_owned(),
        line => format!("on line {}, column {}: {message}", line - 1, column + 1),
    }
}

/// What to say about an error of the parser.
pub(super) fn syntax(text: &str, error: &ScanError) -> String {
    let (line, column) = (error.marker().line(), error.marker().col());
    let info = match error.info().split_once(", ") {
        Some((context, problem)) if context.starts_with("while ") => problem,
        _ => error.info(),
    };
    if info == "found unknown anchor" {
        let source = text.lines().nth(line.saturating_sub(1)).unwrap_or_default();
        let name: String = source.chars().skip(column + 1).take_while(is_name).collect();
        return placed(line, column, &format!("reference to undefined anchor {}", quoted(&name)));
    }
    let reworded = REWORDED.iter().find(|(ours, _)| info.starts_with(ours));
    let message = reworded.map_or(info, |(_, theirs)| theirs);
    if OF_THE_SCANNER.contains(&message) {
        // Ours finds out about a directive at the end of the text.
        return if line > 1 && !message.ends_with("directive name") {
            format!("on line {line}, column 1: {message}")
        } else {
            message.into()
        };
    }
    placed(line, column, message)
}

fn is_name(character: &char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '-')
}
