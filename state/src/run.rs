//! Beginning and ending runs.

use std::path::Path;

use platoform_apply::RunStart;
use sqlx::sqlite::SqliteConnection;
use uuid::Uuid;

use crate::batch::{columns, json};
use crate::{Process, StateError};

/// Stale records that are named; there may be thousands.
const NAMED: usize = 20;

/// Checks that the plan may be applied and writes its run, inside the caller's transaction. A
/// refusal writes nothing.
pub(crate) async fn begin(
    connection: &mut SqliteConnection,
    path: &Path,
    start: &RunStart,
    process: &Process,
) -> Result<i64, StateError> {
    check(connection, path, start).await?;
    insert(connection, path, (&start.plan, &start.digest), process).await
}

/// Checks that the plan was not applied and that what it was made from is still so.
pub(crate) async fn check(
    connection: &mut SqliteConnection,
    path: &Path,
    start: &RunStart,
) -> Result<(), StateError> {
    let earlier: Option<(String, String, String)> =
        sqlx::query_as("SELECT begun, user, host FROM runs WHERE plan = ?")
            .bind(&*start.plan)
            .fetch_optional(&mut *connection)
            .await
            .map_err(|error| StateError::database(path, "read", error))?;
    if let Some((begun, user, host)) = earlier {
        return Err(StateError::Applied { begun, user, host });
    }
    let stale = stale(connection, path, start).await?;
    if !stale.is_empty() {
        return Err(StateError::Stale(stale));
    }
    Ok(())
}

/// A run for changes that belong to no plan; it has ended when it is on the disk.
pub(crate) async fn aside(
    connection: &mut SqliteConnection,
    path: &Path,
    process: &Process,
) -> Result<i64, StateError> {
    let plan = Uuid::new_v4().simple().to_string();
    let run = insert(connection, path, (&plan, ""), process).await?;
    end(connection, path, run, true).await?;
    Ok(run)
}

async fn insert(
    connection: &mut SqliteConnection,
    path: &Path,
    (plan, digest): (&str, &str),
    process: &Process,
) -> Result<i64, StateError> {
    sqlx::query_scalar(
        "INSERT INTO runs (plan, digest, host, pid, user, command, begun)
         VALUES (?, ?, ?, ?, ?, ?, strftime('%Y-%m-%dT%H:%M:%fZ', 'now')) RETURNING id",
    )
    .bind(plan)
    .bind(digest)
    .bind(&process.host)
    .bind(process.pid)
    .bind(&process.user)
    .bind(&process.command)
    .fetch_one(connection)
    .await
    .map_err(|error| StateError::database(path, "written", error))
}

/// How records differ from what the plan was made from.
async fn stale(
    connection: &mut SqliteConnection,
    path: &Path,
    start: &RunStart,
) -> Result<Vec<String>, StateError> {
    let expected: Vec<(String, String, u64)> = start
        .versions
        .iter()
        .map(|(key, version)| {
            let (address, deposed) = columns(key);
            (address, deposed, *version)
        })
        .collect();
    let rows: Vec<(String, String, i64, i64)> = sqlx::query_as(
        "SELECT wanted.value ->> 0, wanted.value ->> 1, wanted.value ->> 2,
                coalesce(resources.version, 0)
         FROM json_each(?) AS wanted LEFT JOIN resources
              ON address = wanted.value ->> 0 AND deposed = wanted.value ->> 1
         WHERE coalesce(resources.version, 0) <> wanted.value ->> 2
         ORDER BY wanted.key",
    )
    .bind(json(&expected)?)
    .fetch_all(&mut *connection)
    .await
    .map_err(|error| StateError::database(path, "read", error))?;
    let open: Vec<(String, String)> = sqlx::query_as(
        "SELECT address, deposed FROM intents JOIN json_each(?) AS wanted
              ON address = wanted.value ->> 0 AND deposed = wanted.value ->> 1
         WHERE open = 1 ORDER BY address",
    )
    .bind(json(&expected)?)
    .fetch_all(connection)
    .await
    .map_err(|error| StateError::database(path, "read", error))?;
    let more = (rows.len() + open.len()).saturating_sub(2 * NAMED);
    let open = open.into_iter().take(NAMED).map(|(address, deposed)| {
        format!("it is not known what became of an earlier call on {}", object(&address, &deposed))
    });
    let mut phrases: Vec<String> = rows
        .into_iter()
        .take(NAMED)
        .map(|(address, deposed, wanted, found)| {
            let object = object(&address, &deposed);
            match (wanted, found) {
                (_, 0) => format!("{object} no longer exists"),
                (0, _) => format!("{object} exists by now"),
                _ => format!("{object} has changed"),
            }
        })
        .chain(open)
        .collect();
    if more > 0 {
        phrases.push(format!("and {more} more"));
    }
    Ok(phrases)
}

/// How an object is named.
fn object(address: &str, deposed: &str) -> String {
    match deposed {
        "" => format!("`{address}`"),
        key => format!("`{address}` (deposed {key})"),
    }
}

/// Writes how the run ended.
pub(crate) async fn end(
    connection: &mut SqliteConnection,
    path: &Path,
    run: i64,
    succeeded: bool,
) -> Result<(), StateError> {
    sqlx::query(
        "UPDATE runs SET outcome = ?, ended = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') WHERE id = ?",
    )
    .bind(if succeeded { "succeeded" } else { "failed" })
    .bind(run)
    .execute(connection)
    .await
    .map(|_| ())
    .map_err(|error| StateError::database(path, "written", error))
}
