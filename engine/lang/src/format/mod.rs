//! The canonical layout of source text.
//!
//! [`format`] gives a text the layout that `terraform fmt` gives it: the rules of
//! [hclwrite](https://github.com/hashicorp/hcl/tree/main/hclwrite) for indentation, spaces and
//! columns, and a few idioms on top, such as `"${x}"` becoming `x`. It works on tokens: the tree
//! only says where arguments and labels are. Line breaks are the author's; none is added or taken.
//!
//! *Invariants:* a text with syntax errors is never changed; time is linear in the text but for the
//! search of each argument's tokens.

mod columns;
mod idioms;
pub(crate) mod label;
mod layout;
mod line;
mod piece;
mod spacing;
#[cfg(test)]
mod tests;

use platoform_diagnostic::{Diagnostics, FileId};

use crate::syntax::token::Kind;
use crate::syntax::{lexer, parse};

/// Gives a text its canonical layout.
///
/// ```
/// use platoform_diagnostic::FileId;
///
/// let text = "locals {\nregion=\"${var.region}\" # where\nsize = 3\n}\n";
/// let formatted = platoform_lang::format(FileId(0), text);
/// assert_eq!(
///     formatted.ok().as_deref(),
///     Some("locals {\n  region = var.region # where\n  size   = 3\n}\n")
/// );
/// ```
///
/// # Errors
/// What is wrong with the text, when it has syntax errors.
pub fn format(file: FileId, text: &str) -> Result<String, Diagnostics> {
    let (body, diagnostics) = parse(file, text);
    if diagnostics.has_errors() {
        return Err(diagnostics);
    }
    let tokens = lexer::tokens(text, lexer::Start::Code);
    let mut pieces = idioms::apply(text, &tokens, &body);
    layout::apply(&mut pieces);
    let mut formatted = piece::write(&pieces, text.len());
    let last = pieces.iter().rev().find(|piece| !piece.text.is_empty());
    if last.is_some_and(|piece| piece.kind == Kind::CloseHeredoc) {
        // It was taken out of a template at the end of the file, and has to end its line.
        formatted.push('\n');
    }
    Ok(formatted)
}
