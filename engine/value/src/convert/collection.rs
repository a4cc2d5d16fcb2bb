//! To lists, sets and maps.

use std::borrow::Cow;
use std::sync::Arc;

use super::possible::Safety;
use super::{ConvertError, convert_part, refused};
use crate::unify::unify_as;
use crate::{Data, Entries, Step, Type, Unknown, Value};

/// What the source of a collection is, which decides how elements of an open type find together.
struct Source<'a> {
    /// The element type, when the source is a collection.
    element: Option<&'a Type>,
    items: &'a [Value],
}

fn source(value: &Value) -> Option<Source<'_>> {
    match value.data() {
        Data::List(items) | Data::Set(items) => {
            Some(Source { element: Some(&items.element), items: &items.items })
        }
        Data::Tuple(items) => Some(Source { element: None, items }),
        _ => None,
    }
}

pub(super) fn to_list(value: &Value, want: &Type) -> Result<Value, ConvertError> {
    let Some(source) = source(value) else {
        return Err(refused(value, &Type::list(want.clone())));
    };
    let count = source.items.len();
    if matches!(value.data(), Data::Set(_)) && count > 1 && !value.is_wholly_known() {
        // Elements may turn out equal, so nobody knows how many there are, nor their order.
        let element =
            super::unknown::replace_dynamic(&value.kind(), &Type::list(want.without_optional()));
        if let (Some(have), want) = (source.element, want.without_optional())
            && want != Type::Dynamic
            && *have != want
        {
            let (want, have) = (want.friendly_name(), have.friendly_name());
            return Err(ConvertError::new(format!("{want} required, but received {have}")));
        }
        let length = (Some(1), Some(count));
        return Ok(Value::refined(Unknown { not_null: true, length, ..Unknown::of(element) }));
    }
    let (element, items) = elements(&source, want, "list")?;
    Ok(Value::list(element, items))
}

pub(super) fn to_set(value: &Value, want: &Type) -> Result<Value, ConvertError> {
    let Some(source) = source(value) else {
        return Err(refused(value, &Type::set(want.clone())));
    };
    let (element, items) = elements(&source, want, "set")?;
    Ok(Value::set(element, items))
}

/// The converted elements and the type they have in common.
fn elements(
    source: &Source<'_>,
    want: &Type,
    noun: &str,
) -> Result<(Type, Vec<Value>), ConvertError> {
    let settled = want.without_optional();
    if source.element == Some(&settled) {
        return Ok((settled, source.items.to_vec()));
    }
    let want = match source.element {
        None if *want == Type::Dynamic => open_element(source.items.iter(), noun)?,
        _ => Cow::Borrowed(want),
    };
    let items = source.items.iter().enumerate();
    let items = items.map(|(index, item)| {
        convert_part(item, &want).map_err(|error| error.within(Step::Index(index)))
    });
    let items: Vec<Value> = items.collect::<Result<_, _>>()?;
    if items.is_empty() {
        return Ok((empty_element(source.element, &want), items));
    }
    if !want.has_dynamic() {
        return Ok((want.without_optional(), items));
    }
    let unify = source.element.is_none() && noun == "list";
    settle(items, unify).map_err(|disagreement| disagreement.error(noun))
}

pub(super) fn to_map(value: &Value, want: &Type) -> Result<Value, ConvertError> {
    let (entries, have) = match value.data() {
        Data::Map(map) => (&map.1, Some(&map.0)),
        Data::Object(entries) => (entries.as_ref(), None),
        _ => return Err(refused(value, &Type::map(want.clone()))),
    };
    if have == Some(&want.without_optional()) {
        return Ok(value.clone().unmark());
    }
    let want = match have {
        None if *want == Type::Dynamic => open_element(entries.values(), "map")?,
        _ => Cow::Borrowed(want),
    };
    let items = entries.iter().map(|(key, item)| {
        convert_part(item, &want).map_err(|error| error.within(Step::Key(key.clone())))
    });
    let items: Vec<Value> = items.collect::<Result<_, _>>()?;
    let (element, items) = if items.is_empty() {
        (empty_element(have, &want), items)
    } else if want.has_dynamic() {
        let unify = matches!(*want, Type::List(_) | Type::Set(_) | Type::Map(_) | Type::Object(_));
        settle(items, unify).map_err(|disagreement| disagreement.error("map"))?
    } else {
        (want.without_optional(), items)
    };
    let keys = entries.keys().map(Arc::clone);
    Ok(Value::map(element, keys.zip(items).collect::<Entries>()))
}

/// The type that all elements of a tuple or object can have.
fn open_element<'a>(
    items: impl Iterator<Item = &'a Value>,
    noun: &str,
) -> Result<Cow<'static, Type>, ConvertError> {
    let kinds: Vec<Type> = items.map(Value::kind).collect();
    if kinds.is_empty() {
        return Ok(Cow::Owned(Type::Dynamic));
    }
    unify_as(&kinds, Safety::Unsafe)
        .map(Cow::Owned)
        .ok_or_else(|| ConvertError::new(format!("all {noun} elements must have the same type")))
}

/// The element type of an empty collection: a concrete one where there is one.
fn empty_element(have: Option<&Type>, want: &Type) -> Type {
    match have {
        Some(have) if *want == Type::Dynamic => have.clone(),
        _ => want.without_optional(),
    }
}

/// Why elements cannot be gathered in a collection.
pub(crate) enum Disagreement {
    /// No type is one that all of them convert to.
    NoCommonType,
    /// Their types differ, perhaps only inside a part of any type.
    Different,
}

impl Disagreement {
    fn error(&self, noun: &str) -> ConvertError {
        ConvertError::new(match self {
            Self::NoCommonType => "cannot find a common base type for all elements".into(),
            Self::Different => format!("element types must all match for conversion to {noun}"),
        })
    }
}

/// Gives elements one type: the one they have, apart from null and unknown elements of no type,
/// which take it on; else, with `unify`, one that all convert to.
pub(crate) fn settle(items: Vec<Value>, unify: bool) -> Result<(Type, Vec<Value>), Disagreement> {
    let kinds: Vec<Type> = items.iter().map(Value::kind).collect();
    let element = match common(&kinds) {
        Some(element) => element.clone(),
        None if unify => unify_as(&kinds, Safety::Unsafe).ok_or(Disagreement::NoCommonType)?,
        None => return Err(Disagreement::Different),
    };
    let items = items.into_iter().zip(kinds).map(|(item, kind)| {
        if kind == element { Some(item) } else { convert_part(&item, &element).ok() }
    });
    let items: Vec<Value> = items.collect::<Option<_>>().ok_or(Disagreement::Different)?;
    if element.has_dynamic() {
        // A part of any type stays as it is, so that the elements may still differ there.
        let kinds: Vec<Type> = items.iter().map(Value::kind).collect();
        common(&kinds).ok_or(Disagreement::Different)?;
    }
    Ok((element, items))
}

/// The type that all have which have one.
fn common(kinds: &[Type]) -> Option<&Type> {
    let mut concrete = kinds.iter().filter(|kind| **kind != Type::Dynamic);
    match concrete.next() {
        None => Some(&Type::Dynamic),
        Some(first) => concrete.all(|kind| kind == first).then_some(first),
    }
}
