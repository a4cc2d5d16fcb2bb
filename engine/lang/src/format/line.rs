//! Lines and their cells.

use std::ops::Range;

use super::piece::{Piece, net_brackets};
use crate::syntax::token::Kind;

/// A line: a lead that is never empty, then possibly an assignment from its equals sign on, then
/// possibly a comment. The latter two are aligned with those of the lines around. A token that
/// spans lines, such as the text of a heredoc, keeps them one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    start: usize,
    assignment: usize,
    comment: usize,
    end: usize,
}

impl Line {
    /// What comes before the others.
    pub(super) fn lead(self) -> Range<usize> {
        self.start..self.assignment
    }

    /// The equals sign and what follows it.
    pub(super) fn assignment(self) -> Range<usize> {
        self.assignment..self.comment
    }

    /// The comment at the end.
    pub(super) fn comment(self) -> Range<usize> {
        self.comment..self.end
    }
}

/// The lines that tokens make up.
pub(super) fn split(pieces: &[Piece<'_>]) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut start = 0;
    for (index, piece) in pieces.iter().enumerate() {
        if piece.ends_line() {
            lines.push(cells(pieces, start, index + 1));
            start = index + 1;
        }
    }
    // The end of the text belongs to no line.
    let end = pieces.len().saturating_sub(1);
    if start < end {
        lines.push(cells(pieces, start, end));
    }
    lines
}

fn cells(pieces: &[Piece<'_>], start: usize, end: usize) -> Line {
    let is_comment = matches!(pieces[end - 1].kind, Kind::Comment | Kind::LineComment);
    let comment = if end - start > 1 && is_comment { end - 1 } else { end };
    let mut after_first = start + 1..comment;
    let equals = after_first.find(|index| pieces[*index].kind == Kind::Assign);
    // An expression that goes on in the next line is not aligned.
    let whole = |equals: &usize| net_brackets(&pieces[*equals..comment]) == 0;
    Line { start, assignment: equals.filter(whole).unwrap_or(comment), comment, end }
}
