//! How wide text is.

use platoform_diagnostic::count_clusters;

use super::piece::Piece;

/// Columns that tokens take up with the spaces before them. As there, every token counts by
/// itself, and a token that spans lines counts as if it did not.
pub(super) fn columns(pieces: &[Piece<'_>]) -> usize {
    pieces.iter().map(|piece| piece.spaces + count_clusters(&piece.text)).sum()
}
