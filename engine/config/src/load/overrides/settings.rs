//! Merging `terraform` blocks, of which there may be several.

use std::sync::Arc;

use platoform_lang::tree::{Attribute, Block, Body};

/// Lets the settings of an override take the place of those of all ordinary files: arguments and
/// entries of `required_providers` by name, `backend` and `cloud` either by the other.
pub(super) fn merge(bodies: &mut Vec<Body>, over: &Block) {
    let replaced = |attribute: &Attribute, by: &Body| {
        by.attributes.iter().any(|other| other.name.name == attribute.name.name)
    };
    let required: Vec<&Block> =
        over.body.blocks.iter().filter(|inner| is_required(inner)).collect();
    let keeps_state = over.body.blocks.iter().any(is_backend);
    let mut merged = vec![false; required.len()];
    let settings = bodies.iter_mut().flat_map(|body| &mut body.blocks);
    for base in settings.filter(|block| matches!(&*block.kind.name, "terraform" | "platoform")) {
        let body = Arc::make_mut(&mut base.body);
        body.attributes.retain(|attribute| !replaced(attribute, &over.body));
        body.blocks
            .retain(|inner| !((keeps_state && is_backend(inner)) || is_same_meta(inner, over)));
        for inner in body.blocks.iter_mut().filter(|inner| is_required(inner)) {
            let entries = Arc::make_mut(&mut inner.body);
            for (block, merged) in required.iter().zip(&mut merged) {
                entries.attributes.retain(|entry| !replaced(entry, &block.body));
                if !std::mem::replace(merged, true) {
                    entries.attributes.extend(block.body.attributes.iter().cloned());
                }
            }
        }
    }
    let mut rest = over.clone();
    let mut merged = merged.into_iter();
    let body = Arc::make_mut(&mut rest.body);
    body.blocks.retain(|inner| !is_required(inner) || merged.next() != Some(true));
    bodies.push(super::alone(rest));
}

fn is_required(block: &Block) -> bool {
    &*block.kind.name == "required_providers"
}

fn is_backend(block: &Block) -> bool {
    matches!(&*block.kind.name, "backend" | "cloud")
}

/// Whether the override says the same about a provider's metadata.
fn is_same_meta(block: &Block, over: &Block) -> bool {
    &*block.kind.name == "provider_meta"
        && over.body.blocks.iter().any(|other| {
            let labels = |block: &Block| block.labels.first().map(|label| label.text.clone());
            other.kind.name == block.kind.name && labels(other) == labels(block)
        })
}
