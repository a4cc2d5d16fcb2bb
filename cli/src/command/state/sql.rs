//! `state sql`

use platoform_state::Table;
use serde_json::Value as Json;

use crate::args;
use crate::error::{Failure, Outcome};
use crate::report::table::table;
use crate::settings::Settings;

/// Answers a question about the tables of the state. What is sealed stays so.
pub async fn run(settings: &Settings, arguments: &args::StateSql) -> Result<Outcome, Failure> {
    let store = super::look(settings, arguments.file.as_deref()).await?;
    let answer = store.ask(&arguments.question).await;
    let answer = answer.map_err(|error| super::super::workspace::failure(&error))?;
    if arguments.json {
        settings.output.data(&format!("{:#}\n", answer.objects()))?;
    } else {
        settings.output.data(&text(answer))?;
    }
    Ok(Outcome::Done)
}

fn text(answer: Table) -> String {
    let cell = |cell: Json| match cell {
        Json::Null => String::new(),
        Json::String(text) => text,
        other => other.to_string(),
    };
    let rows = answer.rows.into_iter().map(|row| row.into_iter().map(cell).collect());
    table(&answer.columns, rows.collect())
}
