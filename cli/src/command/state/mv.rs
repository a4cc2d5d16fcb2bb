//! `state mv`

mod plan;
mod rename;

use platoform_apply::Write;
use platoform_diagnostic::Diagnostic;
use platoform_plan::Prior;

use self::plan::renames;
use self::rename::Rename;
use super::address;
use super::edit::Edit;
use crate::args::{self, Which};
use crate::error::{Failure, Outcome};
use crate::settings::Settings;

/// Moves objects to other addresses. Objects that were made from them are told.
pub async fn run(settings: &Settings, arguments: &args::StateMove) -> Result<Outcome, Failure> {
    let (source, destination) = (&arguments.source, &arguments.destination);
    let (from, to) = (address::target(source)?, address::target(destination)?);
    if arguments.dry_run {
        let which = Which { file: arguments.editing.file.clone(), at: None };
        let (_, prior) = super::read(settings, &which).await?;
        let moves = renames(&prior, &from, &to)?;
        settings.output.data(&lines("Would move", &moves))?;
        return Ok(Outcome::Done);
    }
    let command = format!("state mv {source} {destination}");
    let edit = Edit::begin(settings, &arguments.editing, &command).await?;
    let moves = match renames(&edit.prior, &from, &to) {
        Ok(moves) => moves,
        Err(found) => {
            edit.abandon().await?;
            return Err(found.into());
        }
    };
    let writes = writes(&edit.prior, &moves);
    edit.write(writes).await?;
    let count = moves.len();
    let text = lines("Move", &moves) + &format!("Successfully moved {count} object(s).\n");
    settings.output.data(&text)?;
    Ok(Outcome::Done)
}

fn lines(verb: &str, moves: &[Rename]) -> String {
    let line = |it: &Rename| format!("{verb} {:?} to {:?}\n", it.from(), it.to());
    moves.iter().map(line).collect()
}

/// What is gone from its address first, so that another may come there.
fn writes(prior: &Prior, moves: &[Rename]) -> Vec<Write> {
    let (mut gone, mut put) = (Vec::new(), Vec::new());
    for record in &prior.records {
        let mut moved = record.clone();
        if let Some(address) = moves.iter().find_map(|it| it.address(&record.key.address)) {
            gone.push(Write::Remove(record.key.clone()));
            moved.key.address = address;
        }
        for dependency in &mut moved.dependencies {
            if let Some(renamed) = moves.iter().find_map(|it| it.text(dependency)) {
                *dependency = renamed;
            }
        }
        if moved != *record {
            put.push(Write::Put(Box::new(moved)));
        }
    }
    gone.append(&mut put);
    gone
}

/// The error about a place that nothing can come from, or go to.
fn wrong(summary: &str, detail: String) -> Diagnostic {
    Diagnostic::error(summary, detail)
}
