//! Template directives: `%{if}`, `%{else}`, `%{endif}`, `%{for}`, `%{endfor}`.

use platoform_diagnostic::Span;

use super::comprehension::Wording;
use super::parser::{Lost, Parsed, Parser};
use super::template::Piece;
use super::token::{Kind, Token};
use crate::tree::Expression;

/// What may stand first in a directive.
const KEYWORDS: [&str; 5] = ["if", "for", "else", "endif", "endfor"];

/// What is said of `for` in a template.
const FOR: Wording = Wording {
    summary: "Invalid 'for' directive",
    first: "For directive requires variable name after 'for'",
    second: "For directive requires value variable name after comma",
    keyword: "For directive requires 'in' keyword after names",
};

impl Parser<'_> {
    /// A directive, from after `%{` up to the closing brace.
    pub(super) fn directive(&mut self, open: Token, pieces: &mut Vec<Piece>) -> Parsed<()> {
        let keyword = self.peek();
        if keyword.kind != Kind::Identifier {
            let detail = r#"A template directive keyword ("if", "for", etc) is expected at the beginning of a %{ sequence"#;
            return self.unexpected(keyword, "Invalid template directive", detail);
        }
        self.read();
        let word = self.slice(keyword);
        let mut lost = false;
        let piece = match word {
            "if" => {
                let condition = self.directive_expression(&mut lost);
                Piece::If(condition, self.directive_span(open))
            }
            "for" => {
                let (key, value) = self.for_names(&FOR)?;
                let collection = self.directive_expression(&mut lost);
                Piece::For(key, value, collection, self.directive_span(open))
            }
            "else" => Piece::Else(self.directive_span(open)),
            "endif" => Piece::EndIf(self.directive_span(open)),
            "endfor" => Piece::EndFor(self.directive_span(open)),
            _ => {
                let similar = KEYWORDS.iter().find(|known| strsim::levenshtein(word, known) < 3);
                let hint = similar.map(|known| format!(" Did you mean {known:?}?"));
                let hint = hint.unwrap_or_default();
                let detail = format!("{word:?} is not a valid template control keyword.{hint}");
                return self.unexpected(keyword, "Invalid template control keyword", detail);
            }
        };
        pieces.push(piece);
        if lost {
            return Err(Lost);
        }
        let close = self.peek();
        if close.kind != Kind::SequenceEnd {
            let summary = format!("Extra characters in {word} marker");
            let detail = "Expected a closing brace to end the sequence, but found extra characters";
            return self.unexpected(close, &summary, detail);
        }
        Ok(())
    }

    /// The expression of a directive. One that is lost leaves a placeholder, so that the directive
    /// still opens what another one closes.
    fn directive_expression(&mut self, lost: &mut bool) -> Expression {
        let start = self.span(self.peek());
        self.expression().unwrap_or_else(|Lost| {
            *lost = true;
            self.placeholder(start)
        })
    }

    fn directive_span(&self, open: Token) -> Span {
        self.span(open).to(self.span(self.peek()))
    }
}
