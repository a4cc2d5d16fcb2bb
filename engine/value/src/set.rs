//! Sets: distinct elements in canonical order.

use std::cmp::Ordering;
use std::fmt::Write;
use std::sync::Arc;

use crate::{Data, Entries, Marks, Sequence, Type, Value};

impl Value {
    /// A set of the distinct ones among `items`, each of which must conform to `element`.
    ///
    /// Order is cty's: text by its bytes, numbers ascending, false before true, other elements by
    /// a text form of theirs; then what is unknown, then null. Marks of elements at any depth
    /// become marks of the set. An element that is not wholly known stays beside others, because
    /// nobody knows yet whether it equals one of them.
    #[must_use]
    pub fn set(element: Type, mut items: Vec<Value>) -> Self {
        let mut marks = Marks::NONE;
        for item in &mut items {
            let deep = item.deep_marks();
            if !deep.is_empty() {
                // As in cty; null is no secret.
                marks |= if item.is_null() { Marks::NONE } else { deep };
                *item = std::mem::replace(item, Value::from(false)).unmark_deep();
            }
        }
        let mut items = if items.iter().all(|item| item.children().next().is_none()) {
            items.sort_by(simple_order);
            items
        } else {
            let mut keyed: Vec<(String, Value)> =
                items.into_iter().map(|item| (sort_key(&item), item)).collect();
            keyed.sort_by(|(left_key, left), (right_key, right)| {
                let rank = rank(left).cmp(&rank(right));
                rank.then_with(|| left_key.cmp(right_key)).then_with(|| total_order(left, right))
            });
            keyed.into_iter().map(|(_, item)| item).collect()
        };
        items.dedup_by(|later, earlier| later == earlier && later.is_wholly_known());
        Value::from(Data::Set(Arc::new(Sequence { element, items }))).mark(marks)
    }
}

/// Known values come first, then unknown ones, then null.
fn rank(value: &Value) -> u8 {
    match value.data() {
        Data::Unknown(_) => 1,
        Data::Null(_) => 2,
        _ => 0,
    }
}

/// The order of values without parts.
fn simple_order(left: &Value, right: &Value) -> Ordering {
    rank(left).cmp(&rank(right)).then_with(|| total_order(left, right))
}

/// An order of all values, which agrees with equality. It means nothing, except among known values
/// of one primitive type.
fn total_order(left: &Value, right: &Value) -> Ordering {
    let sequences = |left: &[Value], right: &[Value]| {
        let parts = left.iter().zip(right).map(|(left, right)| total_order(left, right));
        parts.fold(Ordering::Equal, Ordering::then).then(left.len().cmp(&right.len()))
    };
    let entries = |left: &Entries, right: &Entries| {
        let parts = left.iter().zip(right.iter()).map(|((left_key, left), (right_key, right))| {
            left_key.cmp(right_key).then_with(|| total_order(left, right))
        });
        parts.fold(Ordering::Equal, Ordering::then).then(left.len().cmp(&right.len()))
    };
    let by_data = match (left.data(), right.data()) {
        (Data::Null(left), Data::Null(right)) => left.cmp(right),
        (Data::Unknown(left), Data::Unknown(right)) => left.cmp(right),
        (Data::Bool(left), Data::Bool(right)) => left.cmp(right),
        (Data::Number(left), Data::Number(right)) => left.cmp(right),
        (Data::String(left), Data::String(right)) => left.cmp(right),
        (Data::List(left), Data::List(right)) | (Data::Set(left), Data::Set(right)) => {
            sequences(&left.items, &right.items).then_with(|| left.element.cmp(&right.element))
        }
        (Data::Tuple(left), Data::Tuple(right)) => sequences(left, right),
        (Data::Map(left), Data::Map(right)) => {
            entries(&left.1, &right.1).then_with(|| left.0.cmp(&right.0))
        }
        (Data::Object(left), Data::Object(right)) => entries(left, right),
        (left, right) => variant(left).cmp(&variant(right)),
    };
    by_data.then_with(|| left.marks().cmp(&right.marks()))
}

