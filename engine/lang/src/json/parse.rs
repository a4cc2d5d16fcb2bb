//! Tokens to nodes. After an error in a collection the rest of that is skipped, so that several
//! errors are found in one text, as many and at the same places as Terraform finds.

use platoform_diagnostic::{Diagnostic, Diagnostics, FileId, Span};
use platoform_value::Number;

use super::scan::{self, Kind, Token};
use super::text;
use super::tree::{Array, Node, Object, Property, Text};
use crate::syntax::MAX_HEIGHT;

const VALUE: &str =
    "A value is an object, an array, a number, text in quotes, `true`, `false` or `null`";

/// Parses a whole text.
pub(super) fn document(file: FileId, text: &str) -> (Node, Diagnostics) {
    // Offsets have 32 bits.
    if u32::try_from(text.len()).is_err() {
        let detail = "A source text may have no more than 4 GiB";
        let error = Diagnostic::error("Source text too large", detail);
        return (Node::Invalid(Span::new(file, 0, 0)), error.into());
    }
    let tokens = scan::tokens(text);
    let mut parser =
        Parser { file, text, tokens, next: 0, depth: 0, diagnostics: Diagnostics::default() };
    let node = parser.value();
    let rest = parser.peek();
    if parser.diagnostics.is_empty() && rest.kind != Kind::End {
        let detail = "The JSON value is complete, but more follows";
        parser.report(rest, "Extraneous data after value", detail);
    }
    (node, parser.diagnostics)
}

struct Parser<'a> {
    file: FileId,
    text: &'a str,
    tokens: Vec<Token>,
    next: usize,
    depth: u32,
    diagnostics: Diagnostics,
}

