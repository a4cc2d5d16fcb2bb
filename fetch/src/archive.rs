//! Unpacking archives that nobody vouches for.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek as _};
use std::path::Path;

use bzip2::read::MultiBzDecoder;
use flate2::read::MultiGzDecoder;
use lzma_rust2::XzReader;
use platoform_config::ArchiveFormat;

use crate::error::FetchError;
use crate::limits::Limits;

mod tar;
#[cfg(test)]
mod tests;
mod unpack;
mod zip;

use unpack::Unpacker;

/// Unpacks an archive into a directory that does not exist yet.
///
/// # Errors
/// When it is no such archive, is damaged, holds what it must not, or too much of it.
pub fn unpack(
    archive: &Path,
    format: ArchiveFormat,
    top: &Path,
    limits: &Limits,
) -> Result<(), FetchError> {
    let wrong = |error: io::Error| FetchError::Archive(error.to_string());
    let mut file = File::open(archive).map_err(wrong)?;
    let size = file.metadata().map_err(wrong)?.len();
    let mut unpacker = Unpacker::new(top, size, limits).map_err(wrong)?;
    if format == ArchiveFormat::Zip {
        zip::unpack(BufReader::new(file), &mut unpacker)?;
    } else {
        let plain: Box<dyn Read> = match format {
            ArchiveFormat::TarGzip => Box::new(MultiGzDecoder::new(BufReader::new(file))),
            ArchiveFormat::TarBzip2 => Box::new(MultiBzDecoder::new(BufReader::new(file))),
            ArchiveFormat::TarXz => {
                Box::new(XzReader::new_mem_limit(BufReader::new(file), true, limits.memory))
            }
            ArchiveFormat::Tar | ArchiveFormat::Zip => {
                file.rewind().map_err(wrong)?;
                Box::new(BufReader::new(file))
            }
        };
        let plain = Bounded { inner: plain, left: unpacker.stream_limit() };
        tar::unpack(plain, &mut unpacker)?;
    }
    unpacker.finish().map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => FetchError::Archive("two entries have one name".into()),
        _ => wrong(error),
    })
}

/// A reader that fails when more comes than expected.
struct Bounded<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.left = self.left.checked_sub(read as u64).ok_or_else(too_large)?;
        Ok(read)
    }
}

fn too_large() -> io::Error {
    io::Error::other("its content is too large for its size")
}
