//! What the tests share.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use platoform_apply::{Intent, IntentClass, Journal, Outcome, RunStart, Write};
use platoform_config::ProviderSource;
use platoform_plan::{OutputRecord, Prior, Record, RecordKey, Stored, Verb};
use platoform_state::{OpenOptions, Process, Store};

/// A folder for one state; gone afterwards.
pub struct Folder(tempfile::TempDir);

impl Folder {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn database(&self) -> PathBuf {
        self.0.path().join("platoform.db")
    }

    pub async fn open(&self) -> Store {
        Store::open(&self.database(), OpenOptions::default()).await.unwrap()
    }

    /// Open and locked.
    pub async fn locked(&self) -> Store {
        let store = self.open().await;
        store.lock(process(), Duration::ZERO).await.unwrap();
        store
    }

    /// Open for reading only.
    pub async fn reader(&self) -> Store {
        let options = OpenOptions::default();
        Store::open_read_only(&self.database(), options).await.unwrap().unwrap()
    }

    /// Runs SQL on the file as somebody else would.
    pub async fn execute(&self, statement: &str) {
        use sqlx::Connection;
        let options = sqlx::sqlite::SqliteConnectOptions::new()
            .filename(self.database())
            .create_if_missing(true);
        let mut connection = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
        let statement = sqlx::AssertSqlSafe(statement.to_owned());
        sqlx::raw_sql(statement).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    }

    /// What another process would read, if there is a state.
    pub async fn try_prior(&self) -> Option<Prior> {
        let found = Store::open_read_only(&self.database(), OpenOptions::default()).await.unwrap();
        Some(found?.prior().await.unwrap())
    }

    /// What another process would read.
    pub async fn prior(&self) -> Prior {
        self.try_prior().await.unwrap()
    }

    /// All of SQLite's checks.
    pub async fn integrity(&self) -> String {
        use sqlx::Connection;
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(self.database());
        let mut connection = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
        sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&mut connection).await.unwrap()
    }
}

/// A runtime as the program's: one thread.
pub fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(work)
}

pub fn process() -> Process {
    Process::current("alice", "platoform apply")
}

pub fn key(address: &str) -> RecordKey {
    RecordKey { address: address.parse().unwrap(), deposed: None }
}

pub fn deposed(address: &str, deposed: &str) -> RecordKey {
    RecordKey { deposed: Some(deposed.into()), ..key(address) }
}

pub fn record(address: &str, attributes: &str) -> Record {
    Record {
        key: key(address),
        provider: ProviderSource("registry.terraform.io/kreuzwerker/docker".into()),
        provider_config: "provider[\"registry.terraform.io/kreuzwerker/docker\"]".into(),
        schema_version: 2,
        attributes: Stored(attributes.into()),
        private: Vec::new(),
        tainted: false,
        create_before_destroy: false,
        protected: false,
        retained: false,
        dependencies: Vec::new(),
        version: 0,
    }
}

pub fn put(address: &str, attributes: &str) -> Write {
    Write::Put(Box::new(record(address, attributes)))
}

pub fn output(name: &str, value: &str) -> Write {
    let value = Stored(value.into());
    let record = OutputRecord { value, kind: "\"number\"".to_owned(), sensitive: false };
    Write::Output(name.into(), Some(record))
}

pub fn intent(owner: &str, address: &str, verb: Verb) -> Intent {
    Intent {
        owner: owner.into(),
        key: key(address),
        verb,
        planned: record(address, r#"{"id":null}"#),
    }
}

pub fn outcome(owner: &str, class: IntentClass, writes: Vec<Write>) -> Outcome {
    Outcome { owner: owner.into(), class, writes, note: None }
}

pub fn start(plan: &str) -> RunStart {
    RunStart { plan: plan.into(), digest: "digest".into(), versions: BTreeMap::new() }
}

/// A plan made from these versions.
pub fn start_from(plan: &str, versions: &[(RecordKey, u64)]) -> RunStart {
    RunStart { versions: versions.iter().cloned().collect(), ..start(plan) }
}

/// Addresses with deposed keys and attributes, in the order read.
pub fn contents(prior: &Prior) -> Vec<(String, Option<Arc<str>>, String)> {
    let text = |record: &Record| {
        let key = &record.key;
        (key.address.to_string(), key.deposed.clone(), record.attributes.0.to_string())
    };
    prior.records.iter().map(text).collect()
}

/// Changes the state outside any run's intents.
pub async fn apply(store: &Store, plan: &str, writes: Vec<Write>) {
    store.begin(start(plan)).await.unwrap();
    store.write(writes).unwrap();
    store.finish(true).await.unwrap();
}
