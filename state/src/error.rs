//! What can go wrong with a state, and what to do about it.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use platoform_apply::JournalError;

use crate::{Holder, KeyError};

/// The state cannot be used as asked.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// A file beside the database, or the database itself, cannot be made or opened.
    #[error("`{path}` cannot be opened")]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// It is not a SQLite database, or one of another program.
    #[error("`{path}` is not a platoform state")]
    Foreign {
        /// The database.
        path: PathBuf,
    },
    /// A newer platoform has written it.
    #[error("the state `{path}` has format {found}; this platoform knows formats up to {known}")]
    Newer {
        /// The database.
        path: PathBuf,
        /// Its format.
        found: i64,
        /// The newest format known here.
        known: i64,
    },
    /// SQLite finds its structure broken.
    #[error("the state `{path}` is damaged: {finding}")]
    Damaged {
        /// The database.
        path: PathBuf,
        /// What SQLite says.
        finding: String,
    },
    /// The disk is full.
    #[error("the disk with the state `{path}` is full")]
    Full {
        /// The database.
        path: PathBuf,
    },
    /// SQLite refused.
    #[error("the state `{path}` cannot be {verb}")]
    Database {
        /// The database.
        path: PathBuf,
        /// `opened`, `read` or `written`.
        verb: &'static str,
        /// Why.
        #[source]
        source: sqlx::Error,
    },
    /// A row cannot be written, or says what this program cannot have written.
    #[error("the state `{path}` holds {row}, which cannot be stored or read: {reason}")]
    Row {
        /// The database.
        path: PathBuf,
        /// What it is.
        row: String,
        /// Why not.
        reason: String,
    },
    /// Secrets cannot be sealed or opened.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Another process holds the lease.
    #[error("the state `{path}` is locked{}", holder.as_ref().map(|holder| format!(" by {holder}")).unwrap_or_default())]
    Locked {
        /// The database.
        path: PathBuf,
        /// Who; `None` when it could not be learnt.
        holder: Option<Box<Holder>>,
    },
    /// A process on another machine held the lease and has shown no sign of life for long.
    #[error(
        "the state `{path}` is locked by {holder}; it last showed itself {}",
        holder.heartbeat
    )]
    Silent {
        /// The database.
        path: PathBuf,
        /// Who.
        holder: Box<Holder>,
    },
    /// The lease was taken away from this process.
    #[error("the lock of the state `{path}` was taken away from this process")]
    LeaseLost {
        /// The database.
        path: PathBuf,
    },
    /// There is no lease to take away.
    #[error("the state `{path}` is not locked")]
    Unlocked {
        /// The database.
        path: PathBuf,
    },
    /// The lease to be taken away is another one.
    #[error("the lock of the state `{path}` has the ID `{found}`, not `{given}`")]
    OtherLease {
        /// The database.
        path: PathBuf,
        /// Its lease.
        found: Arc<str>,
        /// The one that was named.
        given: String,
    },
    /// The lease is held by a process that lives.
    #[error(
        "the state `{path}` is locked by {}",
        holder.as_ref().map_or("a process that is running".into(), |it| format!("{it}, which is running"))
    )]
    Alive {
        /// The database.
        path: PathBuf,
        /// Who; `None` when it could not be learnt.
        holder: Option<Box<Holder>>,
    },
    /// The state is not known as of so long ago.
    #[error("the state `{path}` is known as each run left it from run {first} to run {last}")]
    NoHistory {
        /// The database.
        path: PathBuf,
        /// The first run that is known.
        first: i64,
        /// The last one.
        last: i64,
    },
    /// A question in SQL is none, or more than one.
    #[error("{0}")]
    Sql(
        /// Why not.
        String,
    ),
    /// Something was to be written without the lease.
    #[error("the state `{path}` is not locked by this process")]
    NotLocked {
        /// The database.
        path: PathBuf,
    },
    /// It was opened for reading only.
    #[error("the state `{path}` is open for reading only")]
    ReadOnly {
        /// The database.
        path: PathBuf,
    },
    /// The plan's id has a run already.
    #[error("this plan was already applied ({begun}, by {user} on {host})")]
    Applied {
        /// When that run began.
        begun: String,
        /// Whose it was.
        user: String,
        /// Where.
        host: String,
    },
    /// Records have changed since the plan was made.
    #[error("the plan is out of date: {}", .0.join(", "))]
    Stale(
        /// One phrase per record that names it and says how it changed.
        Vec<String>,
    ),
    /// Something queued could not be written.
    #[error("not everything could be written: {0}")]
    Unwritten(JournalError),
    /// Calls came in an order that makes no sense.
    #[error("the state's journal was used wrongly: {0}")]
    Misuse(&'static str),
    /// The thread that writes is gone.
    #[error("the state `{path}` is closed")]
    Closed {
        /// The database.
        path: PathBuf,
    },
}

