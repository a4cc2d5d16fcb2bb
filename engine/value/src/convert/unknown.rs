//! Unknown values and null.

use std::sync::Arc;

use super::possible::Safety;
use crate::unify::unify_as;
use crate::{ObjectType, Type, Unknown, Value};

/// The unknown value as one of another type, with what still holds of it.
pub(super) fn converted(unknown: &Unknown, want: &Type) -> Value {
    let kind = replace_dynamic(&unknown.kind, want);
    let mut result = Unknown { not_null: unknown.not_null, ..Unknown::of(kind) };
    if unknown.kind == result.kind {
        return Value::refined(unknown.clone());
    }
    let (least, most) = unknown.length;
    // Elements of a set may turn out equal, but it does not get empty.
    let at_least_one = |least: usize| least.min(1);
    result.length = match (&unknown.kind, &result.kind) {
        (Type::Object(object), Type::Map(_)) => exactly(object.attributes.len()),
        (Type::Tuple(elements), Type::List(_)) => exactly(elements.len()),
        (Type::Tuple(elements), Type::Set(_)) => {
            (Some(at_least_one(elements.len())), Some(elements.len()))
        }
        (Type::List(_), Type::Set(_)) => (least.map(at_least_one), most),
        (Type::Set(_), Type::Set(_)) => (least.map(at_least_one), most),
        (Type::List(_) | Type::Set(_), Type::List(_)) | (Type::Map(_), Type::Map(_)) => {
            (least, most)
        }
        _ => (None, None),
    };
    Value::refined(result)
}

fn exactly(length: usize) -> (Option<usize>, Option<usize>) {
    (Some(length), Some(length))
}

/// The type `want` with what it leaves open taken from `have`, which converts to it.
pub(super) fn replace_dynamic(have: &Type, want: &Type) -> Type {
    if *have == Type::Dynamic || !want.has_dynamic() {
        return want.clone();
    }
    let unified = |kinds: &[Type], want: &Type| match unify_as(kinds, Safety::Unsafe) {
        Some(have) => replace_dynamic(&have, want),
        None => want.clone(),
    };
    let element = |want: &Type| match have {
        Type::List(have) | Type::Set(have) | Type::Map(have) => replace_dynamic(have, want),
        Type::Tuple(kinds) => unified(kinds, want),
        Type::Object(object) => {
            let kinds: Vec<Type> = object.attributes.values().cloned().collect();
            unified(&kinds, want)
        }
        _ => want.clone(),
    };
    match want {
        Type::Dynamic => have.clone(),
        Type::Bool | Type::Number | Type::String => want.clone(),
        Type::List(want) => Type::list(element(want)),
        Type::Set(want) => Type::set(element(want)),
        Type::Map(want) => Type::map(element(want)),
        Type::Tuple(wants) => match have {
            Type::Tuple(haves) => {
                let pairs = haves.iter().zip(wants.iter());
                Type::tuple(pairs.map(|(have, want)| replace_dynamic(have, want)).collect())
            }
            _ => want.clone(),
        },
        Type::Object(object) => Type::Object(Arc::new(replace_in_object(have, object))),
    }
}

fn replace_in_object(have: &Type, want: &ObjectType) -> ObjectType {
    let attributes = want.attributes.iter().map(|(name, want)| {
        let have = match have {
            Type::Map(element) => Some(element.as_ref()),
            Type::Object(object) => object.attributes.get(name),
            _ => None,
        };
        (name.clone(), have.map_or_else(|| want.clone(), |have| replace_dynamic(have, want)))
    });
    ObjectType { attributes: attributes.collect(), optional: want.optional.clone() }
}
