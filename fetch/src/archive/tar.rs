//! Tar archives.

use std::io::{self, Read};

use tar::{Archive, EntryType};

use super::unpack::Unpacker;
use crate::error::FetchError;

/// Unpacks what is left of a stream.
pub(super) fn unpack(stream: impl Read, unpacker: &mut Unpacker) -> Result<(), FetchError> {
    let wrong = |error: io::Error| FetchError::Archive(error.to_string());
    let mut archive = Archive::new(stream);
    let mut any = false;
    for entry in archive.entries().map_err(wrong)? {
        let mut entry = entry.map_err(wrong)?;
        any = true;
        let name = entry.path_bytes().into_owned();
        let shown = String::from_utf8_lossy(&name).into_owned();
        match entry.header().entry_type() {
            EntryType::Directory => unpacker.directory(&name),
            EntryType::Regular | EntryType::Continuous => {
                let executable = entry.header().mode().is_ok_and(|mode| mode & 0o111 != 0);
                unpacker.file(&name, executable, &mut entry)
            }
            EntryType::Symlink => match entry.link_name() {
                Ok(Some(target)) => unpacker.link(&name, &target),
                _ => Err(io::Error::other(format!("the link `{shown}` has no target"))),
            },
            EntryType::XGlobalHeader => Ok(()),
            EntryType::Link => {
                Err(io::Error::other(format!("`{shown}` is a hard link, which is not allowed")))
            }
            _ => Err(io::Error::other(format!("`{shown}` is neither file, directory nor link"))),
        }
        .map_err(wrong)?;
    }
    // What follows the end of the archive holds the checksum of the compression.
    io::copy(&mut archive.into_inner(), &mut io::sink()).map_err(wrong)?;
    if any { Ok(()) } else { Err(FetchError::Archive("there is nothing in it".into())) }
}
