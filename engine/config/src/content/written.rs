//! A body as it was written, next to its schema.

use std::sync::Arc;

use platoform_lang::tree::Expression;
use platoform_schema::{Attribute, Block, NestedBlock};

use super::{Content, Decoded, Occurrence};

/// A body, or one of a block in it, with the schema it was decoded against.
#[derive(Clone, Copy, Debug)]
pub struct Written<'a> {
    body: &'a Decoded,
    schema: &'a Block,
}

/// A nested block that stands there itself, not one that a `dynamic` block yields.
#[derive(Clone, Copy, Debug)]
pub struct WrittenBlock<'a> {
    /// Schema of all blocks of its type.
    pub nested: &'a NestedBlock,
    /// Its label, where the type has one.
    pub label: Option<&'a Arc<str>>,
    /// What it says.
    pub body: Written<'a>,
}

impl Content {
    /// What is written, for those who want to tell it as it stands.
    #[must_use]
    pub fn written(&self) -> Written<'_> {
        Written { body: &self.body, schema: &self.schema().block }
    }
}

impl<'a> Written<'a> {
    /// Attributes that are set, in order of their names.
    pub fn attributes(self) -> impl Iterator<Item = (&'a Arc<str>, &'a Attribute, &'a Expression)> {
        self.body.arguments.iter().filter_map(move |argument| {
            let name = &argument.name.name;
            Some((name, self.schema.attributes.get(name)?, &*argument.expression))
        })
    }

    /// Nested blocks, type by type, in the order in which they are written.
    pub fn blocks(self) -> impl Iterator<Item = (&'a Arc<str>, WrittenBlock<'a>)> {
        self.body.blocks.iter().flat_map(move |(name, all)| {
            let nested = self.schema.blocks.get(name);
            all.iter().filter_map(move |occurrence| {
                let Occurrence::One(one) = occurrence else { return None };
                let nested = nested?;
                let body = Written { body: &one.body, schema: &nested.block };
                Some((name, WrittenBlock { nested, label: one.label.as_ref(), body }))
            })
        })
    }
}
