//! What an expression may refer to that stands in no file.

use std::path::Path;
use std::sync::Arc;

use platoform_diagnostic::Diagnostics;
use platoform_lang::Expression;

use super::check::{self, Definitions};
use super::definition::Definition;

/// The names of a root module, with what is known about them without any value.
#[derive(Clone, Debug)]
pub struct Names {
    root: Arc<Definition>,
    definitions: Definitions,
}

impl Names {
    pub(super) fn new(root: &Path, definitions: Definitions) -> Self {
        let known = definitions.by_directory.get(root).and_then(Clone::clone);
        Self { root: known.unwrap_or_default(), definitions }
    }

    /// Checks what an expression refers to, as if it stood in the root module outside of any block
    /// that gives meaning to `count`, `each` or `self`.
    #[must_use]
    pub fn check(&self, expression: &Expression) -> Diagnostics {
        let mut diagnostics = Diagnostics::default();
        check::expression(&self.root, &self.definitions, expression, &mut diagnostics);
        diagnostics
    }
}
