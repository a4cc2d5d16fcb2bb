//! Any two values.

use std::sync::Arc;

use platoform_value::{Data, Marks, Value};

use super::{Diff, Forced, Shape, Sign, list, text};
use crate::report::literal::{is_literal, is_secret};

/// What happens between two values that both exist; null is a value.
pub fn compare(before: &Value, after: &Value, forced: &Forced<'_>) -> Diff {
    forced.mark(differ(before, after, forced))
}

/// A value that does not change.
pub fn unchanged(value: &Value) -> Diff {
    whole(value, Sign::Same)
}

/// A value that is new.
pub fn added(value: &Value) -> Diff {
    whole(value, Sign::Add)
}

/// A value that goes away.
pub fn removed(value: &Value) -> Diff {
    whole(value, Sign::Remove)
}

fn differ(before: &Value, after: &Value, forced: &Forced<'_>) -> Diff {
    if is_secret(before) || is_secret(after) {
        return secret(before, after);
    }
    if same(before, after) {
        return unchanged(after);
    }
    if after.is_known() {
        match (before.data(), after.data()) {
            (Data::String(before), Data::String(after)) => return text::texts(before, after),
            (Data::Map(_) | Data::Object(_), Data::Map(_) | Data::Object(_)) => {
                return entries(before, after, forced);
            }
            (Data::Set(_), Data::Set(_)) => return list::sets(before, after),
            (
                Data::List(_) | Data::Tuple(_) | Data::Set(_),
                Data::List(_) | Data::Tuple(_) | Data::Set(_),
            ) => return list::lists(before, after, forced),
            _ => {}
        }
    }
    let before = Box::new(whole(before, Sign::Remove));
    Diff::new(Sign::Change, Shape::Turn(before, Box::new(whole(after, Sign::Add))))
}

/// A value that is not compared with another; all its parts have the same sign.
pub fn whole(value: &Value, sign: Sign) -> Diff {
    let shape = match value.data() {
        _ if is_secret(value) => Shape::Sensitive,
        Data::Unknown(_) => Shape::Unknown,
        Data::String(text) => match text::json(text) {
            Some(inner) => Shape::Json(Box::new(whole(&inner, sign))),
            None if is_literal(value) => Shape::Literal(value.clone()),
            None => text::all(text),
        },
        _ if is_literal(value) => Shape::Literal(value.clone()),
        Data::Map(_) | Data::Object(_) => Shape::Entries {
            map: matches!(value.data(), Data::Map(_)),
            entries: pairs(value).map(|(key, item)| (key.clone(), whole(item, sign))).collect(),
        },
        data => Shape::List {
            ordered: !matches!(data, Data::Set(_)),
            items: value.children().map(|item| whole(item, sign)).collect(),
        },
    };
    Diff::new(sign, shape)
}

fn pairs(value: &Value) -> impl Iterator<Item = (&Arc<str>, &Value)> {
    value.as_entries().into_iter().flat_map(|entries| entries.iter())
}

fn secret(before: &Value, after: &Value) -> Diff {
    let equal = same(before, after);
    let note = match (is_secret(before), is_secret(after)) {
        (false, true) if equal => Some("becomes sensitive, the value stays"),
        (true, false) if equal => Some("is no longer sensitive, the value stays"),
        _ => None,
    };
    let sign = if equal && note.is_none() { Sign::Same } else { Sign::Change };
    Diff { note, ..Diff::new(sign, Shape::Sensitive) }
}

fn entries(before: &Value, after: &Value, forced: &Forced<'_>) -> Diff {
    let mut keys: Vec<&Arc<str>> = pairs(before).chain(pairs(after)).map(|(key, _)| key).collect();
    keys.sort();
    keys.dedup();
    let entries = keys.into_iter().map(|key| {
        let forced = forced.name(key);
        let diff = match (before.get(key), after.get(key)) {
            (Some(before), Some(after)) => compare(before, after, &forced),
            (Some(before), None) => forced.mark(whole(before, Sign::Remove)),
            (None, Some(after)) => forced.mark(added(after)),
            (None, None) => unchanged(after),
        };
        (key.clone(), diff)
    });
    let map = matches!(after.data(), Data::Map(_));
    Diff::new(Sign::Change, Shape::Entries { map, entries: entries.collect() })
}

/// Whether two values are the same to a reader: equal apart from marks, with nothing unknown, and
/// nothing that is a secret in the one and not in the other.
pub fn same(before: &Value, after: &Value) -> bool {
    let equal = match (before.data(), after.data()) {
        (Data::Unknown(_), _) | (_, Data::Unknown(_)) => false,
        (Data::Null(_), Data::Null(_)) => true,
        (Data::Map(_), Data::Map(_)) | (Data::Object(_), Data::Object(_)) => {
            let (before, after) = (pairs(before), pairs(after));
            before.map(|(key, _)| key).eq(after.map(|(key, _)| key))
        }
        (
            Data::List(_) | Data::Set(_) | Data::Tuple(_),
            Data::List(_) | Data::Set(_) | Data::Tuple(_),
        ) => before.as_items().map(<[Value]>::len) == after.as_items().map(<[Value]>::len),
        (left, right) => return left == right,
    };
    equal
        && before
            .children()
            .zip(after.children())
            .all(|(before, after)| is_secret(before) == is_secret(after) && same(before, after))
}

/// Whether a value has parts that a reader follows one by one.
pub fn has_parts(value: &Value) -> bool {
    !value.marks().contains(Marks::SENSITIVE)
        && (value.as_entries().is_some() || value.as_items().is_some())
}
