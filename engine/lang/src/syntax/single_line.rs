//! Blocks on one line: `kind { name = value }`.

use super::argument::Items;
use super::body::{ITEM_DETAIL, ITEM_REQUIRED};
use super::parser::{Lost, Parsed, Parser};
use super::token::{Kind, Token};

impl Parser<'_> {
    /// `name = value }`, the body of a block on one line. If more follows the argument, that is
    /// left out up to a closing brace; if it is anything else, the rest is taken as a body of the
    /// common kind.
    pub(super) fn single_line(&mut self, open: Token, items: &mut Items) {
        let from = self.next_index();
        match self.single_argument(items) {
            Ok(()) if self.at(Kind::CloseBrace) => {
                self.read();
                return;
            }
            Ok(()) => {
                self.no_closing_brace(open);
                self.broken = true;
                self.skip_to(Kind::CloseBrace);
                return;
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
                let detail = "A block on one line holds one argument (`name = value`) and no blocks. Write a nested block on lines of its own";
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
                "A block on one line holds one argument only. Write several on lines of their own"
            }
            Kind::Newline => {
                "A block whose argument follows the opening brace must end on the same line"
            }
            _ => "A closing brace must follow the only argument of a block on one line",
        };
        let _: Parsed<()> =
            self.unexpected(token, "Invalid single-argument block definition", detail);
    }
}
