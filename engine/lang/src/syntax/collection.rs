//! Tuples and objects.

use platoform_diagnostic::Span;

use super::parser::{Lost, Parsed, Parser};
use super::token::{Kind, Token};
use crate::tree::{Expression, ExpressionKind, ObjectKey};

impl Parser<'_> {
    /// `[x, …]` or `[for …]`
    pub(super) fn tuple(&mut self) -> Parsed<Expression> {
        let open = self.read();
        self.newlines = false;
        if self.at_word("for") {
            let parsed = self.comprehension(open);
            return self.or_skip(parsed, Kind::CloseBracket);
        }
        let mut items = Vec::new();
        while !self.at(Kind::CloseBracket) {
            let item = self.expression();
            let item = self.or_skip(item, Kind::CloseBracket)?;
            items.push(item);
            if self.eat(Kind::Comma).is_none() && !self.at(Kind::CloseBracket) {
                let lost = self.no_item(open);
                return self.or_skip(lost, Kind::CloseBracket);
            }
        }
        items.shrink_to_fit();
        let close = self.read();
        let span = self.span(open).to(self.span(close));
        Ok(Expression { kind: ExpressionKind::Tuple(items), span })
    }

    fn no_item<T>(&mut self, open: Token) -> Parsed<T> {
        let token = self.peek();
        if token.kind == Kind::End {
            let detail = "There is no corresponding closing bracket before the end of the file. This may be caused by incorrect bracket nesting elsewhere in this file";
            let summary = "Unterminated tuple constructor expression";
            return self.unclosed(self.span(open), summary, detail);
        }
        let detail = "Expected a comma to mark the beginning of the next item";
        self.unexpected(token, "Missing item separator", detail)
    }

    /// `{ key = value, … }` or `{for …}`
    pub(super) fn object(&mut self) -> Parsed<Expression> {
        let open = self.read();
        self.newlines = false;
        if self.at_word("for") {
            let parsed = self.comprehension(open);
            return self.or_skip(parsed, Kind::CloseBrace);
        }
        self.newlines = true;
        let mut items = Vec::new();
        loop {
            while self.eat(Kind::Newline).is_some() {}
            if self.at(Kind::CloseBrace) {
                break;
            }
            let item = self.object_item(open, &mut items);
            self.or_skip(item, Kind::CloseBrace)?;
            let next = self.peek().kind;
            if matches!(next, Kind::Comma | Kind::Newline) {
                self.read();
            } else if next != Kind::CloseBrace {
                let lost = self.no_attribute(open);
                return self.or_skip(lost, Kind::CloseBrace);
            }
        }
        items.shrink_to_fit();
        let close = self.read();
        let span = self.span(open).to(self.span(close));
        Ok(Expression { kind: ExpressionKind::Object(items), span })
    }

    fn object_item(&mut self, open: Token, items: &mut Vec<(ObjectKey, Expression)>) -> Parsed<()> {
        let key = self.object_key()?;
        if !matches!(self.peek().kind, Kind::Assign | Kind::Colon) {
            return self.no_value(open);
        }
        self.read();
        let value = self.expression()?;
        items.push((key, value));
        Ok(())
    }

    fn object_key(&mut self) -> Parsed<ObjectKey> {
        let first = self.peek();
        let key = self.expression()?;
        // Keywords are names here: a key that consists of exactly this one token.
        let bare = first.kind == Kind::Identifier && key.span == self.span(first);
        Ok(match bare {
            true => ObjectKey::Name(self.ident(first)),
            false => ObjectKey::Expression(Box::new(key)),
        })
    }

    fn no_value<T>(&mut self, open: Token) -> Parsed<T> {
        let token = self.peek();
        match token.kind {
            Kind::End => self.unclosed_object(open),
            Kind::Newline | Kind::Comma => {
                let detail = r#"Expected an attribute value, introduced by an equals sign ("=")"#;
                self.unexpected(token, "Missing attribute value", detail)
            }
            Kind::Identifier => {
                let detail = r#"Expected an equals sign ("=") to mark the beginning of the attribute value. If you intended to given an attribute name containing periods or spaces, write the name in quotes to create a string literal"#;
                self.unexpected(token, "Missing key/value separator", detail)
            }
            _ => {
                let detail =
                    r#"Expected an equals sign ("=") to mark the beginning of the attribute value"#;
                self.unexpected(token, "Missing key/value separator", detail)
            }
        }
    }

    fn no_attribute<T>(&mut self, open: Token) -> Parsed<T> {
        let token = self.peek();
        if token.kind == Kind::End {
            return self.unclosed_object(open);
        }
        let detail = "Expected a newline or comma to mark the beginning of the next attribute";
        self.unexpected(token, "Missing attribute separator", detail)
    }

    fn unclosed_object<T>(&mut self, open: Token) -> Parsed<T> {
        let detail = "There is no corresponding closing brace before the end of the file. This may be caused by incorrect brace nesting elsewhere in this file";
        let summary = "Unterminated object constructor expression";
        self.unclosed(self.span(open), summary, detail)
    }

    /// Reports a bracket that the text ends before.
    pub(super) fn unclosed<T>(&mut self, span: Span, summary: &str, detail: &str) -> Parsed<T> {
        if self.lost_at.is_none() {
            self.report(span, summary, detail);
        }
        self.lose();
        Err(Lost)
    }
}
