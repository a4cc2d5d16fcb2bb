//! Templates: quoted, heredoc, bare. Tokens become pieces (text with trimming done, expressions,
//! directives), pieces become the tree.

use std::borrow::Cow;

use platoform_diagnostic::Span;
use platoform_value::Value;

use super::parser::{Lost, Parsed, Parser};
use super::token::{Kind, Token};
use super::{assembly, escape, heredoc};
use crate::tree::{Expression, ExpressionKind, Ident};

const UNCLOSED: &str = "Unclosed template interpolation sequence";
const UNCLOSED_FILE: &str = "There is no closing brace for this interpolation sequence before the end of the file. This might be caused by incorrect nesting inside the given expression";
const UNCLOSED_QUOTES: &str = "There is no closing brace for this interpolation sequence before the end of the quoted template. This might be caused by incorrect nesting inside the given expression";
const EXTRA: &str = r#"Expected a closing brace to end the interpolation expression, but found extra characters.

This can happen when you include interpolation syntax for another language, such as shell scripting, but forget to escape the interpolation start token. If this is an embedded sequence for another language, escape it by starting with "$${" instead of just "${""#;
const EXTRA_COLON: &str = r#"Template interpolation doesn't expect a colon at this location. Did you intend this to be a literal sequence to be processed as part of another language? If so, you can escape it by starting with "$${" instead of just "${""#;

/// A part of a template before its directives are matched.
pub(super) enum Piece {
    /// Text, trimmed and unescaped; where it stands.
    Text(String, Span),
    /// `${x}`
    Interpolation(Expression),
    /// `%{if x}`; where it stands.
    If(Expression, Span),
    /// `%{else}`
    Else(Span),
    /// `%{endif}`
    EndIf(Span),
    /// `%{for k, v in x}`: key, value, collection, where it stands.
    For(Option<Ident>, Ident, Expression, Span),
    /// `%{endfor}`
    EndFor(Span),
}

/// The pieces of a template as they are gathered.
#[derive(Default)]
struct Pieces {
    all: Vec<Piece>,
    /// The last sequence ended with `~}`: the next text loses its leading space.
    trim_next: bool,
    /// The last token was text: `${~` takes its trailing space.
    after_text: bool,
    /// A part of the template was lost.
    lost: bool,
    /// Where a template that is not terminated was taken to end.
    end: Option<Token>,
}

impl<'a> Parser<'a> {
    /// A quoted template or heredoc, its opening token not yet taken.
    pub(super) fn template(&mut self) -> Parsed<Expression> {
        let open = self.read();
        if let Some(plain) = self.plain(open) {
            return Ok(plain);
        }
        self.sequences(open)
    }

    /// A template that may hold sequences.
    fn sequences(&mut self, open: Token) -> Parsed<Expression> {
        let heredoc = open.kind == Kind::OpenHeredoc;
        let closer = if heredoc { Kind::CloseHeredoc } else { Kind::CloseQuote };
        let pieces = self.pieces(open, closer);
        let close = self.previous();
        let span = self.span(open).to(self.span(close));
        let flush = heredoc && self.slice(open).starts_with("<<-");
        self.assemble(pieces, flush, span, self.span(close))
    }

    /// A template that is a whole text.
    pub(super) fn bare_template(&mut self) -> Parsed<Expression> {
        let open = self.peek();
        let pieces = self.pieces(open, Kind::End);
        let span = self.place(0, self.text.len() as u32);
        self.assemble(pieces, false, span, self.span(self.peek()))
    }

    /// Text in quotes without any sequence, which is nearly all there is.
    fn plain(&mut self, open: Token) -> Option<Expression> {
        let first = self.peek();
        if open.kind != Kind::OpenQuote || !matches!(first.kind, Kind::Quoted | Kind::CloseQuote) {
            return None;
        }
        let before = self.next;
        let token = self.read();
        let close = if token.kind == Kind::Quoted { self.read() } else { token };
        if close.kind != Kind::CloseQuote {
            self.next = before;
            return None;
        }
        let text = if token.kind == Kind::Quoted { self.literal(token) } else { "".into() };
        let span = self.span(open).to(self.span(close));
        Some(Expression { kind: ExpressionKind::Literal(Value::string(&*text)), span })
    }

