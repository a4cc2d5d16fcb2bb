//! `dynamic` blocks: nested blocks made from the elements of a collection.

use std::sync::Arc;

use platoform_diagnostic::{Diagnostic, Diagnostics, Span};
use platoform_lang::eval::{Key, Resolved};
use platoform_lang::tree::{Attribute, Block, Expression, ExpressionKind, Ident};
use platoform_lang::{Evaluator, Scope};
use platoform_schema::{Block as BlockSchema, BlockNesting};
use platoform_value::{Data, Marks, Value};

use super::decode::{Parts, missing_argument, opening, unsupported_argument, unsupported_block};
use super::{Decoded, Dynamic};

/// Decodes a `dynamic` block; `None` when too much is wrong to go on with it.
pub(super) fn decode(
    block: &Block,
    schema: &BlockSchema,
    diagnostics: &mut Diagnostics,
) -> Option<(Arc<str>, Dynamic)> {
    let Some(label) = block.labels.first() else {
        diagnostics.push(
            Diagnostic::error(
                "Missing type for dynamic",
                "All `dynamic` blocks must have 1 label: the type of the blocks they make",
            )
            .at(block.opening),
        );
        return None;
    };
    if let Some(extra) = block.labels.get(1) {
        let detail = "Only 1 label is expected for `dynamic` blocks: the type of those they make";
        diagnostics.push(Diagnostic::error("Extraneous label for dynamic", detail).at(extra.span));
        return None;
    }
    let kind = label.text.clone();
    let Some(nested) = schema.blocks.get(&kind) else {
        diagnostics.push(unsupported_block(&kind).at(label.span));
        return None;
    };
    let arguments = Arguments::read(&block.body.attributes, diagnostics);
    let content = content(block, diagnostics);
    let Some(for_each) = arguments.for_each else {
        diagnostics.push(missing_argument("for_each").at(opening(block.body.span)));
        return None;
    };
    let label = arguments.labels.and_then(single_label);
    if nested.nesting == BlockNesting::Map && label.is_none() {
        let place = arguments.labels.map_or(opening(block.body.span), |labels| labels.span);
        diagnostics.push(
            Diagnostic::error(
                "Invalid dynamic labels",
                format!("Each `{kind}` block has a key: `labels` must be a list of one expression"),
            )
            .at(place),
        );
    }
    let body = Decoded::new(&Parts::from(&*content?.body), &nested.block, diagnostics);
    let iterator = arguments.iterator.unwrap_or_else(|| kind.clone());
    Some((kind, Dynamic { for_each, iterator, label, body, header: block.header }))
}

fn single_label(labels: &Arc<Expression>) -> Option<Arc<Expression>> {
    match &labels.kind {
        ExpressionKind::Tuple(items) if items.len() == 1 => Some(Arc::new(items[0].clone())),
        _ => None,
    }
}

/// The one `content` block.
fn content<'a>(block: &'a Block, diagnostics: &mut Diagnostics) -> Option<&'a Block> {
    let mut found = None;
    for inner in &block.body.blocks {
        if &*inner.kind.name != "content" {
            diagnostics.push(unsupported_block(&inner.kind.name).at(inner.kind.span));
        } else if found.is_some() {
            diagnostics.push(
                Diagnostic::error(
                    "Extraneous dynamic content block",
                    "Only one `content` block is allowed in a `dynamic` block",
                )
                .at(inner.header),
            );
        } else {
            found = Some(inner);
        }
    }
    if found.is_none() {
        diagnostics.push(
            Diagnostic::error(
                "Missing dynamic content block",
                "A `dynamic` block must have one `content` block: the body of the blocks it makes",
            )
            .at(opening(block.body.span)),
        );
    }
    found
}

#[derive(Default)]
struct Arguments<'a> {
    for_each: Option<Arc<Expression>>,
    iterator: Option<Arc<str>>,
    labels: Option<&'a Arc<Expression>>,
}

