//! Text in quotes.

use std::fmt::Write as _;

use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory as _};

/// Text in double quotes as Go's `%q` writes it, which is how Terraform prints strings: whatever
/// has no form of its own is escaped, so the result is one line that is safe to print.
#[must_use]
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => {
                out.push('\\');
                out.push(character);
            }
            printable if is_printable(printable) => out.push(printable),
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{b}' => out.push_str("\\v"),
            // Writing to a string cannot fail.
            other => {
                let code = u32::from(other);
                let _ = match code {
                    0..0x20 | 0x7f => write!(out, "\\x{code:02x}"),
                    0x20..0x1_0000 => write!(out, "\\u{code:04x}"),
                    _ => write!(out, "\\U{code:08x}"),
                };
            }
        }
    }
    out.push('"');
    out
}

/// Letters, marks, numbers, punctuation, symbols, and of all spaces the plain one.
fn is_printable(character: char) -> bool {
    if character.is_ascii() {
        return matches!(character, ' '..='~');
    }
    !matches!(
        character.general_category_group(),
        GeneralCategoryGroup::Separator | GeneralCategoryGroup::Other
    )
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn what_has_no_form_is_escaped() {
        assert_eq!(quoted("a\"b\\c ${d} é 日本 👍"), r#""a\"b\\c ${d} é 日本 👍""#);
        assert_eq!(quoted("\t\n\r\u{7}\u{8}\u{b}\u{c}"), r#""\t\n\r\a\b\v\f""#);
        assert_eq!(quoted("\0\u{1b}[31m\u{7f}\u{85}"), r#""\x00\x1b[31m\x7f\u0085""#);
        assert_eq!(
            quoted("\u{a0}\u{200b}\u{2028}\u{feff}\u{e000}"),
            r#""\u00a0\u200b\u2028\ufeff\ue000""#
        );
        assert_eq!(quoted("e\u{301}\u{e0001}\u{10ffff}"), "\"e\u{301}\\U000e0001\\U0010ffff\"");
    }
}
