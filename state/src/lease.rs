//! Who may change the state.
//!
//! The right to write is a lock on a file beside the database, which the system gives back the
//! moment its process ends, however it ends; a stopped process keeps it. The row in the database
//! says whose it is. A row without a lock is thus what a process left that died.
//!
//! On a network file system the lock may hold on one machine only. There the row of another
//! machine keeps everybody out, too, and its heartbeat tells whether its process may still live;
//! only the user knows, so only he can take it away ([`Store::force_unlock`](crate::Store)).
//!
//! Every transaction checks that the row is still its own. So whoever lost the lease writes nothing
//! more, whatever made it lose it.

use std::fmt;
use std::fs::{File, TryLockError};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use platoform_plan::{OpenIntent, Seal};
use sqlx::sqlite::SqliteConnection;
use uuid::Uuid;

use crate::prior::open_intents;
use crate::{StateError, filesystem};

/// How often a holder shows that it lives.
pub(crate) const HEARTBEAT: Duration = Duration::from_secs(10);

/// A holder on another machine that has not shown itself for so long may be taken for dead.
pub(crate) const SILENCE: Duration = Duration::from_secs(120);

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
        let (user, command) = (user.into(), command.into());
        Self { host: host(), pid: std::process::id(), user, command }
    }
}

/// Name of this machine.
pub(crate) fn host() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}

/// Who holds the lease.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The process.
    pub process: Process,
    /// Since when, in RFC 3339.
    pub since: Arc<str>,
    /// Random name of the lease, as `platoform force-unlock` takes it.
    pub id: Arc<str>,
    /// When it last showed that it lives, in RFC 3339.
    pub heartbeat: Arc<str>,
    /// How long ago that was, by this machine's clock.
    pub silence: Duration,
}

/// What is known of the lease.
#[derive(Clone, Debug, PartialEq)]
pub enum Lease {
    /// Nobody has it.
    Free,
    /// A process has it that lives; who that is may not be written yet.
    Held(Option<Holder>),
    /// A process had it that has died.
    Left(Holder),
    /// A process on another machine has it, of which nobody here knows whether it lives.
    Elsewhere(Holder),
}

/// The lease that this process holds.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    pub(crate) process: Process,
    id: String,
    beaten: Instant,
}

impl Held {
    /// How long the last heartbeat will do.
    pub(crate) fn next_beat(&self) -> Duration {
        HEARTBEAT.saturating_sub(self.beaten.elapsed())
    }

    /// Notes that one is made now.
    pub(crate) fn beaten(&mut self) {
        self.beaten = Instant::now();
    }
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

/// Host, process, user, command, beginning, ID, heartbeat, and seconds since that.
type Row = (String, u32, String, String, String, String, String, f64);

/// The lease's row.
pub(crate) async fn holder(
    connection: &mut SqliteConnection,
    path: &Path,
) -> Result<Option<Holder>, StateError> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT host, pid, user, command, since, id, heartbeat,
                (julianday('now') - julianday(iif(heartbeat = '', since, heartbeat))) * 86400.0
         FROM lease",
    )
    .fetch_optional(connection)
    .await
    .map_err(|error| StateError::database(path, "read", error))?;
    Ok(row.map(|(host, pid, user, command, since, id, heartbeat, silence)| Holder {
        process: Process { host, pid, user, command },
        since: since.into(),
        id: id.into(),
        heartbeat: heartbeat.into(),
        // A clock that is behind has not seen it yet.
        silence: Duration::from_secs_f64(silence.max(0.0)),
    }))
}

/// Whether the lock on the file may say nothing about a holder.
fn is_elsewhere(holder: &Holder, host: &str, shared: bool) -> bool {
    shared && holder.process.host != host
}

/// Whether other machines may work with a database.
fn is_shared(database: &Path) -> bool {
    filesystem::network(filesystem::folder(database)).is_some()
}

/// What is known of the lease with this row.
pub(crate) fn judge(holder: Option<Holder>, database: &Path) -> Lease {
    match holder {
        holder if is_held(database) => Lease::Held(holder),
        None => Lease::Free,
        Some(holder) if is_elsewhere(&holder, &host(), is_shared(database)) => {
            Lease::Elsewhere(holder)
        }
        Some(holder) => Lease::Left(holder),
    }
}

