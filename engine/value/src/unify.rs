//! One type for several values.

use crate::convert::{Safety, convert, possible};
use crate::{ObjectType, Type, Value};

/// The most specific type that values of all these types can be converted to, as
/// conditionals, `tolist`, `concat` and the like need it. Objects with the same attributes stay
/// objects, others become maps, and so with tuples and lists. [`Type::Dynamic`] when that depends
/// on types that are not known yet. `None` when there is none, or no types are given.
#[must_use]
pub fn unify(types: &[Type]) -> Option<Type> {
    unify_as(types, Safety::Unsafe)
}

/// The values converted to the type that [`unify`] finds for theirs. All are unknown where that
/// type depends on types that are not known yet. `None` when there is no such type, or a value has
/// no form in it.
#[must_use]
pub fn unify_values(values: &[Value]) -> Option<(Type, Vec<Value>)> {
    let kinds: Vec<Type> = values.iter().map(Value::kind).collect();
    let unified = unify(&kinds)?;
    let undecided = unified == Type::Dynamic && kinds.iter().any(|kind| *kind != Type::Dynamic);
    let values = values.iter().map(|value| {
        if undecided {
            Some(Value::unknown(Type::Dynamic).mark(value.deep_marks()))
        } else {
            convert(value, &unified).ok()
        }
    });
    Some((unified.clone(), values.collect::<Option<_>>()?))
}

/// [`unify`] by safe or unsafe conversions.
pub(crate) fn unify_as(types: &[Type], safety: Safety) -> Option<Type> {
    let types = distinct(types);
    match types.as_slice() {
        [] => return None,
        [only] => return Some(only.clone()),
        _ => {}
    }
    let count = |is: fn(&Type) -> bool| types.iter().filter(|kind| is(kind)).count();
    let dynamic = count(|kind| *kind == Type::Dynamic);
    let maps = count(|kind| matches!(kind, Type::Map(_)));
    let lists = count(|kind| matches!(kind, Type::List(_)));
    let sets = count(|kind| matches!(kind, Type::Set(_)));
    let objects = count(|kind| matches!(kind, Type::Object(_)));
    let tuples = count(|kind| matches!(kind, Type::Tuple(_)));
    let all = types.len();
    // Types of one kind give a type of that kind, which need not be among them.
    if [maps, lists, sets, objects, tuples].iter().any(|some| *some > 0 && some + dynamic == all) {
        if dynamic > 0 {
            // What becomes of them depends on what the unknown types turn out to be.
            return Some(Type::Dynamic);
        }
        return same_kind(&types, safety);
    }
    if maps > 0 && maps + objects + dynamic == all {
        // Objects are often maps in disguise.
        if let Some(unified @ Type::Map(_)) =
            with_replaced(&types, safety, |kind| matches!(kind, Type::Object(_)))
        {
            return Some(unified);
        }
    } else if lists > 0 && lists + tuples + dynamic == all {
        // And tuples lists.
        if let Some(unified @ Type::List(_)) =
            with_replaced(&types, safety, |kind| matches!(kind, Type::Tuple(_)))
        {
            return Some(unified);
        }
    } else if objects > 0 && tuples > 0 {
        return None;
    }
    preferred(types, safety)
}

/// Each type once, in order of first appearance.
fn distinct(types: &[Type]) -> Vec<Type> {
    let mut seen = std::collections::HashSet::new();
    types.iter().filter(|kind| seen.insert(*kind)).cloned().collect()
}

/// Types that are all lists, all sets, all maps, all objects or all tuples.
fn same_kind(types: &[Type], safety: Safety) -> Option<Type> {
    let elements = || types.iter().filter_map(|kind| kind.element().cloned()).collect::<Vec<_>>();
    let unified = match types.first()? {
        Type::List(_) => Type::list(unify_as(&elements(), safety)?),
        Type::Set(_) => Type::set(unify_as(&elements(), safety)?),
        Type::Map(_) => Type::map(unify_as(&elements(), safety)?),
        Type::Object(_) => return same_attributes(types, safety),
        Type::Tuple(_) => return same_length(types, safety),
        _ => return None,
    };
    all_possible(types, &unified, safety).then_some(unified)
}

