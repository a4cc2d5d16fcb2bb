//! The file of the lock.

use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use platoform_config::lock::{self, LOCK_FILE, Lock};
use platoform_diagnostic::{Diagnostic, Files, Sources};

use crate::error::Failure;

/// Reads the lock beside the configuration; an empty one where there is none.
pub fn read(files: &dyn Files) -> Result<Lock, Failure> {
    let bytes = match files.read(Path::new(LOCK_FILE)) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Lock::default()),
        Err(error) => {
            let detail = format!("The file `{LOCK_FILE}` cannot be read: {error}");
            return Err(Diagnostic::error("Failed to read file", detail).into());
        }
    };
    let text = String::from_utf8_lossy(&bytes);
    let mut sources = Sources::default();
    let file = sources.add(LOCK_FILE, &*text);
    lock::parse_file(file, &text).map_err(|found| Failure::new(found, sources))
}

/// Writes the lock whole, or not at all; removes it where there is nothing to lock.
pub fn write(path: &Path, lock: &Lock) -> Result<(), Failure> {
    let wrong = |error: io::Error| {
        let detail = format!("`{}` cannot be written: {error}", path.display());
        Failure::from(Diagnostic::error("Lock file cannot be written", detail))
    };
    if lock.is_empty() {
        return match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(wrong(error)),
            _ => Ok(()),
        };
    }
    // Its name cannot be guessed: a checkout may bring links.
    let draft = tempfile::Builder::new()
        .prefix(&format!("{LOCK_FILE}."))
        .permissions(fs::Permissions::from_mode(0o666))
        .tempfile_in(path.parent().unwrap_or(Path::new(".")));
    let mut draft = draft.map_err(wrong)?;
    draft
        .write_all(lock.to_string().as_bytes())
        .and_then(|()| draft.as_file().sync_all())
        .map_err(wrong)?;
    draft.persist(path).map_err(|error| wrong(error.error))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_written_past_links_and_leaves_nothing_else() {
        let top = tempfile::tempdir().unwrap();
        let (path, victim) = (top.path().join(LOCK_FILE), top.path().join("victim"));
        fs::write(&victim, "precious").unwrap();
        let guessed = format!("{LOCK_FILE}.{}", std::process::id());
        std::os::unix::fs::symlink(&victim, top.path().join(&guessed)).unwrap();
        std::os::unix::fs::symlink(&victim, &path).unwrap();
        let hash = "h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
        let text = format!("module \"git::https://x/y\" {{\n  hash = \"{hash}\"\n}}\n");
        let lock = platoform_config::lock::parse(&text).unwrap();
        write(&path, &lock).map_err(|_| "it is written").unwrap();
        assert_eq!(fs::read_to_string(&victim).unwrap(), "precious");
        assert!(fs::read_to_string(&path).unwrap().contains("git::https://x/y"));
        // Others may read it, as far as the user's mask has it: it belongs into version control.
        let plain = fs::File::create(top.path().join("plain")).unwrap();
        let mode = |metadata: fs::Metadata| metadata.permissions().mode();
        assert_eq!(mode(fs::metadata(&path).unwrap()), mode(plain.metadata().unwrap()));
        assert_eq!(fs::read_dir(top.path()).unwrap().count(), 4);
    }
}
