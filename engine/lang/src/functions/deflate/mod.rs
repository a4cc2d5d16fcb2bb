//! Deflate ([RFC 1951](https://www.rfc-editor.org/rfc/rfc1951)), with the very bytes that Go's
//! `compress/flate` writes at its usual level.
//!
//! A compressor is free in what it writes, and each one writes something else. The result of
//! `base64gzip` ends up in arguments of resources, where other bytes than before are a change, so
//! the ones of Terraform have to be met.

mod block;
mod huffman;
mod tokens;

use block::BitWriter;

/// A literal byte, or a repetition of what was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token {
    /// A byte.
    Literal(u8),
    /// So many bytes (3 to 258) from so far back (1 to 32,768).
    Match { length: u16, distance: u16 },
}

/// The bytes compressed: all of them, a flush, and an empty last block.
pub(super) fn compress(input: &[u8]) -> Vec<u8> {
    let mut writer = BitWriter::default();
    for block in tokens::blocks(input) {
        block::write(&mut writer, &block.tokens, &input[block.range]);
    }
    writer.stored_header(0, false);
    writer.stored_header(0, true);
    writer.finish()
}
