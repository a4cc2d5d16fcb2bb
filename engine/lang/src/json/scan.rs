//! JSON text to tokens. It is lax about what words, numbers and texts hold, so that the parser can
//! say more exactly what is wrong with them.

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    OpenBrace,
    CloseBrace,
    OpenBracket,
    CloseBracket,
    Comma,
    Colon,
    /// Has no business here, but is a habit from native syntax.
    Equals,
    Word,
    Text,
    Number,
    /// Nothing that JSON knows; scanning ends with it.
    Invalid,
    End,
}

/// A token and where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Cuts a text into tokens; the last one is [`Kind::End`].
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let bytes = text.as_bytes();
    let mut tokens = Vec::with_capacity(bytes.len() / 8 + 1);
    let mut position = 0;
    loop {
        position += length(&bytes[position..], |byte| matches!(byte, b' ' | b'\n' | b'\r' | b'\t'));
        let Some(&first) = bytes.get(position) else { break };
        let rest = &bytes[position..];
        let (kind, length) = match first {
            b'{' => (Kind::OpenBrace, 1),
            b'}' => (Kind::CloseBrace, 1),
            b'[' => (Kind::OpenBracket, 1),
            b']' => (Kind::CloseBracket, 1),
            b',' => (Kind::Comma, 1),
            b':' => (Kind::Colon, 1),
            b'=' => (Kind::Equals, 1),
            b'"' => (Kind::Text, quoted(rest)),
            b'-' | b'+' | b'.' | b'0'..=b'9' => (Kind::Number, length(rest, is_of_number)),
            b'a'..=b'z' | b'A'..=b'Z' => {
                (Kind::Word, length(rest, |byte| byte.is_ascii_alphabetic() || byte == b'_'))
            }
            _ => (Kind::Invalid, text[position..].chars().next().map_or(1, char::len_utf8)),
        };
        tokens.push(Token { kind, start: position, end: position + length });
        position += length;
        if kind == Kind::Invalid {
            break;
        }
    }
    tokens.push(Token { kind: Kind::End, start: position, end: position });
    tokens
}

fn is_of_number(byte: u8) -> bool {
    matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9')
}

/// How many bytes at the start are of a kind.
fn length(bytes: &[u8], belongs: impl Fn(u8) -> bool) -> usize {
    bytes.iter().position(|byte| !belongs(*byte)).unwrap_or(bytes.len())
}

/// Length of the text in quotes that begins here, up to the closing quote or a control character.
fn quoted(bytes: &[u8]) -> usize {
    let mut escaped = false;
    for (index, byte) in bytes.iter().enumerate().skip(1) {
        match byte {
            b'"' if !escaped => return index + 1,
            b'\\' => escaped = !escaped,
            0..0x20 => return index,
            _ => escaped = false,
        }
    }
    bytes.len()
}
