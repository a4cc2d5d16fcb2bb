//! `log`

mod show;

use platoform_state::Run;
use serde_json::Value as Json;

use super::state::edit::locked;
use super::{state, workspace};
use crate::args::{self, Editing, Locking, LogCommand};
use crate::error::{Failure, Outcome};
use crate::report::json::log as document;
use crate::report::table::table;
use crate::settings::Settings;

/// Shows what was done to the state.
pub async fn run(settings: &Settings, arguments: args::Log) -> Result<Outcome, Failure> {
    match arguments.command {
        None => list(settings, arguments.limit, arguments.json).await,
        Some(LogCommand::Show { run, json }) => show::run(settings, run, json).await,
        Some(LogCommand::Prune { run, locking }) => prune(settings, run, locking).await,
    }
}

async fn list(settings: &Settings, limit: usize, json: bool) -> Result<Outcome, Failure> {
    let path = state::path(settings, None);
    let runs = match workspace::look(settings, &path).await? {
        Some(store) => store.runs(limit).await.map_err(|error| workspace::failure(&error))?,
        None => Vec::new(),
    };
    let text = if json {
        format!("{:#}\n", runs.iter().map(document::run).collect::<Json>())
    } else if runs.is_empty() {
        "Nothing was done yet.\n".to_owned()
    } else {
        text(&runs)
    };
    settings.output.data(&text)?;
    Ok(Outcome::Done)
}

fn text(runs: &[Run]) -> String {
    let columns = ["run", "begun", "who", "command", "objects", "outcome"].map(str::to_owned);
    let row = |run: &Run| {
        vec![
            run.number.to_string(),
            run.begun.to_string(),
            format!("{}@{}", run.process.user, run.process.host),
            run.process.command.clone(),
            counts(run),
            outcome(run).to_owned(),
        ]
    };
    table(&columns, runs.iter().map(row).collect())
}

/// Objects that were added, changed and removed in the state.
fn counts(run: &Run) -> String {
    format!("+{} ~{} -{}", run.added, run.changed, run.removed)
}

fn outcome(run: &Run) -> &str {
    run.outcome.as_deref().unwrap_or("not ended")
}

/// Forgets how things were before a run had ended.
async fn prune(settings: &Settings, run: i64, locking: Locking) -> Result<Outcome, Failure> {
    let editing = Editing { locking, ..Editing::default() };
    let store = locked(settings, &editing, "log prune").await?;
    let gone = store.prune(run).await.map_err(|error| workspace::failure(&error))?;
    store.close().await.map_err(|error| workspace::failure(&error))?;
    settings.output.data(&format!(
        "How things were before run {run} had ended is forgotten: {gone} versions of objects.\n"
    ))?;
    Ok(Outcome::Done)
}
