//! Arguments: `name = value`.

use std::sync::Arc;

use platoform_diagnostic::{PLACE, Span};
use rustc_hash::FxHashMap;

use super::parser::{Lost, Parsed, Parser};
use super::token::{Kind, Token};
use crate::tree::{Attribute, Block, Body, Expression};

/// From how many arguments on a body's names are looked up in a table.
const TABLE_FROM: usize = 16;

/// A body while it is being parsed.
#[derive(Default)]
pub(super) struct Items {
    pub(super) attributes: Vec<Attribute>,
    pub(super) blocks: Vec<Block>,
    /// Index of every argument by name, once there are many.
    table: FxHashMap<Arc<str>, usize>,
}

impl Parser<'_> {
    /// `= value`, kept unless the name is taken. A value that is lost leaves a placeholder, so
    /// that the argument does not count as missing.
    pub(super) fn attribute(&mut self, name: Token, items: &mut Items) -> Parsed<()> {
        self.read();
        let start = self.peek();
        let value = self.expression();
        let lost = value.is_err();
        let value = value.unwrap_or_else(|Lost| self.placeholder(self.span(start)));
        self.keep(name, value, items);
        if lost { Err(Lost) } else { Ok(()) }
    }

    fn keep(&mut self, name: Token, value: Expression, items: &mut Items) {
        let name = self.ident(name);
        if let Some(first) = items.find(&name.name) {
            let detail = format!(
                "The argument {:?} was already set at {PLACE}. Each argument may be set only once",
                name.name
            );
            let first = first.name.span;
            self.report(name.span, "Attribute redefined", detail);
            self.mention_last(first, "first set here");
            return;
        }
        let span = name.span.to(value.span);
        items.push(Attribute { name, expression: Arc::new(value), span });
    }

    pub(super) fn end_of_argument(&mut self) -> Parsed<()> {
        let token = self.peek();
        match token.kind {
            Kind::Newline => {
                self.read();
                Ok(())
            }
            Kind::End => Ok(()),
            _ if self.was_lost => {
                self.lose();
                Err(Lost)
            }
            Kind::Comma => {
                let detail = "Argument definitions must be separated by newlines, not commas. An argument definition must end with a newline";
                self.unexpected(token, "Unexpected comma after argument", detail)
            }
            _ => {
                let detail = "An argument definition must end with a newline";
                self.unexpected(token, "Missing newline after argument", detail)
            }
        }
    }
}

impl Items {
    /// The finished body.
    pub(super) fn into_body(self, span: Span) -> Body {
        let Self { mut attributes, mut blocks, .. } = self;
        attributes.shrink_to_fit();
        blocks.shrink_to_fit();
        Body { attributes, blocks, deferred: Vec::new(), span }
    }

    /// The argument of this name, if there is one already.
    fn find(&self, name: &str) -> Option<&Attribute> {
        if self.table.is_empty() {
            return self.attributes.iter().find(|attribute| *attribute.name.name == *name);
        }
        self.attributes.get(*self.table.get(name)?)
    }

    fn push(&mut self, attribute: Attribute) {
        self.attributes.push(attribute);
        let count = self.attributes.len();
        if count >= TABLE_FROM {
            let from = if count == TABLE_FROM { 0 } else { count - 1 };
            for (index, attribute) in self.attributes.iter().enumerate().skip(from) {
                self.table.insert(attribute.name.name.clone(), index);
            }
        }
    }
}
