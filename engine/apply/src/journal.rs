//! The port behind which the state is kept.

use std::collections::BTreeMap;
use std::sync::Arc;

use platoform_plan::{OutputRecord, Record, RecordKey, Verb};
use platoform_provider::BoxFuture;

/// The journal could not do what it was asked. The run stops: nothing further is attempted outside.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct JournalError {
    /// What went wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

/// A run begins.
#[derive(Clone, Debug)]
pub struct RunStart {
    /// The plan's id; a second run with the same id is refused.
    pub plan: Arc<str>,
    /// The plan's digest.
    pub digest: Arc<str>,
    /// Versions of the records the plan was made from (0: there was none); a record that has moved
    /// on is refused, by name.
    pub versions: BTreeMap<RecordKey, u64>,
}

/// What is about to be done outside.
#[derive(Clone, Debug)]
pub struct Intent {
    /// Random; goes onto a new object.
    pub owner: Arc<str>,
    /// The object.
    pub key: RecordKey,
    /// What is done to it.
    pub verb: Verb,
    /// The record as it is to become, unknown parts null; for a delete, as it is. The provider's
    /// bytes of one that is to be made are those of its survey, where there was one.
    pub planned: Record,
}

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntentClass {
    /// The object exists but is not finished; another outcome follows, or the next run finds the
    /// record tainted.
    Created,
    /// As planned.
    Done,
    /// Without effect.
    Failed,
    /// Nobody knows: the intent stays open.
    Unknown,
}

/// What came of an intent; its writes are made in the same transaction.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The intent.
    pub owner: Arc<str>,
    /// How it ended.
    pub class: IntentClass,
    /// What to write.
    pub writes: Vec<Write>,
    /// One line about a failure, without secrets.
    pub note: Option<String>,
}

/// One change of the state.
#[derive(Clone, Debug)]
pub enum Write {
    /// Adds or replaces a record; its version is given by the store.
    Put(Box<Record>),
    /// Removes a record.
    Remove(RecordKey),
    /// The current object of an instance becomes the deposed one with this key.
    Depose(RecordKey, Arc<str>),
    /// Sets or removes a root module output.
    Output(Arc<str>, Option<OutputRecord>),
}

/// Keeps what must not be lost. Calls are made in order; those that return futures are durable
/// when these resolve, and what was written before is durable then too.
pub trait Journal: Send + Sync {
    /// Begins a run. Refuses plan ids that were applied before and records that have moved on.
    fn begin(&self, run: RunStart) -> BoxFuture<'_, Result<(), JournalError>>;

    /// Records an intent.
    fn intent(&self, intent: Intent) -> BoxFuture<'_, Result<(), JournalError>>;

    /// Records what came of an intent.
    fn outcome(&self, outcome: Outcome) -> BoxFuture<'_, Result<(), JournalError>>;

    /// Writes what has no effect outside; becomes durable with whatever is awaited next.
    ///
    /// # Errors
    /// When an earlier write failed.
    fn write(&self, writes: Vec<Write>) -> Result<(), JournalError>;

    /// Waits until everything written so far is durable.
    fn sync(&self) -> BoxFuture<'_, Result<(), JournalError>> {
        Box::pin(std::future::ready(Ok(())))
    }

    /// Ends the run once everything is durable.
    fn finish(&self, succeeded: bool) -> BoxFuture<'_, Result<(), JournalError>>;
}
