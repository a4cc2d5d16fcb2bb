//! What `terraform fmt` changes besides spaces: values and types in the syntax of Terraform 0.11,
//! and the labels of blocks.

use std::ops::Range;

use platoform_diagnostic::Span;

use super::label;
use super::piece::{Piece, bracket_change};
use crate::syntax::token::{Kind, Token};
use crate::tree::{Attribute, Block, Body};

/// The tokens of a text with what is not idiomatic replaced. The last one is the end of the text,
/// which keeps the spaces before it.
pub(super) fn apply<'a>(text: &'a str, tokens: &[Token], body: &Body) -> Vec<Piece<'a>> {
    let mut source = Source { text, tokens, edits: Vec::new() };
    source.body(body, Place::File);
    source.write()
}

/// Where a body is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// The file itself.
    File,
    /// A `variable` block of the file.
    Variable,
    /// Any other block.
    Block,
}

/// Tokens that others take the place of.
struct Edit<'a> {
    /// Indices of the tokens that go.
    range: Range<usize>,
    /// What comes instead.
    pieces: Vec<Piece<'a>>,
}

struct Source<'a, 't> {
    text: &'a str,
    tokens: &'t [Token],
    edits: Vec<Edit<'a>>,
}

impl<'a> Source<'a, '_> {
    fn body(&mut self, body: &Body, place: Place) {
        for attribute in &body.attributes {
            self.attribute(attribute, place);
        }
        for block in &body.blocks {
            self.labels(block);
            let is_variable = place == Place::File && *block.kind.name == *"variable";
            self.body(&block.body, if is_variable { Place::Variable } else { Place::Block });
        }
    }

    fn attribute(&mut self, attribute: &Attribute, place: Place) {
        let range = self.range(attribute.expression.span);
        let kinds = |range: &Range<usize>| &self.tokens[range.clone()];
        let is_type = place == Place::Variable && *attribute.name.name == *"type";
        let pieces = if is_type {
            self.type_constraint(&range)
        } else {
            unwrapped(kinds(&range)).map(|inside| {
                let tokens = &kinds(&range)[inside];
                let parentheses = needs_parentheses(tokens);
                let source = tokens.iter().map(|token| Piece::from_source(self.text, *token));
                let open = parentheses.then(|| Piece::new(Kind::OpenParenthesis, "("));
                let close = parentheses.then(|| Piece::new(Kind::CloseParenthesis, ")"));
                open.into_iter().chain(source).chain(close).collect()
            })
        };
        self.edits.extend(pieces.map(|pieces| Edit { range, pieces }));
    }

    /// The type in today's syntax when it is written as in 0.11, or as a collection of nothing.
    fn type_constraint(&self, range: &Range<usize>) -> Option<Vec<Piece<'a>>> {
        let tokens = &self.tokens[range.clone()];
        let text = |token: Token| &self.text[token.start as usize..token.end as usize];
        let (name, element) = match *tokens {
            [name] if name.kind == Kind::Identifier => match text(name) {
                name @ ("list" | "map" | "set") => (name, Some("any")),
                _ => return None,
            },
            [Token { kind: Kind::OpenQuote, .. }, name, _] => match text(name) {
                "string" => ("string", None),
                name @ ("list" | "map") => (name, Some("string")),
                _ => return None,
            },
            _ => return None,
        };
        let mut pieces = vec![Piece::new(Kind::Identifier, name)];
        if let Some(element) = element {
            pieces.push(Piece::new(Kind::OpenParenthesis, "("));
            pieces.push(Piece::new(Kind::Identifier, element));
            pieces.push(Piece::new(Kind::CloseParenthesis, ")"));
        }
        Some(pieces)
    }

    /// Quotes labels; comments among them go.
    fn labels(&mut self, block: &Block) {
        if block.labels.is_empty() {
            return;
        }
        let range = self.range(block.kind.span).end..self.range(block.header).end;
        let pieces = block.labels.iter().flat_map(|label| label::pieces(&label.text)).collect();
        self.edits.push(Edit { range, pieces });
    }

    /// Indices of the tokens that begin in a span.
    fn range(&self, span: Span) -> Range<usize> {
        let index = |offset: u32| self.tokens.partition_point(|token| token.start < offset);
        index(span.start)..index(span.end)
    }

    fn write(mut self) -> Vec<Piece<'a>> {
        self.edits.sort_unstable_by_key(|edit| edit.range.start);
        let mut pieces = Vec::with_capacity(self.tokens.len() + 2 * self.edits.len());
        let mut next = 0;
        let source = |range: Range<usize>| {
            self.tokens[range].iter().map(|token| Piece::from_source(self.text, *token))
        };
        for edit in self.edits {
            pieces.extend(source(next..edit.range.start));
            pieces.extend(edit.pieces);
            next = edit.range.end;
        }
        pieces.extend(source(next..self.tokens.len()));
        if let ([before @ .., end], Some(piece)) = (self.tokens, pieces.last_mut()) {
            // With nothing before it, a byte order mark counts as spaces, as there.
            piece.spaces = (end.start - before.last().map_or(0, |last| last.end)) as usize;
        }
        pieces
    }
}

/// The tokens within `"${` and `}"` when there is nothing else between the quotes. Line ends
/// around them are left out.
fn unwrapped(tokens: &[Token]) -> Option<Range<usize>> {
    let [open, start, inside @ .., end, close] = tokens else { return None };
    let outside = [open, start, end, close].map(|token| token.kind);
    let wrapper = [Kind::OpenQuote, Kind::Interpolation, Kind::SequenceEnd, Kind::CloseQuote];
    if outside != wrapper || inside.is_empty() {
        return None;
    }
    let mut quotes = 0;
    for token in inside {
        match token.kind {
            Kind::OpenQuote => quotes += 1,
            Kind::CloseQuote => quotes -= 1,
            // Another sequence, or text, beside the first.
            Kind::Interpolation | Kind::SequenceEnd | Kind::Quoted if quotes <= 0 => return None,
            _ => {}
        }
    }
    let is_content = |token: &Token| token.kind != Kind::Newline;
    let first = inside.iter().position(is_content)?;
    let last = inside.iter().rposition(is_content)?;
    Some(first + 2..last + 3)
}

/// Whether an expression that was within `"${` and `}"` would end too early without parentheses.
/// `terraform fmt` looks at line ends only and lets a comment amid the expression break it.
fn needs_parentheses(tokens: &[Token]) -> bool {
    let [first, .., last] = tokens else { return false };
    if first.kind == Kind::OpenParenthesis && last.kind == Kind::CloseParenthesis {
        return false;
    }
    let is_comment = |token: &Token| matches!(token.kind, Kind::Comment | Kind::LineComment);
    let end = tokens.iter().rposition(|token| !is_comment(token)).unwrap_or_default();
    let mut depth = 0;
    let breaks = |(index, token): (usize, &Token)| {
        depth += bracket_change(token.kind);
        match token.kind {
            Kind::Newline => true,
            Kind::LineComment => depth == 0 && index < end,
            _ => false,
        }
    };
    tokens.iter().enumerate().any(breaks)
}
