//! Reading the state.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use platoform_plan::{OpenIntent, OutputRecord, Prior, Record, Seal, Stored, Verb};
use sqlx::Connection;
use sqlx::sqlite::SqliteConnection;

use crate::StateError;
use crate::row::{Reason, RecordRow, Shared, record_key};

/// Records read with one statement.
const CHUNK: i64 = 500;

/// The next records after a row, and the last row among them; the fields in the order in which
/// [`RecordRow`] has them.
macro_rules! read_records {
    ($table:literal, $condition:literal) => {
        concat!(
            "SELECT max(id), json_group_array(json_array(address, deposed, provider,
                provider_config, schema_version, attributes, private,
                json(iif(tainted, 'true', 'false')),
                json(iif(create_before_destroy, 'true', 'false')), json(dependencies), version,
                json(iif(protected, 'true', 'false')), json(iif(retained, 'true', 'false'))))
             FROM (SELECT rowid AS id, * FROM ",
            $table,
            " WHERE rowid > ?1 AND ",
            $condition,
            " ORDER BY rowid LIMIT ?2)"
        )
    };
}

/// Which records to read, by the number of a run.
#[derive(Clone, Copy)]
pub(crate) enum Which {
    /// Those that are there, whatever the number.
    Present,
    /// Those that are there and were when that run had ended.
    PresentAt,
    /// Those that were there when that run had ended, and have changed or gone since.
    FormerAt,
    /// Those that the run wrote and that are still so.
    Written,
    /// Those that the run wrote and that have changed or gone since.
    WrittenFormer,
    /// Those that the run changed or removed, as they were before it.
    Replaced,
}

impl Which {
    fn statement(self) -> &'static str {
        match self {
            Self::Present => read_records!("resources", "?3 = ?3"),
            Self::PresentAt => read_records!("resources", "run <= ?3"),
            Self::FormerAt => read_records!("history", "run <= ?3 AND until > ?3"),
            Self::Written => read_records!("resources", "run = ?3"),
            Self::WrittenFormer => read_records!("history", "run = ?3"),
            Self::Replaced => read_records!("history", "until = ?3"),
        }
    }
}

/// Owner key, run, address, deposed key, verb, beginning and planned record.
type IntentRow = (String, i64, String, String, String, String, Option<String>, i64);

/// Everything as of one moment.
pub(crate) async fn read(
    connection: &mut SqliteConnection,
    path: &Path,
    seal: &dyn Seal,
) -> Result<Prior, StateError> {
    let failed = |error| StateError::database(path, "read", error);
    let mut transaction = connection.begin().await.map_err(failed)?;
    let (lineage, serial): (String, i64) = sqlx::query_as("SELECT lineage, serial FROM meta")
        .fetch_one(&mut *transaction)
        .await
        .map_err(failed)?;
    let records = read_records(&mut transaction, path, seal, &[Which::Present], 0).await?;
    let statement = "SELECT name, value, type, sensitive FROM outputs WHERE ?1 = ?1";
    let outputs = read_outputs(&mut transaction, path, statement, 0).await?;
    let open = open_intents(&mut transaction, path, seal).await?;
    transaction.commit().await.map_err(failed)?;
    let serial = u64::try_from(serial).unwrap_or_default();
    Ok(Prior { lineage: lineage.into(), serial, records, outputs, open })
}

/// Outputs that a statement with the number of a run finds.
pub(crate) async fn read_outputs(
    connection: &mut SqliteConnection,
    path: &Path,
    statement: &'static str,
    run: i64,
) -> Result<BTreeMap<Arc<str>, OutputRecord>, StateError> {
    let rows: Vec<(String, String, String, bool)> = sqlx::query_as(statement)
        .bind(run)
        .fetch_all(connection)
        .await
        .map_err(|error| StateError::database(path, "read", error))?;
    let output = |(name, value, kind, sensitive): (String, String, String, bool)| {
        (name.into(), OutputRecord { value: Stored(value.into()), kind, sensitive })
    };
    Ok(rows.into_iter().map(output).collect())
}

/// Records in order of their keys.
pub(crate) async fn read_records(
    connection: &mut SqliteConnection,
    path: &Path,
    seal: &dyn Seal,
    which: &[Which],
    run: i64,
) -> Result<Vec<Record>, StateError> {
    let mut records = Vec::new();
    for which in which {
        read_some(connection, path, seal, (which.statement(), run), &mut records).await?;
    }
    records.sort_unstable_by(|left: &Record, right| left.key.cmp(&right.key));
    Ok(records)
}

/// They come as a few long texts: row by row, handing them from SQLite's thread to this one takes
/// several times longer.
async fn read_some(
    connection: &mut SqliteConnection,
    path: &Path,
    seal: &dyn Seal,
    (statement, run): (&'static str, i64),
    records: &mut Vec<Record>,
) -> Result<(), StateError> {
    let mut shared = Shared::default();
    let mut last = i64::MIN;
    loop {
        let (found, rows): (Option<i64>, String) = sqlx::query_as(statement)
            .bind(last)
            .bind(CHUNK)
            .bind(run)
            .fetch_one(&mut *connection)
            .await
            .map_err(|error| StateError::database(path, "read", error))?;
        let Some(found) = found else { return Ok(()) };
        last = found;
        let rows: Vec<RecordRow<'_>> = serde_json::from_str(&rows)
            .map_err(|error| bad_row(path, "records".to_owned(), error.to_string()))?;
        for row in rows {
            let address = row.address.clone();
            let bad = |reason| bad_row(path, format!("the record of `{address}`"), reason);
            records.push(row.record(seal, &mut shared).map_err(bad)?);
        }
    }
}

/// The intents without an outcome that settles them, oldest first.
pub(crate) async fn open_intents(
    connection: &mut SqliteConnection,
    path: &Path,
    seal: &dyn Seal,
) -> Result<Vec<OpenIntent>, StateError> {
    let rows: Vec<IntentRow> = sqlx::query_as(
        "SELECT owner, run, address, deposed, verb, begun, planned,
                CAST((julianday('now') - julianday(begun)) * 86400000 AS INTEGER)
         FROM intents WHERE open = 1 ORDER BY run, begun, owner",
    )
    .fetch_all(connection)
    .await
    .map_err(|error| StateError::database(path, "read", error))?;
    rows.into_iter()
        .map(|(owner, run, address, deposed, verb, begun, planned, age)| {
            let bad = |reason| bad_row(path, format!("an intent on `{address}`"), reason);
            let planned = planned.as_deref().unwrap_or("null");
            let row: RecordRow<'_> =
                serde_json::from_str(planned).map_err(|error| bad(error.to_string()))?;
            Ok(OpenIntent {
                owner: owner.into(),
                run: run.to_string().into(),
                key: record_key(&address, &deposed).map_err(bad)?,
                verb: Verb::parse(&verb).ok_or_else(|| bad(format!("no verb is `{verb}`")))?,
                begun: begun.into(),
                age: Duration::from_millis(u64::try_from(age).unwrap_or_default()),
                planned: row.record(seal, &mut Shared::default()).map_err(bad)?,
            })
        })
        .collect()
}

fn bad_row(path: &Path, row: String, reason: Reason) -> StateError {
    StateError::Row { path: path.to_owned(), row, reason }
}
