//! `moved`, `removed` and `import` blocks.

use std::sync::Arc;

use platoform_diagnostic::{Diagnostic, Diagnostics, Span};
use platoform_lang::tree::{Attribute, Block, Expression, ExpressionKind, Ident, Step};
use platoform_schema::Mode;

use super::definition::Definition;
use super::endpoint::{self, Parts};
use super::fields::{Fields, Shape, no_labels, only_one};
use super::traversal::{self, Traversal};
use super::{constant, provider, provisioner};
use crate::{Import, Moved, Removed, Target, When};

const MOVED: Shape = Shape { required: &["from", "to"], optional: &[], blocks: &[], open: false };
const REMOVED: Shape = Shape {
    required: &["from"],
    optional: &[],
    blocks: &["lifecycle", "connection", "provisioner"],
    open: false,
};
const LIFECYCLE: Shape = Shape { required: &[], optional: &["destroy"], blocks: &[], open: false };
const IMPORT: Shape = Shape {
    required: &["id", "to"],
    optional: &["provider", "for_each"],
    blocks: &[],
    open: false,
};

/// Adds a `moved` block.
pub(super) fn moved(block: &Block, definition: &mut Definition, diagnostics: &mut Diagnostics) {
    if !no_labels(block, diagnostics) {
        return;
    }
    let before = diagnostics.len();
    let fields = Fields::read(&block.body, &MOVED, diagnostics);
    let mut read = |name| {
        let attribute = fields.get(name)?;
        let expression = traversal::named(&attribute.expression);
        let parts = Traversal::of(&expression).and_then(endpoint::parse);
        let parts = parts.and_then(Parts::unreserved).and_then(Parts::whole);
        Some((Target::from(diagnostics.take(parts)?), attribute.expression.span))
    };
    let (from, to) = (read("from"), read("to"));
    let (Some((from, from_span)), Some((to, to_span))) = (from, to) else { return };
    if diagnostics.has_errors_after(before) {
        return;
    }
    let is_module = |target: &Target| matches!(target, Target::Module(_));
    if is_module(&from) != is_module(&to) {
        diagnostics.push(
            Diagnostic::error(
                "Invalid \"moved\" addresses",
                "`from` and `to` must either both name resources or both name modules",
            )
            .at(block.header),
        );
        return;
    }
    definition.moved.push(Moved { from, from_span, to, to_span, header: block.header });
}

/// Adds a `removed` block.
pub(super) fn removed(block: &Block, definition: &mut Definition, diagnostics: &mut Diagnostics) {
    if !no_labels(block, diagnostics) {
        return;
    }
    let fields = Fields::read(&block.body, &REMOVED, diagnostics);
    let from = fields.get("from").and_then(|attribute| {
        let expression = traversal::named(&attribute.expression);
        let target = Traversal::of(&expression).and_then(removable);
        Some((diagnostics.take(target)?, attribute.expression.span))
    });
    let managed = matches!(from, Some((Target::Resource(_), _)));
    let (mut destroy, mut connected) = (true, None);
    let (mut connection, mut provisioners) = (None, Vec::new());
    for inner in &fields.blocks {
        match &*inner.kind.name {
            "lifecycle" => {
                if !no_labels(inner, diagnostics) {
                    continue;
                }
                let fields = Fields::read(&inner.body, &LIFECYCLE, diagnostics);
                if let Some(attribute) = fields.get("destroy") {
                    destroy = constant::boolean(attribute, diagnostics).unwrap_or(true);
                }
            }
            kind @ ("connection" | "provisioner") if !managed => diagnostics.push(
                Diagnostic::error(
                    format!("Invalid {kind} block"),
                    "A `removed` block runs something only where it names a resource",
                )
                .at(inner.header),
            ),
            "connection" => {
                if no_labels(inner, diagnostics) && only_one(&mut connected, inner, diagnostics) {
                    connection = Some(Arc::new(provisioner::connection(inner)));
                }
            }
            _ => provisioners.extend(at_destruction(inner, diagnostics)),
        }
    }
    let Some((from, from_span)) = from else { return };
    definition.removed.push(Removed {
        from,
        from_span,
        destroy,
        connection,
        provisioners: provisioners.into(),
        header: block.header,
    });
}

