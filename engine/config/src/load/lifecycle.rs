//! `lifecycle` blocks.

use std::sync::Arc;

use platoform_diagnostic::{Diagnostic, Diagnostics};
use platoform_lang::tree::{Attribute, Block, Expression, ExpressionKind, Step as SourceStep};
use platoform_schema::{Mode, Schema};
use platoform_value::{Path, Step, Type};

use super::fields::{Fields, Shape, no_labels};
use super::traversal::{self, Traversal};
use super::value::Rule;
use super::{constant, repetition};
use crate::reference::{Referent, Subject};
use crate::{IgnoreChanges, Lifecycle, Repetition, ResourceId};

const SHAPE: Shape = Shape {
    required: &[],
    optional: &[
        "create_before_destroy",
        "prevent_destroy",
        "destroy",
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
        refuse_managed(mode, &fields, diagnostics);
    }
    for inner in &fields.blocks {
        if !no_labels(inner, diagnostics) {
            continue;
        }
        let rule = Rule::read(inner, diagnostics);
        refuse_itself(id, inner, &rule, diagnostics);
        let Some(condition) = rule.condition() else { continue };
        if &*inner.kind.name == "precondition" {
            lifecycle.preconditions.push(condition);
        } else {
            lifecycle.postconditions.push(condition);
        }
    }
    lifecycle
}

/// Reports conditions that name the resource they belong to.
fn refuse_itself(id: &ResourceId, block: &Block, rule: &Rule, diagnostics: &mut Diagnostics) {
    for expression in rule.expressions() {
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
            .at(expression.span);
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
    if let Some(attribute) = fields.get("destroy") {
        lifecycle.retain = constant::boolean(attribute, diagnostics) == Some(false);
    }
    lifecycle.prevent_destroy = fields.get("prevent_destroy").map(|attribute| {
        if constant::is_constant(&attribute.expression) {
            constant::boolean(attribute, diagnostics);
        }
        attribute.expression.clone()
    });
    if let Some(attribute) = fields.get("ignore_changes") {
        lifecycle.ignore_changes = ignore_changes(attribute, schema, diagnostics);
    }
    if let Some(attribute) = fields.get("replace_triggered_by") {
        lifecycle.replace_triggered_by = replace_triggered_by(attribute, diagnostics);
    }
}

fn refuse_managed(mode: Mode, fields: &Fields<'_>, diagnostics: &mut Diagnostics) {
    let (what, whom) = match mode {
        Mode::Ephemeral => ("ephemeral", "ephemeral resources"),
        _ => ("data", "data sources"),
    };
    for name in SHAPE.optional.iter().filter(|name| **name != "enabled") {
        if let Some(attribute) = fields.get(name) {
            diagnostics.push(
                Diagnostic::error(
                    format!("Invalid {what} resource lifecycle argument"),
                    format!("`{name}` is for what is made and destroyed, not for {whom}"),
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
    let items = repetition::list(attribute, diagnostics);
    let wildcard = |item: &Expression| matches!(&item.kind, ExpressionKind::Literal(value) if value.as_str() == Some("*"));
    let mut paths = Vec::new();
    for item in &items {
        if wildcard(item) {
            let detail = "The form `[\"*\"]` is no longer valid";
            diagnostics.push(
                Diagnostic::error("Invalid ignore_changes wildcard", detail)
                    .at(attribute.expression.span)
                    .help("write `ignore_changes = all`"),
            );
            continue;
        }
        let before = diagnostics.len();
        let item = traversal::unquoted(item, diagnostics);
        if diagnostics.iter().skip(before).any(Diagnostic::is_error) {
            continue;
        }
        match Traversal::of(&item) {
            Ok(traversal) => paths.push((path(traversal, schema), item)),
            Err(error) => diagnostics.push(error),
        }
    }
    if let Some(wildcard) = items.iter().find(|item| wildcard(item))
        && !paths.is_empty()
    {
        let detail = "The wildcard `\"*\"` cannot be mixed with names";
        diagnostics
            .push(Diagnostic::error("Invalid ignore_changes ruleset", detail).at(wildcard.span));
    }
    if paths.is_empty() { IgnoreChanges::Nothing } else { IgnoreChanges::Paths(paths) }
}

/// The path that an element of `ignore_changes` names.
fn path(traversal: Traversal<'_>, schema: Option<&Schema>) -> Path {
    let name = traversal.root.name.clone();
    let mut kind = schema.and_then(|schema| {
        let block = &schema.block;
        let attribute = block.attributes.get(&name).map(platoform_schema::Attribute::implied_type);
        let nested = || block.blocks.get(&name).map(platoform_schema::NestedBlock::implied_type);
        attribute.or_else(nested)
    });
    let mut path = Path::attribute(name);
    for step in traversal.steps {
        let Some(next) = path_step(step, kind.as_ref()) else { break };
        kind = kind.and_then(|kind| part_of(&kind, &next));
        path.0.push(next);
    }
    path
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

/// Reads references to resources; keys may be `count.index` and `each.key`, too.
fn replace_triggered_by(
    attribute: &Attribute,
    diagnostics: &mut Diagnostics,
) -> Vec<Arc<Expression>> {
    let mut items = repetition::list(attribute, diagnostics);
    items.retain(|item| !repetition::is_broken(item));
    // What is wrong with the first that is wrong is enough.
    for (index, item) in items.iter().enumerate() {
        let found = not_a_trigger(item);
        if found.has_errors() {
            diagnostics.extend(found);
            items.truncate(index);
            break;
        }
    }
    items
}

fn not_a_trigger(item: &Expression) -> Diagnostics {
    let mut found = Diagnostics::default();
    let (mut resources, mut malformed) = (0, false);
    item.references(&mut |reference| {
        let error = match Referent::of(&reference) {
            Ok(Referent { subject: Subject::Resource(_), .. }) => {
                resources += 1;
                None
            }
            Ok(Referent { subject: Subject::Count(name), .. }) => {
                (&*name.name != "index").then(|| {
                    Diagnostic::error(
                        "Invalid count reference in replace_triggered_by expression",
                        "Only `count.index` can be used in `replace_triggered_by`",
                    )
                    .at(item.span)
                })
            }
            Ok(Referent { subject: Subject::Each(name), .. }) => {
                (&*name.name != "key").then(|| {
                    Diagnostic::error(
                        "Invalid each reference in replace_triggered_by expression",
                        "Only `each.key` can be used in `replace_triggered_by`",
                    )
                    .at(item.span)
                })
            }
            Ok(_) => Some(only_resources(item.span)),
            Err(error) => {
                malformed = true;
                Some(error.at(item.span))
            }
        };
        found.extend(error);
    });
    if resources != 1 && !malformed {
        let detail = match resources {
            0 => "It names no resource",
            _ => "It names more than one resource",
        };
        found.push(
            Diagnostic::error("Invalid replace_triggered_by expression", detail).at(item.span),
        );
    }
    found
}

fn only_resources(span: platoform_diagnostic::Span) -> Diagnostic {
    Diagnostic::error(
        "Invalid reference in replace_triggered_by expression",
        "Only resources, `count.index` and `each.key` can be named in `replace_triggered_by`",
    )
    .at(span)
}
