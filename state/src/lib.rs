//! The state in SQLite, behind the engine's [`Journal`](platoform_apply::Journal) and
//! [`Prior`](platoform_plan::Prior).
//!
//! A [`Store`] is one database file. Its tables are described in `migrations/`, which are compiled
//! in and run by whoever first opens an older file. Beside the database are SQLite's own files,
//! `-lock` (see [`Store::lock`]), and the key (see [`KeySource`]); all of them are for their owner
//! only.
//!
//! *Invariants:* what was acknowledged is on the disk, and the database opens after a crash at any
//! instant. After a failed write nothing more is written, and everything can still be read. No
//! sensitive value and no bytes of a provider are in the files in clear. This crate never prints
//! and never reads the environment.

mod batch;
mod connect;
mod error;
mod filesystem;
mod journal;
mod key;
mod lease;
mod log;
mod open;
mod prior;
mod query;
mod rotate;
mod row;
mod run;
mod seal;
mod store;
mod writer;

pub use error::StateError;
pub use key::{KeyError, KeySource};
pub use lease::{Holder, Lease, Process, Takeover, UnfinishedRun};
pub use log::{FailedCall, Run, RunChanges};
pub use open::Notice;
pub use query::Table;
pub use seal::Sealer;
pub use store::{OpenOptions, Store};
