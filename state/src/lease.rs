//! Who may change the state.
//!
//! The right to write is a lock on a file beside the database, which the system gives back the
//! moment its process ends, however it ends; a stopped process keeps it. The row in the database
//! only says whose it is. A row without a lock is thus what a process left that died.

use std::fmt;
use std::fs::{File, TryLockError};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use platoform_plan::{OpenIntent, Seal};
use sqlx::sqlite::SqliteConnection;

use crate::prior::open_intents;
use crate::{StateError, filesystem};

/// A process that works with a state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Process {
    /// Name of its machine.
    pub host: String,
    /// Its number there.
    pub pid: u32,
    /// Whose it is.
    pub user: String,
    /// What it was asked to do, e.g. `platoform apply`; no secrets.
    pub command: String,
}

impl Process {
    /// This process.
    #[must_use]
    pub fn current(user: impl Into<String>, command: impl Into<String>) -> Self {
        let host = rustix::system::uname().nodename().to_string_lossy().into_owned();
        Self { host, pid: std::process::id(), user: user.into(), command: command.into() }
    }
}

/// Who holds the lease.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The process.
    pub process: Process,
    /// Since when, in RFC 3339.
    pub since: Arc<str>,
}

impl fmt::Display for Holder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Process { host, pid, user, command } = &self.process;
        write!(formatter, "`{command}` of {user} on {host} (pid {pid}), since {}", self.since)
    }
}

/// What a process was doing that died with the lease.
#[derive(Clone, Debug, PartialEq)]
pub struct Takeover {
    /// Whose lease it was.
    pub holder: Holder,
    /// The run it was in the middle of.
    pub run: Option<UnfinishedRun>,
    /// All calls of which nobody knows how they ended, of earlier runs too.
    pub open: Vec<OpenIntent>,
}

/// A run without an end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnfinishedRun {
    /// Its number, as in [`OpenIntent::run`].
    pub run: Arc<str>,
    /// The plan it applied.
    pub plan: Arc<str>,
    /// When it began, in RFC 3339.
    pub begun: Arc<str>,
}

/// The file that is locked.
pub(crate) fn lock_file(database: &Path) -> PathBuf {
    filesystem::beside(database, "-lock")
}

/// Takes the lock unless another process has it.
pub(crate) fn try_lock(database: &Path) -> Result<Option<File>, StateError> {
    let path = lock_file(database);
    let attempt = || -> io::Result<Option<File>> {
        let file = filesystem::open_private(&path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        // A lock on a file that somebody has removed meanwhile keeps nobody out.
        let (held, named) = (file.metadata()?, std::fs::metadata(&path));
        let same = named.is_ok_and(|named| (named.dev(), named.ino()) == (held.dev(), held.ino()));
        Ok(same.then_some(file))
    };
    attempt().map_err(|source| StateError::File { path: path.clone(), source })
}

/// Whether some process has the lock. Takes nothing away from those who wait for it.
pub(crate) fn is_held(database: &Path) -> bool {
    // Shared, so that several may look at the same time.
    let Ok(file) = File::open(lock_file(database)) else { return false };
    matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock))
}

/// The lease's row.
pub(crate) async fn holder(
    connection: &mut SqliteConnection,
    path: &Path,
) -> Result<Option<Holder>, StateError> {
    let row: Option<(String, u32, String, String, String)> =
        sqlx::query_as("SELECT host, pid, user, command, since FROM lease")
            .fetch_optional(connection)
            .await
            .map_err(|error| StateError::database(path, "read", error))?;
    Ok(row.map(|(host, pid, user, command, since)| Holder {
        process: Process { host, pid, user, command },
        since: since.into(),
    }))
}

/// Writes the row once the lock is held, inside the caller's transaction, and tells what the one
/// before left.
pub(crate) async fn take(
    connection: &mut SqliteConnection,
    path: &Path,
    process: &Process,
    seal: &dyn Seal,
) -> Result<Option<Takeover>, StateError> {
    let failed = |error| StateError::database(path, "written", error);
    let takeover = match holder(connection, path).await? {
        None => None,
        Some(holder) => {
            let run: Option<(i64, String, String)> = sqlx::query_as(
                "UPDATE runs SET outcome = 'interrupted'
                 WHERE outcome IS NULL RETURNING id, plan, begun",
            )
            .fetch_optional(&mut *connection)
            .await
            .map_err(failed)?;
            let run = run.map(|(run, plan, begun)| UnfinishedRun {
                run: run.to_string().into(),
                plan: plan.into(),
                begun: begun.into(),
            });
            Some(Takeover { holder, run, open: open_intents(connection, path, seal).await? })
        }
    };
    sqlx::query(
        "INSERT OR REPLACE INTO lease (one, host, pid, user, command, since)
         VALUES (1, ?, ?, ?, ?, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))",
    )
    .bind(&process.host)
    .bind(process.pid)
    .bind(&process.user)
    .bind(&process.command)
    .execute(connection)
    .await
    .map_err(failed)?;
    Ok(takeover)
}

/// Removes the row.
pub(crate) async fn release(
    connection: &mut SqliteConnection,
    path: &Path,
) -> Result<(), StateError> {
    let removed = sqlx::query("DELETE FROM lease").execute(connection).await;
    removed.map(|_| ()).map_err(|error| StateError::database(path, "written", error))
}
