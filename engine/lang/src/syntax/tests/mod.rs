//! Tests of the parser as a whole.

mod accepted;
mod bodies;
mod limits;
mod oracle;
mod rejected;
mod shapes;
mod smoke;
mod spans;
mod templates;

use platoform_diagnostic::FileId;

use super::{parse, parse_expression};
use crate::tree::{Body, Expression};

const FILE: FileId = FileId(0);

/// The tree of an expression that must be right.
fn good(text: &str) -> Expression {
    let (expression, found) = parse_expression(FILE, text, 0);
    assert!(found.is_empty(), "{text}: {found:?}");
    expression
}

/// The tree of a file that must be right.
fn good_file(text: &str) -> Body {
    let (body, found) = parse(FILE, text);
    assert!(found.is_empty(), "{text}: {found:?}");
    body
}

/// What is found in a file: the text each finding points to, and its headline.
fn findings(text: &str) -> Vec<(&str, String)> {
    let (_, found) = parse(FILE, text);
    let place = |span: platoform_diagnostic::Span| &text[span.start as usize..span.end as usize];
    let found = found.into_iter();
    found.map(|one| (one.span.map_or("", place), one.summary)).collect()
}
