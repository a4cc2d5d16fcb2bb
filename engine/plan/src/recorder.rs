//! Remembers every file that was read, so that a saved plan never sees edited files.

use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use platoform_diagnostic::{FileKind, Files, MemoryFiles};

/// Files that keep a copy of whatever is read through them.
pub struct Recorder {
    inner: Arc<dyn Files>,
    seen: Mutex<MemoryFiles>,
}

impl Recorder {
    /// Reads through to `inner`.
    #[must_use]
    pub fn new(inner: Arc<dyn Files>) -> Self {
        Self { inner, seen: Mutex::default() }
    }

    /// All files read so far.
    #[must_use]
    pub fn captured(&self) -> MemoryFiles {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Files for Recorder {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let content = self.inner.read(path)?;
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.insert(path, content.clone());
        Ok(content)
    }

    fn list(&self, directory: &Path) -> io::Result<Vec<String>> {
        self.inner.list(directory)
    }

    fn kind(&self, path: &Path) -> Option<FileKind> {
        self.inner.kind(path)
    }
}
