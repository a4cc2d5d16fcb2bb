//! Override files: their blocks change blocks of the ordinary files, argument by argument.
//!
//! Merging works on the tree, before anything is decoded; [`combine`] does it for one block.
//! Settings and local values have no block of their own to be found by, so each entry is looked
//! for in all blocks.

use std::sync::Arc;

use platoform_diagnostic::{Diagnostic, Diagnostics};
use platoform_lang::tree::{Attribute, Block, Body, Expression, ExpressionKind};

use super::directory::Parsed;
use super::traversal::Traversal;

mod combine;
mod settings;
#[cfg(test)]
mod tests;

use combine::combine;

/// Takes out of override files what they may not hold, and reports it.
pub(super) fn refuse(overrides: &mut [Body], diagnostics: &mut Diagnostics) {
    for block in overrides.iter_mut().flat_map(|body| &mut body.blocks) {
        let body = Arc::make_mut(&mut block.body);
        match &*block.kind.name {
            "variable" => refuse_parts(body, &["validation"], diagnostics),
            // Postconditions are not allowed in an output anywhere.
            "output" => refuse_parts(body, &["precondition"], diagnostics),
            "resource" | "data" | "ephemeral" => {
                for lifecycle in body.blocks.iter_mut().filter(|inner| is_lifecycle(inner)) {
                    let body = Arc::make_mut(&mut lifecycle.body);
                    refuse_parts(body, &["precondition", "postcondition"], diagnostics);
                }
            }
            _ => {}
        }
    }
}

fn is_lifecycle(block: &Block) -> bool {
    &*block.kind.name == "lifecycle"
}

/// Whether a finding in what was merged says that the parts do not fit together: both were judged
/// by themselves before.
pub(super) fn is_about_both(found: &Diagnostic) -> bool {
    found.summary == "Invalid default value for variable" || found.summary.starts_with("Duplicate ")
}

/// The bodies of the ordinary files with all overrides applied, in order.
pub(super) fn merge(parsed: Parsed, diagnostics: &mut Diagnostics) -> Vec<Body> {
    let Parsed { primary: mut bodies, overrides } = parsed;
    for body in overrides {
        for block in body.blocks.iter().filter(|block| has_its_labels(block)) {
            match &*block.kind.name {
                "locals" => locals(&mut bodies, block, diagnostics),
                "terraform" | "platoform" => settings::merge(&mut bodies, block),
                kind => match refused(kind) {
                    Some(error) => diagnostics.push(error.at(block.header)),
                    None => apply(&mut bodies, block, diagnostics),
                },
            }
        }
    }
    bodies
}

/// The error for a block that only ordinary files may hold.
fn refused(kind: &str) -> Option<Diagnostic> {
    let (summary, what) = match kind {
        "moved" | "import" => (format!("Cannot override '{kind}' blocks"), kind),
        "check" => ("Can't override check blocks".to_owned(), kind),
        _ => return None,
    };
    let detail =
        format!("A `{what}` block can be in an ordinary file only, not in an override file");
    Some(Diagnostic::error(summary, detail))
}

fn apply(bodies: &mut Vec<Body>, block: &Block, diagnostics: &mut Diagnostics) {
    let mut blocks = bodies.iter_mut().flat_map(|body| &mut body.blocks);
    if let Some(base) = blocks.find(|base| is_base(base, block)) {
        refuse_dependencies(block, diagnostics);
        let mut body = combine(&base.body, &block.body);
        if &*block.kind.name == "variable" {
            point_to_override(&mut body, block);
        }
        base.body = Arc::new(body);
    } else if &*block.kind.name == "ephemeral" {
        // From the reference: it overrides nothing, and nobody minds.
    } else if is_declared_anyway(block) {
        bodies.push(alone(block.clone()));
    } else {
        diagnostics.push(missing_base(block));
    }
}

/// A body with nothing but a block.
fn alone(block: Block) -> Body {
    let span = block.body.span;
    Body { attributes: Vec::new(), blocks: vec![block], deferred: Vec::new(), span }
}

/// Whether a block that overrides nothing is taken as one of an ordinary file, as a provider's
/// configuration without an alias is: it is there even if nothing is written.
fn is_declared_anyway(block: &Block) -> bool {
    match &*block.kind.name {
        "provider" => alias(block).is_none(),
        "variable" | "output" | "module" | "resource" | "data" => false,
        _ => true,
    }
}

