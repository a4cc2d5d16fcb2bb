//! `for` expressions.

use super::parser::{Parsed, Parser};
use super::token::{Kind, Token};
use crate::tree::{Expression, ExpressionKind, For, Ident};

const INVALID: &str = "Invalid 'for' expression";

/// What is said when there are no `k, v in` after `for`.
pub(super) struct Wording {
    pub(super) summary: &'static str,
    /// The first name is missing.
    pub(super) first: &'static str,
    /// The second name is.
    pub(super) second: &'static str,
    /// `in` is.
    pub(super) keyword: &'static str,
}

/// What is said of `for` in an expression.
const FOR: Wording = Wording {
    summary: INVALID,
    first: "For expression requires variable name after 'for'",
    second: "For expression requires value variable name after comma",
    keyword: "For expression requires the 'in' keyword after its name declarations",
};

/// A `for` expression while it is parsed: boxed, so that frames stay small.
struct Parts {
    key: Option<Ident>,
    value: Ident,
    collection: Box<Expression>,
    result_key: Option<Box<Expression>>,
    result: Box<Expression>,
    condition: Option<Box<Expression>>,
}

impl Parts {
    fn finish(self, group: bool) -> For {
        For {
            key: self.key,
            value: self.value,
            collection: *self.collection,
            result_key: self.result_key.map(|key| *key),
            result: *self.result,
            condition: self.condition.map(|test| *test),
            group,
        }
    }
}

impl Parser<'_> {
    /// `for …`, from after the bracket that opens it to the one that closes it. Line ends must not
    /// count.
    pub(super) fn comprehension(&mut self, open: Token) -> Parsed<Expression> {
        self.read();
        let (key, value) = self.for_names(&FOR)?;
        let collection = self.boxed()?;
        if self.eat(Kind::Colon).is_none() {
            let detail = "For expression requires a colon after the collection expression";
            return self.unexpected(self.peek(), INVALID, detail);
        }
        let mut result = self.boxed()?;
        let mut result_key = None;
        if self.eat(Kind::Arrow).is_some() {
            result_key = Some(std::mem::replace(&mut result, self.boxed()?));
        }
        let ellipsis = self.eat(Kind::Ellipsis);
        let mut condition = None;
        if self.at_word("if") {
            self.read();
            condition = Some(self.boxed()?);
        }
        let parts = Parts { key, value, collection, result_key, result, condition };
        self.end_comprehension(open, parts, ellipsis)
    }

    fn end_comprehension(
        &mut self,
        open: Token,
        parts: Parts,
        ellipsis: Option<Token>,
    ) -> Parsed<Expression> {
        let object = open.kind == Kind::OpenBrace;
        let close = self.peek();
        if close.kind != if object { Kind::CloseBrace } else { Kind::CloseBracket } {
            let detail = "Extra characters after the end of the 'for' expression";
            let lost = self.unexpected(close, INVALID, detail);
            self.fits_bracket(&parts.finish(ellipsis.is_some()), ellipsis, object);
            return lost;
        }
        self.read();
        let span = self.span(open).to(self.span(close));
        let result = parts.finish(ellipsis.is_some());
        if !self.fits_bracket(&result, ellipsis, object) {
            return Ok(self.placeholder(span));
        }
        Ok(Expression { kind: ExpressionKind::For(Box::new(result)), span })
    }

    /// `k, v in`, in an expression or a template.
    pub(super) fn for_names(&mut self, wording: &Wording) -> Parsed<(Option<Ident>, Ident)> {
        let first = self.peek();
        if first.kind != Kind::Identifier {
            return self.unexpected(first, wording.summary, wording.first);
        }
        self.read();
        let mut names = (None, self.ident(first));
        if self.eat(Kind::Comma).is_some() {
            let second = self.peek();
            if second.kind != Kind::Identifier {
                return self.unexpected(second, wording.summary, wording.second);
            }
            self.read();
            names = (Some(names.1), self.ident(second));
        }
        if !self.at_word("in") {
            return self.unexpected(self.peek(), wording.summary, wording.keyword);
        }
        self.read();
        Ok(names)
    }

    /// Whether what was written makes what the brackets say.
    fn fits_bracket(&mut self, parsed: &For, ellipsis: Option<Token>, object: bool) -> bool {
        let mut fits = true;
        let mut refuse = |span, detail: &str| {
            self.report(span, INVALID, detail);
            fits = false;
        };
        match &parsed.result_key {
            Some(key) if !object => {
                refuse(key.span, "Key expression is not valid when building a tuple");
            }
            None if object => {
                refuse(parsed.result.span, "Key expression is required when building an object")
            }
            _ => {}
        }
        if let Some(token) = ellipsis
            && !object
        {
            let span = self.span(token);
            self.report(
                span,
                INVALID,
                "Grouping ellipsis (...) cannot be used when building a tuple",
            );
            fits = false;
        }
        fits
    }
}
