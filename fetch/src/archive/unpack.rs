//! Writing the entries of an archive.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, symlink};
use std::path::{Component, Path, PathBuf};

use super::too_large;
use crate::limits::Limits;

/// Bytes that the form of a tar archive needs for each entry, and for its end.
const TAR_BLOCKS: u64 = 4 * 512;

/// Writes entries below a directory, and nowhere else.
///
/// Links are made when all else is written, so nothing is written through one. Where they lead is
/// looked at when the package is settled.
pub(super) struct Unpacker {
    top: PathBuf,
    links: Vec<(PathBuf, PathBuf)>,
    entries: u64,
    entries_limit: u64,
    /// Bytes that may still be written.
    left: u64,
}

impl Unpacker {
    /// Makes the directory. `size` is that of the archive.
    pub(super) fn new(top: &Path, size: u64, limits: &Limits) -> io::Result<Self> {
        DirBuilder::new().mode(0o700).create(top)?;
        let expanded = size.saturating_mul(limits.expansion).max(limits.harmless);
        Ok(Self {
            top: top.to_owned(),
            links: Vec::new(),
            entries: 0,
            entries_limit: limits.entries,
            left: expanded.min(limits.unpacked),
        })
    }

    /// Bytes that a tar archive with allowed content can have at most.
    pub(super) fn stream_limit(&self) -> u64 {
        self.left.saturating_add(self.entries_limit.saturating_mul(TAR_BLOCKS))
    }

    fn count(&mut self) -> io::Result<()> {
        self.entries += 1;
        if self.entries > self.entries_limit {
            let why = format!("it has more than {} entries", self.entries_limit);
            return Err(io::Error::other(why));
        }
        Ok(())
    }

    /// The place of an entry; `None` for the top itself.
    fn place(&mut self, name: &[u8]) -> io::Result<Option<PathBuf>> {
        self.count()?;
        let wrong = || {
            io::Error::other(format!("the name {:?} is not allowed", String::from_utf8_lossy(name)))
        };
        let name = std::str::from_utf8(name).map_err(|_| wrong())?;
        if name.contains(|character: char| character.is_control() || character == '\\') {
            return Err(wrong());
        }
        let mut path = PathBuf::new();
        for component in Path::new(name).components() {
            match component {
                Component::Normal(part) => path.push(part),
                Component::CurDir => {}
                _ => return Err(wrong()),
            }
        }
        Ok(Some(self.top.join(&path)).filter(|_| path.components().next().is_some()))
    }

    pub(super) fn directory(&mut self, name: &[u8]) -> io::Result<()> {
        let Some(path) = self.place(name)? else { return Ok(()) };
        self.make(&path)
    }

    pub(super) fn file(
        &mut self,
        name: &[u8],
        executable: bool,
        content: &mut dyn Read,
    ) -> io::Result<()> {
        let path = self.place(name)?.ok_or_else(|| io::Error::other("a file has no name"))?;
        if let Some(parent) = path.parent() {
            self.make(parent)?;
        }
        let mode = if executable { 0o700 } else { 0o600 };
        let file = OpenOptions::new().write(true).create_new(true).mode(mode).open(&path);
        let mut file = file.map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => io::Error::other("two entries have one name"),
            _ => error,
        })?;
        let written = io::copy(&mut content.take(self.left.saturating_add(1)), &mut file)?;
        self.left = self.left.checked_sub(written).ok_or_else(too_large)?;
        Ok(())
    }

    pub(super) fn link(&mut self, name: &[u8], target: &Path) -> io::Result<()> {
        let path = self.place(name)?.ok_or_else(|| io::Error::other("a link has no name"))?;
        self.links.push((path, target.to_owned()));
        Ok(())
    }

    /// Makes the links.
    pub(super) fn finish(mut self) -> io::Result<()> {
        for (path, target) in std::mem::take(&mut self.links) {
            // A link must not be made through another one.
            if let Some(parent) = path.parent() {
                self.make(parent)?;
            }
            symlink(target, path)?;
        }
        Ok(())
    }

    /// Makes a directory below the top and those it lies in, unless they are there. Each counts as
    /// an entry: one name can have a thousand of them.
    fn make(&mut self, path: &Path) -> io::Result<()> {
        let Ok(inner) = path.strip_prefix(&self.top) else {
            return Err(io::Error::other("an entry lies outside"));
        };
        let mut place = self.top.clone();
        for component in inner.components() {
            place.push(component);
            match fs::symlink_metadata(&place) {
                Ok(found) if found.is_dir() => {}
                Ok(_) => {
                    let why = "an entry lies in one that is a file or a link, no directory";
                    return Err(io::Error::other(why));
                }
                Err(_) => {
                    self.count()?;
                    DirBuilder::new().mode(0o700).create(&place)?;
                }
            }
        }
        Ok(())
    }
}
