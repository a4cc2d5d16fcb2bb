//! Single characters of a pattern, escaped or not.

use super::syntax::{Invalid, Reader};

impl Reader<'_> {
    /// One character, escaped or not.
    pub(super) fn character(&mut self) -> Result<Character, Invalid> {
        let whole = self.rest;
        let mut characters = whole.chars();
        let first = characters.next().unwrap_or_default();
        if first != '\\' {
            self.take(first.len_utf8());
            return Ok(Character(first));
        }
        let Some(kind) = characters.next() else {
            return Err(Invalid::new("trailing backslash at end of expression", ""));
        };
        let invalid = || Invalid::new("invalid escape sequence", format!("\\{kind}"));
        let (length, code) = match kind {
            'a' => (2, 0x07),
            'f' => (2, 0x0c),
            't' => (2, 0x09),
            'n' => (2, 0x0a),
            'r' => (2, 0x0d),
            'v' => (2, 0x0b),
            'x' => hexadecimal(whole)
                .map_err(|length| Invalid::new("invalid escape sequence", &whole[..length]))?,
            '0'..='7' => octal(whole).ok_or_else(invalid)?,
            _ if kind.is_ascii() && !kind.is_ascii_alphanumeric() => (2, kind.into()),
            _ => return Err(invalid()),
        };
        self.take(length);
        char::from_u32(code).map(Character).ok_or_else(invalid)
    }
}

/// The length and the value of `\x41` or `\x{41}`, or the length of what is wrong.
fn hexadecimal(text: &str) -> Result<(usize, u32), usize> {
    let mut value = 0;
    let braced = text[2..].starts_with('{');
    let start = if braced { 3 } else { 2 };
    for (count, (index, character)) in text[start..].char_indices().enumerate() {
        let end = start + index + character.len_utf8();
        match character.to_digit(16) {
            Some(digit) => value = value * 16 + digit,
            None if braced && character == '}' && count > 0 => return Ok((end, value)),
            // The second of two characters is looked at together with the first.
            None if !braced && count == 0 => {
                return Err(end + text[end..].chars().next().map_or(0, char::len_utf8));
            }
            None => return Err(end),
        }
        if value > char::MAX as u32 {
            return Err(end);
        }
        if !braced && count == 1 {
            return Ok((end, value));
        }
    }
    Err(text.len())
}

/// The length and the value of `\101`; a single digit but zero would be a back reference.
fn octal(text: &str) -> Option<(usize, u32)> {
    let digits =
        text[1..].bytes().take(3).take_while(|digit| (b'0'..=b'7').contains(digit)).count();
    let digits = &text[1..=digits];
    if digits.len() == 1 && digits != "0" {
        return None;
    }
    Some((digits.len() + 1, u32::from_str_radix(digits, 8).ok()?))
}

/// A character that stands for itself.
pub(super) struct Character(pub char);

impl Character {
    pub fn literal(&self) -> String {
        regex::escape(self.0.encode_utf8(&mut [0; 4]))
    }

    pub fn in_class(&self) -> String {
        if self.0.is_ascii_punctuation() { format!("\\{}", self.0) } else { self.0.into() }
    }
}
