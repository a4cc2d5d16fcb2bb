//! The indentation rule of `<<-`.

use super::template::Piece;

/// Takes the indentation that all lines share off each of them. Only what is written counts, not
/// what sequences turn out to hold. A line of nothing but space neither counts nor changes; one
/// that begins with a sequence has no indentation.
pub(super) fn flush(pieces: &mut [Piece]) {
    let mut least = usize::MAX;
    let mut lines = Vec::new();
    let mut line_start = true;
    for (index, piece) in pieces.iter().enumerate() {
        let Piece::Text(text, _) = piece else {
            if line_start {
                least = 0;
            }
            line_start = false;
            continue;
        };
        if line_start {
            let content = text.trim_start();
            if !(content.is_empty() && text.ends_with('\n')) {
                let indentation = &text[..text.len() - content.len()];
                least = least.min(indentation.chars().count());
                lines.push(index);
            }
        }
        line_start = text.ends_with('\n');
    }
    for index in lines {
        if let Piece::Text(text, span) = &mut pieces[index] {
            let length = text.chars().take(least).map(char::len_utf8).sum::<usize>();
            text.drain(..length);
            span.start = (span.start + length as u32).min(span.end);
        }
    }
}
