//! Exchanging keys.
//!
//! The user's key is exchanged in three steps: the data key is sealed with the new one and stays
//! sealed with the former one, then the new key takes its place in the key file, then the former
//! seal goes. Killed in between, the state opens with either key. The data key is exchanged in one
//! transaction, in which all that is sealed is sealed anew.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use platoform_plan::{Seal, Stored};
use sqlx::Connection;
use sqlx::sqlite::SqliteConnection;
use zeroize::Zeroizing;

use crate::batch::json;
use crate::key::{self, KEY, Recipe};
use crate::row::{Reason, RecordRow};
use crate::seal::DataKey;
use crate::{KeyError, KeySource, Sealer, StateError, filesystem};

/// Rows that are sealed anew with one statement.
const CHUNK: i64 = 500;

/// The data key, sealed with the user's.
struct Wrapped {
    recipe: Recipe,
    data_key: String,
}

/// What `meta` says about keys.
struct Stock {
    lineage: String,
    current: Wrapped,
    /// While the user's key is being exchanged.
    former: Option<Wrapped>,
}

/// The data key, and the seal that opened it.
struct Unlocked {
    data: DataKey,
    by: Wrapped,
}

/// Identity and seal of a state.
pub(crate) async fn unlock(
    connection: &mut SqliteConnection,
    path: &Path,
    source: &KeySource,
) -> Result<(Arc<str>, Sealer), StateError> {
    let stock = Stock::read(connection, path).await?;
    let lineage = stock.lineage.as_str().into();
    Ok((lineage, stock.open(path, source)?.data.sealer()?))
}

/// Ends an exchange of the user's key that was cut off after the new key had come into use.
pub(crate) async fn complete(
    connection: &mut SqliteConnection,
    path: &Path,
    source: &KeySource,
) -> Result<(), StateError> {
    let stock = Stock::read(connection, path).await?;
    if stock.former.is_none() || stock.current.open(path, source, &stock.lineage).is_err() {
        return Ok(());
    }
    store(connection, path, &stock.current, None).await
}

/// Exchanges the user's key, inside of nobody's transaction; gives the file of a key that was made
/// for it. The lease must be held.
pub(crate) async fn user_key(
    connection: &mut SqliteConnection,
    path: &Path,
    source: &KeySource,
    new: &KeySource,
) -> Result<Option<PathBuf>, StateError> {
    let stock = Stock::read(connection, path).await?;
    let lineage = stock.lineage.clone();
    let Unlocked { data, by } = stock.open(path, source)?;
    let recipe = Recipe::new(new)?;
    let made = matches!(new, KeySource::Beside).then(|| draft(path));
    let key = new_key(path, new, &recipe, made.as_deref())?;
    let wrapped = data.wrap(&key, &lineage)?;
    let current = Wrapped { recipe, data_key: wrapped };
    store(connection, path, &current, Some(&by)).await?;
    let file = key::file_beside(path);
    if let Some(draft) = &made {
        filesystem::rename(draft, &file)
            .map_err(|source| KeyError::File { path: file.clone(), source })?;
    }
    store(connection, path, &current, None).await?;
    Ok(made.map(|_| file))
}

/// Where a new key is before it takes the former one's place.
fn draft(database: &Path) -> PathBuf {
    filesystem::beside(&key::file_beside(database), "-new")
}

fn new_key(
    path: &Path,
    new: &KeySource,
    recipe: &Recipe,
    made: Option<&Path>,
) -> Result<Zeroizing<[u8; KEY]>, KeyError> {
    let Some(draft) = made else {
        return Ok(key::obtain(new, path, recipe, false)?.key);
    };
    filesystem::remove(draft)
        .map_err(|source| KeyError::File { path: draft.to_owned(), source })?;
    key::generate(draft)?;
    key::from_file(draft)
}

impl Stock {
    async fn read(connection: &mut SqliteConnection, path: &Path) -> Result<Self, StateError> {
        type Row = (String, Vec<u8>, u32, String, Option<Vec<u8>>, Option<u32>, Option<String>);
        let row: Row = sqlx::query_as(
            "SELECT lineage, key_salt, key_rounds, data_key,
                    former_salt, former_rounds, former_data_key FROM meta",
        )
        .fetch_one(connection)
        .await
        .map_err(|error| StateError::database(path, "read", error))?;
        let (lineage, salt, rounds, data_key, former_salt, former_rounds, former_key) = row;
        let former = match (former_salt, former_rounds, former_key) {
            (Some(salt), Some(rounds), Some(data_key)) => {
                Some(Wrapped { recipe: Recipe { salt, rounds }, data_key })
            }
            _ => None,
        };
        let current = Wrapped { recipe: Recipe { salt, rounds }, data_key };
        Ok(Self { lineage, current, former })
    }

    /// Opens with whichever seal fits the user's key.
    fn open(self, path: &Path, source: &KeySource) -> Result<Unlocked, StateError> {
        let wrong = match self.current.open(path, source, &self.lineage) {
            Ok(data) => return Ok(Unlocked { data, by: self.current }),
            Err(error) => error,
        };
        let Some(former) = self.former else { return Err(wrong.into()) };
        let data = former.open(path, source, &self.lineage).map_err(|_| wrong)?;
        Ok(Unlocked { data, by: former })
    }
}

impl Wrapped {
    fn open(&self, path: &Path, source: &KeySource, lineage: &str) -> Result<DataKey, KeyError> {
        let key = key::obtain(source, path, &self.recipe, false)?.key;
        let data = DataKey::unwrap(&key, lineage, &self.data_key)?;
        data.ok_or(KeyError::Wrong(self.recipe.kind()))
    }
}

