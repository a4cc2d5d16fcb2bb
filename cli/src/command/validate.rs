//! `validate`

use platoform_diagnostic::{Diagnostics, Sources};

use super::configuration::{check, warn};
use crate::args;
use crate::error::{Failure, Outcome};
use crate::providers::Registry;
use crate::report::json::validation;
use crate::settings::Settings;

/// Checks the configuration without looking at anything outside.
pub fn run(settings: &Settings, arguments: &args::Validate) -> Result<Outcome, Failure> {
    let (mut found, sources) = findings(settings);
    found.sort();
    let output = &settings.output;
    if arguments.json {
        output.data(&format!("{:#}\n", validation::document(&found, &sources)))?;
        return Ok(if found.has_errors() { Outcome::Invalid } else { Outcome::Done });
    }
    if found.has_errors() {
        return Err(Failure::new(found, sources));
    }
    warn(settings, &found, &sources);
    let success = output.data.bold(output.data.green("Success!"));
    output.data(&format!("{success} The configuration is valid.\n"))?;
    Ok(Outcome::Done)
}

/// Everything there is to say about the configuration.
fn findings(settings: &Settings) -> (Diagnostics, Sources) {
    let (topology, mut found) = match check(settings, &Registry::default()) {
        Ok(checked) => checked,
        Err(failure) => return (failure.diagnostics, failure.sources),
    };
    match platoform_graph::build(&topology) {
        Ok(graph) => found.extend(graph.self_references().clone()),
        Err(cycle) => found.extend(cycle),
    }
    (found, topology.sources)
}
