//! Matches the directives of a template and builds its parts.

use std::iter::Peekable;
use std::vec::IntoIter;

use platoform_diagnostic::{PLACE, Span};

use super::parser::{Parsed, Parser};
use super::template::Piece;
use crate::stack::with_stack;
use crate::tree::{Expression, Part};

const UNBALANCED: &str = "The control directives within this template are unbalanced";

/// The parts that the pieces of a template make; `end` is where it ends.
pub(super) fn parts(parser: &mut Parser<'_>, pieces: Vec<Piece>, end: Span) -> Parsed<Vec<Part>> {
    let mut assembly = Assembly { pieces: pieces.into_iter().peekable(), end };
    let mut parts = Vec::new();
    while let Some(piece) = assembly.pieces.next() {
        assembly.part(parser, piece, &mut parts)?;
    }
    parts.shrink_to_fit();
    Ok(parts)
}

struct Assembly {
    pieces: Peekable<IntoIter<Piece>>,
    end: Span,
}

impl Assembly {
    /// Adds the part that begins with this piece.
    fn part(&mut self, parser: &mut Parser<'_>, piece: Piece, into: &mut Vec<Part>) -> Parsed<()> {
        match piece {
            Piece::Text(text, span) => self.text(text, span, into),
            Piece::Interpolation(expression) => into.push(Part::Interpolation(expression)),
            Piece::If(condition, open) => {
                let beside = parser.enter()?;
                let part = with_stack(|| self.choice(parser, condition, open));
                parser.leave(beside);
                into.push(part?);
            }
            Piece::For(key, value, collection, open) => {
                let beside = parser.enter()?;
                let body = with_stack(|| self.repetition(parser, open));
                parser.leave(beside);
                into.push(Part::For(key, value, Box::new(collection), body?));
            }
            Piece::Else(span) => parser.report(span, "Unexpected else directive", UNBALANCED),
            Piece::EndIf(span) => parser.report(span, "Unexpected endif directive", UNBALANCED),
            Piece::EndFor(span) => parser.report(span, "Unexpected endfor directive", UNBALANCED),
        }
        Ok(())
    }

    /// Joins neighbouring texts, and drops those that trimming left empty.
    fn text(&mut self, mut text: String, mut span: Span, into: &mut Vec<Part>) {
        while let Some(Piece::Text(more, at)) =
            self.pieces.next_if(|piece| matches!(piece, Piece::Text(..)))
        {
            text.push_str(&more);
            span = span.to(at);
        }
        if !text.is_empty() {
            into.push(Part::Text(text.into(), span));
        }
    }

    /// The rest of `%{if}`.
    fn choice(
        &mut self,
        parser: &mut Parser<'_>,
        condition: Expression,
        open: Span,
    ) -> Parsed<Part> {
        let mut yes = Vec::new();
        let mut no = None;
        loop {
            match self.pieces.next() {
                Some(Piece::EndIf(_)) => break,
                Some(Piece::Else(_)) if no.is_none() => no = Some(Vec::new()),
                Some(Piece::Else(span)) => {
                    let detail =
                        format!("Already in the else clause for the if started at {PLACE}");
                    parser.report(span, "Unexpected else directive", detail);
                    parser.mention_last(open, "the `if` is here");
                    break;
                }
                Some(Piece::EndFor(span)) => {
                    let detail =
                        format!("Expecting an endif directive for the if started at {PLACE}");
                    parser.report(span, "Unexpected endfor directive", detail);
                    parser.mention_last(open, "the `if` is here");
                    break;
                }
                Some(piece) => self.part(parser, piece, no.as_mut().unwrap_or(&mut yes))?,
                None => {
                    let detail = format!(
                        "The if directive at {PLACE} is missing its corresponding endif directive"
                    );
                    parser.report(self.end, "Unexpected end of template", detail);
                    parser.mention_last(open, "the `if` is here");
                    break;
                }
            }
        }
        Ok(Part::If(Box::new(condition), yes, no.unwrap_or_default()))
    }

    /// The rest of `%{for}`.
    fn repetition(&mut self, parser: &mut Parser<'_>, open: Span) -> Parsed<Vec<Part>> {
        let mut body = Vec::new();
        let (span, summary, detail) = loop {
            match self.pieces.next() {
                Some(Piece::EndFor(_)) => return Ok(body),
                Some(Piece::Else(span)) => {
                    let detail = "An else clause is not expected for a for directive".to_owned();
                    break (span, "Unexpected else directive", detail);
                }
                Some(Piece::EndIf(span)) => {
                    let detail = format!(
                        "Expecting an endfor directive corresponding to the for directive at {PLACE}"
                    );
                    break (span, "Unexpected endif directive", detail);
                }
                Some(piece) => self.part(parser, piece, &mut body)?,
                None => {
                    let detail = format!(
                        "The for directive at {PLACE} is missing its corresponding endfor directive"
                    );
                    break (self.end, "Unexpected end of template", detail);
                }
            }
        };
        parser.report(span, summary, detail);
        parser.mention_last(open, "the `for` is here");
        Ok(body)
    }
}
