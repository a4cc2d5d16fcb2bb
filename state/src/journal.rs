//! The engine's port.

use platoform_apply::{Intent, Journal, JournalError, Outcome, RunStart, Write};
use tokio::sync::oneshot;

use crate::writer::{BoxFuture, Change, Message, Operation};
use crate::{StateError, Store};

impl Journal for Store {
    fn begin(&self, run: RunStart) -> BoxFuture<'_, Result<(), JournalError>> {
        self.durable(Change::Begin(run))
    }

    fn intent(&self, intent: Intent) -> BoxFuture<'_, Result<(), JournalError>> {
        self.durable(Change::Intent(Box::new(intent)))
    }

    fn outcome(&self, outcome: Outcome) -> BoxFuture<'_, Result<(), JournalError>> {
        self.durable(Change::Outcome(Box::new(outcome)))
    }

    fn write(&self, writes: Vec<Write>) -> Result<(), JournalError> {
        self.queue(Change::Writes(writes), None)
    }

    fn sync(&self) -> BoxFuture<'_, Result<(), JournalError>> {
        self.durable(Change::Sync)
    }

    fn finish(&self, succeeded: bool) -> BoxFuture<'_, Result<(), JournalError>> {
        self.durable(Change::Finish(succeeded))
    }
}

impl Store {
    /// Queues at once, so that the order of calls is the order of changes; waits when polled.
    fn durable(&self, change: Change) -> BoxFuture<'_, Result<(), JournalError>> {
        let (done, answer) = oneshot::channel();
        let queued = self.queue(change, Some(done));
        Box::pin(async move {
            queued?;
            answer.await.unwrap_or_else(|_| Err(JournalError::from(&self.closed())))
        })
    }

    fn queue(
        &self,
        change: Change,
        done: Option<oneshot::Sender<Result<(), JournalError>>>,
    ) -> Result<(), JournalError> {
        if let Some(failed) = self.failure.get() {
            return Err(failed.clone());
        }
        if self.lock.get().is_none() {
            let error = StateError::NotLocked { path: self.path.clone() };
            return Err(JournalError::from(&error));
        }
        let message = Message::Change(Operation { change, done });
        self.send(message).map_err(|error| JournalError::from(&error))
    }
}
