//! `get`

use super::configuration::{warn, whole};
use crate::args;
use crate::error::{Failure, Outcome};
use crate::modules::{self, Options};
use crate::providers::Registry;
use crate::settings::Settings;

/// Fetches modules, and says where each one is.
pub fn run(settings: &Settings, arguments: &args::Get) -> Result<Outcome, Failure> {
    let options = Options { get: true, upgrade: arguments.update, readonly: false };
    let inputs = &arguments.variables.inputs;
    let registry = Registry::default();
    let installation = modules::install(settings, &registry, inputs, options, &|event| {
        settings.output.note(&format!("{event}\n"));
    })?;
    let (topology, found) = whole(settings, installation.loaded)?;
    warn(settings, &found, &topology.sources);
    Ok(Outcome::Done)
}
