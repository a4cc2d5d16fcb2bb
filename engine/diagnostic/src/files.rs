//! The ports through which the engine sees the machine: files and the environment.

use std::collections::BTreeMap;
use std::io;
use std::path::{Component, Path, PathBuf};

/// What stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A device, a pipe or a socket: reading it may have an effect, or no end.
    Other,
}

/// Read access to files. The program gives the real file system; a saved plan gives the snapshot
/// it carries; tests give texts in memory.
pub trait Files: Send + Sync {
    /// The whole content of a file.
    ///
    /// # Errors
    /// Whatever the file system answers, `NotFound` above all.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// Names of the entries of a directory, sorted.
    ///
    /// # Errors
    /// `NotFound` or `NotADirectory`, or whatever else the file system answers.
    fn list(&self, directory: &Path) -> io::Result<Vec<String>>;

    /// What stands at a path; `None` when nothing does.
    fn kind(&self, path: &Path) -> Option<FileKind>;
}

/// What the program's surroundings say, collected once by the command line and handed in, so that
/// neither engine nor providers read them on their own.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    /// Environment variables.
    pub variables: BTreeMap<String, String>,
    /// The user's home directory.
    pub home: Option<PathBuf>,
    /// The working directory, absolute.
    pub directory: PathBuf,
}

impl Environment {
    /// A variable's value, unless unset or empty.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }
}

/// Files held in memory, keyed by path; `./a` and `a` are the same. Directories exist where a file
/// lies under them.
#[derive(Clone, Debug, Default)]
pub struct MemoryFiles {
    files: BTreeMap<PathBuf, Vec<u8>>,
}

impl MemoryFiles {
    /// Adds or replaces a file.
    pub fn insert(&mut self, path: impl Into<PathBuf>, content: impl Into<Vec<u8>>) {
        self.files.insert(plain(&path.into()), content.into());
    }

    /// All files in order of their paths.
    pub fn iter(&self) -> impl Iterator<Item = (&Path, &[u8])> {
        self.files.iter().map(|(path, content)| (path.as_path(), content.as_slice()))
    }
}

/// The path without its `.` steps.
fn plain(path: &Path) -> PathBuf {
    path.components().filter(|part| *part != Component::CurDir).collect()
}

impl Files for MemoryFiles {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.files.get(&plain(path)).cloned().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn list(&self, directory: &Path) -> io::Result<Vec<String>> {
        let directory = plain(directory);
        let mut names: Vec<String> = self
            .files
            .keys()
            .filter_map(|path| path.strip_prefix(&directory).ok()?.components().next())
            .map(|first| first.as_os_str().to_string_lossy().into_owned())
            .collect();
        names.dedup();
        if names.is_empty() { Err(io::ErrorKind::NotFound.into()) } else { Ok(names) }
    }

    fn kind(&self, path: &Path) -> Option<FileKind> {
        let path = plain(path);
        if self.files.contains_key(&path) {
            return Some(FileKind::File);
        }
        let under = |file: &PathBuf| file.starts_with(&path);
        self.files.keys().any(under).then_some(FileKind::Directory)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_files_look_like_a_tree() -> io::Result<()> {
        let mut files = MemoryFiles::default();
        files.insert("./a/one.tf", "1");
        files.insert("a/sub/two.tf", "2");
        assert_eq!(files.list(Path::new("a"))?, ["one.tf", "sub"]);
        assert_eq!(files.list(Path::new("."))?, ["a"]);
        assert_eq!(files.kind(Path::new("a/sub")), Some(FileKind::Directory));
        assert_eq!(files.kind(Path::new("b")), None);
        assert_eq!(files.read(Path::new("a/sub/two.tf"))?, b"2");
        assert!(files.list(Path::new("b")).is_err());
        Ok(())
    }
}
