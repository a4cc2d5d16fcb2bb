//! Whole objects: attributes and nested blocks as their schema has them.

use std::collections::BTreeMap;
use std::sync::Arc;

use platoform_schema as schema;
use platoform_schema::{AttributeKind, BlockNesting};
use platoform_value::{Data, Marks, Type, Value};

use super::list::{Pair, align, is_element, match_sets};
use super::node::{added, compare, same, whole};
use super::{Diff, Forced, Sign};
use crate::report::literal::is_secret;

/// The content of a block.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Body {
    /// Attributes that are set before or after, in order of their names.
    pub attributes: Vec<(Arc<str>, Diff)>,
    /// Nested blocks, in order of their types.
    pub blocks: Vec<Block>,
}

/// A nested block.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// Its type.
    pub name: Arc<str>,
    /// Its label, where blocks of this type are told apart by one.
    pub label: Option<Arc<str>>,
    /// What happens to it.
    pub sign: Sign,
    /// Its change makes the replacement necessary.
    pub forces: bool,
    /// What is in it.
    pub content: Content,
}

/// What is in a nested block.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// Attributes and blocks.
    Body(Body),
    /// Known after apply.
    Unknown,
    /// Must not be shown.
    Sensitive,
}

impl Body {
    fn changes(&self) -> bool {
        self.attributes.iter().any(|(_, diff)| diff.sign != Sign::Same)
            || self.blocks.iter().any(|block| block.sign != Sign::Same)
    }

    fn any_forces(&self) -> bool {
        self.attributes.iter().any(|(_, diff)| diff.any_forces())
            || self.blocks.iter().any(|block| {
                block.forces || matches!(&block.content, Content::Body(body) if body.any_forces())
            })
    }
}

/// What happens to an object of a schema. A value that is absent or null makes everything in the
/// other one new or gone; null attributes count as absent.
pub fn body(
    schema: &schema::Block,
    before: Option<&Value>,
    after: Option<&Value>,
    forced: &Forced<'_>,
) -> Body {
    let (before, after) = (present(before), present(after));
    let attributes = schema.attributes.iter().filter_map(|(name, attribute)| {
        let before = before.and_then(|value| value.get(name));
        let after = after.and_then(|value| value.get(name));
        Some((name.clone(), single(attribute, before, after, &forced.name(name))?))
    });
    let blocks = schema.blocks.iter().flat_map(|(name, block)| {
        let before = before.and_then(|value| value.get(name));
        let after = after.and_then(|value| value.get(name));
        blocks(name, block, before, after, &forced.name(name))
    });
    Body { attributes: attributes.collect(), blocks: blocks.collect() }
}

fn present(value: Option<&Value>) -> Option<&Value> {
    value.filter(|value| !value.is_null())
}

fn single(
    attribute: &schema::Attribute,
    before: Option<&Value>,
    after: Option<&Value>,
    forced: &Forced<'_>,
) -> Option<Diff> {
    let before = present(before).map(|value| prepare(attribute, value));
    let after = present(after).map(|value| prepare(attribute, value));
    match (before, after) {
        (Some(before), Some(after)) => Some(compare(&before, &after, forced)),
        (Some(before), None) => Some(forced.mark(whole(&before, Sign::Remove))),
        (None, Some(after)) => Some(forced.mark(added(&after))),
        (None, None) => None,
    }
}

/// A value of any type as it is written where no type is told: maps look like objects.
fn untyped(value: &Value) -> Value {
    let plain = match value.data() {
        Data::Tuple(_) => Value::tuple(value.children().map(untyped).collect()),
        Data::Map(_) | Data::Object(_) => {
            let entries = value.as_entries().into_iter().flat_map(|entries| entries.iter());
            Value::object(entries.map(|(key, item)| (key.clone(), untyped(item))).collect())
        }
        _ => return value.clone(),
    };
    plain.mark(value.marks())
}

/// The value as its schema means it: secrets marked, attributes of nested objects that are not set
/// left out.
fn prepare(attribute: &schema::Attribute, value: &Value) -> Value {
    let value = match &attribute.kind {
        AttributeKind::Type(Type::Dynamic) => untyped(value),
        AttributeKind::Nested(_, attributes) => nested(attributes, value),
        AttributeKind::Type(_) => value.clone(),
    };
    if attribute.sensitive { value.mark(Marks::SENSITIVE) } else { value }
}

