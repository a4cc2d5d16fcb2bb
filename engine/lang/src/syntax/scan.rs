//! The tokens of code that take more than a look.

use super::lexer::{Lexer, Mode};
use super::token::Kind;

impl Lexer<'_> {
    /// Where an identifier that goes on at `from` ends.
    pub(super) fn identifier_end(&self, from: usize) -> usize {
        let mut end = from;
        loop {
            match self.bytes.get(end) {
                Some(b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'-') => end += 1,
                Some(0x80..) => match self.text[end..].chars().next() {
                    Some(next) if continues_identifier(next) => end += next.len_utf8(),
                    _ => return end,
                },
                _ => return end,
            }
        }
    }

    /// Where the number at the position ends. Dots are taken in, so that `1.2.3` is one bad number
    /// and not three tokens, but not at its end.
    pub(super) fn number_end(&self) -> usize {
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

    pub(super) fn line_comment(&mut self) {
        match self.bytes[self.position..].iter().position(|byte| *byte == b'\n') {
            Some(length) => self.push(Kind::LineComment, self.position + length + 1),
            None => self.push(Kind::Comment, self.text.len()),
        }
    }

    /// A comment or the division sign.
    pub(super) fn slash(&mut self) {
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
    pub(super) fn heredoc(&mut self) -> bool {
        let name = self.position + 2 + usize::from(self.byte(2) == b'-');
        let Some(first) = self.text.get(name..).and_then(|rest| rest.chars().next()) else {
            return false;
        };
        if !starts_identifier(first) {
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

/// Whether an identifier may begin with this.
pub(super) fn starts_identifier(character: char) -> bool {
    character == '_' || unicode_ident::is_xid_start(character)
}

fn continues_identifier(character: char) -> bool {
    // Younger versions of Unicode let joiners and middle dots in, Terraform does not.
    let young = matches!(character, '\u{200c}' | '\u{200d}' | '\u{30fb}' | '\u{ff65}');
    character == '-' || (unicode_ident::is_xid_continue(character) && !young)
}

/// Whether a text is an identifier: a letter or underscore, then letters, digits, underscores and
/// dashes, all as Unicode understands them.
#[must_use]
pub fn is_identifier(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next().is_some_and(starts_identifier) && characters.all(continues_identifier)
}

/// The token that begins with these bytes, and its length.
pub(super) fn symbol(first: u8, second: u8, third: u8) -> (Kind, usize) {
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
