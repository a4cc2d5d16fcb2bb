//! What to say when types rule a conversion out.

use super::possible::{Safety, possible};
use crate::{ObjectType, Type};

/// Why `have` does not convert to `want`, in the words of cty.
pub(super) fn message(have: &Type, want: &Type) -> String {
    match (have, want) {
        (Type::Object(have), Type::Object(want)) => objects(have, want),
        (Type::Tuple(_), Type::List(element)) if **element == Type::Dynamic => {
            "all list elements must have the same type".into()
        }
        (Type::Tuple(_), Type::Set(element)) if **element == Type::Dynamic => {
            "all set elements must have the same type".into()
        }
        (Type::Object(_), Type::Map(element)) if **element == Type::Dynamic => {
            "all map elements must have the same type".into()
        }
        (Type::Tuple(have), Type::List(element) | Type::Set(element)) => {
            let parts = have.iter().enumerate().map(|(index, kind)| (index.to_string(), kind));
            elements(parts, element)
        }
        (Type::Object(have), Type::Map(element)) => {
            let parts = have.attributes.iter().map(|(name, kind)| (format!("{name:?}"), kind));
            elements(parts, element)
        }
        (Type::List(have) | Type::Set(have), Type::List(want)) => {
            format!("incorrect list element type: {}", message(have, want))
        }
        (Type::List(have) | Type::Set(have), Type::Set(want)) => {
            format!("incorrect set element type: {}", message(have, want))
        }
        (Type::Map(have), Type::Map(want)) => {
            format!("incorrect map element type: {}", message(have, want))
        }
        _ => format!("{} required", want.constraint_name()),
    }
}

/// The first element that does not convert.
fn elements<'a>(mut have: impl Iterator<Item = (String, &'a Type)>, want: &Type) -> String {
    match have.find(|(_, kind)| !possible(kind, want, Safety::Unsafe)) {
        Some((name, kind)) => format!("element {name}: {}", message(kind, want)),
        None => format!("all elements must be {}", want.constraint_name()),
    }
}

fn objects(have: &ObjectType, want: &ObjectType) -> String {
    let missing: Vec<String> = want
        .attributes
        .keys()
        .filter(|name| !have.attributes.contains_key(*name) && !want.optional.contains(*name))
        .map(|name| format!("{name:?}"))
        .collect();
    match missing.as_slice() {
        [] => {}
        [name] => return format!("attribute {name} is required"),
        [first, second] => return format!("attributes {first} and {second} are required"),
        [most @ .., last] => {
            return format!("attributes {}, and {last} are required", most.join(", "));
        }
    }
    let mismatch = |safety| {
        want.attributes.iter().find_map(|(name, want)| {
            let have = have.attributes.get(name)?;
            let fits = possible(have, want, safety);
            (!fits).then(|| format!("attribute {name:?}: {}", message(have, want)))
        })
    };
    mismatch(Safety::Unsafe)
        .or_else(|| mismatch(Safety::Safe))
        .unwrap_or_else(|| "incorrect object attributes".into())
}
