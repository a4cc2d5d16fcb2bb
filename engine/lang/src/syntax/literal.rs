//! The literal parts of templates as tokens. They are cut as Terraform cuts them (heredocs by
//! line, all templates at `$` and `%`), because `~` trims the neighbouring token only.

use super::encoding::{BROKEN, is_broken};
use super::lexer::{Lexer, Mode};
use super::token::Kind;

/// First byte of [`BROKEN`].
const BROKEN_START: u8 = 0xef;

impl Lexer<'_> {
    /// A quoted template, until it ends or code begins in it.
    pub(super) fn quoted(&mut self) {
        while let Some(&byte) = self.bytes.get(self.position) {
            match byte {
                b'"' => {
                    self.push(Kind::CloseQuote, self.position + 1);
                    return self.leave();
                }
                b'\n' | b'\r' => self.quoted_newline(),
                b'$' | b'%' => {
                    if self.sign(byte, Kind::Quoted) {
                        return;
                    }
                }
                BROKEN_START if is_broken(&self.bytes[self.position..]) => self.broken(),
                _ => self.quoted_text(),
            }
        }
    }

    /// Text up to the next character that may mean something. A backslash takes the character
    /// after it along.
    fn quoted_text(&mut self) {
        let mut end = self.position;
        loop {
            match self.bytes.get(end) {
                None | Some(b'"' | b'\n' | b'\r' | b'$' | b'%') => break,
                Some(&BROKEN_START) if is_broken(&self.bytes[end..]) => break,
                Some(b'\\') => match self.text[end + 1..].chars().next() {
                    None | Some('\n' | '\r') => break,
                    Some(next) => end += 1 + next.len_utf8(),
                },
                Some(_) => end += 1,
            }
        }
        if end == self.position {
            // A backslash with nothing to escape.
            self.push(Kind::Invalid, end + 1);
        } else {
            self.push(Kind::Quoted, end);
        }
    }

    /// A run of line ends in quotes.
    fn quoted_newline(&mut self) {
        let newline = |byte: &&u8| matches!(byte, b'\n' | b'\r');
        let length = self.bytes[self.position..].iter().take_while(newline).count();
        self.push(Kind::QuotedNewline, self.position + length);
    }

    /// `$` or `%`: begins a sequence (answers true), is escaped by being doubled, or is text.
    fn sign(&mut self, sign: u8, literal: Kind) -> bool {
        if self.byte(1) == b'{' {
            let kind = if sign == b'$' { Kind::Interpolation } else { Kind::Directive };
            let length = if self.byte(2) == b'~' { 3 } else { 2 };
            self.push(kind, self.position + length);
            self.enter(Mode::Code(0));
            return true;
        }
        let doubled = self.byte(1) == sign && self.byte(2) == b'{';
        self.push(literal, self.position + if doubled { 3 } else { 1 });
        false
    }

    /// A heredoc or bare template, until it ends or code begins in it.
    pub(super) fn lines(&mut self) {
        while let Some(&byte) = self.bytes.get(self.position) {
            if matches!(byte, b'$' | b'%') {
                self.at_line_start(false);
                if self.sign(byte, Kind::Text) {
                    return;
                }
                continue;
            }
            let rest = &self.bytes[self.position..];
            if byte == BROKEN_START && is_broken(rest) {
                self.at_line_start(false);
                self.broken();
                continue;
            }
            if byte == b'\r' && self.byte(1) != b'\n' && self.in_heredoc() {
                // Terraform can read nothing after a carriage return without a line feed.
                return self.push(Kind::Invalid, self.text.len());
            }
            let stops = |index: &usize| match rest[*index] {
                b'$' | b'%' | b'\n' => true,
                b'\r' => self.in_heredoc() && rest.get(index + 1) != Some(&b'\n'),
                BROKEN_START => is_broken(&rest[*index..]),
                _ => false,
            };
            let stop = (0..rest.len()).find(stops);
            let (length, whole) = match stop {
                Some(length) if rest[length] == b'\n' => (length + 1, true),
                Some(length) => (length, false),
                None => (rest.len(), false),
            };
            let end = self.position + length;
            if whole && self.closes_heredoc(end) {
                let line_end = end - 1 - usize::from(self.bytes[end - 2] == b'\r');
                self.push(Kind::CloseHeredoc, line_end);
                self.push(Kind::Newline, end);
                return self.leave();
            }
            self.push(Kind::Text, end);
            self.at_line_start(whole);
        }
    }

    fn broken(&mut self) {
        self.push(Kind::Broken, self.position + BROKEN.len_utf8());
    }

    fn in_heredoc(&self) -> bool {
        matches!(self.mode, Mode::Heredoc(..))
    }

    fn at_line_start(&mut self, value: bool) {
        if let Mode::Heredoc(_, _, at_start) = &mut self.mode {
            *at_start = value;
        }
    }

    /// Whether the line from the position to `end` is the one that ends the heredoc.
    fn closes_heredoc(&self, end: usize) -> bool {
        let Mode::Heredoc(from, to, true) = self.mode else { return false };
        self.text[self.position..end].trim() == &self.text[from as usize..to as usize]
    }
}
