//! Tokens as they are to be written.

use std::borrow::Cow;

use crate::syntax::token::{Kind, Token};

/// A token to be written, with the spaces before it.
#[derive(Clone, Debug)]
pub(super) struct Piece<'a> {
    /// What it is.
    pub(super) kind: Kind,
    /// How it is written.
    pub(super) text: Cow<'a, str>,
    /// How many spaces stand before it.
    pub(super) spaces: usize,
}

impl<'a> Piece<'a> {
    /// A token of the source. Its spaces are yet to be found.
    pub(super) fn from_source(source: &'a str, token: Token) -> Self {
        Self::new(token.kind, &source[token.start as usize..token.end as usize])
    }

    /// A token that the source does not have.
    pub(super) fn new(kind: Kind, text: impl Into<Cow<'a, str>>) -> Self {
        Self { kind, text: text.into(), spaces: 0 }
    }

    /// Whether it ends its line.
    pub(super) fn ends_line(&self) -> bool {
        matches!(self.kind, Kind::Newline | Kind::LineComment)
    }
}

/// How many brackets a token opens; negative when it closes one.
pub(super) fn bracket_change(kind: Kind) -> i32 {
    match kind {
        Kind::OpenBrace
        | Kind::OpenBracket
        | Kind::OpenParenthesis
        | Kind::Interpolation
        | Kind::Directive => 1,
        Kind::CloseBrace | Kind::CloseBracket | Kind::CloseParenthesis | Kind::SequenceEnd => -1,
        _ => 0,
    }
}

/// How many brackets tokens open that they do not close.
pub(super) fn net_brackets(pieces: &[Piece<'_>]) -> i32 {
    pieces.iter().map(|piece| bracket_change(piece.kind)).sum()
}

/// All pieces as text, for which there will be room for `capacity` bytes at first.
pub(super) fn write(pieces: &[Piece<'_>], capacity: usize) -> String {
    let mut text = String::with_capacity(capacity + capacity / 8);
    for piece in pieces {
        text.extend(std::iter::repeat_n(' ', piece.spaces));
        text.push_str(&piece.text);
    }
    text
}
