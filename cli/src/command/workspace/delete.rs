//! `workspace delete`

use std::io;
use std::path::Path;

use platoform_diagnostic::Diagnostic;
use platoform_plan::Prior;

use super::super::configuration::glance;
use super::super::selection;
use crate::args;
use crate::error::{Failure, Outcome};
use crate::providers::Registry;
use crate::report::plan::object_name;
use crate::settings::Settings;

/// Deletes a workspace with its state.
pub async fn run(
    settings: &Settings,
    arguments: &args::WorkspaceDelete,
) -> Result<Outcome, Failure> {
    let topology = glance(settings, &Registry::default());
    let name = arguments.name.as_str();
    if !selection::all(settings, &topology)?.iter().any(|known| known == name) {
        return Err(selection::missing(name));
    }
    if *name == *settings.workspace {
        let detail = "You cannot delete the currently active workspace. Please switch to another \
                      workspace and try again";
        let summary = format!("Workspace {name:?} is your active workspace");
        return Err(Diagnostic::error(summary, detail).into());
    }
    let path = selection::path(settings, &topology, name);
    let store = match super::look(settings, &path).await? {
        Some(_) => Some(super::open(settings, &path).await?),
        None => None,
    };
    let mut prior = Prior::default();
    if let Some(store) = &store {
        super::lock(settings, store, "workspace delete", arguments.locking.lock_timeout).await?;
        prior = store.prior().await.map_err(|error| super::failure(&error))?;
    }
    if !prior.records.is_empty() && !arguments.force {
        return Err(not_empty(name, &prior).into());
    }
    if name == selection::DEFAULT {
        let detail = "There is always a default workspace";
        return Err(Diagnostic::error("The default workspace cannot be deleted", detail).into());
    }
    remove(&selection::directory(settings, &topology), name)?;
    // Its files are gone; the lock kept others out until here.
    drop(store);
    let paint = settings.output.data;
    let mut text = paint.green(format!("Deleted workspace {name:?}!")) + "\n";
    if !prior.records.is_empty() {
        text.push_str(&format!(
            "{}: {name:?} was non-empty.\n\
             The resources managed by the deleted workspace may still exist,\n\
             but are no longer manageable by platoform since the state has\nbeen deleted.\n\n",
            paint.yellow("WARNING"),
        ));
    }
    settings.output.data(&text)?;
    Ok(Outcome::Done)
}

fn not_empty(name: &str, prior: &Prior) -> Diagnostic {
    let objects: String =
        prior.records.iter().map(|it| format!("\n  - {}", object_name(&it.key))).collect();
    Diagnostic::error(
        "Workspace is not empty",
        format!(
            "Workspace {name:?} is currently tracking the following resource instances:{objects}\n\n\
             Deleting this workspace would cause platoform to lose track of any associated remote \
             objects, which would then require you to delete them manually outside of platoform. \
             You should destroy these objects with platoform before deleting the workspace"
        ),
    )
    .help(
        "to delete this workspace anyway, and have platoform forget about these managed objects, \
         use the `-force` option to disable this safety check",
    )
}

/// Removes the directory of a workspace: all of it, or what is left is no workspace any more.
fn remove(directory: &Path, name: &str) -> Result<(), Failure> {
    let (folder, gone) = (directory.join(name), directory.join(format!(".{name}.deleted")));
    let remove = || -> io::Result<()> {
        if gone.exists() {
            std::fs::remove_dir_all(&gone)?;
        }
        std::fs::rename(&folder, &gone)?;
        std::fs::remove_dir_all(&gone)
    };
    remove().map_err(|error| {
        let detail = format!("`{}`: {error}", folder.display());
        Diagnostic::error("Workspace cannot be deleted", detail).into()
    })
}
