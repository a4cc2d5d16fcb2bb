//! Temporary files beside those they become.
//!
//! The name follows from the target's, so that one that a killed process left is found again: it
//! may hold a secret. Whoever writes one holds a lock on it, which ends with the process; one that
//! nobody has locked is a leftover. The state lock alone would not tell: plans read without it.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

use super::content::hexadecimal;
use super::write::is_absent;

/// Longest file name that common file systems take, in bytes.
const MAX_NAME: usize = 255;
const SUFFIX: &str = ".platoform.tmp";
/// Digits of the hash that tells apart long names with the same beginning.
const HASH_DIGITS: usize = 16;
/// How often making a file is tried while others take it for a leftover.
const ATTEMPTS: usize = 100;

/// A file that is being written, gone unless it is moved. Until [`Aside::persist`] nobody but the
/// user can read it.
pub(super) struct Aside {
    file: NamedTempFile,
    /// What it gets in the end, unless it has it already.
    permissions: Option<fs::Permissions>,
}

impl Aside {
    /// Makes one for a target with these permission bits, from which the umask is taken. Removes
    /// a leftover first; what a symbolic link in its place points at is not touched.
    ///
    /// # Errors
    /// The target is being written by somebody else, or the directory cannot be written to.
    pub(super) fn new(target: &Path, mode: u32) -> io::Result<Self> {
        let (Some(directory), Some(path)) = (target.parent(), path(target)) else {
            return Err(io::Error::other("the path names no file"));
        };
        let name = path.file_name().unwrap_or_default();
        for _ in 0..ATTEMPTS {
            if !remove(&path)? {
                break;
            }
            if let Some(file) = create(directory_of(directory), name, mode)? {
                let permissions = file.as_file().metadata()?.permissions();
                let restricted = restrict(file.as_file());
                return Ok(Self { permissions: restricted.then_some(permissions), file });
            }
        }
        Err(io::Error::new(io::ErrorKind::ResourceBusy, "somebody else is writing it right now"))
    }

    /// Where to write to.
    pub(super) fn file(&mut self) -> &mut File {
        self.file.as_file_mut()
    }

    /// Makes the content durable, and gives the file its permissions.
    pub(super) fn finish(&self) -> io::Result<()> {
        let file = self.file.as_file();
        if let Some(permissions) = &self.permissions {
            file.set_permissions(permissions.clone())?;
        }
        file.sync_all()
    }

    /// Moves it over the target in one step.
    pub(super) fn persist(self, target: &Path) -> io::Result<()> {
        self.file.persist(target).map(drop).map_err(|error| error.error)
    }
}

/// Removes what a killed process left beside a target. Answers whether nothing is left.
///
/// # Errors
/// It is there and cannot be removed.
pub(super) fn remove_leftover(target: &Path) -> io::Result<bool> {
    let place = match resolve(target) {
        Err(error) if is_absent(&error) => return Ok(true),
        place => place?,
    };
    path(&place).map_or(Ok(true), |path| remove(&path))
}

/// The file that is meant: that at the end of a symbolic link.
pub(super) fn resolve(path: &Path) -> io::Result<PathBuf> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_symlink() => fs::canonicalize(path),
        Err(error) if !is_absent(&error) => Err(error),
        _ => Ok(path.to_owned()),
    }
}

/// The directory that the parent of a relative path means.
pub(super) fn directory_of(parent: &Path) -> &Path {
    if parent.as_os_str().is_empty() { Path::new(".") } else { parent }
}

/// Where the temporary file of a target is.
fn path(target: &Path) -> Option<PathBuf> {
    let name = target.file_name()?;
    Some(target.with_file_name(temporary_name(name)))
}

fn temporary_name(name: &OsStr) -> OsString {
    let whole = name.len() + 1 + SUFFIX.len() <= MAX_NAME;
    let mut made = OsString::from(".");
    if whole {
        made.push(name);
    } else {
        let hash = hexadecimal(&Sha256::digest(name.as_encoded_bytes()));
        let text = name.to_string_lossy();
        let room = MAX_NAME - SUFFIX.len() - HASH_DIGITS - 2;
        made.push(&text[..text.floor_char_boundary(room)]);
        made.push("-");
        made.push(&hash[..HASH_DIGITS]);
    }
    made.push(SUFFIX);
    made
}

