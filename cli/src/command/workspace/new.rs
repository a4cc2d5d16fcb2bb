//! `workspace new`

use std::path::Path;

use platoform_apply::{Journal as _, Write};
use platoform_config::Topology;
use platoform_diagnostic::Diagnostic;
use platoform_plan::{Prior, StoredError};
use platoform_state::Store;

use super::super::configuration::glance;
use super::super::selection;
use super::super::state::edit::unwritten;
use crate::args;
use crate::error::{Failure, Outcome};
use crate::providers::Registry;
use crate::settings::Settings;

/// Makes a workspace and selects it.
pub async fn run(settings: &Settings, arguments: &args::WorkspaceNew) -> Result<Outcome, Failure> {
    let topology = glance(settings, &Registry::default());
    let name = arguments.name.as_str();
    check(name)?;
    selection::refuse_overridden(
        settings,
        "You cannot create a new workspace while it is named",
        "either unset this environment variable or update it to match the workspace name you are \
         trying to create, and then run this command again",
    )?;
    if selection::all(settings, &topology)?.iter().any(|known| known == name) {
        let summary = format!("Workspace {name:?} already exists");
        return Err(Diagnostic::error(summary, "Choose another name").into());
    }
    let source = match &arguments.state {
        Some(file) => Some(source(settings, &settings.path(file)).await?),
        None => None,
    };
    create(settings, &topology, name, source, &arguments.locking).await
}

/// Refuses a name that no workspace can have.
///
/// # Errors
/// When it is one.
pub fn check(name: &str) -> Result<(), Failure> {
    let checked = selection::check(name);
    checked.map_err(|detail| Diagnostic::error("Invalid workspace name", detail).into())
}

/// Makes a workspace, which is not there, and selects it.
///
/// # Errors
/// When its state cannot be made.
pub async fn create(
    settings: &Settings,
    topology: &Topology,
    name: &str,
    source: Option<Store>,
    locking: &args::Locking,
) -> Result<Outcome, Failure> {
    let path = selection::path(settings, topology, name);
    selection::make_room(&path)?;
    let store = super::open(settings, &path).await?;
    if let Some(source) = source {
        super::lock(settings, &store, "workspace new", locking.lock_timeout).await?;
        copy(&source, &store).await?;
    }
    store.close().await.map_err(|error| super::failure(&error))?;
    selection::select(settings, name)?;
    let paint = settings.output.data;
    let made = paint.bold(paint.green(format!("Created and switched to workspace {name:?}!")));
    settings.output.data(&format!(
        "{made}\n\nYou're now on a new, empty workspace. Workspaces isolate their state,\n\
         so if you run \"platoform plan\" platoform will not see any existing state\n\
         for this configuration.\n"
    ))?;
    Ok(Outcome::Done)
}

/// The state to copy.
async fn source(settings: &Settings, path: &Path) -> Result<Store, Failure> {
    super::look(settings, path).await?.ok_or_else(|| super::missing(path))
}

/// Copies objects and outputs, sealed with the other state's key.
async fn copy(from: &Store, to: &Store) -> Result<(), Failure> {
    let prior = from.prior().await.map_err(|error| super::failure(&error))?;
    let writes = writes(prior, from, to).map_err(|error| {
        Diagnostic::error("The state cannot be copied", super::with_causes(&error))
    })?;
    to.write(writes).map_err(unwritten)?;
    // Read after all that is queued: it is on the disk then.
    to.prior().await.map(|_| ()).map_err(|error| super::failure(&error))
}

fn writes(prior: Prior, from: &Store, to: &Store) -> Result<Vec<Write>, StoredError> {
    let mut writes = Vec::new();
    for mut record in prior.records {
        record.attributes = record.attributes.reseal(from.sealer(), to.sealer())?;
        writes.push(Write::Put(Box::new(record)));
    }
    for (name, mut output) in prior.outputs {
        output.value = output.value.reseal(from.sealer(), to.sealer())?;
        writes.push(Write::Output(name, Some(output)));
    }
    Ok(writes)
}
