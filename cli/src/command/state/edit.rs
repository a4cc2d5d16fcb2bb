//! Changing the state by hand: under its lock, after a copy where one is asked for, and into the
//! log.

use platoform_apply::{Journal as _, Write};
use platoform_diagnostic::{Diagnostic, Sources};
use platoform_plan::{Prior, RecordKey};
use platoform_state::Store;

use super::super::workspace;
use crate::args::{Editing, Locking};
use crate::error::Failure;
use crate::settings::Settings;

/// A state that this process may change.
pub struct Edit {
    store: Store,
    /// What it holds.
    pub prior: Prior,
}

impl Edit {
    /// Opens the state, which must be there, and takes its lock.
    ///
    /// # Errors
    /// When there is none, or somebody else holds the lock.
    pub async fn begin(
        settings: &Settings,
        editing: &Editing,
        command: &str,
    ) -> Result<Self, Failure> {
        let store = locked(settings, editing, command).await?;
        if let Some(backup) = &editing.backup.as_ref().filter(|path| path.as_os_str() != "-") {
            let path = settings.path(backup);
            store.back_up(&path).await.map_err(|error| workspace::failure(&error))?;
        }
        let prior = store.prior().await.map_err(|error| workspace::failure(&error))?;
        Ok(Self { store, prior })
    }

    /// Writes changes, all or none, and gives the lock back.
    ///
    /// # Errors
    /// When they cannot be written, or touch objects of which nobody knows what became of them.
    pub async fn write(self, writes: Vec<Write>) -> Result<(), Failure> {
        let keys: Vec<&RecordKey> = writes.iter().filter_map(key).collect();
        if let Some(open) = self.prior.open.iter().find(|open| keys.contains(&&open.key)) {
            let detail = format!(
                "It is not known what became of an earlier call on {}, so it cannot be changed in \
                 the state",
                open.key.address
            );
            return Err(Diagnostic::error("A call is open", detail)
                .help("`platoform plan` looks up what became of it")
                .into());
        }
        self.store.write(writes).map_err(unwritten)?;
        self.store.close().await.map_err(|error| workspace::failure(&error))
    }

    /// Gives the lock back; nothing is written.
    ///
    /// # Errors
    /// When the state cannot be closed.
    pub async fn abandon(self) -> Result<(), Failure> {
        self.store.close().await.map_err(|error| workspace::failure(&error))
    }
}

/// Opens the state, which must be there, and takes its lock.
pub async fn locked(
    settings: &Settings,
    editing: &Editing,
    command: &str,
) -> Result<Store, Failure> {
    let path = super::path(settings, editing.file.as_deref());
    super::look(settings, Some(&path)).await?;
    let store = workspace::open(settings, &path).await?;
    warn(settings, &editing.locking);
    workspace::lock(settings, &store, command, editing.locking.lock_timeout).await?;
    Ok(store)
}

/// Says that there is no working without the lock.
fn warn(settings: &Settings, locking: &Locking) {
    if locking.lock != Some(false) {
        return;
    }
    let detail = "`-lock=false` has no effect: whoever changes a state holds its lock, which the \
                  system gives back whatever happens";
    let warning = Diagnostic::warning("The state is locked all the same", detail);
    settings.output.diagnostics([&warning], &Sources::default());
}

fn key(write: &Write) -> Option<&RecordKey> {
    match write {
        Write::Put(record) => Some(&record.key),
        Write::Remove(key) | Write::Depose(key, _) => Some(key),
        Write::Output(..) => None,
    }
}

/// The error of a write that was refused.
pub fn unwritten(error: platoform_apply::JournalError) -> Failure {
    let diagnostic = Diagnostic::error("State cannot be written", error.message);
    error.help.into_iter().fold(diagnostic, Diagnostic::help).into()
}
