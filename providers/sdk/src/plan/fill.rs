//! Filling in what the configuration leaves open.

use std::sync::Arc;

use platoform_schema::{Attribute, AttributeKind, Block, NestedBlock};
use platoform_value::{Entries, Value};

use super::fields::{Fields, Nesting, is_empty, map_entries, map_items};
use super::propose;

/// The planned value of one block. Without `config`, as where a computed block has more
/// occurrences than the configuration, everything stays as proposed.
pub(super) fn block(
    block: &Block,
    prior: Option<&Value>,
    proposed: &Value,
    config: Option<&Value>,
) -> Value {
    fields(Fields::of(block), prior, proposed, config)
}

fn fields(
    fields: Fields<'_>,
    prior: Option<&Value>,
    proposed: &Value,
    config: Option<&Value>,
) -> Value {
    let (Some(entries), Some(config)) = (proposed.as_entries(), config) else {
        return proposed.clone();
    };
    let part = |(name, value): (&Arc<str>, &Value)| {
        let prior = prior.map(|prior| prior.get(name));
        let value = match (fields.attributes.get(name), fields.blocks.get(name), config.get(name)) {
            (Some(schema), _, Some(config)) => attribute(schema, prior, value, config),
            (_, Some(schema), Some(config)) => nested(schema, prior, value, config),
            _ => value.clone(),
        };
        (name.clone(), value)
    };
    Value::object(entries.iter().map(part).collect::<Entries>())
}

/// `prior` is `None` where what holds the attribute is new.
fn attribute(
    schema: &Attribute,
    prior: Option<Option<&Value>>,
    proposed: &Value,
    config: &Value,
) -> Value {
    if schema.write_only {
        return Value::null(schema.implied_type());
    }
    if config.is_null() {
        return match &schema.default {
            Some(default) => default.clone(),
            None if schema.computed && prior.is_none() && proposed.is_null() => {
                Value::unknown(schema.implied_type())
            }
            None => proposed.clone(),
        };
    }
    match &schema.kind {
        AttributeKind::Type(_) => proposed.clone(),
        AttributeKind::Nested(nesting, attributes) => {
            let nesting = Nesting::from(*nesting);
            elements(nesting, Fields::nested(attributes), prior.flatten(), proposed, config)
        }
    }
}

fn nested(
    schema: &NestedBlock,
    prior: Option<Option<&Value>>,
    proposed: &Value,
    config: &Value,
) -> Value {
    if schema.computed && is_empty(config) {
        return match prior {
            None if is_empty(proposed) => Value::unknown(schema.implied_type()),
            _ => proposed.clone(),
        };
    }
    let nesting = Nesting::from(schema.nesting);
    elements(nesting, Fields::of(&schema.block), prior.flatten(), proposed, config)
}

fn elements(
    nesting: Nesting,
    schema: Fields<'_>,
    prior: Option<&Value>,
    proposed: &Value,
    config: &Value,
) -> Value {
    match nesting {
        Nesting::Single => {
            fields(schema, prior.filter(|prior| !prior.is_null()), proposed, Some(config))
        }
        Nesting::List => map_items(proposed, |index, item| {
            let at =
                |value: &'_ Value| value.as_items().and_then(|items| items.get(index)).cloned();
            fields(schema, prior.and_then(at).as_ref(), item, at(config).as_ref())
        }),
        Nesting::Map => map_entries(proposed, |key, item| {
            fields(schema, prior.and_then(|prior| prior.get(key)), item, config.get(key))
        }),
        Nesting::Set => set(schema, prior, proposed),
    }
}

/// Elements of a set have no name: an old one is recognised by everything that is not computed,
/// defaults included. What is null in a proposed element was not set.
fn set(schema: Fields<'_>, prior: Option<&Value>, proposed: &Value) -> Value {
    let mut old: Vec<&Value> = prior.and_then(Value::as_items).unwrap_or_default().iter().collect();
    let correlate = schema.has_computed();
    map_items(proposed, |_, item| {
        let found = match correlate {
            true => old.iter().position(|old| propose::matches(schema, old, item)),
            false => None,
        };
        match found.map(|index| old.swap_remove(index)) {
            Some(old) => {
                let kept = propose::fields(schema, Some(old), item);
                fields(schema, Some(old), &kept, Some(item))
            }
            None => fields(schema, None, item, Some(item)),
        }
    })
}
