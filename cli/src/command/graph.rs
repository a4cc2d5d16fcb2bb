//! `graph`

use super::configuration::{check, warn};
use crate::error::{Failure, Outcome};
use crate::providers::Registry;
use crate::settings::Settings;

/// Draws what depends on what.
pub fn run(settings: &Settings) -> Result<Outcome, Failure> {
    let (topology, found) = check(settings, &Registry::default())?;
    let graph = match platoform_graph::build(&topology) {
        Ok(graph) => graph,
        Err(cycle) => return Err(Failure::new(cycle, topology.sources)),
    };
    warn(settings, &found, &topology.sources);
    settings.output.data(&platoform_graph::dot(&graph, &topology))?;
    Ok(Outcome::Done)
}
