//! Directories of files: what they hold, and what they may hold.

use std::fs::{self, Metadata, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use platoform_config::lock::TreeHash;
use sha2::{Digest as _, Sha256};

use crate::digest;
use crate::error::FetchError;
use crate::limits::Limits;

/// Something in a directory, by its path from the top.
struct Entry {
    /// With `/`, whatever the machine uses.
    name: String,
    path: PathBuf,
    metadata: Metadata,
}

/// Everything below a directory in order of the names, directories before what they hold.
fn walk(top: &Path) -> io::Result<Vec<Entry>> {
    let mut found = Vec::new();
    let mut open = vec![(top.to_owned(), String::new())];
    while let Some((directory, prefix)) = open.pop() {
        for entry in fs::read_dir(&directory)? {
            let entry = entry?;
            let name = entry.file_name().into_string().map_err(|name| {
                let why = format!("the name `{}` is not Unicode", name.display());
                io::Error::new(io::ErrorKind::InvalidData, why)
            })?;
            if name.contains('\n') {
                // It could make one file's line in the text of the hash look like those of two.
                let why = format!("the name {name:?} has a line break in it");
                return Err(io::Error::new(io::ErrorKind::InvalidData, why));
            }
            let name = format!("{prefix}{name}");
            let metadata = fs::symlink_metadata(entry.path())?;
            if metadata.is_dir() {
                open.push((entry.path(), format!("{name}/")));
            }
            found.push(Entry { name, path: entry.path(), metadata });
        }
    }
    found.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(found)
}

/// The digest of all files below a directory. See [`TreeHash`].
///
/// # Errors
/// When something cannot be read, or is neither file, directory nor link.
pub fn hash(top: &Path) -> io::Result<TreeHash> {
    let mut whole = Sha256::new();
    for entry in walk(top)? {
        let content = if entry.metadata.is_dir() {
            continue;
        } else if entry.metadata.is_file() {
            digest::of::<Sha256>(fs::File::open(&entry.path)?)?
        } else if entry.metadata.is_symlink() {
            let target = fs::read_link(&entry.path)?;
            format!(
                "link:{}",
                digest::hexadecimal(&Sha256::digest(target.as_os_str().as_encoded_bytes()))
            )
        } else {
            let why = format!("`{}` is neither file, directory nor link", entry.name);
            return Err(io::Error::new(io::ErrorKind::InvalidData, why));
        };
        whole.update(format!("{content}  {}\n", entry.name));
    }
    Ok(TreeHash::new(&whole.finalize().into()))
}

/// Makes a directory that came from elsewhere fit to be kept: nothing but files, directories and
/// links that stay inside; readable by nobody else. Links that lead nowhere are left out.
///
/// # Errors
/// When it holds anything else, or too much.
pub fn settle(top: &Path, limits: &Limits) -> Result<(), FetchError> {
    let wrong = |error: io::Error| FetchError::Content(error.to_string());
    let entries = walk(top).map_err(wrong)?;
    if entries.len() as u64 > limits.entries {
        return Err(FetchError::Content(format!("it has more than {} files", limits.entries)));
    }
    let bytes: u64 = entries.iter().map(|entry| entry.metadata.len()).sum();
    if bytes > limits.unpacked {
        return Err(FetchError::Content(format!("it has more than {} bytes", limits.unpacked)));
    }
    fs::set_permissions(top, Permissions::from_mode(0o700)).map_err(wrong)?;
    let real = top.canonicalize().map_err(wrong)?;
    for entry in &entries {
        let Entry { name, path, metadata } = entry;
        if metadata.is_symlink() {
            settle_link(&real, entry).map_err(wrong)??;
        } else if metadata.is_dir() || metadata.is_file() {
            let run = metadata.is_dir() || metadata.permissions().mode() & 0o111 != 0;
            let mode = if run { 0o700 } else { 0o600 };
            fs::set_permissions(path, Permissions::from_mode(mode)).map_err(wrong)?;
        } else {
            let why = format!("`{name}` is neither file, directory nor link");
            return Err(FetchError::Content(why));
        }
    }
    Ok(())
}

fn settle_link(real: &Path, entry: &Entry) -> io::Result<Result<(), FetchError>> {
    let target = fs::read_link(&entry.path)?;
    let outside = || {
        let (name, target) = (&entry.name, target.display());
        FetchError::Content(format!("the link `{name}` leads out of the package, to `{target}`"))
    };
    if target.is_absolute() {
        return Ok(Err(outside()));
    }
    match entry.path.canonicalize() {
        Ok(end) if end.starts_with(real) => Ok(Ok(())),
        Ok(_) => Ok(Err(outside())),
        Err(_) => fs::remove_file(&entry.path).map(Ok),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    fn put(top: &Path, name: &str, content: &str) {
        let path = top.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    #[test]
    fn a_hash_is_that_of_names_and_contents() {
        let top = tempfile::tempdir().unwrap();
        put(top.path(), "a.txt", "hello\n");
        put(top.path(), "b/c.txt", "world\n");
        fs::create_dir(top.path().join("empty")).unwrap();
        // As `golang.org/x/mod/sumdb/dirhash` has it: made with `sha256sum a.txt b/c.txt`.
        let lines = "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03  a.txt\n\
                     e258d248fda94c63753607f7c4494ee0fcbe92f1a76bfdac795c9d84101eb317  b/c.txt\n";
        let expected = TreeHash::new(&Sha256::digest(lines).into());
        assert_eq!(hash(top.path()).unwrap(), expected);
        put(top.path(), "b/c.txt", "World\n");
        assert_ne!(hash(top.path()).unwrap(), expected);
    }

    #[test]
    fn one_file_does_not_pass_for_two() {
        let top = tempfile::tempdir().unwrap();
        put(top.path(), "a", "x");
        put(top.path(), "b", "y");
        let content = digest::hexadecimal(&Sha256::digest("y"));
        fs::remove_file(top.path().join("b")).unwrap();
        let forged = top.path().join(format!("a\n{content}  b"));
        fs::rename(top.path().join("a"), forged).unwrap();
        assert!(hash(top.path()).unwrap_err().to_string().contains("line break"));
        let error = settle(top.path(), &Limits::default()).unwrap_err();
        assert!(error.to_string().contains("line break"), "{error}");
    }

    #[test]
    fn a_link_is_not_the_file_it_leads_to() {
        let top = tempfile::tempdir().unwrap();
        put(top.path(), "a", "b");
        put(top.path(), "c", "b");
        let files = hash(top.path()).unwrap();
        fs::remove_file(top.path().join("c")).unwrap();
        symlink("a", top.path().join("c")).unwrap();
        assert_ne!(hash(top.path()).unwrap(), files);
    }

    #[test]
    fn links_stay_inside_and_modes_are_narrow() {
        let top = tempfile::tempdir().unwrap();
        put(top.path(), "in/tool", "x");
        let tool = top.path().join("in/tool");
        fs::set_permissions(&tool, Permissions::from_mode(0o4755)).unwrap();
        symlink("in/tool", top.path().join("link")).unwrap();
        symlink("nowhere", top.path().join("lost")).unwrap();
        settle(top.path(), &Limits::default()).unwrap();
        assert_eq!(fs::metadata(&tool).unwrap().permissions().mode() & 0o7777, 0o700);
        assert!(top.path().join("link").exists());
        assert!(fs::symlink_metadata(top.path().join("lost")).is_err());
        for target in ["/etc/passwd", "../", "in/../../.."] {
            symlink(target, top.path().join("out")).unwrap();
            let error = settle(top.path(), &Limits::default()).unwrap_err();
            assert!(error.to_string().contains("leads out"), "{target}: {error}");
            fs::remove_file(top.path().join("out")).unwrap();
        }
        let few = Limits { entries: 1, ..Limits::default() };
        assert!(settle(top.path(), &few).is_err());
    }
}
