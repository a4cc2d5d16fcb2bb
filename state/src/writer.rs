//! The one thread that writes.
//!
//! It owns the connection, so that commits go on while the engine computes, and so that what is
//! queued is still written when the engine unwinds. What has queued up is committed in one
//! transaction and acknowledged after; while one commit waits for the disk, the next batch gathers.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use platoform_apply::{Intent, JournalError, Outcome, RunStart, Write};
use sqlx::sqlite::SqliteConnection;
use sqlx::{Connection, Sqlite, Transaction};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::oneshot;

use crate::batch::Batch;
use crate::lease::Held;
use crate::{Sealer, StateError, connect, lease, run};

/// Writes nobody waits for are committed when there are this many, …
const MANY: usize = 4_000;

/// … or when nothing has come for so long.
const IDLE: Duration = Duration::from_millis(50);

/// How often the thread lets others run while more keeps coming, before it commits. Microseconds,
/// against milliseconds for a sync that is saved.
const LINGER: usize = 20;

/// How long that may take: where others keep the processor busy, letting them run once takes
/// milliseconds.
const LINGER_LIMIT: Duration = Duration::from_micros(100);

/// What the thread is asked to do.
pub(crate) enum Message {
    /// A change.
    Change(Operation),
    /// Something to be done with the connection, after all changes before it.
    Job(Job),
    /// The end, after all changes before it.
    Close(oneshot::Sender<Result<(), StateError>>),
}

/// A future that may go to the thread.
pub(crate) type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Work on the connection; it answers by itself.
pub(crate) type Job = Box<dyn for<'s> FnOnce(&'s mut Writer) -> BoxFuture<'s, ()> + Send>;

/// A change and who waits for it.
pub(crate) struct Operation {
    pub(crate) change: Change,
    pub(crate) done: Option<oneshot::Sender<Result<(), JournalError>>>,
}

/// A call of the journal.
pub(crate) enum Change {
    Begin(RunStart),
    Intent(Box<Intent>),
    Outcome(Box<Outcome>),
    Writes(Vec<Write>),
    Sync,
    Finish(bool),
}

/// What the thread works with.
pub(crate) struct Writer {
    pub(crate) connection: SqliteConnection,
    pub(crate) path: PathBuf,
    pub(crate) sealer: Sealer,
    /// Set while this process holds the lease.
    pub(crate) held: Option<Held>,
    /// The run that has begun and not ended.
    run: Option<i64>,
    /// The run that stands for changes outside of any.
    aside: Option<i64>,
}

/// The first failure of a write. Nothing is written after it: the caller would believe in an order
/// of things that is not on the disk.
pub(crate) type Failure = Arc<OnceLock<JournalError>>;

impl Writer {
    pub(crate) fn new(connection: SqliteConnection, path: PathBuf, sealer: Sealer) -> Self {
        Self { connection, path, sealer, held: None, run: None, aside: None }
    }

    /// Works until everybody is gone or the end is asked for.
    pub(crate) async fn serve(
        mut self,
        mut messages: UnboundedReceiver<Message>,
        failure: Failure,
    ) {
        let mut held = Vec::new();
        let answer = loop {
            let wait = if held.is_empty() { self.next_beat() } else { IDLE };
            let message = match tokio::time::timeout(wait, messages.recv()).await {
                Ok(message) => message,
                Err(_) => {
                    self.commit(&mut held, &failure).await;
                    self.beat(&failure).await;
                    continue;
                }
            };
            let Some(message) = message else { break None };
            self.beat(&failure).await;
            let other = gather(message, &mut held, &mut messages);
            let awaited = held.iter().any(|operation: &Operation| operation.done.is_some());
            if awaited || held.len() >= MANY || other.is_some() {
                self.commit(&mut held, &failure).await;
            }
            match other {
                Some(Message::Job(job)) => job(&mut self).await,
                Some(Message::Close(answer)) => break Some(answer),
                _ => {}
            }
        };
        self.commit(&mut held, &failure).await;
        let closed = self.close(&failure).await;
        if let Some(answer) = answer {
            // Whoever asked may have gone.
            let _ = answer.send(closed);
        }
    }

    /// Commits everything held in one transaction, then acknowledges.
    async fn commit(&mut self, held: &mut Vec<Operation>, failure: &Failure) {
        if held.is_empty() {
            return;
        }
        let (changes, waiting): (Vec<_>, Vec<_>) =
            held.drain(..).map(|operation| (operation.change, operation.done)).unzip();
        let written = match failure.get() {
            Some(failed) => Err(failed.clone()),
            None => self
                .write(changes)
                .await
                .map_err(|error| failure.get_or_init(|| JournalError::from(&error)).clone()),
        };
        for (index, done) in waiting.into_iter().enumerate() {
            let answer = match &written {
                Ok(refusals) => refusals.get(&index).cloned().map_or(Ok(()), Err),
                Err(failed) => Err(failed.clone()),
            };
            // Nobody waits any more when the run was given up.
            let _ = done.map(|done| done.send(answer));
        }
    }

