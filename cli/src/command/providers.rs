//! `providers`

use std::collections::{BTreeMap, BTreeSet};

use platoform_config::{Constraint, Module, ModuleId, Topology};

use super::configuration::{check, warn};
use crate::error::{Failure, Outcome};
use crate::providers::Registry;
use crate::report::tree::Tree;
use crate::settings::Settings;

/// Shows which module needs which providers.
pub fn run(settings: &Settings) -> Result<Outcome, Failure> {
    let (topology, found) = check(settings, &Registry::default())?;
    warn(settings, &found, &topology.sources);
    let tree = Tree { label: ".".into(), branches: branches(&topology, ModuleId::ROOT) };
    let text = format!("\nProviders required by configuration:\n{tree}\n");
    settings.output.data(&text)?;
    Ok(Outcome::Done)
}

fn branches(topology: &Topology, module: ModuleId) -> Vec<Tree> {
    let Some(module) = topology.modules.get(module.0 as usize) else { return Vec::new() };
    let mut found: Vec<Tree> = needs(module)
        .into_iter()
        .map(|(source, constraints)| {
            let constraints: Vec<String> = constraints.into_iter().collect();
            let space = if constraints.is_empty() { "" } else { " " };
            let label = format!("provider[{source}]{space}{}", constraints.join(", "));
            Tree { label, branches: Vec::new() }
        })
        .collect();
    found.extend(module.calls.iter().map(|(name, call)| Tree {
        label: format!("module.{name}"),
        branches: branches(topology, call.module),
    }));
    found
}

/// Sources of the providers of one module, with the versions it asks for.
fn needs(module: &Module) -> BTreeMap<&str, BTreeSet<String>> {
    let mut needs: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for resource in module.resources.values() {
        needs.entry(&resource.provider.source.0).or_default();
    }
    for requirement in module.requirements.values() {
        let version = requirement.version.as_ref();
        let version = version.and_then(|(text, _)| Constraint::parse(text));
        let entry = needs.entry(&requirement.source.0).or_default();
        entry.extend(version.map(|version| version.to_string()));
    }
    needs
}
