//! `validate`

use std::sync::Arc;

use platoform_diagnostic::{Diagnostic, Diagnostics, Sources};

use super::configuration::{self, add_errors, checked, warn};
use crate::args;
use crate::error::{Failure, Outcome};
use crate::modules;
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
    let files = Arc::new(settings.files());
    let loaded = match modules::load(settings, &*files, &registry, &[]) {
        Ok(loaded) => loaded,
        Err(failure) => return (failure.diagnostics, failure.sources),
    };
    let malformed = loaded.structure.has_errors();
    // Machines are told what Terraform tells: blocks that are not as they should be come first, then
    // what is missing, then what is wrong with values. A person is told all of it, except where a
    // file may not mean what it seems to.
    if loaded.is_broken || (machine && loaded.diagnostics.has_errors()) {
        let Failure { diagnostics, sources, .. } = configuration::malformed(malformed, loaded);
        return (diagnostics, sources);
    }
    let (topology, mut found) = (Arc::new(loaded.topology), loaded.diagnostics);
    let mut more = checked(settings, &registry, files, &topology, &timestamp());
    if malformed {
        more = more.into_iter().filter(|found| !may_follow(found)).collect();
    }
    add_errors(&mut found, more);
    (if machine { found } else { once(found) }, topology.sources.clone())
}

/// Without what is found in a module for each of its calls.
fn once(found: Diagnostics) -> Diagnostics {
    let mut told: Vec<Diagnostic> = Vec::new();
    for finding in found {
        if !told.contains(&finding) {
            told.push(finding);
        }
    }
    told.into_iter().collect()
}

/// Whether a finding may only follow from blocks that could not be read: what is in them counts as
/// not declared.
fn may_follow(found: &Diagnostic) -> bool {
    const FOLLOWING: [&str; 4] =
        ["Reference to undeclared ", "Unknown variable", "Unsupported attribute", "Cycle: "];
    FOLLOWING.iter().any(|summary| found.summary.starts_with(summary))
}
