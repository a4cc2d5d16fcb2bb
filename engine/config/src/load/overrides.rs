//! Override files: their blocks change blocks of the ordinary files, argument by argument.
//!
//! Merging works on the tree, before anything is decoded; [`combine`] does it for one block.
//! Settings and local values have no block of their own to be found by, so each entry is looked
//! for in all blocks.

use std::sync::Arc;

use platoform_diagnostic::{Diagnostic, Diagnostics};
use platoform_lang::tree::{Attribute, Block, Body, Expression, ExpressionKind};

use super::directory::Parsed;

mod combine;
mod settings;
#[cfg(test)]
mod tests;

use combine::combine;

/// The bodies of the ordinary files with all overrides applied, in order.
pub(super) fn merge(parsed: Parsed, diagnostics: &mut Diagnostics) -> Vec<Body> {
    let Parsed { primary: mut bodies, overrides } = parsed;
    for body in overrides {
        for block in &body.blocks {
            match &*block.kind.name {
                "locals" => locals(&mut bodies, block, diagnostics),
                "terraform" | "platoform" => settings::merge(&mut bodies, block),
                kind => match refused(kind) {
                    Some(error) => diagnostics.push(error.at(block.header)),
                    None => apply(&mut bodies, block, diagnostics),
                },
            }
        }
        // Top-level arguments are wrong anywhere, and reported where bodies are declared.
        if !body.attributes.is_empty() {
            bodies.push(Body { blocks: Vec::new(), ..body });
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
        refuse_parts(block, diagnostics);
        let mut body = combine(&base.body, &block.body);
        if &*block.kind.name == "variable" {
            point_to_override(&mut body, block);
        }
        base.body = Arc::new(body);
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

/// Whether a block that overrides nothing is taken as one of an ordinary file: a provider's
/// configuration without an alias is there even if nothing is written, and a block that is wrong
/// by itself is reported as such.
fn is_declared_anyway(block: &Block) -> bool {
    let labels = match &*block.kind.name {
        "provider" if alias(block).is_none() => return true,
        "provider" | "variable" | "output" | "module" => 1,
        "resource" | "data" | "ephemeral" => 2,
        _ => return true,
    };
    block.labels.len() != labels
}

fn missing_base(block: &Block) -> Diagnostic {
    let labels: Vec<String> =
        block.labels.iter().map(|label| format!(" \"{}\"", label.text)).collect();
    let summary = match &*block.kind.name {
        "data" => "Missing data resource to override",
        "ephemeral" => "Missing ephemeral resource to override",
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

/// Reports parts that an override may not have.
fn refuse_parts(block: &Block, diagnostics: &mut Diagnostics) {
    if let Some(depends_on) = attribute(&block.body, "depends_on")
        && let ExpressionKind::Tuple(items) = &depends_on.expression.kind
        && let Some(first) = items.first()
    {
        diagnostics.push(
            Diagnostic::error("Unsupported override", "`depends_on` cannot be overridden")
                .at(first.span),
        );
    }
    let inner = block.body.blocks.iter();
    let lifecycle = inner.clone().filter(|inner| &*inner.kind.name == "lifecycle");
    for part in inner.chain(lifecycle.flat_map(|lifecycle| &lifecycle.body.blocks)) {
        let kind = &*part.kind.name;
        if matches!(kind, "validation" | "precondition" | "postcondition") {
            diagnostics.push(
                Diagnostic::error(
                    format!("Can't override {kind} blocks"),
                    format!("A `{kind}` block can be in an ordinary file only"),
                )
                .at(part.header),
            );
        }
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
