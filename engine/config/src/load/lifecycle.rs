//! `lifecycle` blocks.

use std::sync::Arc;

use platoform_diagnostic::{Diagnostic, Diagnostics};
use platoform_lang::tree::{Attribute, Block, Expression, ExpressionKind, Step as SourceStep};
use platoform_schema::{Mode, Schema};
use platoform_value::{Path, Step, Type};

use super::fields::{Fields, Shape};
use super::value::condition;
use super::{constant, repetition};
use crate::reference::{Referent, Subject};
use crate::{Condition, IgnoreChanges, Lifecycle, Repetition, ResourceId};

const SHAPE: Shape = Shape {
    required: &[],
    optional: &[
        "create_before_destroy",
        "prevent_destroy",
        "ignore_changes",
        "replace_triggered_by",
        "enabled",
    ],
    blocks: &["precondition", "postcondition"],
    open: false,
};

/// Decodes a `lifecycle` block; `schema` is that of the kind, if it is known.
pub(super) fn decode(
    block: &Block,
    id: &ResourceId,
    schema: Option<&Schema>,
    repetition: &mut Repetition,
    diagnostics: &mut Diagnostics,
) -> Lifecycle {
    let mode = id.mode;
    let fields = Fields::read(&block.body, &SHAPE, diagnostics);
    let mut lifecycle = Lifecycle::default();
    if let Some(enabled) = fields.get("enabled") {
        *repetition = repetition::enabled(std::mem::take(repetition), enabled, diagnostics);
    }
    if mode == Mode::Managed {
        managed(&fields, schema, &mut lifecycle, diagnostics);
    } else {
        refuse_managed(&fields, diagnostics);
    }
    for inner in &fields.blocks {
        super::fields::no_labels(inner, diagnostics);
        let Some(condition) = condition(inner, diagnostics) else { continue };
        refuse_itself(id, inner, &condition, diagnostics);
        if &*inner.kind.name == "precondition" {
            lifecycle.preconditions.push(condition);
        } else {
            lifecycle.postconditions.push(condition);
        }
    }
    lifecycle
}

/// Reports conditions that name the resource they belong to.
fn refuse_itself(
    id: &ResourceId,
    block: &Block,
    condition: &Condition,
    diagnostics: &mut Diagnostics,
) {
    for expression in [&condition.condition, &condition.message] {
        expression.references(&mut |reference| {
            let referent = Referent::of(&reference);
            if !matches!(referent, Ok(Referent { subject: Subject::Resource(other), .. }) if other == *id)
            {
                return;
            }
            let kind = &block.kind.name;
            let mut error = Diagnostic::error(
                format!("Invalid reference in {kind}"),
                format!("The configuration of `{id}` may not refer to itself by its name"),
            )
            .at(reference.span);
            if &**kind == "postcondition" {
                error = error.help("write `self`");
            }
            diagnostics.push(error);
        });
    }
}

fn managed(
    fields: &Fields<'_>,
    schema: Option<&Schema>,
    lifecycle: &mut Lifecycle,
    diagnostics: &mut Diagnostics,
) {
    if let Some(attribute) = fields.get("create_before_destroy") {
        lifecycle.create_before_destroy =
            constant::boolean(attribute, diagnostics).unwrap_or(false);
    }
    lifecycle.prevent_destroy =
        fields.get("prevent_destroy").map(|attribute| attribute.expression.clone());
    if let Some(attribute) = fields.get("ignore_changes") {
        lifecycle.ignore_changes = ignore_changes(attribute, schema, diagnostics);
    }
    if let Some(attribute) = fields.get("replace_triggered_by") {
        lifecycle.replace_triggered_by = replace_triggered_by(attribute, diagnostics);
    }
}

fn refuse_managed(fields: &Fields<'_>, diagnostics: &mut Diagnostics) {
    for name in SHAPE.optional.iter().filter(|name| **name != "enabled") {
        if let Some(attribute) = fields.get(name) {
            diagnostics.push(
                Diagnostic::error(
                    "Invalid data resource lifecycle argument",
                    format!("`{name}` is for what is made and destroyed, not for data sources"),
                )
                .at(attribute.name.span),
            );
        }
    }
}

