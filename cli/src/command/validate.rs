//! `validate`

use std::sync::Arc;

use platoform_diagnostic::{Diagnostics, Sources};

use super::configuration::{add_errors, checked, read, warn};
use crate::args;
use crate::error::{Failure, Outcome};
use crate::ports::timestamp;
use crate::providers::Registry;
use crate::report::json::validation;
use crate::settings::Settings;

/// Checks the configuration without looking at anything outside.
pub fn run(settings: &Settings, arguments: &args::Validate) -> Result<Outcome, Failure> {
    let (mut found, sources) = findings(settings, arguments.json);
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

/// Everything there is to say about the configuration. A directory without one has nothing wrong.
fn findings(settings: &Settings, machine: bool) -> (Diagnostics, Sources) {
    let registry = Arc::new(Registry::default());
    let loaded = match read(settings, &registry, machine) {
        Ok(loaded) => loaded,
        Err(failure) => return (failure.diagnostics, failure.sources),
    };
    let (topology, mut found) = (loaded.topology, loaded.diagnostics);
    // Machines are told what Terraform tells: what is missing comes before what is wrong.
    if machine && found.has_errors() {
        return (found, topology.sources);
    }
    let files = Arc::new(settings.files());
    add_errors(&mut found, checked(settings, &registry, files, &topology, &timestamp()));
    (found, topology.sources)
}
