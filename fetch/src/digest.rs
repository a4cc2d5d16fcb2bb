//! Digests of what is read.

use std::io::{self, Read};

use sha2::digest::Digest;

/// Bytes read at a time.
const BUFFER: usize = 64 * 1024;

/// The digest of all that comes, in hexadecimal digits.
pub fn of<D: Digest>(mut reader: impl Read) -> io::Result<String> {
    let (mut digest, mut buffer) = (D::new(), vec![0; BUFFER]);
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => return Ok(hexadecimal(&digest.finalize())),
            Ok(read) => digest.update(&buffer[..read]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Digits of bytes.
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
