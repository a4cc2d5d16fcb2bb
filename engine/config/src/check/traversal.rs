//! Whether the steps after a resource lead somewhere, as far as its schema can tell.

use platoform_diagnostic::Diagnostic;
use platoform_lang::tree::{Ident, Step};
use platoform_schema::{Block, BlockNesting, NestedBlock};
use platoform_value::Type;

use super::reference::dotted;
use super::step_span;
use crate::reference::is_static;
use crate::suggest::did_you_mean;

/// What is wrong with steps into a block's value.
#[must_use]
pub fn traversal(block: &Block, steps: &[Step]) -> Option<Diagnostic> {
    let (name, rest) = match steps.first().filter(|step| is_static(step))? {
        Step::Attribute(name) => (name, &steps[1..]),
        step => {
            let detail = "Only attribute access is allowed here, using the dot operator";
            return Some(Diagnostic::error("Invalid index operation", detail).at(step.span()));
        }
    };
    if let Some(attribute) = block.attributes.get(&name.name) {
        return attribute_steps(attribute.implied_type(), rest);
    }
    match block.blocks.get(&name.name) {
        Some(nested) => nested_steps(name, nested, rest),
        None => Some(unknown(block, name)),
    }
}

fn unknown(block: &Block, name: &Ident) -> Diagnostic {
    let detail = format!(
        "This object has no argument, nested block, or exported attribute named \"{}\"",
        name.name
    );
    let mut error = Diagnostic::error("Unsupported attribute", detail).at(dotted(name));
    let names = block.attributes.keys().chain(block.blocks.keys());
    error.help = did_you_mean(&name.name, names.map(|name| &**name));
    error
}

fn nested_steps(name: &Ident, nested: &NestedBlock, steps: &[Step]) -> Option<Diagnostic> {
    if matches!(nested.nesting, BlockNesting::Single | BlockNesting::Group) {
        return traversal(&nested.block, steps);
    }
    let step = steps.first().filter(|step| is_static(step))?;
    let name = &name.name;
    match (nested.nesting, step) {
        (BlockNesting::Set, _) => {
            let detail = format!(
                "Block type \"{name}\" is represented by a set of objects, and set elements do not \
                 have addressable keys. To find elements matching specific criteria, use a \"for\" \
                 expression with an \"if\" clause"
            );
            Some(Diagnostic::error("Cannot index a set value", detail).at(step_span(step)))
        }
        (BlockNesting::List, Step::Attribute(_)) => {
            let detail = format!(
                "Block type \"{name}\" is represented by a list of objects, so it must be indexed \
                 using a numeric key, like .{name}[0]"
            );
            Some(Diagnostic::error("Invalid operation", detail).at(step_span(step)))
        }
        _ => traversal(&nested.block, &steps[1..]),
    }
}

/// What is wrong with steps into a value of a type.
fn attribute_steps(mut kind: Type, steps: &[Step]) -> Option<Diagnostic> {
    for step in steps.iter().take_while(|step| is_static(step)) {
        kind = match (&kind, step) {
            (Type::Object(object), Step::Attribute(name)) => {
                let Some(inner) = object.attributes.get(&name.name) else {
                    let detail =
                        format!("This object does not have an attribute named \"{}\"", name.name);
                    let names = object.attributes.keys().map(|name| &**name);
                    let mut error =
                        Diagnostic::error("Unsupported attribute", detail).at(dotted(name));
                    error.help = did_you_mean(&name.name, names);
                    return Some(error);
                };
                inner.clone()
            }
            (Type::Map(element), Step::Attribute(_))
            | (Type::List(element) | Type::Map(element), Step::Index(..)) => (**element).clone(),
            (Type::Bool | Type::Number | Type::String, Step::Attribute(name)) => {
                let detail = format!(
                    "Can't access attributes on a primitive-typed value ({})",
                    kind.friendly_name()
                );
                return Some(Diagnostic::error("Unsupported attribute", detail).at(dotted(name)));
            }
            (Type::Bool | Type::Number | Type::String, Step::Index(_, span)) => {
                let detail = "This value does not have any indices";
                return Some(Diagnostic::error("Invalid index", detail).at(*span));
            }
            _ => return None,
        };
    }
    None
}