fn variant(data: &Data) -> u8 {
    match data {
        Data::Bool(_) => 0,
        Data::Number(_) => 1,
        Data::String(_) => 2,
        Data::List(_) => 3,
        Data::Set(_) => 4,
        Data::Map(_) => 5,
        Data::Tuple(_) => 6,
        Data::Object(_) => 7,
        Data::Unknown(_) => 8,
        Data::Null(_) => 9,
    }
}

/// The text by which cty orders (and hashes) elements that are not primitive, so that sets of
/// objects are iterated in the order they have in Terraform.
fn sort_key(value: &Value) -> String {
    let mut key = String::new();
    // Writing to a string cannot fail.
    let _ = write_key(&mut key, value);
    key
}

fn write_key(key: &mut String, value: &Value) -> std::fmt::Result {
    match value.data() {
        Data::Unknown(_) => key.push('?'),
        Data::Null(_) => key.push('~'),
        Data::Number(number) => key.push_str(&number.to_general(10)),
        Data::Bool(value) => key.push(if *value { 'T' } else { 'F' }),
        Data::String(text) => write!(key, "{text:?}")?,
        Data::Map(map) => {
            key.push('{');
            for (name, value) in map.1.iter() {
                write!(key, "{name:?}:")?;
                write_key(key, value)?;
                key.push(';');
            }
            key.push('}');
        }
        data => {
            let list = matches!(data, Data::List(_) | Data::Set(_));
            key.push(if list { '[' } else { '<' });
            for child in value.children() {
                write_key(key, child)?;
                key.push(';');
            }
            key.push(if list { ']' } else { '>' });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {

    use serde_json::{Value as Json, json};

    use super::*;
    use crate::convert;

    fn set_of(json: Json) -> Json {
        let tuple = Value::from_json_implied(&json).unwrap();
        convert(&tuple, &Type::set(Type::Dynamic)).unwrap().to_json().unwrap()
    }

    /// The order in which Terraform 1.11 prints the same sets.
    #[test]
    fn order_is_terraforms() {
        for (items, ordered) in [
            (json!(["b", "a", null, "B", "ä", "b"]), json!(["B", "a", "b", "ä", null])),
            (json!([12345678901_i64, 2, 1e-7, 2.0]), json!([1e-7, 2, 12345678901_i64])),
            (json!([true, false, true]), json!([false, true])),
            (json!([{"a": 10}, {"a": 9}, {"a": 100}]), json!([{"a": 100}, {"a": 10}, {"a": 9}])),
            (
                json!([{"a": "b"}, {"a": "a"}, {"a": null}]),
                json!([{"a": "a"}, {"a": "b"}, {"a": null}]),
            ),
            (json!([[1, 2], [1, 3], [1]]), json!([[1, 2], [1, 3], [1]])),
        ] {
            let expected = ordered.as_array().unwrap().iter().map(Value::from_json_implied);
            let expected: Vec<Value> = expected.collect::<Result<_, _>>().unwrap();
            let actual = Value::from_json_implied(&set_of(items)).unwrap();
            assert_eq!(actual.as_items().unwrap(), expected);
        }
    }

    #[test]
    fn elements_beyond_ten_digits_stay_distinct() {
        let items = json!([{"a": 12345678901_i64}, {"a": 12345678902_i64}, {"a": 12345678901_i64}]);
        assert_eq!(set_of(items).as_array().unwrap().len(), 2);
    }

    #[test]
    fn marks_move_to_the_set_and_equal_elements_merge() {
        let secret = Value::from("a").mark(Marks::SENSITIVE);
        let set = Value::set(Type::String, vec![secret, Value::from("a")]);
        assert_eq!(set.marks(), Marks::SENSITIVE);
        assert_eq!(set.as_items().unwrap(), [Value::from("a")]);
    }

    #[test]
    fn unknown_elements_stay_distinct() {
        let unknown = Value::unknown(Type::String);
        let set =
            Value::set(Type::String, vec![unknown.clone(), Value::from("a"), unknown.clone()]);
        assert_eq!(set.as_items().unwrap(), [Value::from("a"), unknown.clone(), unknown]);
    }
}
