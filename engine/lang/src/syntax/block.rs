//! Blocks: type, labels, body.

use std::borrow::Cow;
use std::sync::Arc;

use super::argument::Items;
use super::parser::{Parsed, Parser};
use super::token::{Kind, Token};
use crate::tree::{Block, Label};

const INVALID: &str = "Invalid block definition";
const INVALID_LABEL: &str = "Invalid string literal";

impl<'a> Parser<'a> {
    /// A block, from after its type to its closing brace. When the position is lost, what there is
    /// of it stays in the tree.
    pub(super) fn block(&mut self, kind: Token) -> (Block, Parsed<()>) {
        let kind = self.ident(kind);
        let mut labels = Vec::new();
        let open = self.labels(&mut labels);
        labels.shrink_to_fit();
        let header = labels.last().map_or(kind.span, |last: &Label| kind.span.to(last.span));
        let opening = open.as_ref().map_or(header, |open| self.span(*open));
        let (body, result) = match open.and_then(|open| self.block_body(open)) {
            Ok(body) => (body, Ok(())),
            Err(lost) => (Items::default().into_body(header), Err(lost)),
        };
        (Block { kind, labels, body: Arc::new(body), header, opening }, result)
    }

    /// Labels and the opening brace after them.
    fn labels(&mut self, labels: &mut Vec<Label>) -> Parsed<Token> {
        loop {
            let token = self.peek();
            let detail = match token.kind {
                Kind::OpenBrace => return Ok(self.read()),
                Kind::Identifier => {
                    self.read();
                    let name = self.ident(token);
                    labels.push(Label { text: name.name, span: name.span });
                    continue;
                }
                Kind::OpenQuote => {
                    let label = self.quoted_label();
                    labels.push(label);
                    continue;
                }
                Kind::Assign => {
                    r#"The equals sign "=" indicates an argument definition, and must not be used when defining a block"#
                }
                Kind::Newline => {
                    r#"A block definition must have block content delimited by "{" and "}", starting on the same line as the block header"#
                }
                _ => {
                    r#"Either a quoted string block label or an opening brace ("{") is expected here"#
                }
            };
            return self.unexpected(token, INVALID, detail);
        }
    }

    /// A label in quotes, which is no template.
    fn quoted_label(&mut self) -> Label {
        let open = self.read();
        let mut text: Cow<'a, str> = Cow::Borrowed("");
        loop {
            let token = self.peek();
            match token.kind {
                Kind::CloseQuote => {
                    self.read();
                    let span = self.span(open).to(self.span(token));
                    let text = match text {
                        Cow::Borrowed(text) => self.names.share(text),
                        Cow::Owned(text) => text.into(),
                    };
                    return Label { text, span };
                }
                Kind::Quoted => {
                    self.read();
                    text += self.literal(token);
                }
                Kind::Interpolation | Kind::Directive => {
                    let sign = &self.slice(token)[..1];
                    let detail = format!(
                        r#"Template sequences are not allowed in this string. To include a literal "{sign}", double it (as "{sign}{sign}") to escape it"#
                    );
                    self.read();
                    self.report(self.span(token), INVALID_LABEL, detail);
                    self.lose();
                    if !self.first_lost {
                        return Label { text: text.into(), span: self.span(open) };
                    }
                    self.skip_to(Kind::SequenceEnd);
                }
                Kind::End => {
                    let detail = "Unable to find the closing quote mark before the end of the file";
                    self.report(self.span(token), "Unterminated string literal", detail);
                    return Label { text: text.into(), span: self.span(open) };
                }
                _ => {
                    self.read();
                    self.report(
                        self.span(token),
                        INVALID_LABEL,
                        "This item is not valid in a string literal",
                    );
                    self.lose();
                    if self.first_lost {
                        self.skip_to(Kind::CloseQuote);
                    }
                    return Label { text: text.into(), span: self.span(open) };
                }
            }
        }
    }
}
