//! The state as the rest of the program sees it.

use std::fmt;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use platoform_apply::RunStart;
use platoform_plan::Prior;
use sqlx::Connection;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;

use crate::open::{Opened, open};
use crate::writer::{BoxFuture, Failure, Message, Writer};
use crate::{
    Holder, KeySource, Lease, Notice, Process, Sealer, StateError, Takeover, lease, prior, run,
};

/// How often a waiting process looks whether the lock is free.
const POLL: Duration = Duration::from_millis(50);

/// How long a lock is tried for at least: its new holder may not have written its name yet, and
/// another process may merely be looking.
const GRACE: Duration = Duration::from_millis(150);

/// How to open a state.
#[derive(Clone, Debug, Default)]
pub struct OpenOptions {
    /// Where the key is.
    pub key: KeySource,
}

/// An open state. It is written through [`Journal`](platoform_apply::Journal), under the lease that
/// [`Store::lock`] takes.
///
/// Dropping it writes what is queued, as far as that can be done; [`Store::close`] says whether it
/// could.
pub struct Store {
    pub(crate) path: PathBuf,
    lineage: Arc<str>,
    sealer: Sealer,
    notices: Vec<Notice>,
    read_only: bool,
    messages: Option<UnboundedSender<Message>>,
    thread: Option<JoinHandle<()>>,
    pub(crate) failure: Failure,
    /// Locked for as long as it is open: dropped after the thread has ended.
    pub(crate) lock: OnceLock<File>,
}

impl fmt::Debug for Store {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Store").field("path", &self.path).finish_non_exhaustive()
    }
}

impl Store {
    /// Opens a state to read and write it, and makes it when it is not there: it has an identity
    /// from then on.
    ///
    /// # Errors
    /// When the file is not a state of a known format, is damaged, or its key is not at hand.
    pub async fn open(path: &Path, options: OpenOptions) -> Result<Self, StateError> {
        Self::start(open(path, &options.key).await?, false)
    }

