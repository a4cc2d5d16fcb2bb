//! Where values that are not kept must not go.

use platoform_config::Content;
use platoform_diagnostic::{Diagnostic, Diagnostics};
use platoform_schema::Block;
use platoform_value::{Marks, Path, Value};

use crate::sensitive::marked_paths;

/// The errors about ephemeral values in attributes that are kept in the state.
pub(crate) fn refused(content: &Content, config: &Value, address: &str) -> Diagnostics {
    if !config.deep_marks().contains(Marks::EPHEMERAL) {
        return Diagnostics::default();
    }
    let block = &content.schema().block;
    let paths = marked_paths(config).into_iter();
    let kept = paths
        .filter(|(path, marks)| marks.contains(Marks::EPHEMERAL) && !is_write_only(block, path));
    let errors = kept.map(|(path, _)| {
        let detail = "Ephemeral values are not valid here, because this is not a write-only \
                      attribute: what it is set to is kept";
        let error = Diagnostic::error("Invalid use of ephemeral value", detail);
        error.at_default(content.span_of(&path)).about(address)
    });
    errors.collect()
}

fn is_write_only(block: &Block, path: &Path) -> bool {
    match path.0.first() {
        Some(platoform_value::Step::Attribute(name)) => {
            block.attributes.get(name).is_some_and(|attribute| attribute.write_only)
        }
        _ => false,
    }
}
