//! What is in a file, and its digests.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::PathBuf;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest, Md5};
use sha1::Sha1;
use sha2::{Sha256, Sha512};

/// How much of a file is held in memory at once, in bytes.
const CHUNK: usize = 64 * 1024;

/// Where the content of a file comes from.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Content {
    /// The configuration.
    Bytes(Vec<u8>),
    /// Another file.
    File(PathBuf),
}

impl Content {
    /// To be read from its start.
    pub(crate) fn open(&self) -> io::Result<Box<dyn Read + '_>> {
        Ok(match self {
            Self::Bytes(bytes) => Box::new(bytes.as_slice()),
            Self::File(path) => Box::new(File::open(path)?),
        })
    }

    /// Its length in bytes.
    pub(crate) fn len(&self) -> io::Result<u64> {
        Ok(match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::File(path) => path.metadata()?.len(),
        })
    }

    /// Its digests.
    pub(crate) fn digests(&self) -> io::Result<Digests> {
        copy(&mut self.open()?, &mut io::sink())
    }
}

/// The digests of a content: hexadecimal, or base64 with padding where the name says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Digests {
    pub(crate) md5: String,
    pub(crate) sha1: String,
    pub(crate) sha256: String,
    pub(crate) base64sha256: String,
    pub(crate) sha512: String,
    pub(crate) base64sha512: String,
}

/// Copies everything, piece by piece, and returns its digests.
pub(crate) fn copy(from: &mut dyn Read, to: &mut dyn Write) -> io::Result<Digests> {
    let (mut md5, mut sha1) = (Md5::new(), Sha1::new());
    let (mut sha256, mut sha512) = (Sha256::new(), Sha512::new());
    let mut buffer = vec![0; CHUNK];
    loop {
        let count = match from.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let chunk = &buffer[..count];
        md5.update(chunk);
        sha1.update(chunk);
        sha256.update(chunk);
        sha512.update(chunk);
        to.write_all(chunk)?;
    }
    let (sha256, sha512) = (sha256.finalize(), sha512.finalize());
    Ok(Digests {
        md5: hexadecimal(&md5.finalize()),
        sha1: hexadecimal(&sha1.finalize()),
        sha256: hexadecimal(&sha256),
        base64sha256: STANDARD.encode(sha256),
        sha512: hexadecimal(&sha512),
        base64sha512: STANDARD.encode(sha512),
    })
}

/// Bytes as hexadecimal digits.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Sets the attributes that hold digests, which have the same names in every struct with them.
macro_rules! record_digests {
    ($state:expr, $digests:expr) => {{
        let (state, digests) = (&mut *$state, $digests);
        state.id = digests.sha1.clone().into();
        state.content_md5 = digests.md5.into();
        state.content_sha1 = digests.sha1.into();
        state.content_sha256 = digests.sha256.into();
        state.content_base64sha256 = digests.base64sha256.into();
        state.content_sha512 = digests.sha512.into();
        state.content_base64sha512 = digests.base64sha512.into();
    }};
}
pub(crate) use record_digests;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_those_of_the_common_tools() {
        let digests = Content::Bytes(b"hello\n".to_vec()).digests().expect("in memory");
        assert_eq!(digests.md5, "b1946ac92492d2347c6235b4d2611184");
        assert_eq!(digests.sha1, "f572d396fae9206628714fb2ce00f72e94f2258f");
        assert!(digests.sha256.starts_with("5891b5b522d5df086d0ff0b110fbd9d2"));
        assert_eq!(digests.base64sha256, "WJG1tSLV3whtD/CxEPvZ0hu0/HFjrzTQgoai6Eb2vgM=");
        assert!(digests.sha512.starts_with("e7c22b994c59d9cf2b48e549b1e24666"));
        assert!(digests.base64sha512.starts_with("58IrmUxZ2c8rSOVJseJGZmNgRZMNPafB"));
    }
}