    /// Opens a state for reading; `None` when there is none, in which case no file is made.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub async fn open_read_only(
        path: &Path,
        options: OpenOptions,
    ) -> Result<Option<Self>, StateError> {
        let opened = crate::open::open_read_only(path, &options.key).await?;
        opened.map(|opened| Self::start(opened, true)).transpose()
    }

    fn start(opened: Opened, read_only: bool) -> Result<Self, StateError> {
        let Opened { connection, path, lineage, sealer, notices } = opened;
        let failure = Failure::default();
        let (messages, queue) = unbounded_channel();
        let writer = Writer::new(connection, path.clone(), sealer.clone());
        let file_error = |source| StateError::File { path: path.clone(), source };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .map_err(file_error)?;
        let failed = failure.clone();
        let thread = std::thread::Builder::new()
            .name("platoform-state".to_owned())
            .spawn(move || runtime.block_on(writer.serve(queue, failed)))
            .map_err(file_error)?;
        Ok(Self {
            path,
            lineage,
            sealer,
            notices,
            read_only,
            messages: Some(messages),
            thread: Some(thread),
            failure,
            lock: OnceLock::new(),
        })
    }

    /// The state's identity.
    #[must_use]
    pub fn lineage(&self) -> &Arc<str> {
        &self.lineage
    }

    /// Seals and opens with the state's key; goes on working after the state is closed.
    #[must_use]
    pub fn sealer(&self) -> &Sealer {
        &self.sealer
    }

    /// What the user should hear about the opening, once.
    #[must_use]
    pub fn notices(&self) -> &[Notice] {
        &self.notices
    }

    /// Reads everything as of one moment, after what is queued.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn prior(&self) -> Result<Prior, StateError> {
        self.run(|writer| {
            Box::pin(async {
                prior::read(&mut writer.connection, &writer.path, &writer.sealer).await
            })
        })
        .await
    }

    /// Whether a run could begin now as far as the state goes: the plan was not applied, and no
    /// record that it was made from has moved on.
    ///
    /// # Errors
    /// [`StateError::Applied`] or [`StateError::Stale`] where it could not; when the state cannot
    /// be read.
    pub async fn check(&self, start: RunStart) -> Result<(), StateError> {
        self.run(move |writer| {
            Box::pin(async move { run::check(&mut writer.connection, &writer.path, &start).await })
        })
        .await
    }

    /// What is known of the lease.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn lease(&self) -> Result<Lease, StateError> {
        let holder = self.written_holder().await?;
        if self.lock.get().is_some() {
            return Ok(Lease::Held(holder));
        }
        Ok(lease::judge(holder, &self.path))
    }

    /// Takes the lease until the store is closed or dropped, waiting for it if asked to. Gives an
    /// account of what the one before was doing when it died with the lease. What was read before
    /// may be out of date: [`Store::prior`] comes after.
    ///
    /// To be called inside a tokio runtime with time enabled.
    ///
    /// # Errors
    /// When another process still holds it after `wait`, or the state was opened for reading.
    pub async fn lock(
        &self,
        process: Process,
        wait: Duration,
    ) -> Result<Option<Takeover>, StateError> {
        if self.read_only {
            return Err(StateError::ReadOnly { path: self.path.clone() });
        }
        if self.lock.get().is_some() {
            return Ok(None);
        }
        let file = self.wait_for_lock(wait).await?;
        let takeover = self
            .run(move |writer| Box::pin(async move { writer.take_lease(process).await }))
            .await?;
        // It was empty above, and whoever came in between does not hold the file's lock.
        let _ = self.lock.set(file);
        Ok(takeover)
    }

    /// Takes the lease away from whoever has it, if it bears this ID, and tells who that was. A
    /// process that lives keeps it, unless `force` is set: it is then refused when it next writes.
    /// The account of what it was doing is left to whoever plans next.
    ///
    /// # Errors
    /// When nobody has the lease, another has it, its holder lives or may live, or it cannot be
    /// written.
    pub async fn force_unlock(&self, id: Option<&str>, force: bool) -> Result<Lease, StateError> {
        let path = self.path.clone();
        let lease = self.lease().await?;
        let (holder, alive) = match &lease {
            Lease::Free => return Err(StateError::Unlocked { path }),
            Lease::Held(holder) => (holder.as_ref(), true),
            Lease::Left(holder) => (Some(holder), false),
            Lease::Elsewhere(holder) => (Some(holder), holder.silence < lease::SILENCE),
        };
        let found = holder.map(|holder| holder.id.clone()).unwrap_or_default();
        if let Some(given) = id.filter(|given| **given != *found) {
            return Err(StateError::OtherLease { path, found, given: given.to_owned() });
        }
        if alive && !force {
            return Err(StateError::Alive { path, holder: holder.cloned().map(Box::new) });
        }
        // In this order: once the file is free to others, the holder must not write any more.
        self.run(|writer| Box::pin(async { writer.take_away_lease().await })).await?;
        if matches!(lease, Lease::Held(_)) {
            let file = lease::lock_file(&path);
            std::fs::remove_file(&file)
                .map_err(|source| StateError::File { path: file, source })?;
        }
        Ok(lease)
    }

    async fn wait_for_lock(&self, wait: Duration) -> Result<File, StateError> {
        let begun = Instant::now();
        loop {
            if let Some(file) = lease::try_lock(&self.path)? {
                return Ok(file);
            }
            if begun.elapsed() >= wait.max(GRACE) {
                let holder = self.written_holder().await?.map(Box::new);
                return Err(StateError::Locked { path: self.path.clone(), holder });
            }
            tokio::time::sleep(POLL).await;
        }
    }

    async fn written_holder(&self) -> Result<Option<Holder>, StateError> {
        self.run(|writer| {
            Box::pin(async { lease::holder(&mut writer.connection, &writer.path).await })
        })
        .await
    }

    /// Writes what is queued, gives the lease back and closes the database.
    ///
    /// # Errors
    /// When something queued could not be written, now or earlier.
    pub async fn close(mut self) -> Result<(), StateError> {
        let (answer, closed) = oneshot::channel();
        self.send(Message::Close(answer))?;
        let closed = closed.await.map_err(|_| self.closed())?;
        self.stop();
        match self.failure.get() {
            Some(failed) => Err(StateError::Unwritten(failed.clone())),
            None => closed,
        }
    }

    /// Runs something on the writer's thread and waits for its answer.
    async fn run<T, F>(&self, work: F) -> Result<T, StateError>
    where
        T: Send + 'static,
        F: for<'s> FnOnce(&'s mut Writer) -> BoxFuture<'s, Result<T, StateError>> + Send + 'static,
    {
        let (sender, answer) = oneshot::channel();
        self.send(Message::Job(Box::new(move |writer| {
            Box::pin(async move {
                // Whoever asked may have gone.
                let _ = sender.send(work(writer).await);
            })
        })))?;
        answer.await.unwrap_or_else(|_| Err(self.closed()))
    }

    pub(crate) fn send(&self, message: Message) -> Result<(), StateError> {
        match &self.messages {
            Some(messages) => messages.send(message).map_err(|_| self.closed()),
            None => Err(self.closed()),
        }
    }

    pub(crate) fn closed(&self) -> StateError {
        StateError::Closed { path: self.path.clone() }
    }

    fn stop(&mut self) {
        self.messages = None;
        if let Some(thread) = self.thread.take() {
            // It panics only where it would have answered nobody; there is nothing left to do.
            let _ = thread.join();
        }
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Writer {
    /// Writes the lease's row once the file is locked.
    async fn take_lease(&mut self, process: Process) -> Result<Option<Takeover>, StateError> {
        let failed = |error| StateError::database(&self.path, "written", error);
        let mut transaction =
            self.connection.begin_with("BEGIN IMMEDIATE").await.map_err(failed)?;
        let taken = lease::take(&mut transaction, &self.path, process, &self.sealer).await?;
        transaction.commit().await.map_err(failed)?;
        self.held = Some(taken.0);
        Ok(taken.1)
    }

    async fn take_away_lease(&mut self) -> Result<(), StateError> {
        let failed = |error| StateError::database(&self.path, "written", error);
        let mut transaction =
            self.connection.begin_with("BEGIN IMMEDIATE").await.map_err(failed)?;
        lease::take_away(&mut transaction, &self.path).await?;
        transaction.commit().await.map_err(failed)
    }
}

mod maintenance;
#[cfg(test)]
mod tests;
