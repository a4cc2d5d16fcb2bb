//! What was done to the state, run by run, and the state as a run left it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use platoform_plan::{OutputRecord, Prior, Record, RecordKey, Seal};
use sqlx::Connection;
use sqlx::sqlite::SqliteConnection;

use crate::prior::{Which, read_outputs, read_records};
use crate::{Process, StateError};

/// A run: a plan that was applied, or a command that changed the state by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Its number; runs are counted from 1.
    pub number: i64,
    /// Who ran what.
    pub process: Process,
    /// Digest of the plan; empty where there was none.
    pub digest: Arc<str>,
    /// When it began, in RFC 3339.
    pub begun: Arc<str>,
    /// When it ended; `None` while it runs, and when nobody saw its end.
    pub ended: Option<Arc<str>>,
    /// `succeeded`, `failed` or `interrupted`; `None` while it runs.
    pub outcome: Option<Arc<str>>,
    /// Objects that are in the state since.
    pub added: u64,
    /// Objects that it changed in the state, or replaced.
    pub changed: u64,
    /// Objects that are no longer in the state since.
    pub removed: u64,
}

/// What a run did.
#[derive(Clone, Debug, PartialEq)]
pub struct RunChanges {
    /// Objects before and after; in order of their keys.
    pub objects: BTreeMap<RecordKey, (Option<Record>, Option<Record>)>,
    /// Outputs before and after.
    pub outputs: BTreeMap<Arc<str>, (Option<OutputRecord>, Option<OutputRecord>)>,
    /// Calls that did not end as planned.
    pub failures: Vec<FailedCall>,
}

/// A call that did not end as planned, or of which nobody knows how it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedCall {
    /// The instance.
    pub address: Arc<str>,
    /// `create`, `update` or `delete`.
    pub verb: Arc<str>,
    /// `failed`, `unknown`, or `open` when nothing came of it so far.
    pub class: Arc<str>,
    /// One line about it.
    pub note: Option<Arc<str>>,
}

/// All of them are counted in one go: each count for itself would be a search per run.
const RUNS: &str = "
    WITH written AS (SELECT run, address, deposed FROM resources
                     UNION ALL SELECT run, address, deposed FROM history),
         changed AS (SELECT written.run, count(*) AS number FROM history JOIN written
                     ON history.until = written.run AND history.address = written.address
                        AND history.deposed = written.deposed GROUP BY written.run),
         born AS (SELECT run, count(*) AS number FROM written GROUP BY run),
         ended AS (SELECT until, count(*) AS number FROM history GROUP BY until)
    SELECT id, host, pid, user, command, digest, begun, ended, outcome,
           coalesce(born.number, 0) - coalesce(changed.number, 0), coalesce(changed.number, 0),
           coalesce(ended.number, 0) - coalesce(changed.number, 0)
    FROM runs LEFT JOIN born ON born.run = id LEFT JOIN changed ON changed.run = id
              LEFT JOIN ended ON ended.until = id
    ORDER BY id DESC LIMIT ?1";

type RunRow = (
    i64,
    String,
    u32,
    String,
    String,
    String,
    String,
    Option<String>,
    Option<String>,
    i64,
    i64,
    i64,
);

/// The last runs, latest first.
pub(crate) async fn runs(
    connection: &mut SqliteConnection,
    path: &Path,
    limit: i64,
) -> Result<Vec<Run>, StateError> {
    let rows: Vec<RunRow> = sqlx::query_as(RUNS)
        .bind(limit)
        .fetch_all(connection)
        .await
        .map_err(|error| StateError::database(path, "read", error))?;
    Ok(rows.into_iter().map(run).collect())
}

fn run(row: RunRow) -> Run {
    let (number, host, pid, user, command, digest, begun, ended, outcome, added, changed, removed) =
        row;
    let count = |number| u64::try_from(number).unwrap_or_default();
    Run {
        number,
        process: Process { host, pid, user, command },
        digest: digest.into(),
        begun: begun.into(),
        ended: ended.map(Into::into),
        outcome: outcome.map(Into::into),
        added: count(added),
        changed: count(changed),
        removed: count(removed),
    }
}

/// What a run did.
pub(crate) async fn changes(
    connection: &mut SqliteConnection,
    path: &Path,
    seal: &dyn Seal,
    run: i64,
) -> Result<RunChanges, StateError> {
    let failed = |error| StateError::database(path, "read", error);
    let mut transaction = connection.begin().await.map_err(failed)?;
    known(&mut transaction, path, run).await?;
    let before = read_records(&mut transaction, path, seal, &[Which::Replaced], run).await?;
    let written = [Which::Written, Which::WrittenFormer];
    let after = read_records(&mut transaction, path, seal, &written, run).await?;
    let statement = "SELECT name, value, type, sensitive FROM output_history WHERE until = ?1";
    let outputs_before = read_outputs(&mut transaction, path, statement, run).await?;
    let statement = "SELECT name, value, type, sensitive FROM outputs WHERE run = ?1
         UNION ALL SELECT name, value, type, sensitive FROM output_history WHERE run = ?1";
    let outputs_after = read_outputs(&mut transaction, path, statement, run).await?;
    let failures = failures(&mut transaction, path, run).await?;
    transaction.commit().await.map_err(failed)?;
    let keyed = |records: Vec<Record>| records.into_iter().map(|it| (it.key.clone(), it));
    Ok(RunChanges {
        objects: pairs(keyed(before), keyed(after)),
        outputs: pairs(outputs_before, outputs_after),
        failures,
    })
}

