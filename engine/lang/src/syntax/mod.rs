//! Lexer and parser of HCL's native syntax.
//!
//! Written for this project because the parsers at hand stop at the first error and limit what
//! they nest. What it accepts, and where it points when it does not, follows the
//! [specification](https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md) and, where that
//! is silent, what Terraform 1.11 does.
//!
//! After an error the parser goes on with the next line on which the brackets of the broken item
//! are closed, so it finds an error in every item of a body. In the first broken item it finds all
//! that Terraform finds there, in later ones one that loses the position in each. An argument whose value is broken stays in the tree with an unknown value.
//!
//! *Invariants:* no input panics; spans lie in the text, on character boundaries; the tree is no
//! higher than [`MAX_HEIGHT`], so recursion over it is safe; time is linear in the text.

use platoform_diagnostic::{Diagnostics, FileId};

use crate::tree::{Body, Expression};

mod argument;
mod assembly;
mod block;
mod body;
mod call;
mod collection;
mod comprehension;
mod directive;
mod encoding;
mod escape;
mod expression;
mod heredoc;
pub(crate) mod lexer;
mod lexical;
mod literal;
mod names;
mod open;
mod operand;
mod parser;
mod recovery;
mod scan;
mod single_line;
mod steps;
mod template;
#[cfg(test)]
mod tests;
pub(crate) mod token;

pub use encoding::decode;
pub use open::is_open;
pub use scan::is_identifier;

use lexer::Start;
use parser::{Parsed, Parser};
use token::Kind;

/// How high a tree may be: blocks, brackets, templates and operators within each other. A chain of
/// operators that bind equally counts once. Parsing and evaluating take more stack where they need
/// it; what else walks over a tree takes less than 2 KiB a level in a debug build.
pub const MAX_HEIGHT: u32 = 1000;

/// Parses a whole file. A byte order mark is skipped.
#[must_use]
pub fn parse(file: FileId, text: &str) -> (Body, Diagnostics) {
    let mut parser = Parser::new(file, text, 0, Start::Code);
    let body = parser.file();
    (body, parser.finish())
}

/// Parses a text that is one expression, as the console reads it; line ends do not count. Spans
/// are moved by `offset`, where the text begins in its file.
#[must_use]
pub fn parse_expression(file: FileId, text: &str, offset: u32) -> (Expression, Diagnostics) {
    let mut parser = Parser::new(file, text, offset, Start::Code);
    parser.newlines = false;
    let mut parsed = parser.expression();
    let rest = parser.peek();
    if parsed.is_ok() && rest.kind != Kind::End {
        let detail =
            "An expression was successfully parsed, but extra characters were found after it";
        parsed = parser.unexpected(rest, "Extra characters after expression", detail);
    }
    finish(parser, parsed)
}

/// Parses a text that is one template without quotes, as `templatefile` reads it. Spans are moved
/// by `offset`, where the text begins in its file.
#[must_use]
pub fn parse_template(file: FileId, text: &str, offset: u32) -> (Expression, Diagnostics) {
    parse_template_at(file, text, offset, 0)
}

/// Parses a template that stands in something `depth` levels deep.
pub(crate) fn parse_template_at(
    file: FileId,
    text: &str,
    offset: u32,
    depth: u32,
) -> (Expression, Diagnostics) {
    let mut parser = Parser::new(file, text, offset, Start::Template);
    parser.depth = depth;
    let parsed = parser.bare_template();
    finish(parser, parsed)
}

fn finish(parser: Parser<'_>, parsed: Parsed<Expression>) -> (Expression, Diagnostics) {
    let whole = parser.place(0, parser.text.len() as u32);
    let expression = parsed.unwrap_or_else(|_| parser.placeholder(whole));
    (expression, parser.finish())
}
