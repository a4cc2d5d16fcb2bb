//! Bodies: arguments and blocks.

use super::argument::Items;
use super::parser::{Lost, Parsed, Parser};
use super::token::{Kind, Token};
use crate::stack::with_stack;
use crate::tree::Body;

pub(super) const ITEM_REQUIRED: &str = "Argument or block definition required";
pub(super) const ITEM_DETAIL: &str = "An argument or block definition is required here";

impl Parser<'_> {
    /// A whole file.
    pub(super) fn file(&mut self) -> Body {
        let mut items = Items::default();
        self.items(None, &mut items);
        let span = self.place(0, self.text.len() as u32);
        items.into_body(span)
    }

    /// The body of a block whose opening brace has been taken.
    pub(super) fn block_body(&mut self, open: Token) -> Parsed<Body> {
        let beside = self.enter()?;
        let mut items = Items::default();
        let several = matches!(self.peek().kind, Kind::Newline | Kind::End | Kind::CloseBrace);
        with_stack(|| {
            if several {
                self.items(Some(open), &mut items);
            } else {
                self.single_line(open, &mut items);
            }
        });
        self.leave(beside);
        let only = items.attributes.first().filter(|_| !several);
        let start = only.map_or(self.span(open), |only| only.span);
        let span = start.to(self.span(self.previous()));
        Ok(items.into_body(span))
    }

    /// Items up to the closing brace, which is taken, or the end of the text.
    pub(super) fn items(&mut self, open: Option<Token>, items: &mut Items) {
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
                    self.lost_at = None;
                    self.first_lost = false;
                    if let Err(Lost) = self.item(items) {
                        self.resume(from);
                    }
                }
                _ => {
                    self.no_item_here(token);
                    return self.leave_body(open);
                }
            }
        }
    }

    /// A token that begins no item. After a broken item it is likely a piece of that.
    fn no_item_here(&mut self, token: Token) {
        if !self.is_echo(token) {
            let (summary, detail) = if token.kind == Kind::OpenQuote {
                ("Invalid argument name", "Argument names must not be quoted")
            } else {
                (ITEM_REQUIRED, ITEM_DETAIL)
            };
            let _: Parsed<()> = self.unexpected(token, summary, detail);
        }
    }

    /// Goes behind the end of a body: what follows a token that begins no item likely means
    /// something else than it seems to.
    fn leave_body(&mut self, open: Option<Token>) {
        self.broken = true;
        match open {
            Some(_) => self.skip_to(Kind::CloseBrace),
            None => self.skip_to(Kind::End),
        };
    }

    /// Whether a token is likely out of place because of an error before it. A closing brace too
    /// many mostly comes from an opening one that was lost, however far back.
    fn is_echo(&self, token: Token) -> bool {
        self.broken || (token.kind == Kind::CloseBrace && self.was_lost)
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

    fn end_of_block(&mut self) {
        let token = self.peek();
        match token.kind {
            Kind::Newline => {
                self.read();
            }
            Kind::End => {}
            _ => {
                if !self.is_echo(token) {
                    let detail = "A block definition must end with a newline";
                    let summary = "Missing newline after block definition";
                    let _: Parsed<()> = self.unexpected(token, summary, detail);
                }
                let from = self.next_index();
                self.resume(from);
            }
        }
    }

    pub(super) fn neither<T>(&mut self, name: Token) -> Parsed<T> {
        let detail = r#"An argument or block definition is required here. To set an argument, use the equals sign "=" to introduce the argument value"#;
        self.unexpected(name, ITEM_REQUIRED, detail)
    }

    pub(super) fn unclosed_block(&mut self, open: Token) {
        // After a part that was lost the brace may be in that.
        if !self.broken && !self.was_lost {
            let detail = "There is no closing brace for this block before the end of the file. This may be caused by incorrect brace nesting elsewhere in this file";
            self.report(self.span(open), "Unclosed configuration block", detail);
        }
        // The blocks around it are not closed either; once is enough.
        self.broken = true;
    }
}
