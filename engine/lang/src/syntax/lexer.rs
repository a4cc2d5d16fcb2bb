//! Text to tokens. Templates nest in code and code in templates, so the lexer keeps a stack of
//! what it is in.
//!
//! *Invariants:* tokens are in order and do not overlap; their ends are character boundaries; the
//! last one is [`Kind::End`]; every byte is looked at a bounded number of times.

use super::encoding::is_broken;
use super::scan::{starts_identifier, symbol};
use super::token::{Kind, Token};

/// What the text is at its outermost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Start {
    /// Bodies or an expression.
    Code,
    /// A bare template, as `templatefile` reads it.
    Template,
}

/// What the lexer is in.
#[derive(Clone, Copy, Debug)]
pub(super) enum Mode {
    /// Code, with the number of braces opened and not closed in it.
    Code(u32),
    /// A quoted template.
    Quoted,
    /// A heredoc: where its name stands, and whether the position is at the start of a line.
    Heredoc(u32, u32, bool),
    /// A bare template.
    Bare,
}

/// Cuts a text into tokens, comments included. The text must be shorter than 4 GiB.
pub(crate) fn tokens(text: &str, start: Start) -> Vec<Token> {
    let mode = if start == Start::Code { Mode::Code(0) } else { Mode::Bare };
    let mut lexer = Lexer {
        text,
        bytes: text.as_bytes(),
        position: if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 },
        // Measured: configuration has a token every four to six bytes.
        tokens: Vec::with_capacity(text.len() / 5 + 1),
        mode,
        outer: Vec::new(),
        comment_ends: true,
    };
    while lexer.position < text.len() {
        match lexer.mode {
            Mode::Code(_) => lexer.code(),
            Mode::Quoted => lexer.quoted(),
            Mode::Heredoc(..) | Mode::Bare => lexer.lines(),
        }
    }
    lexer.push(Kind::End, text.len());
    lexer.tokens
}

pub(super) struct Lexer<'a> {
    pub(super) text: &'a str,
    pub(super) bytes: &'a [u8],
    pub(super) position: usize,
    pub(super) tokens: Vec<Token>,
    pub(super) mode: Mode,
    pub(super) outer: Vec<Mode>,
    /// Whether a `*/` may still follow.
    pub(super) comment_ends: bool,
}

impl Lexer<'_> {
    /// Adds a token from the position to `end` and moves there.
    pub(super) fn push(&mut self, kind: Kind, end: usize) {
        let start = self.position as u32;
        self.tokens.push(Token { kind, start, end: end as u32 });
        self.position = end;
    }

    pub(super) fn byte(&self, ahead: usize) -> u8 {
        self.bytes.get(self.position + ahead).copied().unwrap_or(0)
    }

    pub(super) fn enter(&mut self, mode: Mode) {
        self.outer.push(self.mode);
        self.mode = mode;
    }

    pub(super) fn leave(&mut self) {
        if let Some(mode) = self.outer.pop() {
            self.mode = mode;
        }
    }

    /// Length of the character at the position.
    pub(super) fn width(&self) -> usize {
        self.text[self.position..].chars().next().map_or(1, char::len_utf8)
    }

    /// Code, until a template begins or the sequence that holds it ends.
    fn code(&mut self) {
        while let Some(&byte) = self.bytes.get(self.position) {
            match byte {
                b' ' | b'\t' => self.position += 1,
                b'a'..=b'z' | b'A'..=b'Z' | b'_' => {
                    self.push(Kind::Identifier, self.identifier_end(self.position + 1));
                }
                b'0'..=b'9' => self.push(Kind::Number, self.number_end()),
                b'\n' => self.push(Kind::Newline, self.position + 1),
                b'\r' if self.byte(1) == b'\n' => self.push(Kind::Newline, self.position + 2),
                b'#' => self.line_comment(),
                b'/' => self.slash(),
                b'"' => {
                    self.push(Kind::OpenQuote, self.position + 1);
                    return self.enter(Mode::Quoted);
                }
                b'<' if self.byte(1) == b'<' && self.heredoc() => return,
                b'{' | b'}' | b'~' => {
                    if self.brace(byte) {
                        return;
                    }
                }
                0x80.. => self.foreign(),
                _ => {
                    let (kind, length) = symbol(byte, self.byte(1), self.byte(2));
                    self.push(kind, self.position + length);
                }
            }
        }
    }

    /// A brace or tilde; answers whether it ended the sequence the code is in.
    fn brace(&mut self, byte: u8) -> bool {
        let Mode::Code(braces) = &mut self.mode else { return true };
        let closes = *braces == 0 && !self.outer.is_empty();
        let (kind, length) = match byte {
            b'{' => {
                *braces += 1;
                (Kind::OpenBrace, 1)
            }
            b'}' => (if closes { Kind::SequenceEnd } else { Kind::CloseBrace }, 1),
            _ if self.bytes.get(self.position + 1) == Some(&b'}') => (Kind::SequenceEnd, 2),
            _ => (Kind::Tilde, 1),
        };
        if matches!(kind, Kind::CloseBrace | Kind::SequenceEnd) {
            *braces = braces.saturating_sub(1);
        }
        self.push(kind, self.position + length);
        let closed = closes && kind == Kind::SequenceEnd;
        if closed {
            self.leave();
        }
        closed
    }

    /// A character outside ASCII.
    fn foreign(&mut self) {
        let width = self.width();
        let starts = self.text[self.position..].starts_with(starts_identifier);
        let end = self.position + width;
        if is_broken(&self.bytes[self.position..]) {
            self.push(Kind::Broken, end);
        } else if starts {
            self.push(Kind::Identifier, self.identifier_end(end));
        } else {
            self.push(Kind::Invalid, end);
        }
    }
}
