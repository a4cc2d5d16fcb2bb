//! Text as the YAML parser takes it without fail.

use std::borrow::Cow;

/// Characters that end a line.
const BREAKS: [char; 5] = ['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}'];

/// A document whose text was changed where the parser would end the process over it, and what
/// there is to undo in its scalars.
pub(super) struct Input {
    pub(super) text: String,
    /// The text ends within its last line, which is ended for it.
    pub(super) is_open: bool,
    /// What stands between tags and commas that came right after them.
    gap: String,
}

impl Input {
    /// Ends the last line, and sets commas apart from what looks like a tag before them.
    pub(super) fn new(text: &str) -> Self {
        let is_open = !text.ends_with(BREAKS);
        let ending = if is_open { "\n" } else { "" };
        let commas = commas(text);
        if commas.is_empty() {
            return Self { text: format!("{text}{ending}"), is_open, gap: String::new() };
        }
        // More tabs than there are before any comma.
        let tabs = |before: &str| before.len() - before.trim_end_matches('\t').len();
        let most = text.split(',').map(tabs).max().unwrap_or_default();
        let gap = "\t".repeat(most + 1);
        let mut changed = String::with_capacity(text.len() + commas.len() * gap.len() + 1);
        let mut from = 0;
        for comma in commas {
            changed.push_str(&text[from..comma]);
            changed.push_str(&gap);
            from = comma;
        }
        changed.push_str(&text[from..]);
        Self { text: changed + ending, is_open, gap }
    }

    /// Whether a byte comes after all there is in the text itself.
    pub(super) fn is_past_end(&self, index: u64) -> bool {
        self.is_open && index >= self.text.len() as u64
    }

    /// A scalar as it stood in the text.
    pub(super) fn original<'a>(&self, scalar: &'a str) -> Cow<'a, str> {
        if self.gap.is_empty() {
            return scalar.into();
        }
        scalar.replace(&format!("{},", self.gap), ",").into()
    }
}

/// Where commas stand right after what looks like a tag.
fn commas(text: &str) -> Vec<usize> {
    let ends = |next: char| next.is_whitespace() || ",[]{}".contains(next);
    let mut found = Vec::new();
    let mut start = 0;
    for (index, end) in text.match_indices(ends) {
        if end == "," && text[start..index].contains('!') {
            found.push(index);
        }
        start = index + end.len();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_after_tags_are_set_apart_and_that_is_undone() {
        for (text, expected) in [
            ("[!a, b]\n", "[!a\t, b]\n"),
            ("[a, b]", "[a, b]\n"),
            ("a: 'x !y, z'\nb: c\t, d", "a: 'x !y\t\t, z'\nb: c\t, d\n"),
        ] {
            let input = Input::new(text);
            assert_eq!(input.text, expected);
            assert_eq!(input.original(expected.trim_end()), text.trim_end());
        }
    }
}
