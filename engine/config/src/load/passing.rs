//! Provider configurations that calls pass to modules.

use std::collections::{BTreeMap, BTreeSet};

use platoform_diagnostic::{Diagnostic, Diagnostics, Sources, Span};

use super::definition::{CallDefinition, Definition, ProviderReference};
use super::instantiate::Frame;
use crate::{ProviderName, ProviderSource};

/// Where providers come from that nothing more is said about.
const OFFICIAL: &str = "registry.terraform.io/hashicorp/";

/// Checks what is passed in all calls. What names stand for counts only where all modules are
/// `whole`.
pub(super) fn check(frames: &[Frame], sources: &Sources, whole: bool) -> Diagnostics {
    let mut found = Diagnostics::default();
    for frame in frames {
        let definition = &frame.definition;
        let call = frame.block().zip(frame.parent);
        let call = call.map(|(call, caller)| (call, &*frames[caller.0 as usize].definition));
        upwards(definition, call.map(|(call, _)| call), &mut found);
        let Some((call, caller)) = call else { continue };
        let callee = Callee { caller, call, definition, own: Own::of(definition), sources, whole };
        callee.check(repeated(frames, frame), &mut found);
    }
    found
}

/// Where `count`, `for_each` or `depends_on` is set around a module, nearest first.
fn repeated<'a>(frames: &'a [Frame], mut frame: &'a Frame) -> Option<Span> {
    loop {
        if let Some(at) = frame.block()?.repeated {
            return Some(at);
        }
        frame = &frames[frame.parent?.0 as usize];
    }
}

/// The `provider` blocks of a module.
struct Own<'a> {
    /// Those that say something.
    configured: BTreeSet<&'a ProviderName>,
    /// Those that say nothing, with their headers.
    empty: BTreeMap<&'a ProviderName, Span>,
}

impl<'a> Own<'a> {
    fn of(definition: &'a Definition) -> Self {
        let (mut configured, mut empty) = (BTreeSet::new(), BTreeMap::new());
        for (name, block) in &definition.providers {
            if is_empty(&block.body) {
                empty.insert(name, block.header);
            } else {
                configured.insert(name);
            }
        }
        Self { configured, empty }
    }
}

fn is_empty(body: &platoform_lang::Body) -> bool {
    body.blocks.is_empty() && body.attributes.iter().all(|found| &*found.name.name == "alias")
}

/// Checks that what a module passes on is known in it.
fn upwards(definition: &Definition, call: Option<&CallDefinition>, found: &mut Diagnostics) {
    let own = Own::of(definition);
    let passed = definition.calls.values().flat_map(|call| &call.providers);
    for (_, outside) in passed.filter(|(_, outside)| outside.alias.is_none()) {
        let key = outside.key();
        let configured = own.configured.contains(&key);
        if !configured && !definition.requirements.contains_key(&outside.name) {
            found.push(undefined(&outside.name, outside.span));
            continue;
        }
        let Some(call) = call else { continue };
        if !configured && !call.providers.iter().any(|(inside, _)| inside.key() == key) {
            let detail = format!("The module needs a configuration of the provider `{outside}`");
            found.push(
                Diagnostic::warning("Missing required provider configuration", detail)
                    .at(call.header)
                    .help(format!("pass it: `providers = {{ {outside} = … }}`")),
            );
        }
    }
}

/// A module that is called.
struct Callee<'a> {
    caller: &'a Definition,
    call: &'a CallDefinition,
    definition: &'a Definition,
    own: Own<'a>,
    sources: &'a Sources,
    whole: bool,
}

