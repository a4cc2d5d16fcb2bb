//! How wide text is.

use unicode_segmentation::UnicodeSegmentation;

use super::piece::Piece;

/// Columns that tokens take up with the spaces before them. As there, every token counts by
/// itself, and a token that spans lines counts as if it did not.
pub(super) fn columns(pieces: &[Piece<'_>]) -> usize {
    pieces.iter().map(|piece| piece.spaces + width(&piece.text)).sum()
}

/// Grapheme clusters as Unicode 15.0 has them, which Terraform 1.11 counts: later versions join
/// consonants of Indic scripts to the ones before (rule GB9c).
fn width(text: &str) -> usize {
    if text.is_ascii() {
        return text.len() - text.matches("\r\n").count();
    }
    text.graphemes(true).map(|cluster| 1 + joined_consonants(cluster)).sum()
}

/// How many letters in a cluster would begin one of their own after just the character before.
fn joined_consonants(cluster: &str) -> usize {
    let starts = cluster.char_indices().map(|(start, _)| start);
    let pairs = starts.clone().zip(starts.skip(1));
    pairs
        .filter(|(before, start)| {
            let end =
                cluster[*start..].chars().next().map_or(*start, |next| start + next.len_utf8());
            cluster[*start..].starts_with(char::is_alphabetic)
                && cluster[*before..end].graphemes(true).nth(1).is_some()
        })
        .count()
}
