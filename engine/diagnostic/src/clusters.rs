//! What a reader takes for one character.

use unicode_segmentation::UnicodeSegmentation;

/// The grapheme clusters of a text as Unicode 15.0 has them, which Terraform 1.11 counts: later
/// versions join consonants of Indic scripts to the ones before (rule GB9c).
pub fn clusters(text: &str) -> impl Iterator<Item = &str> {
    text.graphemes(true).flat_map(separate)
}

/// How many grapheme clusters a text has.
#[must_use]
pub fn count_clusters(text: &str) -> usize {
    if text.is_ascii() {
        return text.len() - text.matches("\r\n").count();
    }
    clusters(text).count()
}

/// The parts of a cluster that would be one of their own each after just the character before.
fn separate(cluster: &str) -> impl Iterator<Item = &str> {
    let mut rest = cluster;
    std::iter::from_fn(move || {
        let (first, more) = rest.split_at(consonant(rest).unwrap_or(rest.len()));
        rest = more;
        (!first.is_empty()).then_some(first)
    })
}

/// Where the next consonant is in a cluster that is in it by rule GB9c only. Such ones have no
/// case, which tells them from letters that are also pictures.
fn consonant(cluster: &str) -> Option<usize> {
    let characters = || cluster.char_indices();
    let mut pairs = characters().zip(characters().skip(1));
    let found = pairs.find(|((before, _), (start, next))| {
        next.is_alphabetic()
            && !next.is_lowercase()
            && !next.is_uppercase()
            && cluster[*before..start + next.len_utf8()].graphemes(true).nth(1).is_some()
    });
    found.map(|(_, (start, _))| start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clusters_are_those_of_unicode_15() {
        for (text, expected) in [
            ("", &[][..]),
            ("a\r\nb", &["a", "\r\n", "b"]),
            ("e\u{301}x", &["e\u{301}", "x"]),
            ("क्षि", &["क्", "षि"]),
            ("क्ष्क", &["क्", "ष्", "क"]),
            ("각", &["각"]),
            ("\u{1112}\u{1161}\u{11ab}", &["\u{1112}\u{1161}\u{11ab}"]),
            ("🇩🇪🇫🇷", &["🇩🇪", "🇫🇷"]),
            ("👨\u{200d}👩\u{200d}👧", &["👨\u{200d}👩\u{200d}👧"]),
            ("👨\u{200d}ℹ", &["👨\u{200d}ℹ"]),
        ] {
            assert_eq!(clusters(text).collect::<Vec<_>>(), expected);
            assert_eq!(count_clusters(text), expected.len(), "{text:?}");
        }
    }
}
