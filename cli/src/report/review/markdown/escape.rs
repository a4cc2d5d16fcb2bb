//! Text from values, names and files, made harmless: in a comment that a trusted robot writes it
//! must name nobody, link to nothing, and close nothing that it did not open.

use std::fmt::Write as _;

use crate::report::literal::line;

/// Text as code, on one line: within it neither names nor numbers nor tags mean anything.
pub fn code(text: &str) -> String {
    let text = line(&text.replace(['\n', '\t'], " "));
    if text.trim().is_empty() {
        return "(empty)".into();
    }
    // A bar ends a cell even in code, and a backslash before it does not always save it.
    if text.contains('|') {
        return format!("<code>{}</code>", entities(&text));
    }
    let fence = "`".repeat(longest_run(&text, '`') + 1);
    let space = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}

/// Text as code within HTML, where Markdown means nothing.
pub fn html_code(text: &str) -> String {
    format!("<code>{}</code>", entities(&line(&text.replace(['\n', '\t'], " "))))
}

/// Lines between fences that none of them can close, for `language`.
pub fn fenced(language: &str, lines: &str) -> String {
    let fence = "`".repeat((longest_run(lines, '`') + 1).max(3));
    format!("{fence}{language}\n{}\n{fence}\n", lines.trim_end_matches('\n'))
}

/// A word for the inside of an HTML comment, which two hyphens could end: whatever is special is
/// written in hexadecimal.
pub fn word(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        let hyphen = byte == b'-' && !out.ends_with('-');
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'/') || hyphen {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// Everything but letters, digits, spaces and what is harmless as numbers of characters.
fn entities(text: &str) -> String {
    let mut out = String::new();
    for character in text.chars() {
        if character.is_alphanumeric() || matches!(character, ' ' | '.' | ',' | '/' | '-' | '=') {
            out.push(character);
        } else {
            let _ = write!(out, "&#{};", u32::from(character));
        }
    }
    out
}

fn longest_run(text: &str, wanted: char) -> usize {
    let mut longest = 0;
    let mut run = 0;
    for character in text.chars() {
        run = if character == wanted { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_cannot_be_left() {
        assert_eq!(code("a[\"b\"]"), "`a[\"b\"]`");
        assert_eq!(code("``x`"), "``` ``x` ```");
        assert_eq!(code("a\\|@team|"), "<code>a&#92;&#124;&#64;team&#124;</code>");
        assert_eq!(code("a\nb\u{1b}[1m"), "`a b\\u001b[1m`");
        assert_eq!(code(" "), "(empty)");
    }

    #[test]
    fn a_fence_is_longer_than_any_inside() {
        assert_eq!(fenced("diff", "+ ````\n"), "`````diff\n+ ````\n`````\n");
    }

    #[test]
    fn a_word_ends_no_comment() {
        assert_eq!(word("a-b --> @x"), "a-b%20-%2D%3E%20%40x");
    }
}
