//! `workspace select`

use super::super::configuration::glance;
use super::super::selection;
use super::new;
use crate::args;
use crate::error::{Failure, Outcome};
use crate::providers::Registry;
use crate::settings::Settings;

/// Switches to another workspace.
pub async fn run(
    settings: &Settings,
    arguments: &args::WorkspaceSelect,
) -> Result<Outcome, Failure> {
    let topology = glance(settings, &Registry::default());
    let name = arguments.name.as_str();
    new::check(name)?;
    selection::refuse_overridden(
        settings,
        "The selected workspace is currently overridden",
        "to select a new workspace, either update this environment variable or unset it and then \
         run this command again",
    )?;
    if *name == *settings.workspace {
        return Ok(Outcome::Done);
    }
    if selection::all(settings, &topology)?.iter().any(|known| known == name) {
        selection::select(settings, name)?;
        let paint = settings.output.data;
        let done = paint.green(format!("Switched to workspace {name:?}."));
        settings.output.data(&format!("{done}\n"))?;
        return Ok(Outcome::Done);
    }
    if !arguments.or_create.unwrap_or(false) {
        return Err(selection::missing(name));
    }
    new::create(settings, &topology, name, None, &args::Locking::default()).await
}
