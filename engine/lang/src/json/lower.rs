//! Objects to bodies.

use std::sync::Arc;

use platoform_diagnostic::{Diagnostic, Diagnostics, Span};
use rustc_hash::FxHashMap;

use super::layout::{Form, Item, Layout};
use super::template::expression;
use super::tree::{Node, Property, Text};
use crate::tree::{Attribute, Block, Body, Ident, Label};

/// Summary of the error for a property that nothing knows.
pub const EXTRANEOUS: &str = "Extraneous JSON object property";
/// Properties of this name are comments, in bodies.
const COMMENT: &str = "//";

/// The body that an object, or an array of objects, stands for. Its span is where something that
/// is missing belongs: the closing brace.
#[must_use]
pub fn body(node: &Node, layout: &dyn Layout, diagnostics: &mut Diagnostics) -> Body {
    let span = match node {
        Node::Object(object) => object.close,
        other => other.start(),
    };
    let properties = if layout.is_open() && matches!(node, Node::Array(_)) {
        let detail = "An object is required here, with the arguments of this block";
        diagnostics.push(wrong_type(detail, node));
        Vec::new()
    } else {
        properties(node, None, diagnostics)
    };
    lower(properties.into_iter(), span, layout, diagnostics)
}

/// The body that properties stand for that were kept until a schema is known.
#[must_use]
pub fn deferred<'a>(
    properties: impl Iterator<Item = &'a Property>,
    span: Span,
    layout: &dyn Layout,
    diagnostics: &mut Diagnostics,
) -> Body {
    lower(properties, span, layout, diagnostics)
}

fn lower<'a>(
    properties: impl Iterator<Item = &'a Property>,
    span: Span,
    layout: &dyn Layout,
    diagnostics: &mut Diagnostics,
) -> Body {
    let mut body = Body { attributes: Vec::new(), blocks: Vec::new(), deferred: Vec::new(), span };
    let mut seen = FxHashMap::default();
    for property in properties {
        let name = &property.name;
        match layout.item(&name.text) {
            _ if &*name.text == COMMENT => {}
            Item::Attribute(form) => {
                if let Some(first) = seen.insert(&*name.text, name.span) {
                    diagnostics.push(duplicate(name, first, layout));
                } else {
                    body.attributes.push(attribute(property, form, diagnostics));
                }
            }
            Item::Block(labels, inner) => {
                let mut unpacking = Unpacking { name, inner, found: &mut body.blocks, diagnostics };
                unpacking.unpack(&property.value, labels, &mut Vec::new());
            }
            Item::Deferred => body.deferred.push(property.clone()),
            Item::Unknown => {
                let detail = format!("No argument or block type is named `{}`", name.text);
                let mut error = Diagnostic::error(EXTRANEOUS, detail);
                error.help = layout.suggestion(&name.text);
                diagnostics.push(error.at(name.span));
            }
        }
    }
    body
}

fn duplicate(name: &Text, first: Span, layout: &dyn Layout) -> Diagnostic {
    let open = layout.is_open();
    let summary = if open { "Duplicate attribute definition" } else { "Duplicate argument" };
    Diagnostic::error(summary, format!("The argument `{}` has been set already", name.text))
        .at(name.span)
        .label(first, "first set here")
}

fn attribute(property: &Property, form: Form, diagnostics: &mut Diagnostics) -> Attribute {
    let expression = expression(&property.value, form, diagnostics);
    let span = property.name.span.to(expression.span).to(property.value.span());
    Attribute { name: ident(&property.name), expression: Arc::new(expression), span }
}

fn ident(text: &Text) -> Ident {
    Ident { name: text.text.clone(), span: text.span }
}

fn wrong_type(detail: impl Into<String>, node: &Node) -> Diagnostic {
    Diagnostic::error("Incorrect JSON value type", detail).at(node.start())
}

/// The properties of an object or of all objects of an array; `label` says what their names are,
/// if not arguments and blocks.
fn properties<'a>(
    node: &'a Node,
    label: Option<&str>,
    diagnostics: &mut Diagnostics,
) -> Vec<&'a Property> {
    let purpose = || match label {
        Some(label) => format!("whose names are the {label} labels of this block"),
        None => "of arguments and nested blocks".to_owned(),
    };
    match node {
        Node::Null(_) => Vec::new(),
        Node::Object(object) => object.properties.iter().collect(),
        Node::Array(array) => {
            let mut all = Vec::new();
            for item in &array.items {
                if let Node::Object(object) = item {
                    all.extend(&object.properties);
                } else {
                    let detail = format!("An object is required here, {}", purpose());
                    diagnostics.push(wrong_type(detail, item));
                }
            }
            all
        }
        other => {
            let detail =
                format!("An object, or an array of objects, is required here, {}", purpose());
            diagnostics.push(wrong_type(detail, other));
            Vec::new()
        }
    }
}

/// The blocks of one property while they are collected.
struct Unpacking<'a, 'd> {
    name: &'a Text,
    inner: &'a dyn Layout,
    found: &'d mut Vec<Block>,
    diagnostics: &'d mut Diagnostics,
}

impl Unpacking<'_, '_> {
    /// Takes the labels that are left off a value, and makes blocks of what remains.
    fn unpack(&mut self, node: &Node, left: &[&str], labels: &mut Vec<Label>) {
        let Some((label, left)) = left.split_first() else { return self.blocks(node, labels) };
        let properties = properties(node, Some(label), self.diagnostics);
        if properties.is_empty() {
            let detail = format!(
                "At least one property is required, whose name is the {label} of the `{}` block",
                self.name.text
            );
            self.diagnostics
                .push(Diagnostic::error("Missing block label", detail).at(node.start()));
        }
        for property in properties {
            let name = &property.name;
            labels.push(Label { text: name.text.clone(), span: name.span });
            self.unpack(&property.value, left, labels);
            labels.pop();
        }
    }

    fn blocks(&mut self, node: &Node, labels: &[Label]) {
        match node {
            Node::Null(_) => {}
            Node::Object(object) => self.block(node, object.open, labels),
            Node::Array(array) => {
                for item in &array.items {
                    self.block(item, array.open, labels);
                }
            }
            other => {
                let detail = format!(
                    "An object or an array is required here, for one or more `{}` blocks",
                    self.name.text
                );
                self.diagnostics.push(wrong_type(detail, other));
            }
        }
    }

    fn block(&mut self, node: &Node, header: Span, labels: &[Label]) {
        if self.inner.is_open() && matches!(node, Node::Null(_)) {
            let detail = "An object is required here, with the arguments of this block";
            self.diagnostics.push(wrong_type(detail, node));
        }
        let body = Arc::new(body(node, self.inner, self.diagnostics));
        let (kind, labels, opening) = (ident(self.name), labels.to_vec(), body.span);
        self.found.push(Block { kind, labels, body, header, opening });
    }
}
