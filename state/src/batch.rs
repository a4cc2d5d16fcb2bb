//! Many changes in few statements: rows travel as one JSON text each kind, never one by one.
//! Before a row changes or goes, what an earlier run wrote in it moves into the history.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use platoform_apply::{Intent, IntentClass, Outcome, Write};
use platoform_plan::{OutputRecord, Record, RecordKey};
use serde::Serialize;
use sqlx::sqlite::SqliteConnection;

use crate::row::{Columns, Reason, RecordRow};
use crate::{Process, Sealer, StateError, run};

/// Records in one statement, so that its text stays small.
const RECORDS: usize = 1_000;

// Rows with many fields are materialized: `json_each` writes its `value` out again for each use.

const INSERT_INTENTS: &str = "
    WITH rows (value) AS MATERIALIZED (SELECT value FROM json_each(?1))
    INSERT INTO intents (owner, run, address, deposed, verb, begun, open, planned)
    SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4,
           strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), 1, value ->> 5
    FROM rows";

const INSERT_OUTCOMES: &str = "
    INSERT INTO outcomes (intent, class, note, ended)
    SELECT value ->> 0, value ->> 1, value ->> 2, strftime('%Y-%m-%dT%H:%M:%fZ', 'now')
    FROM json_each(?1) ORDER BY key";

const CLOSE_INTENTS: &str = "
    UPDATE intents SET open = 0, planned = NULL
    WHERE owner IN (SELECT value ->> 0 FROM json_each(?1) WHERE value ->> 1 <> 'unknown')";

const PUT_RECORDS: &str = "
    WITH rows (value) AS MATERIALIZED (SELECT value FROM json_each(?1))
    INSERT INTO resources (address, deposed, module, mode, kind, name, key, provider,
        provider_config, schema_version, attributes, private, tainted, create_before_destroy,
        dependencies, version, run, protected, retained)
    SELECT value ->> 'address', value ->> 'deposed', value ->> 'module', value ->> 'mode',
        value ->> 'kind', value ->> 'name', value ->> 'key', value ->> 'provider',
        value ->> 'provider_config', value ->> 'schema_version', value ->> 'attributes',
        value ->> 'private', value ->> 'tainted', value ->> 'create_before_destroy',
        value -> 'dependencies', ?2, ?3, value ->> 'protected', value ->> 'retained'
    FROM rows WHERE true
    ON CONFLICT (address, deposed) DO UPDATE SET
        provider = excluded.provider, provider_config = excluded.provider_config,
        schema_version = excluded.schema_version, attributes = excluded.attributes,
        private = excluded.private, tainted = excluded.tainted,
        create_before_destroy = excluded.create_before_destroy,
        dependencies = excluded.dependencies, version = excluded.version, run = excluded.run,
        protected = excluded.protected, retained = excluded.retained";

/// Not what the same run wrote: it came and went in between.
const KEEP_RECORDS: &str = "
    INSERT INTO history SELECT *, ?2 FROM resources WHERE run <> ?2 AND (address, deposed) IN
        (SELECT value ->> 0, value ->> 1 FROM json_each(?1))";

const REMOVE_RECORDS: &str = "
    DELETE FROM resources WHERE (address, deposed) IN
        (SELECT value ->> 0, value ->> 1 FROM json_each(?1))";

const DEPOSE_RECORD: &str =
    "UPDATE resources SET deposed = ?2, version = ?3, run = ?4 WHERE address = ?1 AND deposed = ''";

const PUT_OUTPUTS: &str = "
    INSERT OR REPLACE INTO outputs (name, value, type, sensitive, run)
    SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, ?2 FROM json_each(?1)";

const KEEP_OUTPUTS: &str = "
    INSERT INTO output_history SELECT *, ?2 FROM outputs WHERE run <> ?2 AND name IN
        (SELECT value ->> 0 FROM json_each(?1))";

const REMOVE_OUTPUTS: &str =
    "DELETE FROM outputs WHERE name IN (SELECT value ->> 0 FROM json_each(?1))";

/// Changes collected inside one transaction, the last one of each row only.
pub(crate) struct Batch<'a> {
    pub(crate) path: &'a Path,
    sealer: &'a Sealer,
    /// Whose changes they are.
    pub(crate) process: &'a Process,
    /// The run they belong to: one that has begun, or one that stands for changes outside of any.
    pub(crate) run: Option<i64>,
    /// By address and deposed key; `None` removes.
    records: BTreeMap<(String, String), Option<Box<Record>>>,
    outputs: BTreeMap<Arc<str>, Option<OutputRecord>>,
    intents: Vec<Intent>,
    outcomes: Vec<(Arc<str>, &'static str, Option<String>)>,
    /// The state's serial once it grew.
    serial: Option<i64>,
}

