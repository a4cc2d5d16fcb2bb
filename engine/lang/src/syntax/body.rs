//! Bodies: arguments and blocks.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::parser::{Lost, Parsed, Parser};
use super::token::{Kind, Token};
use crate::tree::{Attribute, Block, Body, Expression};

const ITEM_REQUIRED: &str = "Argument or block definition required";
const ITEM_DETAIL: &str = "An argument (`name = value`) or a block must begin here.";

/// From how many arguments on a body's names are looked up in a table.
const TABLE_FROM: usize = 16;

/// A body while it is being parsed.
#[derive(Default)]
pub(super) struct Items {
    attributes: Vec<Attribute>,
    blocks: Vec<Block>,
    /// Index of every argument by name, once there are many.
    table: FxHashMap<Arc<str>, usize>,
}

impl Parser<'_> {
    /// A whole file.
    pub(super) fn file(&mut self) -> Body {
        let mut items = Items::default();
        self.items(None, &mut items);
        let span = self.place(0, self.text.len() as u32);
        Body { attributes: items.attributes, blocks: items.blocks, span }
    }

    /// The body of a block whose opening brace has been taken.
    pub(super) fn block_body(&mut self, open: Token) -> Parsed<Body> {
        let beside = self.enter()?;
        let mut items = Items::default();
        if matches!(self.peek().kind, Kind::Newline | Kind::End | Kind::CloseBrace) {
            self.items(Some(open), &mut items);
        } else {
            self.single_line(open, &mut items);
        }
        self.leave(beside);
        let span = self.span(open).to(self.span(self.previous()));
        Ok(Body { attributes: items.attributes, blocks: items.blocks, span })
    }

    /// Items up to the closing brace, which is taken, or the end of the text.
    fn items(&mut self, open: Option<Token>, items: &mut Items) {
        loop {
            let token = self.peek();
            match token.kind {
                Kind::Newline => {
                    self.read();
                }
                Kind::End => {
                    if let Some(open) = open {
                        self.unclosed_block(open);
                    }
                    return;
                }
                Kind::CloseBrace if open.is_some() => {
                    // On a line of its own it is surely where it should be.
                    self.broken &= self.previous().kind != Kind::Newline;
                    self.read();
                    return;
                }
                Kind::Identifier => {
                    let from = self.next_index();
                    self.broken = false;
                    if let Err(Lost) = self.item(items) {
                        self.resume(from);
                    }
                }
                _ => self.no_item_here(token),
            }
        }
    }

    /// Goes on after an item that was lost.
    fn resume(&mut self, from: usize) {
        self.broken = true;
        self.skip_line(from);
    }

    /// A token that begins no item. After a broken item it is likely a piece of that.
    fn no_item_here(&mut self, token: Token) {
        let left_over = token.kind == Kind::CloseBrace && self.headless > 0;
        if left_over {
            self.headless -= 1;
        } else if !self.broken {
            let (summary, detail) = if token.kind == Kind::OpenQuote {
                ("Invalid argument name", "Argument names are not written in quotes.")
            } else {
                (ITEM_REQUIRED, ITEM_DETAIL)
            };
            let _: Parsed<()> = self.unexpected(token, summary, detail);
        }
        let from = self.next_index();
        if token.kind == Kind::CloseBrace {
            self.read();
            self.broken = true;
        } else {
            self.resume(from);
        }
    }

    /// One item with the line end after it.
    fn item(&mut self, items: &mut Items) -> Parsed<()> {
        let name = self.read();
        match self.peek().kind {
            Kind::Assign => {
                self.attribute(name, items)?;
                self.end_of_argument()
            }
            Kind::OpenQuote | Kind::OpenBrace | Kind::Identifier => {
                let (block, result) = self.block(name);
                items.blocks.push(block);
                if result.is_ok() {
                    self.end_of_block();
                }
                result
            }
            _ => self.neither(name),
        }
    }

    /// `= value`, kept unless the name is taken. A value that is lost leaves a placeholder, so
    /// that the argument does not count as missing.
    fn attribute(&mut self, name: Token, items: &mut Items) -> Parsed<()> {
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
                "The argument `{}` has been set already. Each argument may be set once.",
                name.name
            );
            let first = first.name.span;
            self.report(name.span, "Attribute redefined", detail);
            self.label_last(first, "first set here");
            return;
        }
        let span = name.span.to(value.span);
        items.push(Attribute { name, expression: Arc::new(value), span });
    }

    fn end_of_argument(&mut self) -> Parsed<()> {
        let token = self.peek();
        match token.kind {
            Kind::Newline => {
                self.read();
                Ok(())
            }
            Kind::End => Ok(()),
            Kind::Comma => {
                let detail = "Arguments are separated by line ends, not by commas.";
                self.unexpected(token, "Unexpected comma after argument", detail)
            }
            _ => {
                let detail = "A line end must follow an argument.";
                self.unexpected(token, "Missing newline after argument", detail)
            }
        }
    }

    fn end_of_block(&mut self) {
        let token = self.peek();
        match token.kind {
            Kind::Newline => {
                self.read();
            }
            Kind::End => {}
            _ => {
                if !self.broken {
                    let detail = "A line end must follow the closing brace of a block.";
                    let summary = "Missing newline after block definition";
                    let _: Parsed<()> = self.unexpected(token, summary, detail);
                }
                let from = self.next_index();
                self.resume(from);
            }
        }
    }

    fn neither<T>(&mut self, name: Token) -> Parsed<T> {
        let detail = "An argument (`name = value`) or a block must begin here. An argument has an equals sign (`=`) after its name.";
        self.unexpected(name, ITEM_REQUIRED, detail)
    }

    fn unclosed_block(&mut self, open: Token) {
        if !self.broken {
            let detail = "The file ends before the closing brace of this block. Another brace may be missing further down.";
            self.report(self.span(open), "Unclosed configuration block", detail);
        }
        // The blocks around it are not closed either; once is enough.
        self.broken = true;
    }

    /// `name = value }`, the body of a block on one line. If it is anything else, the rest is
    /// taken as a body of the common kind.
    fn single_line(&mut self, open: Token, items: &mut Items) {
        let from = self.next_index();
        match self.single_argument(items) {
            Ok(()) if self.at(Kind::CloseBrace) => {
                self.read();
                return;
            }
            Ok(()) => {
                self.no_closing_brace(open);
                if !self.at(Kind::Newline) {
                    self.skip_line(from);
                }
                self.broken = true;
            }
            Err(Lost) => self.resume(from),
        }
        self.items(Some(open), items);
    }

    fn single_argument(&mut self, items: &mut Items) -> Parsed<()> {
        let name = self.peek();
        if name.kind != Kind::Identifier {
            return self.unexpected(name, ITEM_REQUIRED, ITEM_DETAIL);
        }
        self.read();
        let next = self.peek();
        match next.kind {
            Kind::Assign => self.attribute(name, items),
            Kind::OpenQuote | Kind::OpenBrace | Kind::Identifier => {
                let detail = "A block on one line holds one argument (`name = value`) and no blocks. Write a nested block on lines of its own.";
                let span = self.span(name).to(self.span(next));
                self.unclosed(span, "Argument definition required", detail)
            }
            _ => self.neither(name),
        }
    }

    fn no_closing_brace(&mut self, open: Token) {
        let token = self.peek();
        let detail = match token.kind {
            Kind::End => return self.unclosed_block(open),
            Kind::Comma => {
                "A block on one line holds one argument only. Write several on lines of their own."
            }
            Kind::Newline => {
                "A block whose argument follows the opening brace must end on the same line."
            }
            _ => "A closing brace must follow the only argument of a block on one line.",
        };
        let _: Parsed<()> =
            self.unexpected(token, "Invalid single-argument block definition", detail);
    }
}

impl Items {
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
