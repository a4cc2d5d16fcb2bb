//! Values to expressions.

use std::sync::Arc;

use platoform_diagnostic::{Diagnostic, Diagnostics};
use platoform_value::{Type, Value};
use rustc_hash::FxHashMap;

use super::layout::Form;
use super::tree::{Node, Object, Text};
use crate::syntax;
use crate::tree::{Expression, ExpressionKind, Ident, ObjectKey, Part};

/// The expression that a value stands for. Places in texts are as if they held no escapes.
#[must_use]
pub fn expression(node: &Node, form: Form, diagnostics: &mut Diagnostics) -> Expression {
    Lowering { depth: 0, diagnostics }.expression(node, form)
}

struct Lowering<'d> {
    /// How many collections are around.
    depth: u32,
    diagnostics: &'d mut Diagnostics,
}

impl Lowering<'_> {
    fn expression(&mut self, node: &Node, form: Form) -> Expression {
        let kind = match node {
            Node::Null(_) | Node::Bool(..) | Node::Number(..) | Node::Object(_)
                if form == Form::Expression =>
            {
                let detail = "A reference is required here, as text";
                let error = Diagnostic::error("Invalid reference expression", detail);
                self.diagnostics.push(error.at(node.span()));
                ExpressionKind::Literal(Value::unknown(Type::Dynamic))
            }
            // Other than in native syntax these are no names where references stand.
            Node::Null(_) | Node::Bool(..) if form == Form::Reference => {
                let inner = Box::new(self.expression(node, Form::Literal));
                ExpressionKind::Parenthesis(inner)
            }
            Node::Null(_) => ExpressionKind::Literal(Value::null(Type::Dynamic)),
            Node::Bool(value, _) => ExpressionKind::Literal(Value::from(*value)),
            Node::Number(number, _) => ExpressionKind::Literal(Value::from(number.clone())),
            Node::Invalid(_) => ExpressionKind::Literal(Value::unknown(Type::Dynamic)),
            Node::Text(text) => return self.text(text, form),
            Node::Array(array) => {
                self.depth += 1;
                let items = array.items.iter().map(|item| self.expression(item, form)).collect();
                self.depth -= 1;
                ExpressionKind::Tuple(items)
            }
            Node::Object(object) => {
                self.depth += 1;
                let items = self.object(object, form);
                self.depth -= 1;
                ExpressionKind::Object(items)
            }
        };
        Expression { kind, span: node.span() }
    }

    fn object(&mut self, object: &Object, form: Form) -> Vec<(ObjectKey, Expression)> {
        let mut items = Vec::with_capacity(object.properties.len());
        let mut seen = FxHashMap::default();
        for property in &object.properties {
            let name = &property.name;
            let key = match form {
                Form::References => {
                    ObjectKey::Expression(Box::new(self.text(name, Form::Reference)))
                }
                Form::Template if has_sequence(&name.text) => {
                    ObjectKey::Property(Box::new(self.text(name, form)))
                }
                _ => ObjectKey::Name(Ident { name: name.text.clone(), span: name.span }),
            };
            let form = match (form, &*name.text) {
                (Form::Requirement, "configuration_aliases") => Form::Reference,
                (Form::References, _) => Form::Reference,
                _ => form,
            };
            let value = self.expression(&property.value, form);
            if matches!(key, ObjectKey::Name(_))
                && let Some(first) = seen.insert(&*name.text, name.span)
            {
                let detail = format!("There is already an attribute named `{}`", name.text);
                let error = Diagnostic::error("Duplicate object attribute", detail).at(name.span);
                self.diagnostics.push(error.label(first, "the first one is here"));
                continue;
            }
            items.push((key, value));
        }
        items
    }

    fn text(&mut self, text: &Text, form: Form) -> Expression {
        let Text { text: content, span } = text;
        match form {
            Form::Template if has_sequence(content) => {
                let (found, errors) =
                    syntax::parse_template_at(span.file, content, span.start + 1, self.depth);
                let failed = errors.has_errors();
                self.diagnostics.extend(errors);
                let kind = match found.kind {
                    _ if failed => ExpressionKind::Literal(Value::unknown(Type::Dynamic)),
                    // Doubled signs only.
                    ExpressionKind::Literal(value) => match value.as_str() {
                        Some(plain) => return plain_text(plain.into(), text),
                        None => ExpressionKind::Literal(value),
                    },
                    kind => kind,
                };
                Expression { kind, span: *span }
            }
            Form::Reference | Form::References => {
                let (found, errors) = syntax::parse_expression(span.file, content, span.start);
                let usable =
                    matches!(found.kind, ExpressionKind::Traversal(..) | ExpressionKind::Call(_));
                if usable && !errors.has_errors() {
                    return found;
                }
                plain_text(content.clone(), text)
            }
            Form::Expression => {
                let (found, errors) = syntax::parse_expression(span.file, content, span.start);
                let failed = errors.has_errors();
                self.diagnostics.extend(errors);
                if !failed {
                    return found;
                }
                let kind = ExpressionKind::Literal(Value::unknown(Type::Dynamic));
                Expression { kind, span: *span }
            }
            Form::Requirement => {
                let kind = ExpressionKind::Literal(Value::string(content.clone()));
                Expression { kind, span: *span }
            }
            Form::Template | Form::Literal => plain_text(content.clone(), text),
        }
    }
}

/// Whether a template holds more than text.
fn has_sequence(text: &str) -> bool {
    text.contains("${") || text.contains("%{")
}

/// Text as it is: a template of one part. A literal is what native syntax has in quotes, which
/// means something else in some places.
fn plain_text(content: Arc<str>, text: &Text) -> Expression {
    let parts = vec![Part::Text(content, text.span)];
    Expression { kind: ExpressionKind::Template(parts), span: text.span }
}