/// Makes and locks a file; `None` when somebody was faster, or took it for a leftover.
fn create(directory: &Path, name: &OsStr, mode: u32) -> io::Result<Option<NamedTempFile>> {
    let mut builder = tempfile::Builder::new();
    // Without random bytes there is one attempt, which makes a new file or fails. A file that
    // turns out not to be ours must not be removed when this returns.
    builder.prefix(name).suffix("").rand_bytes(0).disable_cleanup(true);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(mode));
    #[cfg(not(unix))]
    let _ = mode;
    let mut file = match builder.tempfile_in(directory) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(None),
        Err(error) => return Err(error),
    };
    if !lock(file.as_file()) || !is_at(file.as_file(), file.path())? {
        return Ok(None);
    }
    file.disable_cleanup(false);
    Ok(Some(file))
}

/// Removes a temporary file that nobody is writing. Answers whether nothing is left.
fn remove(path: &Path) -> io::Result<bool> {
    let found = match fs::symlink_metadata(path) {
        Err(error) if is_absent(&error) => return Ok(true),
        found => found?,
    };
    // What cannot be opened is not being written: its writer made it readable for itself.
    if found.is_file()
        && let Ok(file) = File::open(path)
        && (!lock(&file) || !is_at(&file, path)?)
    {
        return Ok(false);
    }
    match fs::remove_file(path) {
        Err(error) if !is_absent(&error) => Err(error),
        _ => Ok(true),
    }
}

/// Locks a file until it is closed. Where nothing can be locked, the state lock has to do.
fn lock(file: &File) -> bool {
    !matches!(file.try_lock(), Err(TryLockError::WouldBlock))
}

/// Whether an open file is still the one at a path: it may have been moved or removed before it
/// was locked.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let open = file.metadata()?;
    match fs::symlink_metadata(path) {
        Err(error) if is_absent(&error) => Ok(false),
        there => there.map(|there| (there.dev(), there.ino()) == (open.dev(), open.ino())),
    }
}

#[cfg(not(unix))]
fn is_at(_: &File, path: &Path) -> io::Result<bool> {
    path.try_exists()
}

/// Lets nobody but the user read a file. Fails where the file system knows no such thing.
fn restrict(file: &File) -> bool {
    #[cfg(unix)]
    return file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600)).is_ok();
    #[cfg(not(unix))]
    return {
        let _ = file;
        false
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_from_the_target_and_fit() {
        assert_eq!(temporary_name(OsStr::new("a")), ".a.platoform.tmp");
        let long = |last: &str| temporary_name(OsStr::new(&("é".repeat(127) + last)));
        assert!(long("a").len() <= MAX_NAME && long("a") != long("b"));
        assert_eq!(temporary_name(OsStr::new(&"x".repeat(240))).len(), MAX_NAME);
        assert_eq!(temporary_name(OsStr::new(&"x".repeat(241))).len(), MAX_NAME);
    }

    #[test]
    fn one_that_is_being_written_is_no_leftover() -> io::Result<()> {
        let directory = tempfile::tempdir()?;
        let target = directory.path().join("a");
        let aside = Aside::new(&target, 0o644)?;
        assert!(!remove_leftover(&target)?);
        let busy = Aside::new(&target, 0o644).err().map(|error| error.kind());
        assert_eq!(busy, Some(io::ErrorKind::ResourceBusy));
        aside.finish()?;
        aside.persist(&target)?;
        assert!(target.exists() && remove_leftover(&target)?);
        drop(Aside::new(&target, 0o644)?);
        assert_eq!(fs::read_dir(directory.path())?.count(), 1);
        Ok(())
    }

    #[cfg(unix)]
    #[test]
    fn only_the_user_reads_it_before_it_is_finished() -> io::Result<()> {
        use std::os::unix::fs::PermissionsExt;
        let directory = tempfile::tempdir()?;
        let (target, other) = (directory.path().join("a"), directory.path().join("other"));
        fs::write(&other, "kept")?;
        std::os::unix::fs::symlink(&other, directory.path().join(".a.platoform.tmp"))?;
        let aside = Aside::new(&target, 0o444)?;
        let mode = || aside.file.as_file().metadata().map(|found| found.permissions().mode());
        assert_eq!(mode()? & 0o777, 0o600);
        aside.finish()?;
        assert_eq!(mode()? & 0o700, 0o400);
        assert_eq!(fs::read(&other)?, b"kept");
        Ok(())
    }
}