impl<'a> Batch<'a> {
    pub(crate) fn new(
        path: &'a Path,
        sealer: &'a Sealer,
        process: &'a Process,
        run: Option<i64>,
    ) -> Self {
        Self {
            path,
            sealer,
            process,
            run,
            records: BTreeMap::new(),
            outputs: BTreeMap::new(),
            intents: Vec::new(),
            outcomes: Vec::new(),
            serial: None,
        }
    }

    /// Adds an intent.
    pub(crate) fn intent(&mut self, intent: Intent) {
        self.intents.push(intent);
    }

    /// Adds an outcome with its writes.
    pub(crate) async fn outcome(
        &mut self,
        connection: &mut SqliteConnection,
        outcome: Outcome,
    ) -> Result<(), StateError> {
        let class = match outcome.class {
            IntentClass::Created => "created",
            IntentClass::Done => "done",
            IntentClass::Failed => "failed",
            IntentClass::Unknown => "unknown",
        };
        self.outcomes.push((outcome.owner, class, outcome.note));
        self.writes(connection, outcome.writes).await
    }

    /// Adds changes of the state.
    pub(crate) async fn writes(
        &mut self,
        connection: &mut SqliteConnection,
        writes: Vec<Write>,
    ) -> Result<(), StateError> {
        for write in writes {
            match write {
                Write::Put(record) => {
                    self.records.insert(columns(&record.key), Some(record));
                    if self.records.len() >= RECORDS {
                        self.flush_records(connection).await?;
                    }
                }
                Write::Remove(key) => {
                    self.records.insert(columns(&key), None);
                }
                Write::Depose(key, deposed) => self.depose(connection, &key, &deposed).await?,
                Write::Output(name, output) => {
                    self.outputs.insert(name, output);
                }
            }
        }
        Ok(())
    }

    /// Writes everything collected.
    pub(crate) async fn flush(
        &mut self,
        connection: &mut SqliteConnection,
    ) -> Result<(), StateError> {
        self.flush_intents(connection).await?;
        if !self.outcomes.is_empty() {
            let outcomes = json(&std::mem::take(&mut self.outcomes))?;
            self.execute(connection, INSERT_OUTCOMES, &outcomes).await?;
            self.execute(connection, CLOSE_INTENTS, &outcomes).await?;
        }
        self.flush_records(connection).await?;
        self.flush_outputs(connection).await
    }

    async fn flush_intents(&mut self, connection: &mut SqliteConnection) -> Result<(), StateError> {
        if self.intents.is_empty() {
            return Ok(());
        }
        let intents = std::mem::take(&mut self.intents);
        let mut rows = Vec::with_capacity(intents.len());
        for intent in &intents {
            let (address, deposed) = columns(&intent.key);
            let planned = RecordRow::new(&intent.planned, self.sealer)
                .map_err(|reason| self.unwritable(&intent.planned, reason))?;
            let verb = intent.verb.as_str();
            rows.push((&intent.owner, self.run, address, deposed, verb, json(&planned)?));
        }
        self.execute(connection, INSERT_INTENTS, &json(&rows)?).await
    }

    async fn flush_records(&mut self, connection: &mut SqliteConnection) -> Result<(), StateError> {
        if self.records.is_empty() {
            return Ok(());
        }
        let (run, serial) = (self.run(connection).await?, self.grow(connection).await?);
        let records = std::mem::take(&mut self.records);
        let keys: Vec<&(String, String)> = records.keys().collect();
        self.keep(connection, KEEP_RECORDS, &json(&keys)?).await?;
        let (mut put, mut removed) = (Vec::new(), Vec::new());
        for (key, record) in &records {
            match record {
                Some(record) => put.push(
                    Columns::new(record, self.sealer)
                        .map_err(|reason| self.unwritable(record, reason))?,
                ),
                None => removed.push(key),
            }
        }
        if !removed.is_empty() {
            self.execute(connection, REMOVE_RECORDS, &json(&removed)?).await?;
        }
        if put.is_empty() {
            return Ok(());
        }
        let query = sqlx::query(PUT_RECORDS).bind(json(&put)?).bind(serial).bind(run);
        query.execute(connection).await.map(|_| ()).map_err(|error| self.failed(error))
    }

