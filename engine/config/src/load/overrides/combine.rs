//! Merging one block into another.
//!
//! An argument of an override replaces the one of the same name; its nested blocks replace all
//! nested blocks of the same type, those that a `dynamic` block makes included. `lifecycle` is
//! merged in its turn.

use std::sync::Arc;

use platoform_lang::json::{Node, Object, Property};
use platoform_lang::tree::{Attribute, Block, Body};
use rustc_hash::FxHashSet;

/// The body of a block with what an override says.
pub(super) fn combine(base: &Body, over: &Body) -> Body {
    let names = Names::of(over);
    let mut blocks: Vec<Block> =
        base.blocks.iter().filter(|block| !names.replace(block)).cloned().collect();
    for block in &over.blocks {
        let merged =
            |kept: &&mut Block| is_merged(&kept.kind.name) && kept.kind.name == block.kind.name;
        match blocks.iter_mut().find(merged) {
            Some(kept) => kept.body = Arc::new(combine(&kept.body, &block.body)),
            None => blocks.push(block.clone()),
        }
    }
    let kept = base.attributes.iter().filter(|attribute| !names.replace_attribute(attribute));
    let attributes = kept.chain(&over.attributes).cloned().collect();
    let deferred = base.deferred.iter().filter_map(|property| names.rest_of(property));
    let deferred = deferred.chain(over.deferred.iter().cloned()).collect();
    Body { attributes, blocks, deferred, span: base.span }
}

fn is_merged(kind: &str) -> bool {
    kind == "lifecycle"
}

/// What an override sets.
struct Names<'a> {
    /// Arguments, and properties that may be arguments or blocks.
    attributes: FxHashSet<&'a str>,
    /// Types of nested blocks, with the same properties.
    blocks: FxHashSet<&'a str>,
}

impl<'a> Names<'a> {
    fn of(over: &'a Body) -> Self {
        let mut names = Self { attributes: FxHashSet::default(), blocks: FxHashSet::default() };
        names.attributes.extend(over.attributes.iter().map(|attribute| &*attribute.name.name));
        for block in &over.blocks {
            match (&*block.kind.name, block.labels.first()) {
                ("dynamic", Some(label)) => names.blocks.insert(&label.text),
                (kind, _) => names.blocks.insert(kind),
            };
        }
        for property in &over.deferred {
            match (&*property.name.text, &*property.value) {
                ("dynamic", Node::Object(Object { properties, .. })) => {
                    names.blocks.extend(properties.iter().map(|made| &*made.name.text));
                }
                (name, _) => {
                    names.attributes.insert(name);
                    names.blocks.insert(name);
                }
            }
        }
        names
    }

    fn replace(&self, block: &Block) -> bool {
        let kind = &*block.kind.name;
        let made = block.labels.first().filter(|_| kind == "dynamic");
        !is_merged(kind) && self.blocks.contains(made.map_or(kind, |label| &*label.text))
    }

    fn replace_attribute(&self, attribute: &Attribute) -> bool {
        let name = &*attribute.name.name;
        // One way to repeat a block takes the place of the other.
        let other = match name {
            "count" => "for_each",
            "for_each" => "count",
            _ => name,
        };
        self.attributes.contains(name) || self.attributes.contains(other)
    }

    /// What is left of a property whose meaning is not known yet.
    fn rest_of(&self, property: &Property) -> Option<Property> {
        let name = &*property.name.text;
        if self.attributes.contains(name) || self.blocks.contains(name) {
            return None;
        }
        let Node::Object(object) = &*property.value else { return Some(property.clone()) };
        if name != "dynamic" {
            return Some(property.clone());
        }
        let kept = object.properties.iter().filter(|made| !self.blocks.contains(&*made.name.text));
        let object = Object { properties: kept.cloned().collect(), ..object.clone() };
        let made = !object.properties.is_empty();
        made.then(|| Property { value: Arc::new(Node::Object(object)), ..property.clone() })
    }
}
