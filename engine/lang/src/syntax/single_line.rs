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
                let detail = format!(
                    "A single-line block definition can contain only a single argument. If you meant to define argument {:?}, use an equals sign to assign it a value. To define a nested block, place it on a line of its own within its parent block",
                    self.slice(name)
                );
                let span = self.span(name).to(self.span(next));
                self.unclosed(span, "Argument definition required", &detail)
            }
            _ => self.neither(name),
        }
    }

    fn no_closing_brace(&mut self, open: Token) {
        let token = self.peek();
        let detail = match token.kind {
            Kind::End => return self.unclosed_block(open),
            Kind::Comma => {
                "Single-line block syntax can include only one argument definition. To define multiple arguments, use the multi-line block syntax with one argument definition per line"
            }
            Kind::Newline => {
                "An argument definition on the same line as its containing block creates a single-line block definition, which must also be closed on the same line. Place the block's closing brace immediately after the argument definition"
            }
            _ => {
                "A single-line block definition must end with a closing brace immediately after its single argument definition"
            }
        };
        let _: Parsed<()> =
            self.unexpected(token, "Invalid single-argument block definition", detail);
    }
}
