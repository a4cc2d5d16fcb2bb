//! Block labels, which are always quoted.

use std::fmt::Write as _;

use platoform_value::{Data, Value};

use super::piece::Piece;
use crate::syntax::token::Kind;

/// The tokens of a label with this text.
pub(super) fn pieces<'a>(text: &str) -> Vec<Piece<'a>> {
    let mut pieces = vec![Piece::new(Kind::OpenQuote, "\"")];
    if !text.is_empty() {
        pieces.push(Piece::new(Kind::Quoted, escape(text)));
    }
    pieces.push(Piece::new(Kind::CloseQuote, "\""));
    pieces
}

/// The text in normal form C with what cannot stand in quotes, or cannot be seen, escaped.
pub(crate) fn escape(text: &str) -> String {
    let value = Value::from(text);
    let text = if let Data::String(normal) = value.data() { &**normal } else { text };
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let code = u32::from(character);
        let _ = match character {
            '\n' => out.write_str("\\n"),
            '\r' => out.write_str("\\r"),
            '\t' => out.write_str("\\t"),
            '"' => out.write_str("\\\""),
            '\\' => out.write_str("\\\\"),
            // Doubled, it begins no sequence.
            '$' | '%' if characters.peek() == Some(&'{') => write!(out, "{character}{character}"),
            _ if is_printable(character) => out.write_char(character),
            '\0'..='\u{ffff}' => write!(out, "\\u{code:04x}"),
            _ => write!(out, "\\U{code:08x}"),
        };
    }
    out
}

/// Whether a character is a letter, mark, number, punctuation, symbol or the ASCII space.
fn is_printable(character: char) -> bool {
    if character.is_ascii() {
        return !character.is_ascii_control();
    }
    // Escaped unless printable; a mark is escaped only where it begins a text.
    let [mut first, mut second] = [[0; 4]; 2];
    let text = ['a'.encode_utf8(&mut first), character.encode_utf8(&mut second)].concat();
    text.escape_debug().nth(1) != Some('\\')
}
