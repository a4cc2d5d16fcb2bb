//! `validate`

use super::configuration::{check, warn};
use crate::error::{Failure, Outcome};
use crate::providers::Registry;
use crate::settings::Settings;

/// Checks the configuration without looking at anything outside.
pub fn run(settings: &Settings) -> Result<Outcome, Failure> {
    let (topology, mut found) = check(settings, &Registry::default())?;
    match platoform_graph::build(&topology) {
        Ok(graph) => found.extend(graph.self_references().clone()),
        Err(cycle) => found.extend(cycle),
    }
    if found.has_errors() {
        return Err(Failure::new(found, topology.sources));
    }
    warn(settings, &found, &topology.sources);
    let paint = settings.output.data;
    let success = paint.bold(paint.green("Success!"));
    settings.output.data(&format!("{success} The configuration is valid.\n"))?;
    Ok(Outcome::Done)
}
