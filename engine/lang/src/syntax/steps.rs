//! What follows an operand: attributes, indexes, splats.

use super::parser::{Lost, Parsed, Parser};
use super::token::{Kind, Token};
use crate::stack::with_stack;
use crate::tree::Step;

const NAME_EXPECTED: &str = "An attribute name is required after a dot";

impl Parser<'_> {
    /// All steps up to something else.
    pub(super) fn steps(&mut self) -> Parsed<Vec<Step>> {
        let mut steps = Vec::new();
        let mut lost = false;
        loop {
            let token = self.peek();
            let step = match token.kind {
                Kind::Dot => self.dotted(&mut steps),
                Kind::OpenBracket => {
                    self.read();
                    if self.at(Kind::Star) {
                        self.splat(token, &mut steps)
                    } else {
                        let newlines = std::mem::replace(&mut self.newlines, false);
                        let result = self.index(token, &mut steps);
                        self.newlines = newlines;
                        self.or_skip(result, Kind::CloseBracket)
                    }
                }
                _ if lost => return Err(Lost),
                _ => {
                    steps.shrink_to_fit();
                    return Ok(steps);
                }
            };
            lost |= step.is_err();
            if lost && !self.first_lost {
                return Err(Lost);
            }
        }
    }

    /// A dot and what follows it.
    fn dotted(&mut self, steps: &mut Vec<Step>) -> Parsed<()> {
        let dot = self.read();
        let token = self.peek();
        let step = match token.kind {
            Kind::Identifier => {
                self.read();
                Step::Attribute(self.ident(token))
            }
            Kind::Number => {
                self.read();
                self.legacy_index(dot, token, None)
            }
            Kind::Star => {
                self.read();
                self.attribute_splat(dot, token)?
            }
            _ => {
                // Terraform reports this wherever it has got to.
                self.report(self.span(token), "Invalid attribute name", NAME_EXPECTED);
                self.lose();
                return Err(Lost);
            }
        };
        steps.push(step);
        Ok(())
    }

    /// `.0`. Two of them in a row read as one number with a decimal point, which is refused;
    /// in a splat, as in Terraform, at its star.
    fn legacy_index(&mut self, dot: Token, number: Token, splat: Option<Token>) -> Step {
        let span = self.span(dot).to(self.span(number));
        if let Some((first, second)) = self.slice(number).split_once('.') {
            let full = if splat.is_some() { " with a full splat expression [*]" } else { "" };
            let detail = format!(
                "When using the legacy index syntax, chaining two indexes together is not permitted. Use the proper index syntax{full} instead, like [{first}][{second}]"
            );
            let place = splat.unwrap_or(number);
            self.report(self.span(place), "Invalid legacy index syntax", detail);
            return Step::Index(self.placeholder(self.span(number)), span);
        }
        Step::Index(self.number(number), span)
    }

    /// `.*` with the attributes that follow it.
    fn attribute_splat(&mut self, dot: Token, star: Token) -> Parsed<Step> {
        let span = self.span(dot).to(self.span(star));
        let mut steps = Vec::new();
        while let Some(dot) = self.eat(Kind::Dot) {
            let token = self.peek();
            match token.kind {
                Kind::Identifier => {
                    self.read();
                    steps.push(Step::Attribute(self.ident(token)));
                }
                Kind::Number => {
                    self.read();
                    let step = self.legacy_index(dot, token, Some(star));
                    steps.push(step);
                }
                Kind::Star => {
                    let detail = "A splat expression (*) cannot be used inside another attribute-only splat expression";
                    return self.unexpected(token, "Nested splat expression not allowed", detail);
                }
                _ => return self.unexpected(star, "Invalid attribute name", NAME_EXPECTED),
            }
        }
        Ok(Step::Splat(steps, span))
    }

    /// `*]` with everything that follows it.
    fn splat(&mut self, open: Token, steps: &mut Vec<Step>) -> Parsed<()> {
        self.read();
        let close = self.peek();
        if close.kind != Kind::CloseBracket {
            let detail = r#"The star for a full splat operator must be immediately followed by a closing bracket ("]")"#;
            let lost = self.unclosed_index(close, "Missing close bracket on splat index", detail);
            return self.or_skip(lost, Kind::CloseBracket);
        }
        self.read();
        let beside = self.enter()?;
        let inner = with_stack(|| self.steps());
        self.leave(beside);
        steps.push(Step::Splat(inner?, self.span(open).to(self.span(close))));
        Ok(())
    }

    /// Reports that a bracket is missing: where one that may be meant follows, as Terraform does.
    fn unclosed_index<T>(&mut self, found: Token, summary: &str, detail: &str) -> Parsed<T> {
        // Once in a text: it looks ahead as far as that goes.
        let place = if self.was_lost { found } else { self.after_recovery(Kind::CloseBracket) };
        let lost = self.unexpected_at(found, place, summary, detail);
        self.read();
        lost
    }

    /// `key]`
    fn index(&mut self, open: Token, steps: &mut Vec<Step>) -> Parsed<()> {
        let key = self.boxed()?;
        let close = self.peek();
        if close.kind != Kind::CloseBracket {
            let detail = r#"The index operator must end with a closing bracket ("]")"#;
            return self.unclosed_index(close, "Missing close bracket on index", detail);
        }
        self.read();
        steps.push(Step::Index(*key, self.span(open).to(self.span(close))));
        Ok(())
    }
}
