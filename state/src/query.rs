//! Questions in SQL, which change nothing.

use std::path::Path;

use serde_json::{Map, Value as Json};
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{AssertSqlSafe, Column, Executor, Row, SqlSafeStr, Statement, TypeInfo, ValueRef};

use crate::StateError;

/// What a question can begin with. Nothing else is let through, because SQLite writes files even
/// on a connection for reading (`VACUUM INTO`).
const QUESTIONS: [&str; 4] = ["select", "with", "values", "explain"];

/// The answer to a question.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// Names of the columns, in order.
    pub columns: Vec<String>,
    /// Rows, with as many cells; bytes come as text in hexadecimal.
    pub rows: Vec<Vec<Json>>,
}

impl Table {
    /// An object per row.
    #[must_use]
    pub fn objects(&self) -> Json {
        let object = |row: &Vec<Json>| {
            let cells = self.columns.iter().cloned().zip(row.iter().cloned());
            Json::Object(cells.collect::<Map<_, _>>())
        };
        self.rows.iter().map(object).collect()
    }
}

/// Answers a question. The connection must be one for reading.
pub(crate) async fn ask(
    connection: &mut SqliteConnection,
    path: &Path,
    question: &str,
) -> Result<Table, StateError> {
    let question = single(question).map_err(|reason| StateError::Sql(reason.to_owned()))?;
    let failed = |error: sqlx::Error| match error {
        sqlx::Error::Database(error) => StateError::Sql(error.message().to_owned()),
        other => StateError::database(path, "read", other),
    };
    connection.execute("PRAGMA query_only = ON").await.map_err(failed)?;
    let text = AssertSqlSafe(question.to_owned()).into_sql_str();
    let statement = (&mut *connection).prepare(text).await.map_err(failed)?;
    let columns = statement.columns().iter().map(|column| column.name().to_owned()).collect();
    let rows = statement.query().fetch_all(connection).await.map_err(failed)?;
    let rows: Result<_, sqlx::Error> = rows.iter().map(cells).collect();
    Ok(Table { columns, rows: rows.map_err(failed)? })
}

fn cells(row: &SqliteRow) -> Result<Vec<Json>, sqlx::Error> {
    (0..row.len()).map(|index| cell(row, index)).collect()
}

fn cell(row: &SqliteRow, index: usize) -> Result<Json, sqlx::Error> {
    let kind = row.try_get_raw(index)?.type_info().name().to_owned();
    Ok(match kind.as_str() {
        "NULL" => Json::Null,
        "INTEGER" => row.try_get_unchecked::<i64, _>(index)?.into(),
        "REAL" => row.try_get_unchecked::<f64, _>(index)?.into(),
        "BLOB" => hexadecimal(&row.try_get_unchecked::<Vec<u8>, _>(index)?).into(),
        _ => row.try_get_unchecked::<String, _>(index)?.into(),
    })
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The one question in a text, without what ends it.
fn single(text: &str) -> Result<&str, &'static str> {
    let text = text.trim();
    let end = end(text);
    if !text[end..].trim_start_matches([';', ' ', '\t', '\r', '\n']).is_empty() {
        return Err("it is more than one statement");
    }
    let text = &text[..end];
    let word = text.find(|next: char| !next.is_ascii_alphabetic()).map_or(text, |end| &text[..end]);
    if QUESTIONS.iter().any(|first| word.eq_ignore_ascii_case(first)) {
        return Ok(text);
    }
    Err("a question begins with `select`, `with`, `values` or `explain`")
}

/// Where the first statement ends: at a semicolon that is in no quotes and no comment.
fn end(text: &str) -> usize {
    let mut rest = text;
    while let Some(found) = rest.find([';', '\'', '"', '`', '[', '-', '/']) {
        let after = &rest[found + 1..];
        let (opened, close) = match rest.as_bytes()[found] {
            b';' => return text.len() - rest.len() + found,
            b'-' if after.starts_with('-') => (after, "\n"),
            b'/' if after.starts_with('*') => (&after[1..], "*/"),
            b'-' | b'/' => {
                rest = after;
                continue;
            }
            b'[' => (after, "]"),
            quote => (
                after,
                if quote == b'\'' {
                    "'"
                } else if quote == b'"' {
                    "\""
                } else {
                    "`"
                },
            ),
        };
        // What is never closed goes to the end; SQLite says what is wrong with it.
        let Some(closed) = opened.find(close) else { return text.len() };
        rest = &opened[closed + close.len()..];
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_question_is_let_through() {
        let good = [
            "select 1",
            "  SELECT ';' ; ",
            "with a as (select 1) select * from a",
            "values (1), (2) -- ; two",
            "select \"a;b\" /* ; */, [c;d], `e;f`, 'it''s; so' from t;",
        ];
        for text in good {
            assert!(single(text).is_ok(), "{text}");
        }
        assert_eq!(single("select 1 ;; "), Ok("select 1 "));
        let bad =
            ["", "vacuum into 'x'", "select 1; vacuum into 'x'", "attach 'x' as y", "selects"];
        for text in bad {
            assert!(single(text).is_err(), "{text}");
        }
    }
}