/// Refuses a lease that a process on another machine left, where the lock says nothing of other
/// machines.
pub(crate) fn refuse_elsewhere(
    holder: Option<&Holder>,
    host: &str,
    path: &Path,
) -> Result<(), StateError> {
    let Some(holder) = holder.filter(|holder| is_elsewhere(holder, host, is_shared(path))) else {
        return Ok(());
    };
    let (path, holder) = (path.to_owned(), Box::new(holder.clone()));
    Err(if holder.silence < SILENCE {
        StateError::Locked { path, holder: Some(holder) }
    } else {
        StateError::Silent { path, holder }
    })
}

/// Writes the row once the lock is held, inside the caller's transaction, and tells what the one
/// before left.
pub(crate) async fn take(
    connection: &mut SqliteConnection,
    path: &Path,
    process: Process,
    seal: &dyn Seal,
) -> Result<(Held, Option<Takeover>), StateError> {
    let before = holder(connection, path).await?;
    refuse_elsewhere(before.as_ref(), &process.host, path)?;
    let takeover = match before {
        None => None,
        Some(holder) => {
            let run = interrupt(connection, path).await?;
            Some(Takeover { holder, run, open: open_intents(connection, path, seal).await? })
        }
    };
    let id = Uuid::new_v4().to_string();
    sqlx::query(
        "INSERT OR REPLACE INTO lease (one, host, pid, user, command, since, id, heartbeat)
         VALUES (1, ?, ?, ?, ?, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), ?,
                 strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))",
    )
    .bind(&process.host)
    .bind(process.pid)
    .bind(&process.user)
    .bind(&process.command)
    .bind(&id)
    .execute(connection)
    .await
    .map_err(|error| StateError::database(path, "written", error))?;
    Ok((Held { process, id, beaten: Instant::now() }, takeover))
}

/// Writes that the run without an end has none, and tells which.
async fn interrupt(
    connection: &mut SqliteConnection,
    path: &Path,
) -> Result<Option<UnfinishedRun>, StateError> {
    let run: Option<(i64, String, String)> = sqlx::query_as(
        "UPDATE runs SET outcome = 'interrupted'
         WHERE outcome IS NULL RETURNING id, plan, begun",
    )
    .fetch_optional(connection)
    .await
    .map_err(|error| StateError::database(path, "written", error))?;
    Ok(run.map(|(run, plan, begun)| UnfinishedRun {
        run: run.to_string().into(),
        plan: plan.into(),
        begun: begun.into(),
    }))
}

/// Refuses to go on when the lease was taken away.
pub(crate) async fn verify(
    connection: &mut SqliteConnection,
    path: &Path,
    held: &Held,
) -> Result<(), StateError> {
    let id: Option<String> = sqlx::query_scalar("SELECT id FROM lease")
        .fetch_optional(connection)
        .await
        .map_err(|error| StateError::database(path, "read", error))?;
    match id.is_some_and(|id| id == held.id) {
        true => Ok(()),
        false => Err(StateError::LeaseLost { path: path.to_owned() }),
    }
}

/// Shows that the holder lives.
pub(crate) async fn beat(
    connection: &mut SqliteConnection,
    path: &Path,
    held: &Held,
) -> Result<(), StateError> {
    let statement =
        "UPDATE lease SET heartbeat = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') WHERE id = ?";
    let beaten = sqlx::query(statement).bind(&held.id).execute(connection).await;
    let beaten = beaten.map_err(|error| StateError::database(path, "written", error))?;
    match beaten.rows_affected() {
        0 => Err(StateError::LeaseLost { path: path.to_owned() }),
        _ => Ok(()),
    }
}

/// Removes the row.
pub(crate) async fn release(
    connection: &mut SqliteConnection,
    path: &Path,
    held: &Held,
) -> Result<(), StateError> {
    let removed = sqlx::query("DELETE FROM lease WHERE id = ?").bind(&held.id);
    let removed = removed.execute(connection).await;
    removed.map(|_| ()).map_err(|error| StateError::database(path, "written", error))
}

/// Takes the lease away from whoever has it, inside the caller's transaction.
pub(crate) async fn take_away(
    connection: &mut SqliteConnection,
    path: &Path,
) -> Result<(), StateError> {
    interrupt(connection, path).await?;
    let removed = sqlx::query("DELETE FROM lease").execute(connection).await;
    removed.map(|_| ()).map_err(|error| StateError::database(path, "written", error))
}