impl Parser<'_> {
    fn peek(&self) -> Token {
        self.tokens[self.next]
    }

    /// Takes the next token. The last one is never used up.
    fn read(&mut self) -> Token {
        let token = self.peek();
        self.next = (self.next + 1).min(self.tokens.len() - 1);
        token
    }

    fn span(&self, token: Token) -> Span {
        Span::new(self.file, token.start, token.end)
    }

    fn report(&mut self, token: Token, summary: &str, detail: impl Into<String>) {
        let span = self.span(token);
        self.diagnostics.push(Diagnostic::error(summary, detail).at(span));
    }

    fn value(&mut self) -> Node {
        let token = self.peek();
        let node = match token.kind {
            Kind::OpenBrace | Kind::OpenBracket => self.collection(token),
            Kind::Number => self.number(),
            Kind::Text => self.quoted(),
            Kind::Word => self.word(),
            kind => {
                let (summary, detail) = match kind {
                    Kind::CloseBrace => ("Missing JSON value", VALUE),
                    Kind::CloseBracket => ("Missing array element value", VALUE),
                    Kind::End => ("Missing value", "The text ends where a value must be"),
                    _ => ("Invalid start of value", VALUE),
                };
                self.report(token, summary, detail);
                None
            }
        };
        node.unwrap_or_else(|| Node::Invalid(self.span(token)))
    }

    fn collection(&mut self, open: Token) -> Option<Node> {
        if self.depth >= MAX_HEIGHT {
            let detail = format!("Objects and arrays may be nested {MAX_HEIGHT} deep at most");
            self.report(open, "Nesting too deep", detail);
            // Nothing after this would be read right.
            self.next = self.tokens.len() - 1;
            return None;
        }
        self.depth += 1;
        let node = if open.kind == Kind::OpenBrace { self.object() } else { self.array() };
        self.depth -= 1;
        node
    }

    fn object(&mut self) -> Option<Node> {
        let open = self.read();
        let mut properties = Vec::new();
        while self.peek().kind != Kind::CloseBrace {
            properties.push(self.property()?);
            let token = self.peek();
            match token.kind {
                Kind::CloseBrace => {}
                Kind::Comma => {
                    self.read();
                    if self.peek().kind == Kind::CloseBrace {
                        let detail = "No comma may follow the last property of an object";
                        self.report(token, "Trailing comma in object", detail);
                        return None;
                    }
                }
                Kind::End => {
                    self.report(open, "Unclosed object", "This object has no closing brace");
                    return None;
                }
                Kind::CloseBracket => {
                    self.read();
                    let detail = "An object is closed by a brace, not by a bracket";
                    self.report(self.peek(), "Mismatched braces", detail);
                    return None;
                }
                _ => {
                    self.skip_from(Kind::OpenBrace, Kind::CloseBrace);
                    let detail = "A comma must stand between the properties of an object";
                    self.report(self.peek(), "Missing attribute seperator comma", detail);
                    return None;
                }
            }
        }
        let close = self.read();
        let (open, close) = (self.span(open), self.span(close));
        Some(Node::Object(Object { properties, open, close, span: open.to(close) }))
    }

    fn property(&mut self) -> Option<Property> {
        let name = match self.value() {
            Node::Text(name) => name,
            other => {
                let detail = "The name of a property must be text in quotes";
                let error = Diagnostic::error("Invalid object property name", detail);
                self.diagnostics.push(error.at(other.start()));
                return None;
            }
        };
        let colon = self.peek();
        if colon.kind != Kind::Colon {
            self.skip_from(Kind::OpenBrace, Kind::CloseBrace);
            let (summary, detail) = match colon.kind {
                Kind::CloseBrace | Kind::Comma => {
                    ("Missing object value", "A property has a value, after a colon")
                }
                Kind::Equals => (
                    "Missing property value colon",
                    "In JSON a colon separates name and value, not an equals sign",
                ),
                _ => (
                    "Missing property value colon",
                    "A colon must stand between the name of a property and its value",
                ),
            };
            self.report(colon, summary, detail);
            return None;
        }
        self.read();
        Some(Property { name, value: self.value().into() })
    }

    fn array(&mut self) -> Option<Node> {
        let open = self.read();
        let mut items = Vec::new();
        while self.peek().kind != Kind::CloseBracket {
            items.push(self.value());
            let token = self.peek();
            match token.kind {
                Kind::CloseBracket => {}
                Kind::Comma => {
                    self.read();
                    if self.peek().kind == Kind::CloseBracket {
                        let detail = "No comma may follow the last element of an array";
                        self.report(token, "Trailing comma in array", detail);
                        return None;
                    }
                }
                Kind::End => {
                    self.report(open, "Unclosed object", "This array has no closing bracket");
                    return None;
                }
                kind => {
                    self.skip_from(Kind::OpenBracket, Kind::CloseBracket);
                    let (summary, detail) = match kind {
                        Kind::CloseBrace => (
                            "Mismatched brackets",
                            "An array is closed by a bracket, not by a brace",
                        ),
                        Kind::Colon => {
                            ("Invalid array value", "The values of an array have no names")
                        }
                        _ => (
                            "Missing attribute seperator comma",
                            "A comma must stand between the elements of an array",
                        ),
                    };
                    self.report(self.peek(), summary, detail);
                    return None;
                }
            }
        }
        let close = self.read();
        let (open, close) = (self.span(open), self.span(close));
        Some(Node::Array(Array { items, open, span: open.to(close) }))
    }

    /// Goes, from the next token on, behind what seems to be the end of the collection.
    fn skip_from(&mut self, opener: Kind, closer: Kind) {
        let mut open = 1_usize;
        loop {
            let kind = self.read().kind;
            if kind == opener {
                open += 1;
            } else if kind == closer {
                open = open.saturating_sub(1);
                if open <= 1 {
                    return;
                }
            } else if kind == Kind::End {
                return;
            }
        }
    }

    fn number(&mut self) -> Option<Node> {
        let token = self.read();
        let source = &self.text[token.start..token.end];
        let number = Number::parse(source).ok().filter(|_| text::is_number(source));
        if number.is_none() {
            self.report(token, "Invalid JSON number", "This is not a number as JSON writes them");
        }
        Some(Node::Number(number?, self.span(token)))
    }

    fn quoted(&mut self) -> Option<Node> {
        let token = self.read();
        let span = self.span(token);
        match text::unescape(&self.text[token.start..token.end]) {
            Ok(text) => Some(Node::Text(Text { text: text.into(), span })),
            Err(offset) => {
                let start = token.start + offset;
                // The offset may lie in a character, as Go counts it.
                let start = self.text.floor_char_boundary(start);
                let end = self.text.ceil_char_boundary(start + 1);
                let place = Span::new(self.file, start, end);
                let detail = "This is not text as JSON writes it: a quote is missing, or an escape sequence is wrong";
                let error = Diagnostic::error("Invalid JSON string", detail).at(place);
                self.diagnostics.push(error.label(span, "the text begins here"));
                None
            }
        }
    }

    fn word(&mut self) -> Option<Node> {
        let token = self.read();
        let span = self.span(token);
        match &self.text[token.start..token.end] {
            "true" => Some(Node::Bool(true, span)),
            "false" => Some(Node::Bool(false, span)),
            "null" => Some(Node::Null(span)),
            word => {
                let detail = format!(
                    "`{word}` is not a word that JSON knows. There are `true`, `false` and `null`"
                );
                self.report(token, "Invalid JSON keyword", detail);
                None
            }
        }
    }
}
