//! `terraform` and `platoform` blocks.

use std::sync::Arc;

use platoform_diagnostic::{Diagnostic, Diagnostics, Span};
use platoform_lang::tree::{Attribute, Block, Expression, ExpressionKind, ObjectKey, Step};
use platoform_value::{Type, convert};

use super::definition::Definition;
use super::fields::{Fields, Shape, labels, no_blocks, no_labels};
use super::traversal::{self, Traversal};
use super::version::{Constraint, LANGUAGE_LEVEL, Version};
use super::{constant, provider, repetition};
use crate::{Backend, ProviderRequirement, ProviderSource};

const SHAPE: Shape = Shape {
    required: &[],
    optional: &["required_version", "experiments", "language"],
    blocks: &["required_providers", "backend", "cloud", "provider_meta"],
    open: false,
};

/// Takes in a `terraform` block.
pub(super) fn declare(block: &Block, definition: &mut Definition, diagnostics: &mut Diagnostics) {
    if !no_labels(block, diagnostics) {
        return;
    }
    let fields = Fields::read(&block.body, &SHAPE, diagnostics);
    if let Some(attribute) = fields.get("required_version") {
        required_version(attribute, definition, diagnostics);
    }
    if let Some(attribute) = fields.get("experiments") {
        diagnostics.push(
            Diagnostic::error(
                "Module uses experimental features",
                "No experiments of the language can be taken part in",
            )
            .at(attribute.span),
        );
    }
    if let Some(attribute) = fields.get("language") {
        language(&attribute.expression, diagnostics);
    }
    for inner in &fields.blocks {
        match &*inner.kind.name {
            "required_providers" => required_providers(inner, definition, diagnostics),
            "backend" => {
                if let Some([kind]) = labels(inner, &["type"], diagnostics) {
                    backend(inner, &kind.text, definition, diagnostics);
                }
            }
            "cloud" => {
                if no_labels(inner, diagnostics) {
                    backend(inner, &Arc::from("cloud"), definition, diagnostics);
                }
            }
            _ => provider_meta(inner, definition, diagnostics),
        }
    }
}

/// The one edition of the language that there is.
const EDITION: &str = "TF2021";

fn language(expression: &Expression, diagnostics: &mut Diagnostics) {
    let error = match &expression.kind {
        ExpressionKind::Traversal(name, steps) if steps.is_empty() => {
            if &*name.name == EDITION {
                return;
            }
            let detail = format!("The only edition of the language is `{EDITION}`");
            Diagnostic::error("Unsupported language edition", detail)
        }
        _ => Diagnostic::error(
            "Invalid language edition",
            format!("`language` takes the name of an edition, which can only be `{EDITION}`"),
        ),
    };
    diagnostics.push(error.at(expression.span));
}

/// Takes in a `provider_meta` block: what is said in it is for providers that ask for it, and none
/// does.
fn provider_meta(block: &Block, definition: &mut Definition, diagnostics: &mut Diagnostics) {
    let Some([provider]) = labels(block, &["provider"], diagnostics) else { return };
    if !no_blocks(&block.body, diagnostics) {
        return;
    }
    for attribute in &block.body.attributes {
        diagnostics.extend(constant::value(&attribute.expression).err().into_iter().flatten());
    }
    if let Some(error) = provider::local_name(&provider.text) {
        return diagnostics.push(error.at(block.header));
    }
    if let Some(first) = definition.metadata.get(&provider.text) {
        let detail = format!("There is already such a block for the provider `{}`", provider.text);
        diagnostics.push(
            Diagnostic::error("Duplicate provider_meta block", detail)
                .at(block.header)
                .label(*first, "the first one is here"),
        );
        return;
    }
    definition.metadata.insert(provider.text.clone(), block.header);
}

fn required_version(
    attribute: &Attribute,
    definition: &mut Definition,
    diagnostics: &mut Diagnostics,
) {
    let Some((text, constraint)) = constraint(&attribute.expression, diagnostics) else { return };
    let level = Version::parse(LANGUAGE_LEVEL);
    if level.is_some_and(|level| !constraint.allows(&level)) {
        definition.versions.push(
            Diagnostic::error(
                "Unsupported Terraform Core version",
                format!(
                    "This configuration asks for `{text}`; this program stands for version \
                     {LANGUAGE_LEVEL} of the language"
                ),
            )
            .at(attribute.span),
        );
    }
}