    /// One transaction. Gives what was refused, by place.
    async fn write(
        &mut self,
        changes: Vec<Change>,
    ) -> Result<BTreeMap<usize, JournalError>, StateError> {
        let Some(held) = &self.held else {
            return Err(StateError::NotLocked { path: self.path.clone() });
        };
        let failed = |error| StateError::database(&self.path, "written", error);
        let mut refusals = BTreeMap::new();
        let mut transaction =
            self.connection.begin_with("BEGIN IMMEDIATE").await.map_err(failed)?;
        lease::verify(&mut transaction, &self.path, held).await?;
        let mut batch =
            Batch::new(&self.path, &self.sealer, &held.process, self.run.or(self.aside));
        let mut run = self.run;
        for (index, change) in changes.into_iter().enumerate() {
            match apply(&mut transaction, &mut batch, &mut run, change).await {
                Ok(()) => {}
                Err(error) if is_refusal(&error) => {
                    refusals.insert(index, JournalError::from(&error));
                }
                Err(error) => return Err(error),
            }
        }
        batch.flush(&mut transaction).await?;
        let aside = batch.run.filter(|_| run.is_none());
        transaction.commit().await.map_err(failed)?;
        (self.run, self.aside) = (run, aside);
        Ok(refusals)
    }

    /// How long nothing needs to be written for the lease.
    fn next_beat(&self) -> Duration {
        self.held.as_ref().map_or(lease::HEARTBEAT, Held::next_beat)
    }

    /// Shows that the holder of the lease lives, when it is time. A lease that was taken away ends
    /// the run; what else goes wrong is for the next write to tell.
    async fn beat(&mut self, failure: &Failure) {
        let Some(held) = &mut self.held else { return };
        if !held.next_beat().is_zero() || failure.get().is_some() {
            return;
        }
        held.beaten();
        let beaten = lease::beat(&mut self.connection, &self.path, held).await;
        if let Err(error @ StateError::LeaseLost { .. }) = beaten {
            failure.get_or_init(|| JournalError::from(&error));
        }
    }

    /// Gives the lease back, unless the run was not ended: then the next one is told of it.
    async fn close(mut self, failure: &Failure) -> Result<(), StateError> {
        let mut released = Ok(());
        let ended = self.run.is_none() && failure.get().is_none();
        if let Some(held) = self.held.filter(|_| ended) {
            released = lease::release(&mut self.connection, &self.path, &held).await;
        }
        let closed = connect::close(self.connection, &self.path).await;
        released.and(closed)
    }
}

/// Takes changes off the queue for as long as they keep coming, and the first message that is
/// none.
fn gather(
    first: Message,
    held: &mut Vec<Operation>,
    messages: &mut UnboundedReceiver<Message>,
) -> Option<Message> {
    let mut next = Some(first);
    let mut quiet = 0;
    let mut since = Instant::now();
    loop {
        match next {
            Some(Message::Change(operation)) => {
                held.push(operation);
                quiet = 0;
                since = Instant::now();
            }
            Some(other) => return Some(other),
            None if quiet == LINGER || since.elapsed() > LINGER_LIMIT => return None,
            None => {
                std::thread::yield_now();
                quiet += 1;
            }
        }
        if held.len() >= MANY {
            return None;
        }
        next = messages.try_recv().ok();
    }
}

/// One change, inside the transaction.
async fn apply(
    transaction: &mut Transaction<'_, Sqlite>,
    batch: &mut Batch<'_>,
    run: &mut Option<i64>,
    change: Change,
) -> Result<(), StateError> {
    let path = batch.path;
    match change {
        Change::Begin(start) => {
            if run.is_some() {
                return Err(StateError::Misuse("a run has begun already"));
            }
            batch.flush(transaction).await?;
            *run = Some(run::begin(transaction, path, &start, batch.process).await?);
            batch.run = *run;
        }
        Change::Intent(intent) => {
            if run.is_none() {
                return Err(StateError::Misuse("an intent came before its run"));
            }
            batch.intent(*intent);
        }
        Change::Outcome(outcome) => batch.outcome(transaction, *outcome).await?,
        Change::Writes(writes) => batch.writes(transaction, writes).await?,
        // Whoever waits for it is answered once everything before it is committed.
        Change::Sync => {}
        Change::Finish(succeeded) => {
            let Some(id) = run.take() else {
                return Err(StateError::Misuse("no run has begun"));
            };
            batch.flush(transaction).await?;
            run::end(transaction, path, id, succeeded).await?;
            batch.run = None;
        }
    }
    Ok(())
}

/// Whether an error refuses one call and leaves the transaction as it was.
fn is_refusal(error: &StateError) -> bool {
    matches!(error, StateError::Applied { .. } | StateError::Stale(_))
}
