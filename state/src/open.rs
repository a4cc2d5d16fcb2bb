//! From a path to a connection, an identity and a key.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use ring::rand::{SecureRandom, SystemRandom};
use sqlx::Connection;
use sqlx::sqlite::SqliteConnection;

use crate::connect::{self, Format};
use crate::key::{self, Recipe};
use crate::{KeyError, KeySource, Sealer, StateError, filesystem, lease, rotate};

/// What the user should hear about the opening of a state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// A key was made for a new state.
    KeyGenerated {
        /// Its file.
        path: PathBuf,
    },
    /// The state was brought to a new format.
    Migrated {
        /// The format it had.
        found: i64,
        /// A copy of it as it was.
        backup: PathBuf,
    },
    /// The state is on a network file system, where each commit is slower.
    NetworkFileSystem {
        /// Which kind.
        name: &'static str,
    },
}

impl fmt::Display for Notice {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::KeyGenerated { path } => write!(
                formatter,
                "the key that opens secrets in the state is `{}`: keep a copy, and keep it out of \
                 version control",
                path.display()
            ),
            Self::Migrated { found, backup } => write!(
                formatter,
                "the state had format {found} and was brought to the newest; a copy of it as it \
                 was is `{}`",
                backup.display()
            ),
            Self::NetworkFileSystem { name } => {
                write!(formatter, "the state is on {name}: a slower journal is used there")
            }
        }
    }
}

/// A state ready for use.
pub(crate) struct Opened {
    pub(crate) connection: SqliteConnection,
    pub(crate) path: PathBuf,
    pub(crate) lineage: Arc<str>,
    pub(crate) sealer: Sealer,
    pub(crate) notices: Vec<Notice>,
}

/// Opens for writing; makes what is missing.
pub(crate) async fn open(path: &Path, source: &KeySource) -> Result<Opened, StateError> {
    let path = absolute(path)?;
    filesystem::create_private(&path)
        .map_err(|source| StateError::File { path: path.clone(), source })?;
    let mut connection = connect::connect(&path, false).await?;
    let format = connect::identify(&mut connection, &path).await?;
    connect::prepare(&mut connection, &path).await?;
    let mut notices = Vec::new();
    if let Format::Known(found) = format {
        if !connect::is_current(format) {
            notices.push(migrate(&mut connection, &path, found).await?);
        }
    } else {
        let failed = |error| StateError::database(&path, "written", error);
        let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.map_err(failed)?;
        if connect::upgrade(&mut transaction, &path).await? == Format::Empty {
            notices.extend(initialize(&mut transaction, &path, source).await?);
        }
        transaction.commit().await.map_err(failed)?;
    }
    if let Some(name) = filesystem::network(filesystem::folder(&path)) {
        notices.push(Notice::NetworkFileSystem { name });
    }
    rotate::complete(&mut connection, &path, source).await?;
    finish(connection, path, source, notices).await
}

/// Opens for reading, if there is anything.
pub(crate) async fn open_read_only(
    path: &Path,
    source: &KeySource,
) -> Result<Option<Opened>, StateError> {
    let path = absolute(path)?;
    let present = filesystem::has_content(&path);
    if !present.map_err(|source| StateError::File { path: path.clone(), source })? {
        return Ok(None);
    }
    let mut connection = connect::connect(&path, true).await?;
    let format = match connect::identify(&mut connection, &path).await {
        Err(error) if connect::needs_rollback(&error) => {
            connect::roll_back(&path).await?;
            connect::identify(&mut connection, &path).await?
        }
        format => format?,
    };
    let mut notices = Vec::new();
    match format {
        Format::Empty => return Ok(None),
        Format::Known(found) if !connect::is_current(format) => {
            let mut writing = connect::connect(&path, false).await?;
            connect::prepare(&mut writing, &path).await?;
            notices.push(migrate(&mut writing, &path, found).await?);
            connect::close(writing, &path).await?;
        }
        Format::Known(_) => {}
    }
    finish(connection, path, source, notices).await.map(Some)
}

/// How long to wait for whoever has the lock before a state can be brought to a new format.
const PATIENCE: Duration = Duration::from_secs(10);

/// Brings a state to the newest format, after a copy of it was put beside it. Nobody may be
/// working with it: an older program would go on in the old format.
async fn migrate(
    connection: &mut SqliteConnection,
    path: &Path,
    found: i64,
) -> Result<Notice, StateError> {
    let begun = Instant::now();
    let _lock = loop {
        if let Some(lock) = lease::try_lock(path)? {
            break lock;
        }
        if begun.elapsed() > PATIENCE {
            return Err(StateError::Locked { path: path.to_owned(), holder: None });
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    let backup = filesystem::beside(path, &format!("-format-{found}.backup"));
    if !connect::is_current(connect::identify(connection, path).await?) {
        connect::check(connection, path).await?;
        back_up(connection, path, &backup).await?;
        let failed = |error| StateError::database(path, "written", error);
        let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.map_err(failed)?;
        connect::upgrade(&mut transaction, path).await?;
        transaction.commit().await.map_err(failed)?;
    }
    Ok(Notice::Migrated { found, backup })
}

/// A copy under its name is whole, or there is none.
pub(crate) async fn back_up(
    connection: &mut SqliteConnection,
    path: &Path,
    backup: &Path,
) -> Result<(), StateError> {
    let draft = filesystem::beside(backup, "-draft");
    let wrong = |source| StateError::File { path: draft.clone(), source };
    filesystem::remove(&draft).map_err(wrong)?;
    filesystem::create_private(&draft).map_err(wrong)?;
    connect::copy(connection, path, &draft).await?;
    filesystem::rename(&draft, backup).map_err(wrong)
}

/// Reads identity and key, and looks for damage after an unclean end.
async fn finish(
    mut connection: SqliteConnection,
    path: PathBuf,
    source: &KeySource,
    notices: Vec<Notice>,
) -> Result<Opened, StateError> {
    if lease::holder(&mut connection, &path).await?.is_some() && !lease::is_held(&path) {
        connect::check(&mut connection, &path).await?;
    }
    let (lineage, sealer) = rotate::unlock(&mut connection, &path, source).await?;
    Ok(Opened { connection, path, lineage, sealer, notices })
}

/// Gives a new state its identity and its key. The user's key is on the disk before anything is
/// sealed with it.
async fn initialize(
    connection: &mut SqliteConnection,
    path: &Path,
    source: &KeySource,
) -> Result<Option<Notice>, StateError> {
    let mut random = [0; 16];
    SystemRandom::new().fill(&mut random).map_err(|_| KeyError::Random)?;
    let lineage = format!("{:032x}", u128::from_be_bytes(random));
    let recipe = Recipe::new(source)?;
    let obtained = key::obtain(source, path, &recipe, true)?;
    let (_, wrapped) = Sealer::create(&obtained.key, &lineage)?;
    sqlx::query(
        "INSERT INTO meta
             (one, lineage, serial, created, key_kind, key_salt, key_rounds, data_key)
         VALUES (1, ?, 0, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), ?, ?, ?, ?)",
    )
    .bind(lineage)
    .bind(recipe.kind())
    .bind(&recipe.salt)
    .bind(recipe.rounds)
    .bind(wrapped)
    .execute(connection)
    .await
    .map_err(|error| StateError::database(path, "written", error))?;
    Ok(obtained.generated.map(|path| Notice::KeyGenerated { path }))
}

/// SQLite takes some relative names for something else than files.
fn absolute(path: &Path) -> Result<PathBuf, StateError> {
    std::path::absolute(path).map_err(|source| StateError::File { path: path.to_owned(), source })
}
