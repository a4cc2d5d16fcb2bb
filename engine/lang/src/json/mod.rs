//! HCL's JSON syntax.
//!
//! A text becomes a spanned [`Node`] tree and diagnostics. What the nodes mean depends on where
//! they stand: [`body`] lowers them to the same [`Body`](crate::Body) that native syntax gives,
//! guided by a [`Layout`] that says which properties are arguments and which are blocks;
//! [`expression`] lowers a single value. Where only the schema of a provider can tell, properties
//! are kept in [`Body::deferred`](crate::Body::deferred) until it is known. Rules and places of
//! errors follow the
//! [specification](https://github.com/hashicorp/hcl/blob/main/json/spec.md) and, where that is
//! silent, what Terraform 1.11 does.
//!
//! *Invariants:* no input panics; what is nested deeper than
//! [`MAX_HEIGHT`](crate::syntax::MAX_HEIGHT) is refused, so recursion is safe; time is linear.

use platoform_diagnostic::{Diagnostic, Diagnostics, FileId};

mod layout;
mod lower;
mod parse;
mod scan;
mod template;
#[cfg(test)]
mod tests;
mod text;
mod tree;

pub use layout::{Form, Item, Layout, Rest, Shape};
pub use lower::{EXTRANEOUS, body, deferred};
pub use template::expression;
pub use tree::{Array, Node, Object, Property, Text};

/// Parses a whole file, whose value must be an object or an array of objects. When it is not, that
/// is reported, and null stands for it.
#[must_use]
pub fn parse(file: FileId, text: &str) -> (Node, Diagnostics) {
    let (node, mut diagnostics) = parse::document(file, text);
    if matches!(node, Node::Object(_) | Node::Array(_)) {
        return (node, diagnostics);
    }
    let detail = "A configuration in JSON is an object, or an array of objects";
    let start = node.start();
    diagnostics.push(Diagnostic::error("Root value must be object", detail).at(start));
    (Node::Null(start), diagnostics)
}
