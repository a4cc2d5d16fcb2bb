//! Values, and which of their parts are unknown or sensitive.

use platoform_value::{Data, Entries, Marks, Type, Value};
use serde_json::{Map, Value as Json};

/// The known parts of a value: unknown entries are left out, unknown elements and sensitive parts
/// are null. `None` when the whole is unknown.
pub fn known(value: &Value) -> Option<Json> {
    if value.marks().contains(Marks::SENSITIVE) {
        return Some(Json::Null);
    }
    match value.data() {
        Data::Unknown(_) => None,
        Data::List(_) | Data::Set(_) | Data::Tuple(_) => {
            let items = value.children().map(|item| known(item).unwrap_or_default());
            Some(Json::Array(items.collect()))
        }
        Data::Map(_) | Data::Object(_) => {
            let entries = entries(value);
            Some(entries.filter_map(|(name, item)| Some((name, known(item)?))).collect())
        }
        Data::Null(_) | Data::Bool(_) | Data::Number(_) | Data::String(_) => Some(plain(value)),
    }
}

/// The whole of a known value, secrets included. An infinite number, which JSON does not have, is
/// text.
pub fn plain(value: &Value) -> Json {
    value.to_json().unwrap_or_else(|_| match value.data() {
        Data::Number(number) => Json::String(number.to_string()),
        Data::List(_) | Data::Set(_) | Data::Tuple(_) => value.children().map(plain).collect(),
        _ => entries(value).map(|(name, item)| (name, plain(item))).collect(),
    })
}

/// `true` for each part that is unknown. Entries without any are left out.
pub fn unknown(value: &Value) -> Json {
    match value.data() {
        Data::Unknown(_) => Json::Bool(true),
        Data::List(_) | Data::Set(_) | Data::Tuple(_) => value.children().map(unknown).collect(),
        Data::Map(_) | Data::Object(_) => entries_with(value, unknown),
        Data::Null(_) | Data::Bool(_) | Data::Number(_) | Data::String(_) => Json::Bool(false),
    }
}

/// `true` for each part that is sensitive. Entries without any are left out.
pub fn sensitive(value: &Value) -> Json {
    if value.marks().contains(Marks::SENSITIVE) {
        return Json::Bool(true);
    }
    match value.data() {
        Data::Unknown(unknown) => match unknown.kind {
            Type::List(_) | Type::Set(_) | Type::Tuple(_) => Json::Array(Vec::new()),
            Type::Map(_) | Type::Object(_) => Json::Object(Map::new()),
            _ => Json::Bool(false),
        },
        Data::List(_) | Data::Set(_) | Data::Tuple(_) => value.children().map(sensitive).collect(),
        Data::Map(_) | Data::Object(_) => entries_with(value, sensitive),
        Data::Null(_) | Data::Bool(_) | Data::Number(_) | Data::String(_) => Json::Bool(false),
    }
}

fn entries(value: &Value) -> impl Iterator<Item = (String, &Value)> {
    let entries = value.as_entries().into_iter().flat_map(Entries::iter);
    entries.map(|(name, item)| (name.to_string(), item))
}

fn entries_with(value: &Value, of: fn(&Value) -> Json) -> Json {
    let entries = entries(value).map(|(name, item)| (name, of(item)));
    entries.filter(|(_, json)| *json != Json::Bool(false)).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn parts_are_told_apart() {
        let secret = || Value::from("s").mark(Marks::SENSITIVE);
        let value = Value::object_of([
            ("id", Value::unknown(Type::String)),
            ("name", "n".into()),
            ("password", secret()),
            ("list", Value::tuple(vec![1.into(), Value::unknown(Type::Number), secret()])),
            ("none", Value::null(Type::String)),
            ("keys", Value::unknown(Type::map(Type::String))),
        ]);
        assert_eq!(
            known(&value),
            Some(json!({ "name": "n", "password": null, "list": [1, null, null], "none": null }))
        );
        let unknown = unknown(&value);
        assert_eq!(unknown, json!({ "id": true, "list": [false, true, false], "keys": true }));
        let sensitive = sensitive(&value);
        assert_eq!(
            sensitive,
            json!({ "password": true, "list": [false, false, true], "keys": {} })
        );
        assert_eq!(known(&Value::unknown(Type::Bool)), None);
    }
}