impl StateError {
    /// What the user can do, most useful first.
    #[must_use]
    pub fn hints(&self) -> Vec<String> {
        let hint = match self {
            Self::File { .. } | Self::Row { .. } | Self::Misuse(_) | Self::Closed { .. } => {
                return Vec::new();
            }
            Self::Unwritten(error) => return error.help.iter().cloned().collect(),
            Self::Foreign { .. } => "name another file for the state, or move this one away",
            Self::Newer { .. } => "use the platoform that wrote it, or a newer one",
            Self::Damaged { .. } => {
                "keep the file and its `-wal`, restore the latest backup, and plan to see what \
                 differs from the world"
            }
            Self::Full { .. } => {
                "free some space and run it again: what was under way is looked up then"
            }
            Self::Database { .. } => "check the disk and the file's permissions",
            Self::Key(error) => return error.hints(),
            Self::Locked { .. } => "wait for it to end, or pass `-lock-timeout=5m`",
            Self::Silent { holder, .. } => {
                return vec![format!(
                    "when it is sure to be dead, `platoform force-unlock {}` takes the lock away \
                     from it",
                    holder.id
                )];
            }
            Self::LeaseLost { .. } => {
                "`platoform force-unlock` did that; what was under way is looked up by the next run"
            }
            Self::Unlocked { .. } => "there is nothing to unlock",
            Self::OtherLease { .. } => "`platoform lock` shows who holds it",
            Self::Alive { .. } => {
                "wait for it to end, or end it; with `-force` the lock is taken away from it: it \
                 writes nothing more then, but may still be changing things outside"
            }
            Self::NoHistory { .. } => "`platoform log` lists the runs",
            Self::Sql(_) => "docs/state.md describes the tables",
            Self::NotLocked { .. } => "take the lock first",
            Self::ReadOnly { .. } => "check who may write the file and its folder",
            Self::Applied { .. } => "make a new plan: a plan is applied at most once",
            Self::Stale(_) => "make a new plan",
        };
        vec![hint.to_owned()]
    }

    /// Tells a full disk, a damaged and a foreign file from SQLite's other refusals
    /// (<https://www.sqlite.org/rescode.html>).
    pub(crate) fn database(path: &Path, verb: &'static str, source: sqlx::Error) -> Self {
        let path = path.to_owned();
        // The low byte is the class; the rest says more about it.
        match code(&source) & 0xff {
            11 => Self::Damaged { path, finding: source.to_string() },
            13 => Self::Full { path },
            26 => Self::Foreign { path },
            _ => Self::Database { path, verb, source },
        }
    }
}

/// SQLite's extended result code; 0 for what is not SQLite's.
pub(crate) fn code(error: &sqlx::Error) -> u32 {
    match error {
        sqlx::Error::Database(error) => {
            error.code().and_then(|code| code.parse().ok()).unwrap_or_default()
        }
        _ => 0,
    }
}

impl From<&StateError> for JournalError {
    fn from(error: &StateError) -> Self {
        let mut message = error.to_string();
        let mut cause = std::error::Error::source(error);
        while let Some(inner) = cause {
            message.push_str(": ");
            message.push_str(&inner.to_string());
            cause = inner.source();
        }
        let hints = error.hints();
        Self { message, help: (!hints.is_empty()).then(|| hints.join("; ")) }
    }
}
