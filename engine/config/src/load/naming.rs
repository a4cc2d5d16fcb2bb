//! Local names of providers: whether one provider goes by several in a module.

use platoform_diagnostic::{Diagnostic, Diagnostics, Span};
use platoform_schema::Mode;

use super::definition::Definition;
use super::provider::normalized;
use crate::ProviderSource;

/// Checks the names that stand for providers without being required.
pub(super) fn check(definition: &Definition, found: &mut Diagnostics) {
    for (local, required) in &definition.requirements {
        let name = required.source.name();
        let mut blocks = definition.providers.keys();
        if **local != *name
            && required.source == ProviderSource::implied(name)
            && blocks.any(|(other, _)| **other == *name)
        {
            found.push(duplicate(&required.source, local, required.value));
        }
    }
    let resources = definition.resources.values();
    // Without `provider` the place of the name is that of the kind.
    let implied = resources.filter(|resource| {
        resource.id.mode != Mode::Ephemeral && resource.provider.span == resource.kind_span
    });
    for resource in implied {
        let name = &resource.provider.name;
        if normalized(name).is_none() {
            let detail = format!("`{name}` cannot be the local name of a provider");
            found
                .push(Diagnostic::error("Invalid provider local name", detail).at(resource.header));
            continue;
        }
        if definition.requirements.contains_key(name) {
            continue;
        }
        let source = ProviderSource::implied(name);
        let other = definition.requirements.iter().find(|(_, other)| other.source == source);
        if let Some((local, _)) = other {
            found.push(duplicate(&source, local, resource.header));
        }
    }
}

fn duplicate(source: &ProviderSource, local: &str, at: Span) -> Diagnostic {
    let detail = format!("The provider `{source}` is already known as `{local}`");
    Diagnostic::warning("Duplicate required provider", detail).at(at)
}
