//! `state`: looking into the state, and changing it by hand.

pub mod address;
pub mod edit;
mod list;
mod mv;
mod pull;
mod push;
mod replace_provider;
mod rm;
mod rotate_key;
mod show;
mod sql;

use std::path::Path;

use platoform_plan::Prior;
use platoform_state::Store;

use super::configuration::glance;
use super::workspace;
use crate::args;
use crate::error::{Failure, Outcome};
use crate::providers::Registry;
use crate::settings::Settings;

/// Does what is asked with the state.
pub async fn run(settings: &Settings, arguments: args::State) -> Result<Outcome, Failure> {
    match arguments {
        args::State::List(arguments) => list::run(settings, &arguments).await,
        args::State::Show(arguments) => show::run(settings, &arguments).await,
        args::State::Pull => pull::run(settings).await,
        args::State::Push(_) => Err(push::refuse()),
        args::State::Sql(arguments) => sql::run(settings, &arguments).await,
        args::State::Mv(arguments) => mv::run(settings, &arguments).await,
        args::State::Rm(arguments) => rm::run(settings, &arguments).await,
        args::State::ReplaceProvider(arguments) => {
            replace_provider::run(settings, &arguments).await
        }
        args::State::RotateKey(arguments) => rotate_key::run(settings, &arguments).await,
    }
}

/// The file that holds the state: the one that is named, or the workspace's.
pub fn path(settings: &Settings, file: Option<&Path>) -> std::path::PathBuf {
    match file {
        Some(file) => settings.path(file),
        None => workspace::path(settings, &glance(settings, &Registry::default())),
    }
}

/// Opens a state, which must be there, for reading.
pub async fn look(settings: &Settings, file: Option<&Path>) -> Result<Store, Failure> {
    let path = path(settings, file);
    workspace::look(settings, &path).await?.ok_or_else(|| workspace::missing(&path))
}

/// What a state holds, or held when a run had ended.
async fn read(settings: &Settings, which: &args::Which) -> Result<(Store, Prior), Failure> {
    let store = look(settings, which.file.as_deref()).await?;
    let prior = match which.at {
        Some(run) => store.prior_at(run).await,
        None => store.prior().await,
    };
    let prior = prior.map_err(|error| workspace::failure(&error))?;
    Ok((store, prior))
}