    async fn flush_outputs(&mut self, connection: &mut SqliteConnection) -> Result<(), StateError> {
        if self.outputs.is_empty() {
            return Ok(());
        }
        let run = self.run(connection).await?;
        self.grow(connection).await?;
        let outputs = std::mem::take(&mut self.outputs);
        let names: Vec<[&Arc<str>; 1]> = outputs.keys().map(|name| [name]).collect();
        self.keep(connection, KEEP_OUTPUTS, &json(&names)?).await?;
        let (mut put, mut removed) = (Vec::new(), Vec::new());
        for (name, output) in &outputs {
            match output {
                Some(output) => put.push((name, &output.value.0, &output.kind, output.sensitive)),
                None => removed.push([name]),
            }
        }
        if !removed.is_empty() {
            self.execute(connection, REMOVE_OUTPUTS, &json(&removed)?).await?;
        }
        if put.is_empty() {
            return Ok(());
        }
        let query = sqlx::query(PUT_OUTPUTS).bind(json(&put)?).bind(run);
        query.execute(connection).await.map(|_| ()).map_err(|error| self.failed(error))
    }

    /// Renames a row, which must be in the table before.
    async fn depose(
        &mut self,
        connection: &mut SqliteConnection,
        key: &RecordKey,
        deposed: &str,
    ) -> Result<(), StateError> {
        self.flush_records(connection).await?;
        let (run, serial) = (self.run(connection).await?, self.grow(connection).await?);
        let (address, current) = columns(key);
        self.keep(connection, KEEP_RECORDS, &json(&[(&address, current)])?).await?;
        let query = sqlx::query(DEPOSE_RECORD).bind(address).bind(deposed).bind(serial).bind(run);
        let done = query.execute(connection).await.map_err(|error| self.failed(error))?;
        match done.rows_affected() {
            1 => Ok(()),
            _ => Err(StateError::Misuse("there is no current object to depose")),
        }
    }

    /// Moves rows into the history that an earlier run wrote.
    async fn keep(
        &mut self,
        connection: &mut SqliteConnection,
        statement: &'static str,
        keys: &str,
    ) -> Result<(), StateError> {
        let run = self.run(connection).await?;
        let done = sqlx::query(statement).bind(keys).bind(run).execute(connection).await;
        done.map(|_| ()).map_err(|error| self.failed(error))
    }

    /// The run whose changes these are. Those outside of any, such as what is found out about
    /// calls that an earlier run left open, get one of their own.
    async fn run(&mut self, connection: &mut SqliteConnection) -> Result<i64, StateError> {
        if let Some(run) = self.run {
            return Ok(run);
        }
        let run = run::aside(connection, self.path, self.process).await?;
        self.run = Some(run);
        Ok(run)
    }

    /// The serial of this transaction: the state's grows the first time it is asked for. Rows take
    /// it as their version, which therefore never comes back, even when a record is removed and
    /// made again.
    async fn grow(&mut self, connection: &mut SqliteConnection) -> Result<i64, StateError> {
        if let Some(serial) = self.serial {
            return Ok(serial);
        }
        let query = sqlx::query_scalar("UPDATE meta SET serial = serial + 1 RETURNING serial");
        let serial = query.fetch_one(connection).await.map_err(|error| self.failed(error))?;
        self.serial = Some(serial);
        Ok(serial)
    }

    fn unwritable(&self, record: &Record, reason: Reason) -> StateError {
        let row = format!("the record of `{}`", record.key.address);
        StateError::Row { path: self.path.to_owned(), row, reason }
    }

    async fn execute(
        &self,
        connection: &mut SqliteConnection,
        statement: &'static str,
        rows: &str,
    ) -> Result<(), StateError> {
        let done = sqlx::query(statement).bind(rows).execute(connection).await;
        done.map(|_| ()).map_err(|error| self.failed(error))
    }

    fn failed(&self, error: sqlx::Error) -> StateError {
        StateError::database(self.path, "written", error)
    }
}

/// A record's primary key.
pub(crate) fn columns(key: &RecordKey) -> (String, String) {
    (key.address.to_string(), key.deposed.as_deref().unwrap_or_default().to_owned())
}

/// Rows as one parameter of `json_each`.
pub(crate) fn json<T: Serialize + ?Sized>(rows: &T) -> Result<String, StateError> {
    serde_json::to_string(rows).map_err(|_| StateError::Misuse("a row is not JSON"))
}