/// Reads a version constraint; null is none.
pub(super) fn constraint(
    expression: &Expression,
    diagnostics: &mut Diagnostics,
) -> Option<(Arc<str>, Constraint)> {
    let value = match constant::value(expression) {
        Ok(value) => value,
        Err(errors) => {
            diagnostics.extend(errors);
            return None;
        }
    };
    if value.is_null() {
        return None;
    }
    let text = convert(&value, &Type::String).ok();
    let text: Option<Arc<str>> = text.and_then(|text| text.as_str().map(Arc::from));
    let found = text.and_then(|text| Some((text.clone(), Constraint::parse(&text)?)));
    if found.is_none() {
        diagnostics.push(invalid_constraint(expression.span));
    }
    found
}

pub(super) fn invalid_constraint(span: Span) -> Diagnostic {
    Diagnostic::error("Invalid version constraint", "This is not a version constraint")
        .at(span)
        .help("write it like `>= 1.5, < 2.0` or `~> 3.1`")
}

/// Keeps a `backend` or `cloud` block. Whether it can be used is decided for the root module only.
fn backend(
    block: &Block,
    kind: &Arc<str>,
    definition: &mut Definition,
    diagnostics: &mut Diagnostics,
) {
    let (same, summary) = if &**kind == "cloud" {
        (&mut definition.cloud, "Duplicate HCP Terraform configurations")
    } else {
        (&mut definition.kept, "Duplicate backend configuration")
    };
    let detail = "A module may have only one place to keep its state in";
    if let Some(first) = *same {
        let error = Diagnostic::error(summary, detail).at(block.header);
        return diagnostics.push(error.label(first, "the other one is here"));
    }
    *same = Some(block.header);
    if let (Some(kept), Some(cloud)) = (definition.kept, definition.cloud) {
        let summary = "Both a backend and cloud configuration are present";
        let error = Diagnostic::error(summary, detail).at(kept);
        return diagnostics.push(error.label(cloud, "the other one is here"));
    }
    let mut backend =
        Backend { kind: kind.clone(), path: None, workspace_directory: None, header: block.header };
    if &**kind == "local" {
        const LOCAL: Shape =
            Shape { required: &[], optional: &["path", "workspace_dir"], blocks: &[], open: false };
        let fields = Fields::read(&block.body, &LOCAL, diagnostics);
        let mut text = |name| constant::text(fields.get(name)?, diagnostics);
        backend.path = text("path");
        backend.workspace_directory = text("workspace_dir");
    }
    definition.backend = Some(backend);
}

/// The error for a root module that keeps its state where this program does not.
pub(super) fn check_backend(backend: &Backend) -> Option<Diagnostic> {
    (&*backend.kind != "local").then(|| {
        Diagnostic::error(
            "Unsupported backend",
            format!("State cannot be kept in the backend `{}`: it is kept locally", backend.kind),
        )
        .at(backend.header)
        .help(
            "remove this block; to take its state over, save it with `terraform state pull` first",
        )
    })
}

fn required_providers(block: &Block, definition: &mut Definition, diagnostics: &mut Diagnostics) {
    if !no_labels(block, diagnostics) {
        return;
    }
    if !no_blocks(&block.body, diagnostics) {
        return;
    }
    let mut entries = |definition: &mut Definition| {
        for attribute in &block.body.attributes {
            requirement(attribute, definition, diagnostics);
        }
    };
    let Some(first) = definition.required else {
        definition.required = Some(block.header);
        return entries(definition);
    };
    // It is still looked into.
    entries(&mut Definition::default());
    diagnostics.push(
        Diagnostic::error(
            "Duplicate required providers configuration",
            "A module may have only one `required_providers` block",
        )
        .at(block.header)
        .label(first, "the first one is here"),
    );
}

/// Reports a `required_providers` block outside of `terraform`.
pub(super) fn misplaced_requirements(block: &Block, diagnostics: &mut Diagnostics) {
    if no_labels(block, diagnostics) {
        let detail = "A `required_providers` block must be in a `terraform` block";
        diagnostics.push(
            Diagnostic::error("Invalid required_providers block", detail).at(block.kind.span),
        );
    }
}

