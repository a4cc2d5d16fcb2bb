//! Zip archives.

use std::ffi::OsStr;
use std::io::{self, Read, Seek};
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use zip::ZipArchive;
use zip::result::ZipError;

use super::unpack::Unpacker;
use crate::error::FetchError;

/// Bits of a Unix mode that say what an entry is.
const KIND: u32 = 0o170_000;
const REGULAR: u32 = 0o100_000;
const DIRECTORY: u32 = 0o040_000;
const LINK: u32 = 0o120_000;
/// Longest target of a link.
const TARGET_LIMIT: u64 = 4096;

/// Unpacks all entries.
pub(super) fn unpack(stream: impl Read + Seek, unpacker: &mut Unpacker) -> Result<(), FetchError> {
    let damaged = |error: ZipError| FetchError::Archive(error.to_string());
    let wrong = |error: io::Error| FetchError::Archive(error.to_string());
    let mut archive = ZipArchive::new(stream).map_err(damaged)?;
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(damaged)?;
        let name = entry.name_raw().to_vec();
        let mode = entry.unix_mode().unwrap_or_default();
        let done = match mode & KIND {
            LINK => {
                let mut target = Vec::new();
                let read = (&mut entry).take(TARGET_LIMIT).read_to_end(&mut target);
                read.and_then(|_| unpacker.link(&name, Path::new(OsStr::from_bytes(&target))))
            }
            0 | REGULAR | DIRECTORY if name.ends_with(b"/") => unpacker.directory(&name),
            0 | REGULAR => unpacker.file(&name, mode & 0o111 != 0, &mut entry),
            DIRECTORY => unpacker.directory(&name),
            _ => {
                let name = String::from_utf8_lossy(&name);
                Err(io::Error::other(format!("`{name}` is neither file, directory nor link")))
            }
        };
        done.map_err(wrong)?;
    }
    if archive.is_empty() {
        return Err(FetchError::Archive("there is nothing in it".into()));
    }
    Ok(())
}
