//! Provider configurations that calls pass to modules.

use platoform_diagnostic::{Diagnostic, Diagnostics, Span};

use super::definition::{CallDefinition, Definition, ProviderReference};
use super::instantiate::Frame;
use crate::{Module, ProviderName, ProviderSource};

/// Checks what is passed in all calls.
pub(super) fn check(modules: &[Module], frames: &[Frame]) -> Diagnostics {
    let mut found = Diagnostics::default();
    for (module, frame) in modules.iter().zip(frames) {
        for (name, call) in &frame.definition.calls {
            let Some(made) = module.calls.get(name) else { continue };
            let Some(callee) = frames.get(made.module.0 as usize) else { continue };
            let between = Between { caller: &frame.definition, call, callee: &callee.definition };
            between.check(&mut found);
            if call.repeated.is_some() && configures(modules, frames, made.module.0 as usize) {
                found.push(incompatible(call));
            }
        }
    }
    found
}

/// Whether a module, or one that it calls, has a `provider` block that says something.
fn configures(modules: &[Module], frames: &[Frame], index: usize) -> bool {
    let own = frames.get(index).is_some_and(|frame| has_configuration(&frame.definition));
    let calls = modules.get(index).into_iter().flat_map(|module| module.calls.values());
    own || calls.into_iter().any(|call| configures(modules, frames, call.module.0 as usize))
}

fn has_configuration(definition: &Definition) -> bool {
    definition.providers.values().any(|provider| !is_empty(&provider.body))
}

fn is_empty(body: &platoform_lang::Body) -> bool {
    body.blocks.is_empty() && body.attributes.iter().all(|found| &*found.name.name == "alias")
}

fn incompatible(call: &CallDefinition) -> Diagnostic {
    let error = Diagnostic::error(
        "Module is incompatible with count, for_each, and depends_on",
        "The module configures providers itself, so it can be called only once and on its own",
    )
    .help("configure the provider here, and pass it in `providers`");
    error.at_default(call.repeated)
}

/// A call between two modules.
struct Between<'a> {
    caller: &'a Definition,
    call: &'a CallDefinition,
    callee: &'a Definition,
}

impl Between<'_> {
    fn check(&self, found: &mut Diagnostics) {
        for (inside, outside) in &self.call.providers {
            let own = self.callee.providers.get(&inside.key());
            if own.is_some_and(|own| !is_empty(&own.body)) {
                let detail = format!("The module has a configuration of `{inside}` of its own");
                found.push(
                    Diagnostic::error("Cannot override provider configuration", detail)
                        .at(inside.span),
                );
            }
            let known = self.inside(inside, found);
            self.outside(outside, found);
            if known && source(self.callee, &inside.name) != source(self.caller, &outside.name) {
                let detail = format!(
                    "`{outside}` is a configuration of another provider than what the module \
                     calls `{inside}`"
                );
                found.push(Diagnostic::error("Provider type mismatch", detail).at(outside.span));
            }
        }
        for (name, block) in &self.callee.providers {
            if is_empty(&block.body) && !self.callee.aliases.contains(name) {
                found.push(
                    Diagnostic::warning(
                        "Redundant empty provider block",
                        "A module says which providers it needs in `required_providers`; a \
                         `provider` block is for their configuration",
                    )
                    .at(block.header),
                );
            }
        }
        let passed =
            |alias: &&ProviderName| self.call.providers.iter().any(|(own, _)| own.key() == **alias);
        for alias in self.callee.aliases.iter().filter(|alias| !passed(alias)) {
            let alias = format!("{}.{}", alias.0, alias.1.as_deref().unwrap_or_default());
            let detail = format!("The module needs the provider configuration `{alias}`");
            found.push(
                Diagnostic::error("Missing required provider configuration", detail)
                    .at(self.call.header)
                    .help(format!("pass it: `providers = {{ {alias} = … }}`")),
            );
        }
    }

    /// Checks the name of a configuration in the callee; says whether it is declared there.
    fn inside(&self, inside: &ProviderReference, found: &mut Diagnostics) -> bool {
        let key = inside.key();
        if self.callee.aliases.contains(&key) {
            return true;
        }
        if inside.alias.is_some() {
            let detail = format!("The module does not declare `{inside}`");
            found.push(
                Diagnostic::error("Reference to undefined provider", detail)
                    .at(inside.span)
                    .help("list it in the module's `configuration_aliases`"),
            );
            return true;
        }
        let required = self.callee.requirements.contains_key(&inside.name);
        if !required {
            found.push(undefined(&inside.name, inside.span));
        }
        required
    }

    fn outside(&self, outside: &ProviderReference, found: &mut Diagnostics) {
        let requirements = &self.caller.requirements;
        if outside.alias.is_none() && !requirements.contains_key(&outside.name) {
            found.push(undefined(&outside.name, outside.span));
        }
    }
}

fn undefined(name: &str, at: Span) -> Diagnostic {
    let source = default_source(name);
    Diagnostic::warning(
        "Reference to undefined provider",
        format!("Nothing says which provider `{name}` is here; it is taken for `{source}`"),
    )
    .at(at)
    .help("say so in `required_providers`")
}

/// The provider that a name stands for where one is passed: without an entry in
/// `required_providers`, even `terraform` is no builtin one here.
fn source(definition: &Definition, name: &str) -> ProviderSource {
    let required = definition.requirements.get(name);
    required.map_or_else(|| default_source(name), |found| found.source.clone())
}

fn default_source(name: &str) -> ProviderSource {
    ProviderSource(format!("registry.terraform.io/hashicorp/{name}").into())
}
