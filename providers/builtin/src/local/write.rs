//! Writing files so that no reader ever sees half of one.

use std::fs::{self, DirBuilder, File};
use std::io;
use std::path::{Path, PathBuf};

use platoform_provider::{Failure, Problem};

use super::aside::{Aside, directory_of, resolve};
use super::content::{Content, Digests, copy};

/// Permission bits, from which the process's umask is taken.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Modes {
    /// Of the file.
    pub(crate) file: u32,
    /// Of directories that have to be made.
    pub(crate) directory: u32,
}

/// Writes a file: aside first, then in one step into its place, so that at any instant there is
/// the old content or the new one. Makes the directories it lies in. What a symbolic link points
/// at is replaced, not the link.
pub(crate) fn write(path: &Path, content: &Content, modes: Modes) -> Result<Digests, Failure> {
    let fail = |what: &str, error: &io::Error| {
        let detail = format!("{}: {error}", path.display());
        Failure::fail(Problem::error(format!("Cannot {what}"), detail))
    };
    let mut source = content.open().map_err(|error| fail("read the source", &error))?;
    let place = place(path).map_err(|error| fail("write the file", &error))?;
    let directory = directory_of(place.parent().unwrap_or(&place));
    make_directory(directory, modes.directory)
        .map_err(|error| fail("make its directory", &error))?;
    let aside = Aside::new(&place, modes.file);
    let mut aside = aside.map_err(|error| fail("write beside the file", &error))?;
    let copied = copy(&mut source, aside.file());
    let digests = copied.map_err(|error| fail("write the file", &error))?;
    aside.finish().map_err(|error| fail("write the file", &error))?;
    aside.persist(&place).map_err(|error| fail("put the file in its place", &error))?;
    // From here on the file is there, and a failure leaves open whether it outlasts a power loss.
    let synced = File::open(directory).and_then(|directory| directory.sync_all());
    synced.map_err(|error| {
        let detail = format!("{}: {error}", directory.display());
        Failure::unknown(Problem::error("The file was written, but may not be durable", detail))
    })?;
    Ok(digests)
}

/// Where the file itself is to be put.
fn place(path: &Path) -> io::Result<PathBuf> {
    let place = resolve(path)?;
    match check_regular(&place) {
        Err(error) if !is_absent(&error) => Err(error),
        _ => Ok(place),
    }
}

/// That there is a regular file: nothing else may be replaced by one.
pub(crate) fn check_regular(path: &Path) -> io::Result<()> {
    match fs::metadata(path)? {
        found if found.is_file() => Ok(()),
        found if found.is_dir() => Err(io::Error::other("it is a directory")),
        _ => Err(io::Error::other("it is not a regular file")),
    }
}

/// Whether an error says that there is nothing at a path.
pub(crate) fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

fn make_directory(directory: &Path, mode: u32) -> io::Result<()> {
    if directory.is_dir() {
        return Ok(());
    }
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, mode);
    #[cfg(not(unix))]
    let _ = mode;
    builder.create(directory)
}
