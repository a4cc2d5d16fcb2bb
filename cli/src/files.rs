//! The file system.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use platoform_diagnostic::{FileKind, Files};

/// Largest file that is read, in bytes. Far above any that is written; a larger one is a mistake, or
/// has no end.
const MAX_FILE_BYTES: u64 = 256 << 20;

/// Files on this machine; relative paths start at a directory.
#[derive(Clone, Debug)]
pub struct RealFiles {
    directory: PathBuf,
}

impl RealFiles {
    /// Files relative to an absolute directory.
    pub fn new(directory: PathBuf) -> Self {
        Self { directory }
    }
}

impl Files for RealFiles {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let mut content = Vec::new();
        let file = File::open(self.directory.join(path))?;
        file.take(MAX_FILE_BYTES + 1).read_to_end(&mut content)?;
        if content.len() as u64 > MAX_FILE_BYTES {
            let limit = MAX_FILE_BYTES >> 20;
            return Err(io::Error::other(format!("it is larger than {limit} MiB")));
        }
        Ok(content)
    }

    fn list(&self, directory: &Path) -> io::Result<Vec<String>> {
        let entries = fs::read_dir(self.directory.join(directory))?;
        let mut names = entries
            .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
            .collect::<io::Result<Vec<String>>>()?;
        names.sort();
        Ok(names)
    }

    fn kind(&self, path: &Path) -> Option<FileKind> {
        let metadata = fs::metadata(self.directory.join(path)).ok()?;
        Some(match metadata.file_type() {
            kind if kind.is_dir() => FileKind::Directory,
            kind if kind.is_file() => FileKind::File,
            _ => FileKind::Other,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_paths_start_at_the_directory() {
        let files = RealFiles::new(PathBuf::from(env!("CARGO_MANIFEST_DIR")));
        assert_eq!(files.kind(Path::new("src")), Some(FileKind::Directory));
        assert_eq!(files.kind(Path::new("src/main.rs")), Some(FileKind::File));
        assert_eq!(files.kind(Path::new("src/none")), None);
        assert_eq!(files.kind(Path::new("/dev/null")), Some(FileKind::Other));
        assert!(files.read(Path::new("Cargo.toml")).is_ok());
        let names = files.list(Path::new("src")).unwrap();
        assert!(names.is_sorted() && names.contains(&"main.rs".to_owned()));
        assert!(files.list(Path::new("src/main.rs")).is_err());
    }
}
