//! What the database needs to know about files: private modes, and file systems where its
//! write-ahead log is unsafe.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// The only mode for what holds secrets or guards them.
const PRIVATE: u32 = 0o600;

/// `statfs(2)` magic numbers of file systems that other hosts may write to at the same time, where
/// the shared memory of SQLite's log does not work (<https://www.sqlite.org/wal.html>, 1.). FUSE
/// stands for Gluster and sshfs, and cannot be told from what is local.
const NETWORK: [(u32, &str); 13] = [
    (0x6969, "NFS"),
    (0x517b, "SMB"),
    (0xff53_4d42, "CIFS"),
    (0xfe53_4d42, "SMB2"),
    (0x6573_5546, "FUSE"),
    (0x0102_1997, "9P"),
    (0x5346_414f, "AFS"),
    (0x00c3_6400, "Ceph"),
    (0x0bd0_0bd0, "Lustre"),
    (0x0116_1970, "GFS2"),
    (0x7461_636f, "OCFS2"),
    (0x4750_4653, "GPFS"),
    (0x786f_4256, "VirtualBox shared folder"),
];

/// The network file system that a folder is on, by name.
#[cfg(target_os = "linux")]
pub(crate) fn network(folder: &Path) -> Option<&'static str> {
    let found = rustix::fs::statfs(folder).ok()?;
    // The field's width and sign depend on the machine; the numbers are of 32 bits.
    let magic = found.f_type as u32;
    NETWORK.iter().find(|(number, _)| *number == magic).map(|(_, name)| *name)
}

/// The network file system that a folder is on: not known elsewhere than on Linux.
#[cfg(not(target_os = "linux"))]
pub(crate) fn network(_folder: &Path) -> Option<&'static str> {
    None
}

/// The folder a file is in.
pub(crate) fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A file beside the database, named like those that SQLite puts there.
pub(crate) fn beside(database: &Path, suffix: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// Makes an empty file that only its owner may read, whatever the umask, and says whether it was
/// not there before. Never opens one that is: closing it would take away SQLite's own locks.
pub(crate) fn create_private(path: &Path) -> io::Result<bool> {
    let file = match OpenOptions::new().write(true).create_new(true).mode(PRIVATE).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(false),
        Err(error) => return Err(error),
    };
    file.set_permissions(Permissions::from_mode(PRIVATE))?;
    sync_folder(path)?;
    Ok(true)
}

/// Opens a file for locking, making it when it is not there.
pub(crate) fn open_private(path: &Path) -> io::Result<File> {
    create_private(path)?;
    OpenOptions::new().read(true).write(true).open(path)
}

/// Puts a new private file in place, whole and durable, and says whether it was not there before.
pub(crate) fn write_private(path: &Path, content: &[u8]) -> io::Result<bool> {
    let mut file = tempfile::NamedTempFile::new_in(folder(path))?;
    io::Write::write_all(&mut file, content)?;
    file.as_file().set_permissions(Permissions::from_mode(PRIVATE))?;
    file.as_file().sync_all()?;
    match file.persist_noclobber(path) {
        Ok(_) => sync_folder(path).map(|()| true),
        Err(failed) if failed.error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(failed) => Err(failed.error),
    }
}

/// Gives a file another name, in place of what had it before, whole and durable.
pub(crate) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    File::open(from)?.sync_all()?;
    fs::rename(from, to)?;
    sync_folder(to)
}

/// Removes a file, if it is there.
pub(crate) fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Whether there is a file with anything in it.
pub(crate) fn has_content(path: &Path) -> io::Result<bool> {
    match fs::metadata(path) {
        Ok(found) => Ok(found.len() > 0),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(folder(path))?.sync_all()
}