async fn store(
    connection: &mut SqliteConnection,
    path: &Path,
    current: &Wrapped,
    former: Option<&Wrapped>,
) -> Result<(), StateError> {
    sqlx::query(
        "UPDATE meta SET key_kind = ?, key_salt = ?, key_rounds = ?, data_key = ?,
                former_salt = ?, former_rounds = ?, former_data_key = ?",
    )
    .bind(current.recipe.kind())
    .bind(&current.recipe.salt)
    .bind(current.recipe.rounds)
    .bind(&current.data_key)
    .bind(former.map(|former| &former.recipe.salt))
    .bind(former.map(|former| former.recipe.rounds))
    .bind(former.map(|former| &former.data_key))
    .execute(connection)
    .await
    .map(|_| ())
    .map_err(|error| StateError::database(path, "written", error))
}

/// Exchanges the data key: everything sealed is sealed anew, and nothing that the former key opens
/// is left in the files.
pub(crate) async fn data_key(
    connection: &mut SqliteConnection,
    path: &Path,
    source: &KeySource,
) -> Result<(), StateError> {
    let failed = |error| StateError::database(path, "written", error);
    sqlx::raw_sql("PRAGMA secure_delete = ON").execute(&mut *connection).await.map_err(failed)?;
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.map_err(failed)?;
    let stock = Stock::read(&mut transaction, path).await?;
    let lineage = stock.lineage.clone();
    let Unlocked { data, by } = stock.open(path, source)?;
    let new = DataKey::random()?;
    let (from, to) = (data.sealer()?, new.sealer()?);
    for table in TABLES {
        reseal(&mut transaction, path, table, &from, &to).await?;
    }
    let key = key::obtain(source, path, &by.recipe, false)?.key;
    let current = Wrapped { data_key: new.wrap(&key, &lineage)?, recipe: by.recipe };
    store(&mut transaction, path, &current, None).await?;
    transaction.commit().await.map_err(failed)?;
    sqlx::raw_sql("PRAGMA wal_checkpoint(TRUNCATE)").execute(connection).await.map_err(failed)?;
    Ok(())
}

/// How to read and to write what is sealed in a table: row, text with sealed parts, and sealed
/// bytes.
struct Table {
    read: &'static str,
    write: &'static str,
    /// The text is a record, not a value.
    records: bool,
}

macro_rules! table {
    ($table:literal, $json:literal, $bytes:literal, $write_bytes:literal, $records:literal) => {
        Table {
            records: $records,
            read: concat!(
                "SELECT rowid, ",
                $json,
                ", ",
                $bytes,
                " FROM ",
                $table,
                " WHERE rowid > ?1 ORDER BY rowid LIMIT ?2"
            ),
            write: concat!(
                "WITH rows (value) AS MATERIALIZED (SELECT value FROM json_each(?1))
                 UPDATE ",
                $table,
                " SET ",
                $json,
                " = rows.value ->> 1",
                $write_bytes,
                " FROM rows WHERE ",
                $table,
                ".rowid = rows.value ->> 0"
            ),
        }
    };
}

const TABLES: [Table; 5] = [
    table!("resources", "attributes", "private", ", private = rows.value ->> 2", false),
    table!("history", "attributes", "private", ", private = rows.value ->> 2", false),
    table!("outputs", "value", "''", "", false),
    table!("output_history", "value", "''", "", false),
    table!("intents", "planned", "''", "", true),
];

async fn reseal(
    connection: &mut SqliteConnection,
    path: &Path,
    table: Table,
    from: &dyn Seal,
    to: &dyn Seal,
) -> Result<(), StateError> {
    let mut last = i64::MIN;
    loop {
        let rows: Vec<(i64, Option<String>, String)> = sqlx::query_as(table.read)
            .bind(last)
            .bind(CHUNK)
            .fetch_all(&mut *connection)
            .await
            .map_err(|error| StateError::database(path, "read", error))?;
        let Some((row, ..)) = rows.last() else { return Ok(()) };
        last = *row;
        let rows: Result<Vec<_>, StateError> = rows
            .into_iter()
            .map(|(row, text, bytes)| {
                let wrong = |reason: String| StateError::Row {
                    path: path.to_owned(),
                    row: format!("a sealed value (row {row})"),
                    reason,
                };
                let text = text.map(|text| match table.records {
                    true => reseal_record(&text, from, to),
                    false => reseal_value(&text, from, to),
                });
                let text = text.transpose().map_err(wrong)?;
                Ok((row, text, reseal_bytes(&bytes, from, to).map_err(wrong)?))
            })
            .collect();
        sqlx::query(table.write)
            .bind(json(&rows?)?)
            .execute(&mut *connection)
            .await
            .map_err(|error| StateError::database(path, "written", error))?;
    }
}

fn reseal_value(text: &str, from: &dyn Seal, to: &dyn Seal) -> Result<String, Reason> {
    let stored = Stored(text.into()).reseal(from, to);
    stored.map(|stored| stored.0.to_string()).map_err(|error| error.to_string())
}

fn reseal_bytes(sealed: &str, from: &dyn Seal, to: &dyn Seal) -> Result<String, Reason> {
    if sealed.is_empty() {
        return Ok(String::new());
    }
    let plain = from.open(sealed).map(Zeroizing::new);
    plain.and_then(|plain| to.seal(&plain)).map_err(|error| error.to_string())
}

fn reseal_record(text: &str, from: &dyn Seal, to: &dyn Seal) -> Result<String, Reason> {
    let mut row: RecordRow<'_> = serde_json::from_str(text).map_err(|error| error.to_string())?;
    row.attributes = reseal_value(&row.attributes, from, to)?.into();
    row.private = reseal_bytes(&row.private, from, to)?.into();
    serde_json::to_string(&row).map_err(|error| error.to_string())
}
