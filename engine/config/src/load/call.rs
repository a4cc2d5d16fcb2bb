//! `module` blocks.

use std::collections::btree_map::Entry;
use std::sync::Arc;

use platoform_diagnostic::{Diagnostic, Diagnostics};
use platoform_lang::tree::{Attribute, Block, ExpressionKind, Ident, ObjectKey};

use super::definition::{Addressed, CallDefinition, Definition, ProviderReference};
use super::fields::{Fields, Shape, check_name, escape, labels, only_one};
use super::place::{Written, locate};
use super::{constant, provider, repetition, settings};

const SHAPE: Shape = Shape {
    required: &["source"],
    optional: &["version", "count", "for_each", "depends_on", "providers"],
    blocks: &["lifecycle", "locals", "provider", "_"],
    open: true,
};

/// Adds a `module` block.
pub(super) fn declare(block: &Block, definition: &mut Definition, diagnostics: &mut Diagnostics) {
    let Some([label]) = labels(block, &["name"], diagnostics) else { return };
    check_name("module instance name", label, diagnostics);
    let read = if definition.overriding { Fields::partial } else { Fields::read };
    let fields = read(&block.body, &SHAPE, diagnostics);
    let mut inputs: Vec<&Attribute> = fields.other_attributes.clone();
    let mut blocks: Vec<Ident> =
        fields.other_blocks.iter().map(|other| other.kind.clone()).collect();
    let mut repetition = repetition::repetition(&fields, diagnostics);
    let (mut escaped, mut lifecycle) = (None, None);
    for inner in &fields.blocks {
        match &*inner.kind.name {
            "_" => {
                if escape(&mut escaped, inner, diagnostics) {
                    inputs.extend(&inner.body.attributes);
                    blocks.extend(inner.body.blocks.iter().map(|other| other.kind.clone()));
                }
            }
            "lifecycle" if is_enabled(inner) => {
                if only_one(&mut lifecycle, inner, diagnostics)
                    && let Some(attribute) = inner.body.attributes.first()
                {
                    repetition = repetition::enabled(repetition, attribute, diagnostics);
                }
            }
            "provider" if labels(inner, &["type"], diagnostics).is_none() => {}
            kind => diagnostics.push(
                Diagnostic::error(
                    "Reserved block type name in module block",
                    format!("The block type `{kind}` is reserved in `module` blocks"),
                )
                .at(inner.kind.span),
            ),
        }
    }
    let source = source(&fields, diagnostics);
    let depends_on = repetition::references(fields.get("depends_on"), diagnostics);
    let providers = providers(&fields, diagnostics);
    match definition.called.entry(label.text.clone()) {
        Entry::Vacant(vacant) => _ = vacant.insert(block.header),
        Entry::Occupied(first) => {
            let detail = format!("There is already a module call named `{}` here", label.text);
            diagnostics.push(
                Diagnostic::error("Duplicate module call", detail)
                    .at(block.header)
                    .label(*first.get(), "the first one is here"),
            );
            return;
        }
    }
    let Some((written, addressed)) = source else { return };
    let call = CallDefinition {
        name: Ident { name: label.text.clone(), span: label.span },
        addressed,
        written,
        repetition,
        inputs: inputs
            .into_iter()
            .map(|input| {
                let name = &input.name;
                (name.name.clone(), (name.clone(), input.expression.clone()))
            })
            .collect(),
        blocks,
        repeated: ["count", "for_each"]
            .iter()
            .find_map(|name| Some(fields.get(name)?.expression.span))
            .or_else(|| depends_on.first().map(|first| first.span)),
        depends_on,
        providers,
        header: block.header,
        body: block.body.span,
    };
    definition.calls.insert(label.text.clone(), call);
}

/// Whether a `lifecycle` block of a module call says `enabled` and nothing else.
fn is_enabled(block: &Block) -> bool {
    matches!(block.body.attributes.as_slice(), [only] if &*only.name.name == "enabled")
        && block.body.blocks.is_empty()
        && block.labels.is_empty()
}

/// What a call asks for; no address where that depends on variables.
fn source(
    fields: &Fields<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<(Written, Option<Addressed>)> {
    let (source, version) = (fields.get("source"), fields.get("version"));
    let Some(source) = source else {
        let version = version.filter(|version| !refers(version));
        version.and_then(|version| settings::constraint(&version.expression, diagnostics));
        return None;
    };
    let written = Written {
        source: source.expression.clone(),
        version: version.map(|version| version.expression.clone()),
    };
    if refers(source) || version.is_some_and(refers) {
        return Some((written, None));
    }
    let before = diagnostics.len();
    let constraint = version
        .and_then(|version| settings::constraint(&version.expression, diagnostics))
        .map(|(_, constraint)| constraint);
    let text = constant::text(source, diagnostics)?;
    let source = locate(&text, version.is_some(), source.expression.span);
    let source = diagnostics.take(source).filter(|_| !diagnostics.has_errors_after(before))?;
    Some((written, Some(Addressed { source, constraint })))
}

fn refers(attribute: &Attribute) -> bool {
    !constant::is_constant(&attribute.expression)
}

/// Reads `providers = { HERE = THERE, … }`.
fn providers(
    fields: &Fields<'_>,
    diagnostics: &mut Diagnostics,
) -> Vec<(ProviderReference, ProviderReference)> {
    let Some(attribute) = fields.get("providers") else { return Vec::new() };
    let ExpressionKind::Object(items) = &attribute.expression.kind else {
        diagnostics.push(
            Diagnostic::error("Invalid expression", "A map in braces is required here")
                .at(attribute.expression.start()),
        );
        return Vec::new();
    };
    let mut found: Vec<(ProviderReference, ProviderReference)> = Vec::new();
    for (key, value) in items {
        let inside = match key {
            ObjectKey::Name(name) => {
                Some(ProviderReference { name: name.name.clone(), alias: None, span: name.span })
            }
            ObjectKey::Property(key) | ObjectKey::Expression(key) => {
                provider::reference("providers", &Arc::new((**key).clone()), diagnostics)
            }
        };
        let outside = provider::reference("providers", &Arc::new(value.clone()), diagnostics);
        let (Some(inside), Some(outside)) = (inside, outside) else { continue };
        if let Some((first, _)) = found.iter().find(|(other, _)| other.key() == inside.key()) {
            diagnostics.push(
                Diagnostic::error(
                    "Duplicate provider address",
                    format!("A configuration was already passed to `{inside}`"),
                )
                .at(value.span)
                .label(first.span, "the first one is here"),
            );
            continue;
        }
        found.push((inside, outside));
    }
    found
}
