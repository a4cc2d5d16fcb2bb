//! Escapes in literal text.

use std::borrow::Cow;

use platoform_value::quoted;

/// A bad escape: where it stands in the text that was given, and what is wrong with it.
pub(super) struct BadEscape {
    /// Offset of the backslash.
    pub(super) start: usize,
    /// Length with the backslash.
    pub(super) length: usize,
    /// What is wrong.
    pub(super) detail: String,
}

/// Resolves `$${` and `%%{`, and in quotes the backslash escapes. A bad one stays as it is
/// written.
pub(super) fn unescape<'a>(
    source: &'a str,
    quoted: bool,
    bad: &mut Vec<BadEscape>,
) -> Cow<'a, str> {
    // The lexer makes a token of its own of a doubled sign, so it can only be at the start.
    if let Some(rest) = source.strip_prefix("$${").or_else(|| source.strip_prefix("%%{")) {
        return Cow::Owned(format!("{}{{{rest}", &source[..1]));
    }
    if !quoted || !source.contains('\\') {
        return Cow::Borrowed(source);
    }
    let mut text = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(at) = rest.find('\\') {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        let (length, result) = backslash(rest);
        match result {
            Ok(character) => text.push(character),
            Err(detail) => {
                let start = source.len() - rest.len();
                bad.push(BadEscape { start, length, detail });
                text.push_str(&rest[..length]);
            }
        }
        rest = &rest[length..];
    }
    text.push_str(rest);
    Cow::Owned(text)
}

/// The escape that `text` begins with: its length, and the character or what is wrong.
fn backslash(text: &str) -> (usize, Result<char, String>) {
    let Some(selector) = text[1..].chars().next() else {
        return (
            1,
            Err("Backslash must be followed by an escape sequence selector character".to_owned()),
        );
    };
    let length = 1 + selector.len_utf8();
    let character = match selector {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        '"' => '"',
        '\\' => '\\',
        'u' => {
            return code_point(
                text,
                4,
                r"The \u escape sequence must be followed by four hexadecimal digits",
            );
        }
        'U' => {
            return code_point(
                text,
                8,
                r"The \U escape sequence must be followed by eight hexadecimal digits",
            );
        }
        _ => {
            let selector = quoted(&text[1..length]);
            let detail = format!("The symbol {selector} is not a valid escape sequence selector");
            return (length, Err(detail));
        }
    };
    (length, Ok(character))
}

fn code_point(text: &str, digits: usize, detail: &str) -> (usize, Result<char, String>) {
    let hexadecimal = text[2..].bytes().take(digits).take_while(u8::is_ascii_hexdigit).count();
    let length = 2 + hexadecimal;
    if hexadecimal < digits {
        return (length, Err(detail.to_owned()));
    }
    let code = u32::from_str_radix(&text[2..length], 16).unwrap_or(u32::MAX);
    let character = char::from_u32(code);
    (length, character.ok_or_else(|| format!("Cannot encode character U+{code:04x} in UTF-8")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str, expected: &str, bad_places: &[(usize, usize)]) {
        let mut bad = Vec::new();
        assert_eq!(unescape(source, true, &mut bad), expected);
        let places: Vec<_> = bad.iter().map(|error| (error.start, error.length)).collect();
        assert_eq!(places, bad_places, "{source}");
    }

    #[test]
    fn escapes_are_resolved() {
        check(r#"a\n\t\r\"\\b"#, "a\n\t\r\"\\b", &[]);
        check(r"\u00e9\U0001F600", "é😀", &[]);
        check("$${x", "${x", &[]);
        check("%%{", "%{", &[]);
    }

    #[test]
    fn bad_escapes_are_placed() {
        check(r"a\qb\é", r"a\qb\é", &[(1, 2), (4, 3)]);
        check(r"\u12x", r"\u12x", &[(0, 4)]);
        check(r"\ud800", r"\ud800", &[(0, 6)]);
        check(r"\UFFFFFFFF", r"\UFFFFFFFF", &[(0, 10)]);
    }

    #[test]
    fn backslashes_mean_nothing_outside_quotes() {
        assert_eq!(unescape(r"a\n", false, &mut Vec::new()), r"a\n");
    }
}