fn at_destruction(block: &Block, diagnostics: &mut Diagnostics) -> Option<crate::Provisioner> {
    let found = provisioner::decode(block, diagnostics)?;
    if found.when == When::Destroy {
        return Some(found);
    }
    diagnostics.push(
        Diagnostic::error(
            "Invalid provisioner block",
            "A `removed` block can run provisioners only when the object is destroyed",
        )
        .at(block.header)
        .help("write `when = destroy`"),
    );
    None
}

fn removable(traversal: Traversal<'_>) -> Result<Target, Diagnostic> {
    let parts = endpoint::parse(traversal)?;
    if let Some(at) = parts.module_key {
        let detail = "A `removed` block names a module with all its instances, without a key";
        return Err(Diagnostic::error("Module instance keys not allowed", detail).at(at));
    }
    let mode = parts.resource.as_ref().map(|(id, _)| id.mode);
    // Here `ephemeral` and `resource` stand for themselves: taken for types, they have one name too
    // many.
    let prefixed = parts.prefixed.filter(|_| mode != Some(Mode::Data));
    if let Some(at) = prefixed.or(parts.key).or(parts.extra) {
        let detail = "A `removed` block names a resource with all its instances, without a key";
        return Err(Diagnostic::error("Resource instance keys not allowed", detail).at(at));
    }
    if mode == Some(Mode::Data) {
        return Err(Diagnostic::error(
            "Data source address not allowed",
            "Only what is made can be removed: data sources are read and not kept",
        )
        .at(traversal.span));
    }
    Ok(Target::from(parts))
}

/// Adds an `import` block.
pub(super) fn import(block: &Block, definition: &mut Definition, diagnostics: &mut Diagnostics) {
    if !no_labels(block, diagnostics) {
        return;
    }
    definition.imported.push(block.header);
    let before = diagnostics.len();
    let fields = Fields::read(&block.body, &IMPORT, diagnostics);
    if fields.get("to").is_some() && diagnostics.has_errors_after(before) {
        return;
    }
    let resource = fields.get("to").and_then(|to| importable(to, diagnostics));
    let provider = fields.get("provider").and_then(|attribute| {
        let found = provider::reference("provider", &attribute.expression, diagnostics)?;
        Some((found.key(), attribute.span))
    });
    let (Some(resource), Some(to), Some(id)) = (resource, fields.get("to"), fields.get("id"))
    else {
        return;
    };
    let target = address(&to.expression);
    let same = |other: &&Import| target.is_some() && address(&other.to) == target;
    if let (Some(target), Some(first)) = (&target, definition.imports.iter().find(same)) {
        definition.imported.pop();
        let summary = format!("Duplicate import configuration for \"{target}\"");
        diagnostics.push(
            Diagnostic::error(summary, "An object can be imported to an address only once")
                .at(to.expression.span)
                .label(first.header, "the first import is here"),
        );
        return;
    }
    definition.imports.push(Import {
        to: to.expression.clone(),
        resource,
        id: id.expression.clone(),
        for_each: fields.get("for_each").map(|attribute| attribute.expression.clone()),
        provider,
        header: block.header,
    });
}

fn importable(
    attribute: &Attribute,
    diagnostics: &mut Diagnostics,
) -> Option<(Vec<Arc<str>>, crate::ResourceId)> {
    let expression = &traversal::named(&attribute.expression);
    let parts = match &expression.kind {
        ExpressionKind::Traversal(root, steps)
            if !steps.iter().any(|step| matches!(step, Step::Splat(..))) =>
        {
            importable_parts(root, steps, expression.span)
        }
        _ => Err(traversal::not_a_reference(expression)),
    };
    let parts = diagnostics.take(parts);
    match parts.and_then(|parts| Some((parts.module, parts.resource?.0))) {
        Some((module, id)) if id.mode == Mode::Managed => {
            Some((module.into_iter().map(|(name, _)| name).collect(), id))
        }
        _ => {
            diagnostics.push(
                Diagnostic::error("Invalid import address", "Only resources can be imported")
                    .at(attribute.span),
            );
            None
        }
    }
}

fn importable_parts(root: &Ident, steps: &[Step], span: Span) -> Result<Parts, Diagnostic> {
    let parts = endpoint::parse(Traversal { root, steps, span })?.unreserved()?.whole()?;
    if parts.resource.is_none() {
        let detail = "The module must be followed by a resource";
        return Err(Diagnostic::error("Invalid address", detail).at(span));
    }
    Ok(parts)
}

/// An address that is written out.
fn address(expression: &Expression) -> Option<Target> {
    let parts = Traversal::of(expression).and_then(endpoint::parse).ok()?;
    Some(Target::from(parts))
}
