//! The provider `local`.

mod aside;
mod content;
mod data;
pub(crate) mod direxists;
mod file;
mod local_file;
mod local_sensitive_file;
mod permission;
mod write;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use platoform_provider::{Environment, Failure, Problem};

pub(crate) use data::{LocalFileData, LocalSensitiveFileData};
pub(crate) use local_file::LocalFile;
pub(crate) use local_sensitive_file::LocalSensitiveFile;

/// Where relative paths start, and which files are known to be ours.
#[derive(Debug)]
pub(crate) struct Local {
    directory: PathBuf,
    ours: Mutex<HashSet<PathBuf>>,
}

impl Local {
    pub(crate) fn new(environment: &Environment) -> Self {
        Self { directory: environment.directory.clone(), ours: Mutex::default() }
    }

    /// Where a file of a configuration is.
    fn path(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }

    /// Notes that a state holds the file at this path.
    ///
    /// A replacement is planned twice: against the object and, as a create, against nothing. The
    /// second plan must not warn of the file that the first one is about.
    fn note_ours(&self, path: PathBuf) {
        self.ours.lock().unwrap_or_else(PoisonError::into_inner).insert(path);
    }

    fn is_ours(&self, path: &Path) -> bool {
        self.ours.lock().unwrap_or_else(PoisonError::into_inner).contains(path)
    }
}

/// Runs what waits for the disk where it holds nobody up.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| {
        Err(Failure::unknown(Problem::error("File access broke off", error.to_string())))
    })
}
