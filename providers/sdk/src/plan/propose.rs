//! Configuration over prior.

use platoform_schema::{Attribute, AttributeKind, Block, NestedBlock};
use platoform_value::{Entries, Value};

use super::fields::{Fields, Nesting, is_empty, map_entries, map_items};

/// What a plan request proposes: what the configuration sets wins, what is computed and not set
/// keeps its prior value. As Terraform's `objchange.ProposedNew` does it, and like it for a null
/// `prior`: everything computed is null then.
#[must_use]
pub fn propose(block: &Block, prior: &Value, config: &Value) -> Value {
    fields(Fields::of(block), Some(prior).filter(|prior| !prior.is_null()), config)
}

pub(super) fn fields(schema: Fields<'_>, prior: Option<&Value>, config: &Value) -> Value {
    let Some(entries) = config.as_entries() else { return config.clone() };
    let part = |(name, config): (&std::sync::Arc<str>, &Value)| {
        let prior = prior.and_then(|prior| prior.get(name));
        let value = match (schema.attributes.get(name), schema.blocks.get(name)) {
            (Some(schema), _) => attribute(schema, prior, config),
            (_, Some(schema)) => nested(schema, prior, config),
            _ => config.clone(),
        };
        (name.clone(), value)
    };
    Value::object(entries.iter().map(part).collect::<Entries>())
}

fn attribute(schema: &Attribute, prior: Option<&Value>, config: &Value) -> Value {
    match (&schema.kind, prior) {
        (_, Some(prior)) if config.is_null() && schema.computed => prior.clone(),
        (AttributeKind::Nested(nesting, attributes), _) => {
            elements((*nesting).into(), Fields::nested(attributes), prior, config)
        }
        _ => config.clone(),
    }
}

fn nested(schema: &NestedBlock, prior: Option<&Value>, config: &Value) -> Value {
    match prior {
        Some(prior) if schema.computed && is_empty(config) => prior.clone(),
        _ => elements(schema.nesting.into(), Fields::of(&schema.block), prior, config),
    }
}

fn elements(nesting: Nesting, schema: Fields<'_>, prior: Option<&Value>, config: &Value) -> Value {
    match nesting {
        Nesting::Single => fields(schema, prior, config),
        Nesting::List => map_items(config, |index, item| {
            let prior = prior.and_then(Value::as_items).and_then(|items| items.get(index));
            fields(schema, prior, item)
        }),
        Nesting::Map => map_entries(config, |key, item| {
            fields(schema, prior.and_then(|prior| prior.get(key)), item)
        }),
        Nesting::Set if !schema.has_computed() => config.clone(),
        Nesting::Set => {
            let prior = prior.and_then(Value::as_items).unwrap_or_default();
            let mut old: Vec<&Value> = prior.iter().collect();
            map_items(config, |_, item| {
                let found = old.iter().position(|old| matches(schema, old, item));
                fields(schema, found.map(|index| old.swap_remove(index)), item)
            })
        }
    }
}

/// Whether `old` may be what became of `config`: equal where that sets something, computed or
/// default where it does not.
pub(super) fn matches(schema: Fields<'_>, old: &Value, config: &Value) -> bool {
    let (Some(old), Some(config)) = (old.as_entries(), config.as_entries()) else {
        return old == config;
    };
    config.iter().all(|(name, config)| {
        let Some(old) = old.get(name) else { return false };
        old == config
            || match (schema.attributes.get(name), schema.blocks.get(name)) {
                (Some(schema), _) => attribute_matches(schema, old, config),
                (_, Some(schema)) => {
                    (schema.computed && is_empty(config))
                        || all_match(schema.nesting.into(), Fields::of(&schema.block), old, config)
                }
                _ => false,
            }
    })
}

fn attribute_matches(schema: &Attribute, old: &Value, config: &Value) -> bool {
    if config.is_null() {
        return schema.computed || schema.default.as_ref() == Some(old);
    }
    match &schema.kind {
        AttributeKind::Type(_) => false,
        AttributeKind::Nested(nesting, attributes) => {
            all_match((*nesting).into(), Fields::nested(attributes), old, config)
        }
    }
}

fn all_match(nesting: Nesting, schema: Fields<'_>, old: &Value, config: &Value) -> bool {
    if old.is_null() || config.is_null() || !config.is_known() {
        return false;
    }
    match nesting {
        Nesting::Single => matches(schema, old, config),
        Nesting::Map => match (old.as_entries(), config.as_entries()) {
            (Some(old), Some(config)) => {
                old.keys().eq(config.keys())
                    && old.values().zip(config.values()).all(|(old, new)| matches(schema, old, new))
            }
            _ => false,
        },
        Nesting::List | Nesting::Set => match (old.as_items(), config.as_items()) {
            (Some(old), Some(config)) => {
                let mut pairs = old.iter().zip(config);
                old.len() == config.len() && pairs.all(|(old, new)| matches(schema, old, new))
            }
            _ => false,
        },
    }
}
