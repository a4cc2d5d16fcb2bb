//! Providers in the lock.

use std::collections::{BTreeMap, BTreeSet};

use platoform_config::lock::{Lock, LockedProvider};
use platoform_config::{ProviderSource, Topology, Version};
use platoform_diagnostic::{Diagnostic, Diagnostics};

use crate::providers;

/// What the sources of providers begin with that belong to the language and have no version.
const BUILTIN: &str = "terraform.io/builtin/";

/// Providers that the configuration uses, with the versions it asks for.
pub fn used(topology: &Topology) -> BTreeMap<ProviderSource, BTreeSet<&str>> {
    let mut used: BTreeMap<ProviderSource, BTreeSet<&str>> = BTreeMap::new();
    for module in &topology.modules {
        for resource in module.resources.values() {
            used.entry(resource.provider.source.clone()).or_default();
        }
        for requirement in module.requirements.values() {
            let wanted = requirement.version.as_ref().map(|(version, _)| &**version);
            used.entry(requirement.source.clone()).or_default().extend(wanted);
        }
    }
    used
}

/// What the lock is to say of the providers that are used.
pub fn providers(topology: &Topology) -> Vec<LockedProvider> {
    let locked = used(topology).into_iter().filter(|(source, _)| !source.0.starts_with(BUILTIN));
    let locked = locked.filter_map(|(source, constraints)| {
        let version = Version::parse(providers::find(&source)?.version)?;
        let constraints: Vec<&str> = constraints.into_iter().collect();
        let constraints = Some(constraints.join(", ")).filter(|all| !all.is_empty());
        Some(LockedProvider { source: source.0, version, constraints: constraints.map(Into::into) })
    });
    locked.collect()
}

/// Providers that stand for another version than the one that is locked.
pub fn compare(lock: &Lock, topology: &Topology) -> Diagnostics {
    let here = providers(topology);
    let locked = lock.providers().iter().filter_map(|locked| {
        let here = here.iter().find(|here| here.source == locked.source)?;
        (here.version != locked.version).then(|| {
            let detail = format!(
                "The provider `{}` is locked as version {}; this program has it as version {}",
                locked.source, locked.version, here.version
            );
            Diagnostic::error("Provider is not as locked", detail)
                .help("`platoform init -upgrade` moves to what this program has")
        })
    });
    locked.collect()
}
