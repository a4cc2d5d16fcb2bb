//! Which providers there are: the one place that knows them by name.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use platoform_config::{ProviderSource, Schemas};
use platoform_plan::Providers;
use platoform_provider::{Factory, Provider};
use platoform_schema::ProviderSchema;

use crate::command::remote_state::RemoteStates;

/// A provider that is compiled in.
pub struct Known {
    /// Namespace and type it is known under in registries, each of which means the same provider.
    sources: &'static [&'static str],
    /// Version of Terraform's provider that it stands for.
    pub version: &'static str,
    /// Makes an unconfigured one.
    create: Factory,
}

/// Address of Terraform's own provider.
const BUILTIN: &str = "terraform.io/builtin/terraform";
/// Registries whose providers we stand in for.
const REGISTRIES: [&str; 2] = ["registry.terraform.io/", "registry.opentofu.org/"];

/// Every provider.
const ALL: [Known; 4] = [
    Known { sources: &[BUILTIN], version: "1.11.4", create: terraform },
    Known { sources: &["hashicorp/local"], version: "2.5.3", create: platoform_builtin::local },
    Known {
        sources: &["kreuzwerker/docker", "hashicorp/docker"],
        version: "3.6.2",
        create: platoform_docker::factory,
    },
    Known { sources: &["platoform/fake"], version: "1.0.0", create: platoform_fake::factory },
];

/// The provider `terraform`, which can read the states that this program keeps.
fn terraform() -> Arc<dyn Provider> {
    platoform_builtin::terraform_with(Arc::new(RemoteStates))
}

/// The provider that a global name means.
pub fn find(source: &ProviderSource) -> Option<&'static Known> {
    static KNOWN: [Known; 4] = ALL;
    let short = REGISTRIES.iter().find_map(|registry| source.0.strip_prefix(registry));
    let name = short.unwrap_or(&source.0);
    KNOWN.iter().find(|known| known.sources.contains(&name))
}

/// Makes providers, and tells their schemas without making one each time.
#[derive(Default)]
pub struct Registry {
    schemas: Mutex<BTreeMap<ProviderSource, Arc<ProviderSchema>>>,
}

impl Providers for Registry {
    fn create(&self, source: &ProviderSource) -> Option<Arc<dyn Provider>> {
        find(source).map(|known| (known.create)())
    }
}

impl Schemas for Registry {
    fn provider(&self, source: &ProviderSource) -> Option<Arc<ProviderSchema>> {
        let mut schemas = self.schemas.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(schema) = schemas.get(source) {
            return Some(schema.clone());
        }
        let schema = self.create(source)?.schema();
        schemas.insert(source.clone(), schema.clone());
        Some(schema)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn registries_and_namespaces_lead_to_the_same_provider() {
        let registry = Registry::default();
        for name in [
            "terraform.io/builtin/terraform",
            "registry.terraform.io/hashicorp/local",
            "registry.terraform.io/kreuzwerker/docker",
            "registry.terraform.io/hashicorp/docker",
            "registry.terraform.io/platoform/fake",
            "registry.opentofu.org/kreuzwerker/docker",
        ] {
            let source = ProviderSource(name.into());
            let schema = registry.provider(&source).unwrap_or_else(|| panic!("{name}"));
            assert!(!schema.resources.is_empty(), "{name}");
        }
        assert!(registry.provider(&ProviderSource("example.org/a/b".into())).is_none());
    }
}
