//! Opening the database: is it ours, is it whole, which journal fits its file system.

use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection, Row};

use crate::{StateError, filesystem};

/// `PRAGMA application_id` of our databases: `plto` in ASCII.
const APPLICATION: i64 = 0x706c_746f;

/// How long to wait for another connection's transaction.
const BUSY: Duration = Duration::from_secs(30);

/// How often, and after which pause, a change of the journal is tried again.
const ATTEMPTS: u32 = 500;
const PAUSE: Duration = Duration::from_millis(10);

/// The schema, step by step; `PRAGMA user_version` counts the steps done. They are run by
/// [`upgrade`], not by sqlx's migrator: that takes no lock in SQLite, so two processes that open a
/// new state at the same time would both make its tables.
const MIGRATIONS: [&str; 2] =
    [include_str!("../migrations/0001_state.sql"), include_str!("../migrations/0002_history.sql")];

/// The newest format known.
const FORMAT: i64 = MIGRATIONS.len() as i64;

/// What a database says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// Nothing is in it.
    Empty,
    /// Our tables as of this many migrations.
    Known(i64),
}

/// Opens a database file that exists.
pub(crate) async fn connect(path: &Path, read_only: bool) -> Result<SqliteConnection, StateError> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .read_only(read_only)
        .busy_timeout(BUSY)
        .foreign_keys(true)
        .disable_statement_logging();
    options.connect().await.map_err(|error| StateError::database(path, "opened", error))
}

/// Refuses what is not ours or newer than us.
pub(crate) async fn identify(
    connection: &mut SqliteConnection,
    path: &Path,
) -> Result<Format, StateError> {
    let row = sqlx::query(
        "SELECT (SELECT application_id FROM pragma_application_id),
                (SELECT user_version FROM pragma_user_version),
                (SELECT count(*) FROM sqlite_schema)",
    )
    .fetch_one(connection)
    .await
    .map_err(|error| StateError::database(path, "opened", error))?;
    let (application, found, tables): (i64, i64, i64) = (row.get(0), row.get(1), row.get(2));
    match (application, found, tables) {
        (0, 0, 0) => Ok(Format::Empty),
        (APPLICATION, found, _) if found > FORMAT => {
            Err(StateError::Newer { path: path.to_owned(), found, known: FORMAT })
        }
        (APPLICATION, found, _) => Ok(Format::Known(found)),
        _ => Err(StateError::Foreign { path: path.to_owned() }),
    }
}

/// Chooses the journal. A commit is on the disk when it returns, in either mode: a write-ahead log
/// with one sync per commit, or on a network file system a rollback journal whose removal is
/// synced too.
pub(crate) async fn prepare(
    connection: &mut SqliteConnection,
    path: &Path,
) -> Result<(), StateError> {
    let pragmas = if filesystem::network(filesystem::folder(path)).is_some() {
        "PRAGMA journal_mode = DELETE; PRAGMA synchronous = EXTRA;"
    } else {
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 8000;"
    };
    let mut attempts = 0;
    loop {
        match sqlx::raw_sql(pragmas).execute(&mut *connection).await {
            Ok(_) => return Ok(()),
            // A change of the journal does not wait for others by itself.
            Err(error) if is_busy(&error) && attempts < ATTEMPTS => {
                attempts += 1;
                std::thread::sleep(PAUSE);
            }
            Err(error) => return Err(StateError::database(path, "opened", error)),
        }
    }
}

/// Runs the migrations that are missing, inside the caller's transaction.
pub(crate) async fn upgrade(
    connection: &mut SqliteConnection,
    path: &Path,
) -> Result<Format, StateError> {
    let before = identify(connection, path).await?;
    let done = match before {
        Format::Empty => 0,
        Format::Known(done) => done,
    };
    for migration in MIGRATIONS.iter().skip(usize::try_from(done).unwrap_or(0)) {
        let run = sqlx::raw_sql(*migration).execute(&mut *connection).await;
        run.map_err(|error| StateError::database(path, "written", error))?;
    }
    let marks = format!("PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {FORMAT};");
    let marked = sqlx::raw_sql(sqlx::AssertSqlSafe(marks)).execute(&mut *connection).await;
    marked.map_err(|error| StateError::database(path, "written", error))?;
    Ok(before)
}

/// Whether another connection was in the way (`SQLITE_BUSY`).
fn is_busy(error: &sqlx::Error) -> bool {
    crate::error::code(error) & 0xff == 5
}

/// Whether a crash has left a transaction that must be undone first, which a connection for reading
/// cannot do (`SQLITE_READONLY_ROLLBACK` and its like).
pub(crate) fn needs_rollback(error: &StateError) -> bool {
    let StateError::Database { source, .. } = error else { return false };
    crate::error::code(source) & 0xff == 8
}

/// Undoes what a crash has left half done.
pub(crate) async fn roll_back(path: &Path) -> Result<(), StateError> {
    let mut connection = connect(path, false).await?;
    identify(&mut connection, path).await?;
    close(connection, path).await
}

/// Whether there is nothing to migrate.
pub(crate) fn is_current(format: Format) -> bool {
    format == Format::Known(FORMAT)
}

/// Looks for damage.
pub(crate) async fn check(
    connection: &mut SqliteConnection,
    path: &Path,
) -> Result<(), StateError> {
    let finding: String = sqlx::query_scalar("PRAGMA quick_check(1)")
        .fetch_one(connection)
        .await
        .map_err(|error| StateError::database(path, "read", error))?;
    if finding == "ok" {
        return Ok(());
    }
    Err(StateError::Damaged { path: path.to_owned(), finding: finding.replace('\n', "; ") })
}

/// Writes a whole copy of the database to a file, which is not there or empty.
pub(crate) async fn copy(
    connection: &mut SqliteConnection,
    path: &Path,
    to: &Path,
) -> Result<(), StateError> {
    let copied = sqlx::query("VACUUM INTO ?").bind(to.to_string_lossy()).execute(connection).await;
    copied.map(|_| ()).map_err(|error| StateError::database(path, "copied", error))
}

/// Ends a connection so that the log is folded into the database.
pub(crate) async fn close(connection: SqliteConnection, path: &Path) -> Result<(), StateError> {
    connection.close().await.map_err(|error| StateError::database(path, "written", error))
}