fn ignore_changes(
    attribute: &Attribute,
    schema: Option<&Schema>,
    diagnostics: &mut Diagnostics,
) -> IgnoreChanges {
    if let ExpressionKind::Traversal(name, steps) = &attribute.expression.kind
        && &*name.name == "all"
        && steps.is_empty()
    {
        return IgnoreChanges::Everything;
    }
    let mut paths = Vec::new();
    for item in repetition::list(attribute, diagnostics) {
        let path = path(&item, schema);
        if let Some(path) = diagnostics.take(path) {
            paths.push((path, item.span));
        }
    }
    if paths.is_empty() { IgnoreChanges::Nothing } else { IgnoreChanges::Paths(paths) }
}

/// The path that an element of `ignore_changes` names.
fn path(item: &Expression, schema: Option<&Schema>) -> Result<Path, Diagnostic> {
    let (name, steps) = match &item.kind {
        ExpressionKind::Traversal(name, steps) => (name.name.clone(), steps.as_slice()),
        ExpressionKind::Literal(value) if value.as_str() == Some("*") => {
            let detail = "The form `[\"*\"]` is no longer valid";
            return Err(Diagnostic::error("Invalid ignore_changes wildcard", detail)
                .at(item.span)
                .help("write `ignore_changes = all`"));
        }
        // The form of old: a name in quotes.
        ExpressionKind::Literal(value) => match value.as_str() {
            Some(text) if crate::address::is_identifier(text) => (Arc::from(text), &[][..]),
            _ => return Err(repetition::not_a_reference(item)),
        },
        _ => return Err(repetition::not_a_reference(item)),
    };
    let mut kind = None;
    if let Some(schema) = schema {
        let block = &schema.block;
        let attribute = block.attributes.get(&name).map(platoform_schema::Attribute::implied_type);
        let nested = || block.blocks.get(&name).map(platoform_schema::NestedBlock::implied_type);
        kind = attribute.or_else(nested);
        if kind.is_none() {
            let detail = format!("There is no argument or nested block named `{name}`");
            return Err(Diagnostic::error("Unsupported attribute", detail).at(item.span));
        }
    }
    let mut path = Path::attribute(name);
    for step in steps {
        let next =
            path_step(step, kind.as_ref()).ok_or_else(|| repetition::not_a_reference(item))?;
        kind = kind.and_then(|kind| part_of(&kind, &next));
        path.0.push(next);
    }
    Ok(path)
}

/// A step as it is in a path: what `.x` and `["x"]` mean depends on what they are applied to.
fn path_step(step: &SourceStep, kind: Option<&Type>) -> Option<Step> {
    let named = |name: Arc<str>| match kind {
        Some(Type::Map(_)) => Step::Key(name),
        _ => Step::Attribute(name),
    };
    match step {
        SourceStep::Attribute(name) => Some(named(name.name.clone())),
        SourceStep::Index(key, _) => {
            let ExpressionKind::Literal(value) = &key.kind else { return None };
            match value.as_str() {
                Some(text) if matches!(kind, Some(Type::Object(_))) => {
                    Some(Step::Attribute(text.into()))
                }
                Some(text) => Some(Step::Key(text.into())),
                None => Some(Step::Index(usize::try_from(value.as_i64()?).ok()?)),
            }
        }
        SourceStep::Splat(..) => None,
    }
}

fn part_of(kind: &Type, step: &Step) -> Option<Type> {
    match (kind, step) {
        (Type::Object(object), Step::Attribute(name)) => object.attributes.get(name).cloned(),
        (Type::Tuple(items), Step::Index(index)) => items.get(*index).cloned(),
        _ => kind.element().cloned(),
    }
}

fn replace_triggered_by(
    attribute: &Attribute,
    diagnostics: &mut Diagnostics,
) -> Vec<Arc<Expression>> {
    let mut items = repetition::references(Some(attribute), diagnostics);
    items.retain(|item| {
        let ExpressionKind::Traversal(root, steps) = &item.kind else { return false };
        let reference = platoform_lang::tree::Reference { root, steps, span: item.span };
        match Referent::of(&reference) {
            Ok(Referent { subject: Subject::Resource(id), .. }) if id.mode == Mode::Managed => true,
            Ok(_) => {
                diagnostics.push(
                    Diagnostic::error(
                        "Invalid reference in replace_triggered_by expression",
                        "Only resources can be named in `replace_triggered_by`",
                    )
                    .at(item.span),
                );
                false
            }
            Err(error) => {
                diagnostics.push(error);
                false
            }
        }
    });
    items
}
