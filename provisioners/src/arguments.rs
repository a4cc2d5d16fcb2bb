//! Arguments of a block.

use platoform_value::Value;

/// The text of an argument; `None` when it is not set.
pub(crate) fn text<'a>(block: &'a Value, name: &str) -> Option<&'a str> {
    block.get(name).and_then(Value::as_str)
}

/// The truth of an argument; `None` when it is not set.
pub(crate) fn flag(block: &Value, name: &str) -> Option<bool> {
    block.get(name).and_then(Value::as_bool)
}

/// The texts of an argument, without those that are null.
pub(crate) fn texts<'a>(block: &'a Value, name: &str) -> Vec<&'a str> {
    let items = block.get(name).and_then(Value::as_items).unwrap_or_default();
    items.iter().filter_map(Value::as_str).collect()
}
