//! Attributes that are sent but never stored.

use platoform_schema::Block;
use platoform_value::{Entries, Value};

/// A planned value with the write-only attributes of the configuration put back in, for the call
/// that sends them. Those of the block itself, not of nested ones.
pub(crate) fn with_write_only(block: &Block, planned: Value, config: &Value) -> Value {
    change(block, planned, |name| config.get(name).cloned())
}

/// A value as it may be stored.
pub(crate) fn without_write_only(block: &Block, value: Value) -> Value {
    change(block, value, |name| Some(Value::null(block.attributes.get(name)?.implied_type())))
}

fn change(block: &Block, value: Value, with: impl Fn(&str) -> Option<Value>) -> Value {
    let write_only = |name: &str| block.attributes.get(name).is_some_and(|found| found.write_only);
    match value.as_entries() {
        Some(entries) if block.attributes.values().any(|attribute| attribute.write_only) => {
            let part = |(name, value): (&std::sync::Arc<str>, &Value)| {
                let changed = if write_only(name) { with(name) } else { None };
                (name.clone(), changed.unwrap_or_else(|| value.clone()))
            };
            Value::object(entries.iter().map(part).collect::<Entries>())
        }
        _ => value,
    }
}