    /// The text a literal token stands for; bad escapes are reported.
    pub(super) fn literal(&mut self, token: Token) -> Cow<'a, str> {
        let source = &self.text[token.start as usize..token.end as usize];
        let quoted = token.kind == Kind::Quoted;
        let mut bad = Vec::new();
        let text = escape::unescape(source, quoted, &mut bad);
        for error in bad {
            let start = token.start + error.start as u32;
            let span = self.place(start, start + error.length as u32);
            self.report(span, "Invalid escape sequence", error.detail);
        }
        text
    }

    /// Everything up to the closing marker, which is taken.
    fn pieces(&mut self, open: Token, closer: Kind) -> Pieces {
        // Counts in sequences only; there are no line ends in templates otherwise.
        self.newlines = false;
        let mut pieces = Pieces::default();
        let first = self.peek();
        loop {
            let token = self.read();
            match token.kind {
                kind if kind == closer => return pieces,
                Kind::Quoted | Kind::Text => self.text_piece(token, &mut pieces),
                Kind::Interpolation | Kind::Directive => {
                    if pieces.after_text && self.slice(token).ends_with('~') {
                        trim_end(pieces.all.last_mut());
                    }
                    let sequence = if token.kind == Kind::Interpolation {
                        self.interpolation(first, closer, &mut pieces.all)
                    } else {
                        self.directive(token, &mut pieces.all)
                    };
                    pieces.after_text = false;
                    if let Err(Lost) = sequence {
                        pieces.lost = true;
                        if !self.first_lost {
                            return pieces;
                        }
                        self.skip_to(Kind::SequenceEnd);
                        continue;
                    }
                    let end = self.read();
                    pieces.trim_next = self.slice(end).starts_with('~');
                }
                _ => {
                    self.unterminated(open, token);
                    pieces.lost = true;
                    if self.first_lost {
                        pieces.end = Some(self.skip_to(closer));
                    }
                    return pieces;
                }
            }
        }
    }

    fn text_piece(&mut self, token: Token, pieces: &mut Pieces) {
        let span = self.span(token);
        let text = self.literal(token);
        let text = if pieces.trim_next { text.trim_start() } else { &*text };
        pieces.all.push(Piece::Text(text.to_owned(), span));
        pieces.trim_next = false;
        pieces.after_text = true;
    }

    fn unterminated(&mut self, open: Token, token: Token) {
        if self.was_lost {
            return;
        }
        let detail = "No closing marker was found for the string";
        let _: Parsed<()> = self.unexpected(token, "Unterminated template string", detail);
        self.label_last(self.span(open), "the text begins here");
    }

    /// `x` of `${x}`, up to the closing brace. One that is missing is reported, as in Terraform, at
    /// the first token of the template.
    fn interpolation(&mut self, first: Token, closer: Kind, pieces: &mut Vec<Piece>) -> Parsed<()> {
        let start = self.span(self.peek());
        let expression = self.expression();
        let lost = expression.is_err();
        let expression = expression.unwrap_or_else(|Lost| self.placeholder(start));
        pieces.push(Piece::Interpolation(expression));
        if lost {
            return Err(Lost);
        }
        let close = self.peek();
        let detail = match close.kind {
            Kind::SequenceEnd => return Ok(()),
            Kind::End => return self.unclosed(self.span(first), UNCLOSED, UNCLOSED_FILE),
            Kind::OpenQuote | Kind::CloseQuote if closer == Kind::CloseQuote => {
                return self.unclosed(self.span(first), UNCLOSED, UNCLOSED_QUOTES);
            }
            Kind::Colon => EXTRA_COLON,
            _ => EXTRA,
        };
        self.unexpected(close, "Extra characters after interpolation expression", detail)
    }

    fn assemble(
        &mut self,
        pieces: Pieces,
        flush: bool,
        span: Span,
        end: Span,
    ) -> Parsed<Expression> {
        let Pieces { all: mut pieces, lost, end: found, .. } = pieces;
        if lost {
            let end = found.map_or(end, |token| self.span(token));
            // For what is wrong with its directives.
            assembly::parts(self, pieces, end)?;
            return Err(Lost);
        }
        if flush {
            heredoc::flush(&mut pieces);
        }
        if let [Piece::Interpolation(_)] = &pieces[..]
            && let Some(Piece::Interpolation(inner)) = pieces.pop()
        {
            return Ok(Expression { kind: ExpressionKind::Wrap(Box::new(inner)), span });
        }
        if pieces.iter().all(|piece| matches!(piece, Piece::Text(..))) {
            let texts = pieces.iter().map(|piece| match piece {
                Piece::Text(text, _) => &**text,
                _ => "",
            });
            let text = texts.collect::<String>();
            return Ok(Expression { kind: ExpressionKind::Literal(Value::string(text)), span });
        }
        let parts = assembly::parts(self, pieces, end)?;
        Ok(Expression { kind: ExpressionKind::Template(parts), span })
    }
}

fn trim_end(piece: Option<&mut Piece>) {
    if let Some(Piece::Text(text, _)) = piece {
        text.truncate(text.trim_end().len());
    }
}
