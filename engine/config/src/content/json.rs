//! Properties of JSON syntax, once a schema says which of them are arguments and which are blocks.

use platoform_diagnostic::Diagnostics;
use platoform_lang::Body;
use platoform_lang::json::{Form, Item, Layout, Rest, Shape, deferred};
use platoform_schema::{Block, BlockNesting};

use super::decode::Parts;
use crate::suggest::did_you_mean;

const DYNAMIC: Shape = Shape {
    attributes: &[
        ("for_each", Form::Template),
        ("iterator", Form::Reference),
        ("labels", Form::Template),
    ],
    blocks: &[("content", &[], &Shape::DEFERRED)],
    rest: Rest::Refused,
};

/// What the deferred properties of a body are by a schema; `None` where there are none.
pub(super) fn lower(
    parts: &Parts<'_>,
    schema: &Block,
    diagnostics: &mut Diagnostics,
) -> Option<Body> {
    let properties = parts.deferred.iter().copied();
    (!parts.deferred.is_empty())
        .then(|| deferred(properties, parts.span, &BySchema(schema), diagnostics))
}

struct BySchema<'a>(&'a Block);

impl Layout for BySchema<'_> {
    fn item(&self, name: &str) -> Item<'_> {
        let Self(schema) = self;
        if schema.attributes.contains_key(name) {
            return Item::Attribute(Form::Template);
        }
        match schema.blocks.get(name) {
            Some(block) if block.nesting == BlockNesting::Map => {
                Item::Block(&["key"], &Shape::DEFERRED)
            }
            Some(_) => Item::Block(&[], &Shape::DEFERRED),
            None if name == "dynamic" => Item::Block(&["type"], &DYNAMIC),
            None => Item::Unknown,
        }
    }

    fn suggestion(&self, name: &str) -> Option<String> {
        let Self(schema) = self;
        let attributes = schema.attributes.keys().map(|known| &**known);
        did_you_mean(name, attributes.chain(schema.blocks.keys().map(|known| &**known)))
    }
}