/// An object type when all have the same attributes, else a map type.
fn same_attributes(types: &[Type], safety: Safety) -> Option<Type> {
    let objects: Vec<&ObjectType> = types
        .iter()
        .filter_map(
            |kind| if let Type::Object(object) = kind { Some(object.as_ref()) } else { None },
        )
        .collect();
    let first = objects.first()?;
    if !objects.iter().all(|object| object.attributes.keys().eq(first.attributes.keys())) {
        return disguised(types, safety);
    }
    let attributes = first.attributes.keys().map(|name| {
        let across = objects.iter().filter_map(|object| object.attributes.get(name).cloned());
        Some((name.clone(), unify_as(&across.collect::<Vec<_>>(), safety)?))
    });
    let unified = Type::object(attributes.collect::<Option<Vec<_>>>()?);
    if all_possible(types, &unified, safety) { Some(unified) } else { disguised(types, safety) }
}

/// A tuple type when all have the same length, else a list type.
fn same_length(types: &[Type], safety: Safety) -> Option<Type> {
    let tuples: Vec<&Vec<Type>> = types
        .iter()
        .filter_map(
            |kind| if let Type::Tuple(elements) = kind { Some(elements.as_ref()) } else { None },
        )
        .collect();
    let length = tuples.first()?.len();
    if !tuples.iter().all(|elements| elements.len() == length) {
        return disguised(types, safety);
    }
    let elements = (0..length).map(|index| {
        let across: Vec<Type> = tuples.iter().map(|elements| elements[index].clone()).collect();
        unify_as(&across, safety)
    });
    let unified = Type::tuple(elements.collect::<Option<_>>()?);
    if all_possible(types, &unified, safety) { Some(unified) } else { disguised(types, safety) }
}

/// The map type for objects, the list type for tuples.
fn disguised(types: &[Type], safety: Safety) -> Option<Type> {
    let mut parts = Vec::new();
    for kind in types {
        match kind {
            Type::Object(object) => parts.extend(object.attributes.values().cloned()),
            Type::Tuple(elements) => parts.extend(elements.iter().cloned()),
            _ => return None,
        }
    }
    let element = unify_as(&parts, safety)?;
    let unified = match types.first()? {
        Type::Object(_) => Type::map(element),
        _ => Type::list(element),
    };
    all_possible(types, &unified, safety).then_some(unified)
}

/// The unified type once the maps or lists in disguise are replaced by what they are.
fn with_replaced(types: &[Type], safety: Safety, is: impl Fn(&Type) -> bool) -> Option<Type> {
    let (hidden, mut open): (Vec<Type>, Vec<Type>) =
        types.iter().cloned().partition(|kind| is(kind));
    open.push(disguised(&hidden, safety)?);
    unify_as(&open, safety)
}

/// The first of the types that all others convert to, the more general ones tried first.
fn preferred(mut types: Vec<Type>, safety: Safety) -> Option<Type> {
    types.sort_by_cached_key(|kind| {
        let inner = std::iter::successors(Some(kind), |kind| kind.element());
        inner.map(generality).collect::<Vec<u8>>()
    });
    types.iter().find(|want| all_possible(&types, want, safety)).cloned()
}

/// Order of preference. What anything converts to comes last, since it says least.
fn generality(kind: &Type) -> u8 {
    match kind {
        Type::String => 0,
        Type::Map(_) | Type::List(_) => 1,
        Type::Set(_) => 2,
        Type::Bool | Type::Number | Type::Tuple(_) | Type::Object(_) => 3,
        Type::Dynamic => 4,
    }
}

fn all_possible(types: &[Type], want: &Type, safety: Safety) -> bool {
    types.iter().all(|have| possible(have, want, safety))
}

#[cfg(test)]
mod tests;