/// What was before and after, side by side.
fn pairs<K: Ord, V>(
    before: impl IntoIterator<Item = (K, V)>,
    after: impl IntoIterator<Item = (K, V)>,
) -> BTreeMap<K, (Option<V>, Option<V>)> {
    let mut pairs = BTreeMap::new();
    for (key, value) in before {
        pairs.insert(key, (Some(value), None));
    }
    for (key, value) in after {
        pairs.entry(key).or_insert((None, None)).1 = Some(value);
    }
    pairs
}

async fn failures(
    connection: &mut SqliteConnection,
    path: &Path,
    run: i64,
) -> Result<Vec<FailedCall>, StateError> {
    let rows: Vec<(String, String, String, Option<String>)> = sqlx::query_as(
        "SELECT address, verb, coalesce(class, 'open'), note
         FROM intents LEFT JOIN outcomes ON intent = owner
         WHERE run = ?1 AND (class IN ('failed', 'unknown') OR class IS NULL)
         ORDER BY intents.begun, owner, id",
    )
    .bind(run)
    .fetch_all(connection)
    .await
    .map_err(|error| StateError::database(path, "read", error))?;
    let call = |(address, verb, class, note): (String, String, String, Option<String>)| {
        let (address, verb, class) = (address.into(), verb.into(), class.into());
        FailedCall { address, verb, class, note: note.map(Into::into) }
    };
    Ok(rows.into_iter().map(call).collect())
}

/// The state as a run left it; no calls are open in it.
pub(crate) async fn prior_at(
    connection: &mut SqliteConnection,
    path: &Path,
    seal: &dyn Seal,
    run: i64,
) -> Result<Prior, StateError> {
    let failed = |error| StateError::database(path, "read", error);
    let mut transaction = connection.begin().await.map_err(failed)?;
    known(&mut transaction, path, run).await?;
    let lineage: String = sqlx::query_scalar("SELECT lineage FROM meta")
        .fetch_one(&mut *transaction)
        .await
        .map_err(failed)?;
    let which = [Which::PresentAt, Which::FormerAt];
    let records = read_records(&mut transaction, path, seal, &which, run).await?;
    let statement = "SELECT name, value, type, sensitive FROM outputs WHERE run <= ?1
         UNION ALL SELECT name, value, type, sensitive FROM output_history
         WHERE run <= ?1 AND until > ?1";
    let outputs = read_outputs(&mut transaction, path, statement, run).await?;
    transaction.commit().await.map_err(failed)?;
    let serial = records.iter().map(|record| record.version).max().unwrap_or_default();
    Ok(Prior { lineage: lineage.into(), serial, records, outputs, open: Vec::new() })
}

/// Refuses the number of a run that is not known, or not any more.
async fn known(connection: &mut SqliteConnection, path: &Path, run: i64) -> Result<(), StateError> {
    let (first, last): (i64, i64) =
        sqlx::query_as("SELECT history_from, coalesce((SELECT max(id) FROM runs), 0) FROM meta")
            .fetch_one(connection)
            .await
            .map_err(|error| StateError::database(path, "read", error))?;
    match (first..=last).contains(&run) {
        true => Ok(()),
        false => Err(StateError::NoHistory { path: path.to_owned(), first, last }),
    }
}

/// Forgets how the state was before a run had ended; gives the number of objects' versions that
/// went. Runs themselves stay in the log.
pub(crate) async fn prune(
    connection: &mut SqliteConnection,
    path: &Path,
    run: i64,
) -> Result<u64, StateError> {
    let failed = |error| StateError::database(path, "written", error);
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.map_err(failed)?;
    known(&mut transaction, path, run).await?;
    let gone = sqlx::query("DELETE FROM history WHERE until <= ?1").bind(run);
    let gone = gone.execute(&mut *transaction).await.map_err(failed)?.rows_affected();
    let outputs = sqlx::query("DELETE FROM output_history WHERE until <= ?1").bind(run);
    outputs.execute(&mut *transaction).await.map_err(failed)?;
    let from = sqlx::query("UPDATE meta SET history_from = ?1").bind(run);
    from.execute(&mut *transaction).await.map_err(failed)?;
    transaction.commit().await.map_err(failed)?;
    Ok(gone)
}
