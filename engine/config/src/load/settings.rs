//! `terraform` and `platoform` blocks.

use std::sync::Arc;

use platoform_diagnostic::{Diagnostic, Diagnostics, Span};
use platoform_lang::tree::{Attribute, Block, Expression, ExpressionKind, ObjectKey};

use super::constant;
use super::declare::not_supported;
use super::definition::Definition;
use super::fields::{Fields, Shape, labels, no_labels};
use super::version::{Constraint, LANGUAGE_LEVEL, Version};
use crate::content::unsupported_block;
use crate::{Backend, ProviderRequirement, ProviderSource};

const SHAPE: Shape = Shape {
    required: &[],
    optional: &["required_version", "experiments", "language"],
    blocks: &["required_providers", "backend", "cloud", "provider_meta"],
    open: false,
};

/// Takes in a `terraform` block.
pub(super) fn declare(block: &Block, definition: &mut Definition, diagnostics: &mut Diagnostics) {
    no_labels(block, diagnostics);
    let fields = Fields::read(&block.body, &SHAPE, diagnostics);
    if let Some(attribute) = fields.get("required_version") {
        required_version(attribute, diagnostics);
    }
    for name in ["experiments", "language"] {
        if let Some(attribute) = fields.get(name) {
            diagnostics.push(not_supported(&format!("`{name}`")).at(attribute.name.span));
        }
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
                no_labels(inner, diagnostics);
                backend(inner, &Arc::from("cloud"), definition, diagnostics);
            }
            _ => diagnostics.push(not_supported("`provider_meta` blocks").at(inner.header)),
        }
    }
}

fn required_version(attribute: &Attribute, diagnostics: &mut Diagnostics) {
    let Some(text) = constant::text(attribute, diagnostics) else { return };
    let Some(constraint) = Constraint::parse(&text) else {
        diagnostics.push(invalid_constraint(attribute.expression.span));
        return;
    };
    let level = Version::parse(LANGUAGE_LEVEL);
    if level.is_some_and(|level| !constraint.allows(&level)) {
        diagnostics.push(
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
    if let Some(first) = &definition.backend {
        diagnostics.push(
            Diagnostic::error(
                "Duplicate backend configuration",
                "A module may have only one backend configuration",
            )
            .at(block.header)
            .label(first.header, "the first one is here"),
        );
        return;
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
    no_labels(block, diagnostics);
    for inner in &block.body.blocks {
        diagnostics.push(unsupported_block(&inner.kind.name).at(inner.kind.span));
    }
    if !definition.requirements.is_empty() && !block.body.attributes.is_empty() {
        let first = definition.requirements.values().find_map(|requirement| requirement.span);
        let mut error = Diagnostic::error(
            "Duplicate required providers configuration",
            "A module may have only one `required_providers` block",
        )
        .at(block.header);
        if let Some(first) = first {
            error = error.label(first, "an entry of the first one is here");
        }
        diagnostics.push(error);
        return;
    }
    for attribute in &block.body.attributes {
        requirement(attribute, definition, diagnostics);
    }
}

fn requirement(attribute: &Attribute, definition: &mut Definition, diagnostics: &mut Diagnostics) {
    let name = attribute.name.name.clone();
    let mut requirement = ProviderRequirement {
        source: ProviderSource::implied(&name),
        version: None,
        span: Some(attribute.span),
    };
    match &attribute.expression.kind {
        ExpressionKind::Object(items) => {
            for (key, value) in items {
                entry(&name, key, value, &mut requirement, definition, diagnostics);
            }
        }
        // The form of old: just a version constraint.
        ExpressionKind::Literal(value) if value.as_str().is_some() => {
            requirement.version = version(&attribute.expression, diagnostics);
        }
        _ => diagnostics.push(
            Diagnostic::error(
                "Invalid required_providers object",
                "An entry of `required_providers` must be an object with `source` and `version`",
            )
            .at(attribute.expression.span),
        ),
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

fn entry(
    name: &Arc<str>,
    key: &ObjectKey,
    value: &Expression,
    requirement: &mut ProviderRequirement,
    definition: &mut Definition,
    diagnostics: &mut Diagnostics,
) {
    let (text, span) = match key {
        ObjectKey::Name(ident) => (Some(ident.name.clone()), ident.span),
        ObjectKey::Property(key) | ObjectKey::Expression(key) => (string(key), key.span),
    };
    match text.as_deref() {
        Some("source") => match string(value).as_deref().map(ProviderSource::parse) {
            Some(Some(source)) => requirement.source = source,
            Some(None) => diagnostics.push(
                Diagnostic::error(
                    "Invalid provider source string",
                    "A source has the form `[HOST/][NAMESPACE/]NAME`",
                )
                .at(value.span),
            ),
            None => diagnostics
                .push(Diagnostic::error("Invalid source", "A source must be text").at(value.span)),
        },
        Some("version") => requirement.version = version(value, diagnostics),
        Some("configuration_aliases") => aliases(name, value, definition, diagnostics),
        _ => diagnostics.push(
            Diagnostic::error(
                "Invalid required_providers object",
                "An entry of `required_providers` can have `version`, `source` and \
                 `configuration_aliases` only",
            )
            .at(span)
            .help("a provider is configured in a `provider` block"),
        ),
    }
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
        match super::provider::reference("configuration_aliases", item) {
            Ok(reference) if reference.name == *name => {
                definition.aliases.insert(reference.key());
            }
            _ => diagnostics.push(
                Diagnostic::error(
                    "Invalid configuration_aliases value",
                    format!("Each alias has the form `{name}.ALIAS`"),
                )
                .at(value.span),
            ),
        }
    }
}
