//! The parser's hands: reading tokens, reporting, counting how deep it is, finding its way back.

use platoform_diagnostic::{Diagnostic, Diagnostics, FileId, Label, Span};
use platoform_value::{Type, Value};

use super::lexer::{self, Start};
use super::names::Names;
use super::token::{Kind, Token};
use super::{MAX_HEIGHT, lexical};
use crate::tree::{Expression, ExpressionKind, Ident};

/// The position is lost: the error is reported, and whoever called must give up too, until the
/// caller that knows how to go on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lost;

/// A part of the tree, or the position is lost.
pub(super) type Parsed<T> = Result<T, Lost>;

pub(super) struct Parser<'a> {
    pub(super) file: FileId,
    pub(super) text: &'a str,
    offset: usize,
    pub(super) tokens: Vec<Token>,
    /// Index of the next token.
    pub(super) next: usize,
    /// Whether line ends count. Whatever parses brackets sets it; [`Parser::term`] and
    /// [`Parser::steps`] restore it.
    pub(super) newlines: bool,
    /// How many nodes are being parsed around the position.
    pub(super) depth: u32,
    /// How many levels the node being parsed has below it so far.
    height: u32,
    /// Whether the position was lost at all so far.
    pub(super) was_lost: bool,
    /// Where the position was lost in the item being parsed, as an index of a token.
    pub(super) lost_at: Option<usize>,
    /// Whether this is the first item in which it was. What is wrong in the rest of that is found as
    /// Terraform finds it; in later ones that would take too long.
    pub(super) first_lost: bool,
    too_deep: bool,
    /// Whether the last item of a body was broken, so that what follows may be its rest.
    pub(super) broken: bool,
    pub(super) names: Names<'a>,
    /// Index of the first line end in quotes. After it, text and code are likely confused.
    inside_out: usize,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Parser<'a> {
    /// Cuts the text into tokens and reports those that are errors by themselves.
    pub(super) fn new(file: FileId, text: &'a str, offset: u32, start: Start) -> Self {
        let offset = offset as usize;
        // Offsets have 32 bits; a text that does not fit is read as far as it does.
        let mut fits = text.len().min((u32::MAX as usize).saturating_sub(offset));
        while !text.is_char_boundary(fits) {
            fits -= 1;
        }
        let tokens = lexer::tokens(&text[..fits], start);
        let span = |token: Token| {
            Span::new(file, token.start as usize + offset, token.end as usize + offset)
        };
        let confused = |token: &Token| token.kind == Kind::QuotedNewline;
        let inside_out = tokens.iter().position(confused).unwrap_or(tokens.len());
        let mut diagnostics: Vec<_> = lexical::check(&tokens, span);
        if fits < text.len() {
            let detail = "A source text may have no more than 4 GiB";
            diagnostics.push(Diagnostic::error("Source text too large", detail));
        }
        Self {
            file,
            text: &text[..fits],
            offset,
            tokens,
            next: 0,
            newlines: start == Start::Code,
            depth: 0,
            height: 0,
            was_lost: false,
            lost_at: None,
            first_lost: false,
            too_deep: false,
            broken: false,
            names: Names::default(),
            inside_out,
            diagnostics,
        }
    }

    /// The findings, in order of their places.
    pub(super) fn finish(self) -> Diagnostics {
        let mut found: Diagnostics = self.diagnostics.into_iter().collect();
        found.sort();
        found
    }

    /// Index of the next token that counts, to come back to. The last token always does.
    pub(super) fn next_index(&self) -> usize {
        let mut index = self.next;
        loop {
            match self.tokens[index].kind {
                Kind::Comment => index += 1,
                Kind::Newline | Kind::LineComment if !self.newlines => index += 1,
                _ => return index,
            }
        }
    }

    fn token(&self, index: usize) -> Token {
        let mut token = self.tokens[index];
        // A comment that ends its line is a line end.
        if token.kind == Kind::LineComment {
            token.kind = Kind::Newline;
        }
        token
    }

    /// The next token that counts.
    pub(super) fn peek(&self) -> Token {
        self.token(self.next_index())
    }

    /// Whether the next token is of this kind.
    pub(super) fn at(&self, kind: Kind) -> bool {
        self.peek().kind == kind
    }

    /// Whether the next token is this keyword.
    pub(super) fn at_word(&self, word: &str) -> bool {
        let token = self.peek();
        token.kind == Kind::Identifier && self.slice(token) == word
    }

    /// Takes the next token. The last one is never used up.
    pub(super) fn read(&mut self) -> Token {
        let index = self.next_index();
        self.next = (index + 1).min(self.tokens.len() - 1);
        self.token(index)
    }

    /// Takes the next token if it is of this kind.
    pub(super) fn eat(&mut self, kind: Kind) -> Option<Token> {
        let index = self.next_index();
        let token = self.token(index);
        if token.kind != kind {
            return None;
        }
        self.next = (index + 1).min(self.tokens.len() - 1);
        Some(token)
    }

    /// Whether a quote that was not closed on its line makes all that is read doubtful.
    pub(super) fn is_inside_out(&self) -> bool {
        self.next > self.inside_out
    }

    /// The token that was taken last.
    pub(super) fn previous(&self) -> Token {
        self.token(self.next.saturating_sub(1))
    }

    pub(super) fn slice(&self, token: Token) -> &'a str {
        &self.text[token.start as usize..token.end as usize]
    }

    pub(super) fn span(&self, token: Token) -> Span {
        self.place(token.start, token.end)
    }

    /// The place between two offsets in the text.
    pub(super) fn place(&self, start: u32, end: u32) -> Span {
        Span::new(self.file, start as usize + self.offset, end as usize + self.offset)
    }

    pub(super) fn ident(&mut self, token: Token) -> Ident {
        Ident { name: self.names.share(self.slice(token)), span: self.span(token) }
    }

    /// Goes one level deeper (functions that take closures would double the stack that takes).
    /// Answers what [`Parser::leave`] needs to come back.
    pub(super) fn enter(&mut self) -> Parsed<u32> {
        if self.depth >= MAX_HEIGHT {
            return self.refuse_depth();
        }
        self.depth += 1;
        Ok(std::mem::take(&mut self.height))
    }

    /// Comes back from a level.
    pub(super) fn leave(&mut self, beside: u32) {
        self.depth -= 1;
        self.height = beside.max(self.height + 1);
    }

    /// Notes that what was parsed so far moves down one level, as the left operand of an operator
    /// does.
    pub(super) fn lower(&mut self) -> Parsed<()> {
        self.height += 1;
        if self.depth + self.height > MAX_HEIGHT { self.refuse_depth() } else { Ok(()) }
    }

    fn refuse_depth<T>(&mut self) -> Parsed<T> {
        self.lose();
        if !std::mem::replace(&mut self.too_deep, true) {
            let detail =
                format!("Blocks, brackets and operators may be nested {MAX_HEIGHT} deep at most");
            let help = "Move parts of the expression to local values";
            let span = self.span(self.peek());
            self.diagnostics
                .push(Diagnostic::error("Nesting too deep", detail).at(span).help(help));
        }
        Err(Lost)
    }

    /// Reports an error that leaves the position where it should be.
    pub(super) fn report(&mut self, span: Span, summary: &str, detail: impl Into<String>) {
        self.diagnostics.push(Diagnostic::error(summary, detail).at(span));
    }

    /// Adds a second place to what was reported last.
    pub(super) fn label_last(&mut self, span: Span, message: &str) {
        if let Some(last) = self.diagnostics.last_mut() {
            last.labels.push(Label { span, message: message.to_owned() });
        }
    }

    /// Adds a second place to what was reported last, which the explanation names.
    pub(super) fn mention_last(&mut self, span: Span, message: &str) {
        self.label_last(span, message);
        if let Some(last) = self.diagnostics.last_mut() {
            last.mention = Some(span);
        }
    }

    /// Reports that a token is not what should be there, unless the position was lost before in the
    /// same item. A token that is an error by itself has been reported; only the first such one gets
    /// both, as in Terraform.
    pub(super) fn unexpected<T>(
        &mut self,
        token: Token,
        summary: &str,
        detail: impl Into<String>,
    ) -> Parsed<T> {
        self.unexpected_at(token, token, summary, detail)
    }

    /// The same, pointing to another token.
    pub(super) fn unexpected_at<T>(
        &mut self,
        token: Token,
        place: Token,
        summary: &str,
        detail: impl Into<String>,
    ) -> Parsed<T> {
        let echo = self.lost_at.is_some()
            || (self.was_lost && (token.kind.is_foreign() || self.is_inside_out()));
        if !echo {
            self.report(self.span(place), summary, detail);
        }
        self.lose();
        Err(Lost)
    }

    /// Notes that the position is lost.
    pub(super) fn lose(&mut self) {
        if !self.was_lost {
            self.was_lost = true;
            self.first_lost = true;
        }
        self.lost_at.get_or_insert(self.next);
    }

    /// What stands for an expression that could not be parsed.
    pub(super) fn placeholder(&self, span: Span) -> Expression {
        Expression { kind: ExpressionKind::Literal(Value::unknown(Type::Dynamic)), span }
    }
}
