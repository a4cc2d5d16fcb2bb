//! Override files: their blocks change blocks of the ordinary files, argument by argument.
//!
//! Merging works on the tree, before anything is decoded. An argument of an override replaces the
//! one of the same name; its nested blocks replace all nested blocks of the same type, except that
//! `lifecycle` and what is inside `terraform` are merged in their turn.

use std::sync::Arc;

use platoform_diagnostic::{Diagnostic, Diagnostics};
use platoform_lang::tree::{Attribute, Block, Body, ExpressionKind};

use super::directory::Parsed;
use super::lost::Lost;

/// The bodies of the ordinary files with all overrides applied.
///
/// Also what was lost: blocks that found nothing to override, too.
pub(super) fn merge(parsed: Parsed, diagnostics: &mut Diagnostics) -> (Vec<Body>, Lost) {
    let Parsed { primary: mut bodies, overrides, mut lost } = parsed;
    for body in overrides {
        for block in &body.blocks {
            match &*block.kind.name {
                "locals" => locals(&mut bodies, block, &mut lost, diagnostics),
                _ => apply(&mut bodies, block, &mut lost, diagnostics),
            }
        }
        // Top-level arguments are wrong anywhere, and reported where bodies are declared.
        if !body.attributes.is_empty() {
            bodies.push(Body { blocks: Vec::new(), ..body });
        }
    }
    (bodies, lost)
}

fn apply(bodies: &mut Vec<Body>, block: &Block, lost: &mut Lost, diagnostics: &mut Diagnostics) {
    let settings = matches!(&*block.kind.name, "terraform" | "platoform");
    let mut blocks = bodies.iter_mut().flat_map(|body| &mut body.blocks);
    match blocks.find(|base| is_base(base, block)) {
        Some(base) => {
            refuse_depends_on(block, diagnostics);
            base.body = Arc::new(combine(&base.body, &block.body, settings));
        }
        None if settings => {
            bodies.push(Body {
                attributes: Vec::new(),
                blocks: vec![block.clone()],
                deferred: Vec::new(),
                span: block.body.span,
            });
        }
        None => {
            lost.block(block);
            diagnostics.push(missing_base(block));
        }
    }
}

fn missing_base(block: &Block) -> Diagnostic {
    let labels: Vec<String> =
        block.labels.iter().map(|label| format!(" \"{}\"", label.text)).collect();
    let summary = match &*block.kind.name {
        "resource" | "data" => "Missing resource to override",
        "variable" => "Missing base variable declaration to override",
        "output" => "Missing base output definition to override",
        "module" => "Missing module call to override",
        "provider" => "Missing base provider configuration for override",
        _ => "Cannot override",
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
    let alias = |block: &Block| {
        let alias = block.body.attributes.iter().find(|known| &*known.name.name == "alias")?;
        match &alias.expression.kind {
            ExpressionKind::Literal(value) => value.as_str().map(str::to_owned),
            _ => None,
        }
    };
    base.kind.name == block.kind.name
        && base.labels.iter().map(|label| &label.text).eq(block.labels.iter().map(|l| &l.text))
        && (&*base.kind.name != "provider" || alias(base) == alias(block))
}

fn refuse_depends_on(block: &Block, diagnostics: &mut Diagnostics) {
    let depends_on = block.body.attributes.iter().find(|found| &*found.name.name == "depends_on");
    if let Some(attribute) = depends_on {
        diagnostics.push(
            Diagnostic::error("Unsupported override", "`depends_on` cannot be overridden")
                .at(attribute.span),
        );
    }
}

fn combine(base: &Body, over: &Body, deep: bool) -> Body {
    let merged = |kind: &str| deep || kind == "lifecycle";
    let replaced = |block: &&Block| {
        let kind = &block.kind.name;
        !merged(kind) && over.blocks.iter().any(|other| other.kind.name == *kind)
    };
    let mut blocks: Vec<Block> =
        base.blocks.iter().filter(|block| !replaced(block)).cloned().collect();
    for block in &over.blocks {
        let backend = &*block.kind.name == "backend" || &*block.kind.name == "cloud";
        if backend && deep {
            blocks.retain(|kept| !matches!(&*kept.kind.name, "backend" | "cloud"));
            blocks.push(block.clone());
            continue;
        }
        match blocks.iter_mut().find(|kept| merged(&kept.kind.name) && is_base(kept, block)) {
            Some(kept) => kept.body = Arc::new(combine(&kept.body, &block.body, deep)),
            None => blocks.push(block.clone()),
        }
    }
    Body {
        attributes: attributes(base, over),
        blocks,
        deferred: base.deferred.clone(),
        span: base.span,
    }
}

fn attributes(base: &Body, over: &Body) -> Vec<Attribute> {
    let replaced = |attribute: &&Attribute| {
        over.attributes.iter().any(|other| other.name.name == attribute.name.name)
            || is_other_repetition(attribute, over)
    };
    let kept = base.attributes.iter().filter(|attribute| !replaced(attribute));
    kept.chain(&over.attributes).cloned().collect()
}

/// `count` in an override takes the place of `for_each`, and the other way round.
fn is_other_repetition(attribute: &Attribute, over: &Body) -> bool {
    let other = match &*attribute.name.name {
        "count" => "for_each",
        "for_each" => "count",
        _ => return false,
    };
    over.attributes.iter().any(|given| &*given.name.name == other)
}

fn locals(bodies: &mut [Body], block: &Block, lost: &mut Lost, diagnostics: &mut Diagnostics) {
    for attribute in &block.body.attributes {
        let name = &attribute.name.name;
        let mut blocks = bodies.iter_mut().flat_map(|body| &mut body.blocks);
        let base = blocks.find(|base| {
            &*base.kind.name == "locals"
                && base.body.attributes.iter().any(|known| known.name.name == *name)
        });
        let Some(base) = base else {
            lost.local(&attribute.name);
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
