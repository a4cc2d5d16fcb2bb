//! What attributes and blocks have in common: fields, held singly or in collections.

use std::collections::BTreeMap;
use std::sync::Arc;

use platoform_schema::{Attribute, AttributeKind, Block, BlockNesting, NestedBlock, ObjectNesting};
use platoform_value::{Data, Value};

/// The attributes and nested blocks of a block, or the attributes of a nested attribute.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a> {
    pub(super) attributes: &'a BTreeMap<Arc<str>, Attribute>,
    pub(super) blocks: &'a BTreeMap<Arc<str>, NestedBlock>,
}

/// How objects are held, for nested attributes and blocks alike.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Nesting {
    Single,
    List,
    Set,
    Map,
}

impl<'a> Fields<'a> {
    /// Those of a block.
    pub(super) fn of(block: &'a Block) -> Self {
        Self { attributes: &block.attributes, blocks: &block.blocks }
    }

    /// Those of a nested attribute.
    pub(super) fn nested(attributes: &'a BTreeMap<Arc<str>, Attribute>) -> Self {
        static NONE: BTreeMap<Arc<str>, NestedBlock> = BTreeMap::new();
        Self { attributes, blocks: &NONE }
    }

    /// Whether something in it, at any depth, is computed.
    pub(super) fn has_computed(self) -> bool {
        self.attributes.values().any(|attribute| {
            attribute.computed
                || matches!(&attribute.kind, AttributeKind::Nested(_, nested)
                    if Fields::nested(nested).has_computed())
        }) || self
            .blocks
            .values()
            .any(|nested| nested.computed || Fields::of(&nested.block).has_computed())
    }

    /// Whether a change of something in it, at any depth, needs a new object.
    pub(super) fn has_replace(self) -> bool {
        self.attributes.values().any(|attribute| {
            attribute.replace
                || matches!(&attribute.kind, AttributeKind::Nested(_, nested)
                    if Fields::nested(nested).has_replace())
        }) || self
            .blocks
            .values()
            .any(|nested| nested.replace || Fields::of(&nested.block).has_replace())
    }
}

impl From<ObjectNesting> for Nesting {
    fn from(nesting: ObjectNesting) -> Self {
        match nesting {
            ObjectNesting::Single => Self::Single,
            ObjectNesting::List => Self::List,
            ObjectNesting::Set => Self::Set,
            ObjectNesting::Map => Self::Map,
        }
    }
}

impl From<BlockNesting> for Nesting {
    fn from(nesting: BlockNesting) -> Self {
        match nesting {
            BlockNesting::Single | BlockNesting::Group => Self::Single,
            BlockNesting::List => Self::List,
            BlockNesting::Set => Self::Set,
            BlockNesting::Map => Self::Map,
        }
    }
}

/// Whether there is certainly no occurrence.
pub(super) fn is_empty(value: &Value) -> bool {
    value.is_null() || (value.is_known() && value.children().next().is_none())
}

/// The same list, set or tuple with each item changed; anything else as it is.
pub(super) fn map_items(value: &Value, mut change: impl FnMut(usize, &Value) -> Value) -> Value {
    let mut all = |items: &[Value]| -> Vec<Value> {
        items.iter().enumerate().map(|(index, item)| change(index, item)).collect()
    };
    match value.data() {
        Data::List(list) => Value::list(list.element.clone(), all(&list.items)),
        Data::Set(set) => Value::set(set.element.clone(), all(&set.items)),
        Data::Tuple(items) => Value::tuple(all(items)),
        _ => value.clone(),
    }
}

/// The same map or object with each value changed; anything else as it is.
pub(super) fn map_entries(value: &Value, mut change: impl FnMut(&str, &Value) -> Value) -> Value {
    let Some(entries) = value.as_entries() else { return value.clone() };
    let entries = entries.iter().map(|(key, item)| (key.clone(), change(key, item))).collect();
    match value.data() {
        Data::Map(map) => Value::map(map.0.clone(), entries),
        _ => Value::object(entries),
    }
}
