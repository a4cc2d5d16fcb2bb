//! Going on after an error.

use super::parser::{Parsed, Parser};
use super::token::{Kind, Token};

/// Brackets that are open, with the number of each kind, so that looking for one takes no time.
#[derive(Default)]
struct Open {
    all: Vec<Kind>,
    counts: [usize; 6],
}

impl Parser<'_> {
    /// The bracket that closes what is open, as far as can be told after an unexpected token at the
    /// position, or the end of the text. Terraform points there.
    pub(super) fn after_recovery(&self, closer: Kind) -> Token {
        let mut open = 0_usize;
        let from = (self.next_index() + 1).min(self.tokens.len() - 1);
        for token in &self.tokens[from..] {
            if token.kind == closer {
                if open == 0 {
                    return *token;
                }
                open -= 1;
            } else if Some(token.kind) == closer.opener() {
                open += 1;
            }
        }
        self.tokens[self.tokens.len() - 1]
    }

    /// Goes behind the closing bracket if what it ends was lost.
    pub(super) fn or_skip<T>(&mut self, parsed: Parsed<T>, closer: Kind) -> Parsed<T> {
        if parsed.is_err() && self.first_lost {
            self.skip_to(closer);
        }
        parsed
    }

    /// Goes behind the bracket that closes what is open at the position; answers with it, or with
    /// the end of the text.
    pub(super) fn skip_to(&mut self, closer: Kind) -> Token {
        let mut open = 0_usize;
        loop {
            let token = self.tokens[self.next];
            if token.kind == Kind::End {
                return token;
            }
            self.next += 1;
            let opens = Some(token.kind) == closer.opener()
                || (closer == Kind::SequenceEnd && token.kind == Kind::Directive);
            if token.kind == closer {
                if open == 0 {
                    return token;
                }
                open -= 1;
            } else if opens {
                open += 1;
            }
        }
    }

    /// Goes on after an item that was lost.
    pub(super) fn resume(&mut self, from: usize) {
        self.broken = true;
        self.skip_line(from);
    }

    /// Goes to the end of the line in which what began at token `from` ends, at least to the
    /// position where it was lost: line ends within brackets do not count. A closing brace that
    /// nothing in it opened ends it as well and is left for whoever did; within a line in brackets
    /// it is rather a slip for another bracket.
    pub(super) fn skip_line(&mut self, from: usize) {
        let lost_at = self.lost_at.unwrap_or(self.next);
        let mut open = Open::default();
        let mut line_start = false;
        let mut index = from;
        loop {
            let kind = self.tokens[index].kind;
            let newline = matches!(kind, Kind::Newline | Kind::LineComment);
            if kind == Kind::End {
                break;
            }
            if newline && open.all.is_empty() && index + 1 >= lost_at {
                index += 1;
                break;
            }
            if !open.close(kind) && kind == Kind::CloseBrace {
                if line_start || open.all.is_empty() {
                    break;
                }
                open.pop();
            }
            open.open(kind);
            line_start = newline;
            index += 1;
        }
        self.next = index.max(lost_at).min(self.tokens.len() - 1);
    }
}

impl Open {
    fn open(&mut self, kind: Kind) {
        // One kind of end serves both.
        let kind = if kind == Kind::Directive { Kind::Interpolation } else { kind };
        if let Some(slot) = slot(kind) {
            self.counts[slot] += 1;
            self.all.push(kind);
        }
    }

    fn pop(&mut self) -> Option<Kind> {
        let kind = self.all.pop()?;
        self.counts[slot(kind)?] -= 1;
        Some(kind)
    }

    /// Closes what this closes, and all within; answers whether there was any.
    fn close(&mut self, kind: Kind) -> bool {
        let Some(opener) = kind.opener() else { return false };
        if slot(opener).is_none_or(|slot| self.counts[slot] == 0) {
            return false;
        }
        while self.pop().is_some_and(|kind| kind != opener) {}
        true
    }
}

/// Where brackets of a kind are counted.
fn slot(opener: Kind) -> Option<usize> {
    Some(match opener {
        Kind::OpenBrace => 0,
        Kind::OpenBracket => 1,
        Kind::OpenParenthesis => 2,
        Kind::OpenQuote => 3,
        Kind::OpenHeredoc => 4,
        Kind::Interpolation => 5,
        _ => return None,
    })
}