fn nested(attributes: &BTreeMap<Arc<str>, schema::Attribute>, value: &Value) -> Value {
    let marks = value.marks();
    match value.data() {
        Data::Object(entries) => {
            let kept = entries.iter().filter(|(_, item)| !item.is_null()).map(|(name, item)| {
                let item =
                    attributes.get(name).map_or_else(|| item.clone(), |kind| prepare(kind, item));
                (name.clone(), item)
            });
            Value::object(kept.collect()).mark(marks)
        }
        Data::Map(map) => {
            let entries = map.1.iter().map(|(key, item)| (key.clone(), nested(attributes, item)));
            Value::map(Type::Dynamic, entries.collect()).mark(marks)
        }
        Data::List(list) => {
            let items = list.items.iter().map(|item| nested(attributes, item)).collect();
            Value::tuple(items).mark(marks)
        }
        // A secret in an element makes the whole set one: without order nothing tells which.
        Data::Set(set) => {
            let items = set.items.iter().map(|item| nested(attributes, item)).collect();
            Value::set(Type::Dynamic, items).mark(marks)
        }
        _ => value.clone(),
    }
}

fn blocks(
    name: &Arc<str>,
    schema: &schema::NestedBlock,
    before: Option<&Value>,
    after: Option<&Value>,
    forced: &Forced<'_>,
) -> Vec<Block> {
    let (before, after) = (present(before), present(after));
    if before.or(after).is_none() {
        return Vec::new();
    }
    let make = |label: Option<Arc<str>>, sign, content| {
        let forces = forced.here() && sign != Sign::Same;
        Block { name: name.clone(), label, sign, forces, content }
    };
    if before.is_some_and(is_secret) || after.is_some_and(is_secret) {
        let sign = match (before, after) {
            (Some(before), Some(after)) if same(before, after) => Sign::Same,
            (Some(_), Some(_)) => Sign::Change,
            (Some(_), None) => Sign::Remove,
            _ => Sign::Add,
        };
        return vec![make(None, sign, Content::Sensitive)];
    }
    let mut all = Vec::new();
    let unknown = after.filter(|after| !after.is_known());
    let after = after.filter(|after| after.is_known());
    for (label, old, new, forced) in occurrences(schema.nesting, before, after, forced) {
        if unknown.is_some() {
            continue;
        }
        all.push(occurrence(name, label, &schema.block, old, new, &forced));
    }
    if unknown.is_some() {
        let sign = if before.is_some_and(holds_any) { Sign::Change } else { Sign::Add };
        all.push(make(None, sign, Content::Unknown));
    }
    all
}

fn holds_any(value: &Value) -> bool {
    value.children().next().is_some()
}

fn occurrence(
    name: &Arc<str>,
    label: Option<Arc<str>>,
    schema: &schema::Block,
    before: Option<&Value>,
    after: Option<&Value>,
    forced: &Forced<'_>,
) -> Block {
    let content = body(schema, before, after, forced);
    let sign = match (before, after) {
        (None, _) => Sign::Add,
        (_, None) => Sign::Remove,
        _ if content.changes() => Sign::Change,
        _ => Sign::Same,
    };
    let below = !forced.is_empty() && !content.any_forces();
    let forces = sign != Sign::Same && (forced.here() || below);
    Block { name: name.clone(), label, sign, forces, content: Content::Body(content) }
}

type Occurrence<'v, 'f> = (Option<Arc<str>>, Option<&'v Value>, Option<&'v Value>, Forced<'f>);

/// The occurrences of a block type, those before matched with those after.
fn occurrences<'v, 'f>(
    nesting: BlockNesting,
    before: Option<&'v Value>,
    after: Option<&'v Value>,
    forced: &Forced<'f>,
) -> Vec<Occurrence<'v, 'f>> {
    let items = |value: Option<&'v Value>| value.and_then(Value::as_items).unwrap_or_default();
    let (old, new) = (items(before), items(after));
    let place = |(from, to): Pair, forced: Forced<'f>| {
        (None, from.map(|index| &old[index]), to.map(|index| &new[index]), forced)
    };
    // A path to the whole block type holds for each occurrence.
    let with_whole = |inner: Forced<'f>| if forced.here() { forced.clone() } else { inner };
    match nesting {
        BlockNesting::Single | BlockNesting::Group => vec![(None, before, after, forced.clone())],
        BlockNesting::List => align(old, new)
            .into_iter()
            .map(|pair| {
                let index = pair.1.or(pair.0).unwrap_or_default();
                place(pair, with_whole(forced.index(index)))
            })
            .collect(),
        BlockNesting::Set => {
            let inner = with_whole(forced.step(is_element));
            match_sets(old, new).into_iter().map(|pair| place(pair, inner.clone())).collect()
        }
        BlockNesting::Map => {
            let keys = |value: Option<&'v Value>| {
                value.and_then(Value::as_entries).into_iter().flat_map(|entries| entries.keys())
            };
            let mut labels: Vec<&Arc<str>> = keys(before).chain(keys(after)).collect();
            labels.sort();
            labels.dedup();
            let one = |label: &Arc<str>| {
                let get = |value: Option<&'v Value>| value.and_then(|value| value.get(label));
                (Some(label.clone()), get(before), get(after), with_whole(forced.name(label)))
            };
            labels.into_iter().map(one).collect()
        }
    }
}
