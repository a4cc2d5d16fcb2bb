//! Text to tokens. Templates nest in code and code in templates, so the lexer keeps a stack of
//! what it is in.
//!
//! *Invariants:* tokens are in order and do not overlap; their ends are character boundaries; the
//! last one is [`Kind::End`]; every byte is looked at a bounded number of times.

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
    /// A quoted template; set once it has been found to span lines.
    Quoted(bool),
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
        probe: None,
    };
    while lexer.position < text.len() {
        match lexer.mode {
            Mode::Code(_) => lexer.code(),
            Mode::Quoted(_) => lexer.quoted(),
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
    comment_ends: bool,
    /// See [`Lexer::spans_lines`]: how far it has looked ahead, and what it found.
    pub(super) probe: Option<(usize, bool)>,
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
                    return self.enter(Mode::Quoted(false));
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
        let starts = self.text[self.position..].starts_with(unicode_ident::is_xid_start);
        let end = self.position + width;
        if starts {
            self.push(Kind::Identifier, self.identifier_end(end));
        } else {
            self.push(Kind::Invalid, end);
        }
    }

    /// Where an identifier that goes on at `from` ends.
    fn identifier_end(&self, from: usize) -> usize {
        let mut end = from;
        loop {
            match self.bytes.get(end) {
                Some(b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'-') => end += 1,
                Some(0x80..) => match self.text[end..].chars().next() {
                    Some(next) if unicode_ident::is_xid_continue(next) => end += next.len_utf8(),
                    _ => return end,
                },
                _ => return end,
            }
        }
    }

    /// Where the number at the position ends. Dots are taken in, so that `1.2.3` is one bad number
    /// and not three tokens, but not at its end.
    fn number_end(&self) -> usize {
        let mut end = self.position + 1;
        let mut next = end;
        loop {
            match self.bytes.get(next) {
                Some(b'0'..=b'9') => next += 1,
                Some(b'.') => {
                    next += 1;
                    continue;
                }
                Some(b'e' | b'E') => {
                    let sign = matches!(self.bytes.get(next + 1), Some(b'+' | b'-'));
                    let digit = next + 1 + usize::from(sign);
                    if !self.bytes.get(digit).is_some_and(u8::is_ascii_digit) {
                        return end;
                    }
                    next = digit + 1;
                }
                _ => return end,
            }
            end = next;
        }
    }

    fn line_comment(&mut self) {
        match self.bytes[self.position..].iter().position(|byte| *byte == b'\n') {
            Some(length) => self.push(Kind::LineComment, self.position + length + 1),
            None => self.push(Kind::Comment, self.text.len()),
        }
    }

    /// A comment or the division sign.
    fn slash(&mut self) {
        if self.byte(1) == b'/' {
            return self.line_comment();
        }
        if self.byte(1) == b'*' && self.comment_ends {
            if let Some(length) = self.text[self.position + 2..].find("*/") {
                return self.push(Kind::Comment, self.position + length + 4);
            }
            self.comment_ends = false;
        }
        self.push(Kind::Slash, self.position + 1);
    }

    /// Begins a heredoc if one begins here.
    fn heredoc(&mut self) -> bool {
        let name = self.position + 2 + usize::from(self.byte(2) == b'-');
        let Some(first) = self.text.get(name..).and_then(|rest| rest.chars().next()) else {
            return false;
        };
        if first != '_' && !unicode_ident::is_xid_start(first) {
            return false;
        }
        let end = self.identifier_end(name + first.len_utf8());
        let line_end = end + usize::from(self.bytes.get(end) == Some(&b'\r'));
        if self.bytes.get(line_end) != Some(&b'\n') {
            return false;
        }
        self.push(Kind::OpenHeredoc, line_end + 1);
        self.enter(Mode::Heredoc(name as u32, end as u32, true));
        true
    }
}

/// The token that begins with these bytes, and its length.
fn symbol(first: u8, second: u8, third: u8) -> (Kind, usize) {
    let kind = match (first, second) {
        (b'.', b'.') if third == b'.' => return (Kind::Ellipsis, 3),
        (b'=', b'=') => return (Kind::Equal, 2),
        (b'=', b'>') => return (Kind::Arrow, 2),
        (b'!', b'=') => return (Kind::NotEqual, 2),
        (b'<', b'=') => return (Kind::LessOrEqual, 2),
        (b'>', b'=') => return (Kind::GreaterOrEqual, 2),
        (b'&', b'&') => return (Kind::And, 2),
        (b'|', b'|') => return (Kind::Or, 2),
        (b':', b':') => return (Kind::DoubleColon, 2),
        (b'[', _) => Kind::OpenBracket,
        (b']', _) => Kind::CloseBracket,
        (b'(', _) => Kind::OpenParenthesis,
        (b')', _) => Kind::CloseParenthesis,
        (b'.', _) => Kind::Dot,
        (b',', _) => Kind::Comma,
        (b'*', _) => Kind::Star,
        (b'%', _) => Kind::Percent,
        (b'+', _) => Kind::Plus,
        (b'-', _) => Kind::Minus,
        (b'=', _) => Kind::Assign,
        (b'<', _) => Kind::Less,
        (b'>', _) => Kind::Greater,
        (b'!', _) => Kind::Not,
        (b'?', _) => Kind::Question,
        (b':', _) => Kind::Colon,
        (b'&', _) => Kind::Ampersand,
        (b'|', _) => Kind::Pipe,
        (b'^', _) => Kind::Caret,
        (b'\'', _) => Kind::Apostrophe,
        (b'`', _) => Kind::Backtick,
        (b';', _) => Kind::Semicolon,
        _ => Kind::Invalid,
    };
    (kind, 1)
}
