//! From a path to a connection, an identity and a key.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ring::rand::{SecureRandom, SystemRandom};
use sqlx::Connection;
use sqlx::sqlite::SqliteConnection;

use crate::connect::{self, Format};
use crate::key::{self, Recipe};
use crate::{KeyError, KeySource, Sealer, StateError, filesystem, lease};

/// What the user should hear about the opening of a state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// A key was made for a new state.
    KeyGenerated {
        /// Its file.
        path: PathBuf,
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
    if !connect::is_current(format) {
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
    match format {
        Format::Empty => Ok(None),
        Format::Known(_) => finish(connection, path, source, Vec::new()).await.map(Some),
    }
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
    let (lineage, salt, rounds, wrapped): (String, Vec<u8>, u32, String) =
        sqlx::query_as("SELECT lineage, key_salt, key_rounds, data_key FROM meta")
            .fetch_one(&mut connection)
            .await
            .map_err(|error| StateError::database(&path, "read", error))?;
    let recipe = Recipe { salt, rounds };
    let key = key::obtain(source, &path, &recipe, false)?.key;
    let sealer = Sealer::unwrap(&key, &lineage, &wrapped)?.ok_or(KeyError::Wrong(recipe.kind()))?;
    Ok(Opened { connection, path, lineage: lineage.into(), sealer, notices })
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