fn requirement(attribute: &Attribute, definition: &mut Definition, diagnostics: &mut Diagnostics) {
    if repetition::is_broken(&attribute.expression) {
        return;
    }
    let name = attribute.name.name.clone();
    let at = attribute.expression.span;
    if let Some(error) = provider::local_name(&name) {
        return diagnostics.push(error.at(at));
    }
    let mut requirement = ProviderRequirement {
        source: ProviderSource::implied(&name),
        version: None,
        span: Some(attribute.span),
        value: at,
    };
    match &attribute.expression.kind {
        ExpressionKind::Object(items) => {
            // What comes after an entry that there is not is not looked at.
            for (key, value) in items {
                if !entry(&name, key, value, &mut requirement, definition, diagnostics) {
                    break;
                }
            }
        }
        // The form of old: just a version constraint.
        ExpressionKind::Literal(value) if value.as_str().is_some() => {
            requirement.version = version(&attribute.expression, diagnostics);
        }
        // A number will do for text.
        ExpressionKind::Literal(value) if !value.is_null() => {
            requirement.version =
                constraint(&attribute.expression, diagnostics).map(|(text, _)| (text, at));
        }
        _ => diagnostics.push(
            Diagnostic::error(
                "Invalid required_providers object",
                "An entry of `required_providers` must be an object with `source` and `version`",
            )
            .at(at),
        ),
    }
    let same = |(_, other): &(&Arc<str>, &ProviderRequirement)| other.source == requirement.source;
    if let Some((other, first)) = definition.requirements.iter().find(same) {
        let detail = format!("The provider `{}` is already known as `{other}`", requirement.source);
        let mut warning = Diagnostic::warning("Duplicate required provider", detail).at(at);
        if let Some(first) = first.span {
            warning = warning.label(first, "the first entry is here");
        }
        definition.warnings.push(warning);
    }
    definition.requirements.insert(name, requirement);
}

fn version(expression: &Expression, diagnostics: &mut Diagnostics) -> Option<(Arc<str>, Span)> {
    let span = expression.span;
    let text: Option<Arc<str>> = string(expression);
    let text = text.filter(|text| Constraint::parse(text).is_some());
    if text.is_none() {
        diagnostics.push(invalid_constraint(span));
    }
    Some((text?, span))
}

fn string(expression: &Expression) -> Option<Arc<str>> {
    let value = constant::value(expression).ok()?;
    value.as_str().map(Arc::from)
}

/// Takes in a part of an entry, and says whether there is such a part.
fn entry(
    name: &Arc<str>,
    key: &ObjectKey,
    value: &Expression,
    requirement: &mut ProviderRequirement,
    definition: &mut Definition,
    diagnostics: &mut Diagnostics,
) -> bool {
    let (text, span) = match key {
        ObjectKey::Name(ident) => (Some(ident.name.clone()), ident.span),
        ObjectKey::Property(key) | ObjectKey::Expression(key) => match constant::value(key) {
            Ok(value) => (value.as_str().map(Arc::from), key.span),
            Err(errors) => {
                diagnostics.extend(errors);
                return true;
            }
        },
    };
    match text.as_deref() {
        Some("source") => match string(value).as_deref().map(ProviderSource::parse) {
            Some(Ok(source)) => requirement.source = source,
            Some(Err(error)) => diagnostics.push(error.at(value.span)),
            None => diagnostics
                .push(Diagnostic::error("Invalid source", "A source must be text").at(value.span)),
        },
        Some("version") => requirement.version = version(value, diagnostics),
        Some("configuration_aliases") => aliases(name, value, definition, diagnostics),
        _ => {
            diagnostics.push(
                Diagnostic::error(
                    "Invalid required_providers object",
                    "An entry of `required_providers` can have `version`, `source` and \
                     `configuration_aliases` only",
                )
                .at(span)
                .help("a provider is configured in a `provider` block"),
            );
            return false;
        }
    }
    true
}

fn aliases(
    name: &Arc<str>,
    value: &Expression,
    definition: &mut Definition,
    diagnostics: &mut Diagnostics,
) {
    let items = if let ExpressionKind::Tuple(items) = &value.kind { items.as_slice() } else { &[] };
    if !matches!(value.kind, ExpressionKind::Tuple(_)) {
        diagnostics.push(
            Diagnostic::error("Invalid expression", "A list in brackets is required here")
                .at(value.span),
        );
    }
    for item in items {
        let item = traversal::named(&Arc::new(item.clone()));
        let key = match Traversal::of(&item) {
            Ok(Traversal { root, steps: [], .. }) => (root.name.clone(), None),
            // What follows the alias is not looked at.
            Ok(Traversal { root, steps: [Step::Attribute(alias), ..], .. }) => {
                (root.name.clone(), Some(alias.name.clone()))
            }
            Ok(_) => {
                diagnostics.push(wrong_alias(name, value.span));
                continue;
            }
            Err(error) => {
                diagnostics.push(error);
                continue;
            }
        };
        if key.0 == *name {
            definition.aliases.insert(key);
        } else {
            diagnostics.push(wrong_alias(name, value.span));
        }
    }
}

fn wrong_alias(name: &str, at: Span) -> Diagnostic {
    let detail = format!("Each alias has the form `{name}.ALIAS`");
    Diagnostic::error("Invalid configuration_aliases value", detail).at(at)
}
