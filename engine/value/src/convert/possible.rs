//! Whether a conversion exists between types.

use std::sync::Arc;

use crate::unify::unify_as;
use crate::{ObjectType, Type};

/// Which conversions count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Safety {
    /// Those that no value can make fail.
    Safe,
    /// Also those that depend on the value, such as from string to number.
    Unsafe,
}

/// Whether there is a conversion. With [`Safety::Unsafe`] it may still fail for some values.
pub(crate) fn possible(have: &Type, want: &Type, safety: Safety) -> bool {
    let is_unsafe = safety == Safety::Unsafe;
    if have == want {
        return true;
    }
    match (have, want) {
        (_, Type::Dynamic) | (Type::Bool | Type::Number, Type::String) => true,
        (Type::Dynamic, _) | (Type::String, Type::Bool | Type::Number) => is_unsafe,
        (Type::List(have) | Type::Set(have), Type::List(want))
        | (Type::Set(have), Type::Set(want))
        | (Type::Map(have), Type::Map(want)) => possible(have, want, safety),
        (Type::List(have), Type::Set(want)) => is_unsafe && possible(have, want, safety),
        (Type::Tuple(have), Type::Tuple(want)) => {
            have.len() == want.len()
                && have.iter().zip(want.iter()).all(|(have, want)| possible(have, want, safety))
        }
        (Type::Tuple(have), Type::List(want) | Type::Set(want)) => {
            sequence_possible(have, want, safety)
        }
        (Type::Object(have), Type::Map(want)) => {
            let kinds: Vec<Type> = have.attributes.values().cloned().collect();
            let want = if **want == Type::Dynamic {
                unify_as(&kinds, safety)
            } else {
                Some(want.as_ref().clone())
            };
            kinds.is_empty()
                || want.is_some_and(|want| kinds.iter().all(|have| possible(have, &want, safety)))
        }
        (Type::Object(have), Type::Object(want)) => {
            want.attributes.iter().all(|(name, kind)| match have.attributes.get(name) {
                Some(have) => possible(have, kind, safety),
                None => want.optional.contains(name),
            })
        }
        (Type::Map(have), Type::Object(want)) => is_unsafe && map_possible(have, want),
        _ => false,
    }
}

fn sequence_possible(have: &Arc<Vec<Type>>, want: &Type, safety: Safety) -> bool {
    if have.is_empty() {
        return true;
    }
    let want = if *want == Type::Dynamic {
        match unify_as(have, safety) {
            // Only elements of unknown type, or null, fit into a collection of unknown type.
            Some(Type::Dynamic) => return have.iter().all(|have| *have == Type::Dynamic),
            Some(unified) => unified,
            None => return false,
        }
    } else {
        want.clone()
    };
    have.iter().all(|have| possible(have, &want, safety))
}

/// An attribute that is optional may be impossible: the map may lack it.
fn map_possible(have: &Type, want: &Arc<ObjectType>) -> bool {
    want.attributes
        .iter()
        .all(|(name, kind)| want.optional.contains(name) || possible(have, kind, Safety::Unsafe))
}