/// Whether a block has the labels that it must have. Others are reported and left out.
fn has_its_labels(block: &Block) -> bool {
    let labels = match &*block.kind.name {
        "provider" | "variable" | "output" | "module" | "check" => 1,
        "resource" | "data" | "ephemeral" => 2,
        _ => 0,
    };
    block.labels.len() == labels
}

fn missing_base(block: &Block) -> Diagnostic {
    let labels: Vec<String> =
        block.labels.iter().map(|label| format!(" \"{}\"", label.text)).collect();
    let summary = match &*block.kind.name {
        "data" => "Missing data resource to override",
        "variable" => "Missing base variable declaration to override",
        "output" => "Missing base output definition to override",
        "module" => "Missing module call to override",
        "provider" => "Missing base provider configuration for override",
        _ => "Missing resource to override",
    };
    Diagnostic::error(
        summary,
        format!("No `{}{}` is there to be overridden", block.kind.name, labels.concat()),
    )
    .at(block.header)
    .help("a file named `override` or `…_override` can only change what other files declare")
}

/// Whether an override is meant for this block.
fn is_base(base: &Block, block: &Block) -> bool {
    base.kind.name == block.kind.name
        && base.labels.iter().map(|label| &label.text).eq(block.labels.iter().map(|l| &l.text))
        && (&*base.kind.name != "provider" || alias(base) == alias(block))
}

fn alias(block: &Block) -> Option<String> {
    let value = super::constant::value(&attribute(&block.body, "alias")?.expression).ok()?;
    value.as_str().map(str::to_owned)
}

fn attribute<'a>(body: &'a Body, name: &str) -> Option<&'a Attribute> {
    body.attributes.iter().find(|known| &*known.name.name == name)
}

/// Reports dependencies, which an override cannot change.
fn refuse_dependencies(block: &Block, diagnostics: &mut Diagnostics) {
    if let Some(depends_on) = attribute(&block.body, "depends_on")
        && let ExpressionKind::Tuple(items) = &depends_on.expression.kind
        && let Some(first) = items.iter().find(|item| Traversal::of(item).is_ok())
    {
        diagnostics.push(
            Diagnostic::error("Unsupported override", "`depends_on` cannot be overridden")
                .at(first.span),
        );
    }
}

/// Takes blocks of these types out, and reports them.
fn refuse_parts(body: &mut Body, kinds: &[&str], diagnostics: &mut Diagnostics) {
    let (refused, kept): (Vec<Block>, _) = std::mem::take(&mut body.blocks)
        .into_iter()
        .partition(|block| kinds.contains(&&*block.kind.name));
    body.blocks = kept;
    for block in refused {
        let kind = &block.kind.name;
        diagnostics.push(
            Diagnostic::error(
                format!("Can't override {kind} blocks"),
                format!("A `{kind}` block can be in an ordinary file only"),
            )
            .at(block.header),
        );
    }
}

/// Whether the default of a variable still fits is judged where it is overridden, unless the
/// override says all about it.
fn point_to_override(body: &mut Body, block: &Block) {
    if attribute(&block.body, "type").is_some() && attribute(&block.body, "default").is_some() {
        return;
    }
    for default in body.attributes.iter_mut().filter(|known| &*known.name.name == "default") {
        let kind = default.expression.kind.clone();
        default.expression = Arc::new(Expression { kind, span: block.header });
    }
}

fn locals(bodies: &mut [Body], block: &Block, diagnostics: &mut Diagnostics) {
    for attribute in &block.body.attributes {
        let name = &attribute.name.name;
        let mut blocks = bodies.iter_mut().flat_map(|body| &mut body.blocks);
        let base = blocks.find(|base| {
            &*base.kind.name == "locals"
                && base.body.attributes.iter().any(|known| known.name.name == *name)
        });
        let Some(base) = base else {
            let detail = format!("No local value `{name}` is there to be overridden");
            diagnostics.push(
                Diagnostic::error("Missing base local value definition to override", detail)
                    .at(attribute.span),
            );
            continue;
        };
        let body = Arc::make_mut(&mut base.body);
        for known in body.attributes.iter_mut().filter(|known| known.name.name == *name) {
            known.clone_from(attribute);
        }
    }
}
