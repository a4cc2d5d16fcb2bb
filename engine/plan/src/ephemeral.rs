//! Where values that are not kept must not go.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::sync::Arc;

use platoform_config::Content;
use platoform_diagnostic::{Diagnostic, Diagnostics};
use platoform_schema::Block;
use platoform_value::{Marks, Path, Value};

use crate::sensitive::marked_paths;

/// The errors about ephemeral values in attributes that are kept in the state.
pub(crate) fn refused(content: &Content, config: &Value, address: &dyn Display) -> Diagnostics {
    if !config.deep_marks().contains(Marks::EPHEMERAL) {
        return Diagnostics::default();
    }
    let block = &content.schema().block;
    let paths = marked_paths(config).into_iter();
    let kept = paths
        .filter(|(path, marks)| marks.contains(Marks::EPHEMERAL) && !is_write_only(block, path));
    // One for each argument, at its whole value.
    let mut seen = BTreeSet::new();
    let kept = kept.filter(|(path, _)| seen.insert(first(path)));
    let errors = kept.map(|(path, _)| {
        let written = first(&path).and_then(|name| content.expression(&name));
        let at = written.map(|expression| expression.span).or_else(|| content.span_of(&path));
        let detail = "Ephemeral values are not valid here, because this is not a write-only \
                      attribute: what it is set to is kept";
        let error = Diagnostic::error("Invalid use of ephemeral value", detail);
        error.at_default(at).about(address.to_string())
    });
    errors.collect()
}

/// The argument or block of the resource that a path is in.
fn first(path: &Path) -> Option<Arc<str>> {
    match path.0.first() {
        Some(platoform_value::Step::Attribute(name)) => Some(name.clone()),
        _ => None,
    }
}

fn is_write_only(block: &Block, path: &Path) -> bool {
    match path.0.first() {
        Some(platoform_value::Step::Attribute(name)) => {
            block.attributes.get(name).is_some_and(|attribute| attribute.write_only)
        }
        _ => false,
    }
}