impl<'a> Arguments<'a> {
    fn read(attributes: &'a [Attribute], diagnostics: &mut Diagnostics) -> Self {
        let mut arguments = Self::default();
        for attribute in attributes {
            match &*attribute.name.name {
                "for_each" => arguments.for_each = Some(attribute.expression.clone()),
                "labels" => arguments.labels = Some(&attribute.expression),
                "iterator" => match &attribute.expression.kind {
                    ExpressionKind::Traversal(name, steps) if steps.is_empty() => {
                        arguments.iterator = Some(name.name.clone());
                    }
                    _ => diagnostics.push(
                        Diagnostic::error(
                            "Invalid dynamic iterator name",
                            "The iterator of a `dynamic` block must be a single name",
                        )
                        .at(attribute.expression.span),
                    ),
                },
                other => diagnostics.push(unsupported_argument(other).at(attribute.name.span)),
            }
        }
        arguments
    }
}

/// What `for_each` of a `dynamic` block turned out to be.
pub(super) enum Elements {
    /// Keys and values, with the marks of the collection itself.
    Known(Vec<(Value, Value)>, Marks),
    /// It cannot be known yet.
    Unknown(Marks),
    /// It is wrong; that has been reported.
    Wrong,
}

/// Evaluates `for_each`.
pub(super) fn elements(
    dynamic: &Dynamic,
    evaluator: &Evaluator<'_>,
    diagnostics: &mut Diagnostics,
) -> Elements {
    let value = match evaluator.evaluate(&dynamic.for_each) {
        Ok(value) => value,
        Err(errors) => {
            diagnostics.extend(errors);
            return Elements::Wrong;
        }
    };
    let marks = value.marks();
    let wrong = |what: &str| {
        Diagnostic::error("Invalid dynamic for_each value", what)
            .at(dynamic.for_each.span)
            .help("give a list, set, map or object; an empty one makes no blocks")
    };
    let indexed =
        |items: &[Value]| (0_i64..).map(Value::from).zip(items.iter().cloned()).collect::<Vec<_>>();
    let pairs = match value.data() {
        Data::Unknown(_) => return Elements::Unknown(marks),
        Data::List(sequence) => indexed(&sequence.items),
        Data::Tuple(items) => indexed(items),
        Data::Set(set) => set.items.iter().map(|item| (item.clone(), item.clone())).collect(),
        Data::Map(_) | Data::Object(_) => {
            let entries = value.as_entries().into_iter().flat_map(platoform_value::Entries::iter);
            entries.map(|(key, value)| (Value::string(key.clone()), value.clone())).collect()
        }
        Data::Null(_) => {
            diagnostics.push(wrong("It must not be null"));
            return Elements::Wrong;
        }
        Data::Bool(_) | Data::Number(_) | Data::String(_) => {
            let kind = value.kind().friendly_name();
            diagnostics.push(wrong(&format!("A {kind} has no elements to go through")));
            return Elements::Wrong;
        }
    };
    Elements::Known(pairs, marks)
}

/// A scope in which a `dynamic` block's iterator has a meaning.
pub(super) struct IteratorScope<'a> {
    outer: &'a dyn Scope,
    name: &'a str,
    value: Value,
}

impl<'a> IteratorScope<'a> {
    pub(super) fn new(outer: &'a dyn Scope, name: &'a str, key: Value, value: Value) -> Self {
        Self { outer, name, value: Value::object_of([("key", key), ("value", value)]) }
    }
}

impl Scope for IteratorScope<'_> {
    fn lookup(&self, root: &Ident, steps: &[Key<'_>]) -> Result<Resolved, Diagnostic> {
        if *root.name == *self.name {
            return Ok(Resolved { value: self.value.clone(), consumed: 0 });
        }
        self.outer.lookup(root, steps)
    }
}

/// The key of a block that a `dynamic` block made.
pub(super) fn label(
    label: &Expression,
    evaluator: &Evaluator<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Arc<str>> {
    let value = match evaluator.evaluate(label) {
        Ok(value) => value,
        Err(errors) => {
            diagnostics.extend(errors);
            return None;
        }
    };
    let text = platoform_value::convert(&value, &platoform_value::Type::String).ok();
    let known = text.and_then(|text| text.as_str().map(Arc::from));
    if known.is_none() {
        diagnostics.push(invalid_label(label.span));
    }
    known
}

fn invalid_label(span: Span) -> Diagnostic {
    Diagnostic::error("Invalid dynamic block label", "The key of a block must be known text")
        .at(span)
}
