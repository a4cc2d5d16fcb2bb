//! Looking back at the state, asking it, copying it, and exchanging its keys.

use std::path::{Path, PathBuf};

use platoform_plan::Prior;
use sqlx::sqlite::SqliteConnection;

use super::Store;
use crate::log::{self, Run, RunChanges};
use crate::open::back_up;
use crate::query::{self, Table};
use crate::writer::BoxFuture;
use crate::{KeySource, StateError, lease, rotate};

impl Store {
    /// The state as a run left it.
    ///
    /// # Errors
    /// When there is no such run, it is not known any more what it left, or it cannot be read.
    pub async fn prior_at(&self, run: i64) -> Result<Prior, StateError> {
        self.run(move |writer| {
            Box::pin(async move {
                log::prior_at(&mut writer.connection, &writer.path, &writer.sealer, run).await
            })
        })
        .await
    }

    /// Writes a whole copy of the database to a file, in the place of whatever it held.
    ///
    /// # Errors
    /// When it cannot be written.
    pub async fn back_up(&self, to: &Path) -> Result<(), StateError> {
        let to = to.to_owned();
        self.run(move |writer| {
            Box::pin(async move { back_up(&mut writer.connection, &writer.path, &to).await })
        })
        .await
    }

    /// The last runs, so many at most, latest first.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn runs(&self, limit: usize) -> Result<Vec<Run>, StateError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.run(move |writer| {
            Box::pin(async move { log::runs(&mut writer.connection, &writer.path, limit).await })
        })
        .await
    }

    /// What a run changed.
    ///
    /// # Errors
    /// As [`Store::prior_at`].
    pub async fn changes(&self, run: i64) -> Result<RunChanges, StateError> {
        self.run(move |writer| {
            Box::pin(async move {
                log::changes(&mut writer.connection, &writer.path, &writer.sealer, run).await
            })
        })
        .await
    }

    /// Forgets how things were before a run had ended, and gives the number of objects' versions
    /// that went.
    ///
    /// # Errors
    /// As [`Store::prior_at`], and without the lease.
    pub async fn prune(&self, run: i64) -> Result<u64, StateError> {
        self.change(move |connection, path| {
            Box::pin(async move { log::prune(connection, path, run).await })
        })
        .await
    }

    /// Answers a question in SQL. The state must be open for reading only.
    ///
    /// # Errors
    /// When it is no question, or SQLite does not understand it.
    pub async fn ask(&self, question: &str) -> Result<Table, StateError> {
        if !self.read_only {
            return Err(StateError::Misuse("questions are for states open for reading"));
        }
        let question = question.to_owned();
        self.run(move |writer| {
            Box::pin(
                async move { query::ask(&mut writer.connection, &writer.path, &question).await },
            )
        })
        .await
    }

    /// Exchanges the user's key; gives the file of a key that was made for it. `current` and `new`
    /// say where the keys are; a new one [`KeySource::Beside`] is made.
    ///
    /// # Errors
    /// When a key cannot be had, or without the lease.
    pub async fn rotate_user_key(
        &self,
        current: KeySource,
        new: KeySource,
    ) -> Result<Option<PathBuf>, StateError> {
        self.change(move |connection, path| {
            Box::pin(async move { rotate::user_key(connection, path, &current, &new).await })
        })
        .await
    }

    /// Seals everything anew with a new data key. Nothing can be done with this store afterwards
    /// but to close it: its seal is the former one.
    ///
    /// # Errors
    /// When the key cannot be had, something cannot be opened, or without the lease.
    pub async fn rotate_data_key(&self, current: KeySource) -> Result<(), StateError> {
        self.change(move |connection, path| {
            Box::pin(async move { rotate::data_key(connection, path, &current).await })
        })
        .await
    }

    /// Changes something else than objects and outputs, under the lease.
    async fn change<T, F>(&self, work: F) -> Result<T, StateError>
    where
        T: Send + 'static,
        F: for<'s> FnOnce(
                &'s mut SqliteConnection,
                &'s Path,
            ) -> BoxFuture<'s, Result<T, StateError>>
            + Send
            + 'static,
    {
        self.run(move |writer| {
            Box::pin(async move {
                let Some(held) = &writer.held else {
                    return Err(StateError::NotLocked { path: writer.path.clone() });
                };
                lease::verify(&mut writer.connection, &writer.path, held).await?;
                work(&mut writer.connection, &writer.path).await
            })
        })
        .await
    }
}
