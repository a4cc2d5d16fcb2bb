//! Indentation, spaces within lines, columns across lines.

use std::cmp::Ordering;
use std::ops::Range;

use super::columns::columns;
use super::line::{Line, split};
use super::piece::{Piece, net_brackets};
use super::spacing::space_between;
use crate::syntax::token::Kind;

/// Spaces of one level.
const INDENTATION: usize = 2;

/// Finds the spaces before every token but the last, the end of the text.
pub(super) fn apply(pieces: &mut [Piece<'_>]) {
    let lines = split(pieces);
    indent(pieces, &lines);
    for line in &lines {
        space(&mut pieces[line.lead()]);
        space(&mut pieces[line.assignment()]);
    }
    align(pieces, &lines, Line::assignment);
    align(pieces, &lines, Line::comment);
}

/// Indents a line by how many lines before it opened brackets that are still open: however many
/// brackets a line opens, what follows is one level deeper.
fn indent(pieces: &mut [Piece<'_>], lines: &[Line]) {
    // Brackets that each level has yet to close.
    let mut levels: Vec<i32> = Vec::new();
    for line in lines {
        let lead = &pieces[line.lead()];
        if lead[0].kind == Kind::Newline {
            continue;
        }
        let before_heredoc = lead.split_inclusive(|piece| piece.kind == Kind::OpenHeredoc).next();
        let net =
            net_brackets(before_heredoc.unwrap_or(lead)) + net_brackets(&pieces[line.assignment()]);
        close(&mut levels, -net);
        pieces[line.lead().start].spaces = INDENTATION * levels.len();
        if net > 0 {
            levels.push(net);
        }
    }
}

/// Closes brackets, and the levels that have none left.
fn close(levels: &mut Vec<i32>, mut brackets: i32) {
    while brackets > 0 {
        let Some(open) = levels.last_mut() else { return };
        match brackets.cmp(open) {
            Ordering::Less => {
                *open -= brackets;
                return;
            }
            _ => {
                brackets -= *open;
                levels.pop();
            }
        }
    }
}

/// Sets the spaces within a cell.
fn space(cell: &mut [Piece<'_>]) {
    let mut before = None;
    for index in 1..cell.len() {
        let subject = &cell[index - 1];
        let kind = subject.kind;
        cell[index].spaces = usize::from(space_between(before, subject, cell[index].kind));
        before = Some(kind);
    }
}

/// Gives a cell of consecutive lines that have it the same column, one space after the longest of
/// what is before it.
fn align(pieces: &mut [Piece<'_>], lines: &[Line], cell: fn(Line) -> Range<usize>) {
    for chain in lines.split(|line| cell(*line).is_empty()) {
        let before = |line: &Line| columns(&pieces[line.lead().start..cell(*line).start]);
        let widths: Vec<usize> = chain.iter().map(before).collect();
        let widest = widths.iter().copied().max().unwrap_or_default();
        for (line, width) in chain.iter().zip(widths) {
            pieces[cell(*line).start].spaces = widest - width + 1;
        }
    }
}