impl Callee<'_> {
    fn check(&self, repeated: Option<Span>, found: &mut Diagnostics) {
        if let Some(at) = repeated.filter(|_| !self.own.configured.is_empty()) {
            found.push(incompatible(at));
        }
        for (inside, outside) in &self.call.providers {
            if self.own.configured.contains(&inside.key()) {
                let detail = format!("The module has a configuration of `{inside}` of its own");
                found.push(
                    Diagnostic::error("Cannot override provider configuration", detail)
                        .at(inside.span),
                );
            }
            self.passed(inside, outside, found);
        }
        let passed =
            |alias: &ProviderName| self.call.providers.iter().any(|(own, _)| own.key() == *alias);
        for alias in &self.definition.aliases {
            if !self.own.configured.contains(alias) && !passed(alias) {
                found.push(missing(alias, self.call.header));
            }
        }
        self.redundant(found);
    }

    /// Checks that a configuration which is passed can be used.
    fn passed(
        &self,
        inside: &ProviderReference,
        outside: &ProviderReference,
        found: &mut Diagnostics,
    ) {
        let key = inside.key();
        let (definition, name) = (self.definition, &inside.name);
        let required = definition.requirements.get(name);
        let told = key.1.is_none() || definition.aliases.contains(&key) || self.whole;
        let wanted = required.filter(|_| told).map(|required| required.source.clone());
        let wanted = wanted.unwrap_or_else(|| official(name));
        let declared = required.is_some() && key.1.is_none()
            || definition.aliases.contains(&key)
            || self.own.empty.contains_key(&key);
        if !declared && wanted.0.starts_with(OFFICIAL) {
            found.push(undefined(name, inside.span));
        } else if !declared {
            let detail = format!("The module does not declare `{inside}`");
            found.push(
                Diagnostic::error("Reference to undefined provider", detail)
                    .at(inside.span)
                    .help("list it in the module's `configuration_aliases`"),
            );
        }
        let given = self.given(inside, outside);
        if given == wanted {
            return;
        }
        let detail = format!(
            "`{outside}` is a configuration of another provider than what the module calls \
             `{inside}`"
        );
        let error = Diagnostic::error("Provider type mismatch", detail);
        let other = definition.requirements.iter().find(|(_, other)| other.source == given);
        found.push(match other {
            Some((other, _)) => {
                error.at(inside.span).help(format!("the module calls that provider `{other}`"))
            }
            None => error.at(outside.span),
        });
    }

    /// The provider whose configuration is passed. What the caller calls by the callee's name counts
    /// more than what it passes.
    fn given(&self, inside: &ProviderReference, outside: &ProviderReference) -> ProviderSource {
        let requirements = &self.caller.requirements;
        let same = requirements.get(&inside.name).filter(|_| inside.alias.is_none());
        let passed = || requirements.get(&outside.name).filter(|_| self.whole);
        let known = same.or_else(passed).map(|required| required.source.clone());
        known.unwrap_or_else(|| official(&outside.name))
    }

    /// Reports `provider` blocks that say nothing, the first of each provider.
    fn redundant(&self, found: &mut Diagnostics) {
        let mut first: BTreeMap<&str, Span> = BTreeMap::new();
        for ((name, _), header) in &self.own.empty {
            let known = first.entry(name).or_insert(*header);
            // From the reference: places are compared as texts.
            if self.sources.range(*header) < self.sources.range(*known) {
                *known = *header;
            }
        }
        for header in first.into_values() {
            found.push(
                Diagnostic::warning(
                    "Redundant empty provider block",
                    "A module says which providers it needs in `required_providers`; a \
                     `provider` block is for their configuration",
                )
                .at(header),
            );
        }
    }
}

fn incompatible(at: Span) -> Diagnostic {
    Diagnostic::error(
        "Module is incompatible with count, for_each, and depends_on",
        "The module configures providers itself, so it can be called only once and on its own",
    )
    .at(at)
    .help("configure the provider here, and pass it in `providers`")
}

fn missing(alias: &ProviderName, header: Span) -> Diagnostic {
    let dot = if alias.1.is_some() { "." } else { "" };
    let alias = format!("{}{dot}{}", alias.0, alias.1.as_deref().unwrap_or_default());
    let detail = format!("The module needs the provider configuration `{alias}`");
    Diagnostic::error("Missing required provider configuration", detail)
        .at(header)
        .help(format!("pass it: `providers = {{ {alias} = … }}`"))
}

fn undefined(name: &str, at: Span) -> Diagnostic {
    let source = official(name);
    Diagnostic::warning(
        "Reference to undefined provider",
        format!("Nothing says which provider `{name}` is here; it is taken for `{source}`"),
    )
    .at(at)
    .help("say so in `required_providers`")
}

/// The provider that a name stands for where one is passed: without an entry in
/// `required_providers`, even `terraform` is no builtin one here.
fn official(name: &str) -> ProviderSource {
    ProviderSource(format!("{OFFICIAL}{name}").into())
}
