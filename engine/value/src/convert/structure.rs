//! To tuples and objects.

use super::possible::{Safety, possible};
use super::{ConvertError, convert_part, mismatch, refused};
use crate::{Data, Entries, ObjectType, Step, Type, Value};

pub(super) fn to_tuple(value: &Value, wants: &[Type]) -> Result<Value, ConvertError> {
    let Data::Tuple(items) = value.data() else {
        return Err(refused(value, &Type::tuple(wants.to_vec())));
    };
    let parts = items.iter().zip(wants).enumerate();
    let parts = parts.map(|(index, (item, want))| {
        convert_part(item, want).map_err(|error| error.within(Step::Index(index)))
    });
    Ok(Value::tuple(parts.collect::<Result<_, _>>()?))
}

pub(super) fn to_object(value: &Value, want: &ObjectType) -> Result<Value, ConvertError> {
    let (entries, map) = match value.data() {
        Data::Object(entries) => (entries.as_ref(), None),
        Data::Map(map) => (&map.1, Some(&map.0)),
        _ => return Err(refused(value, &Type::Object(want.clone().into()))),
    };
    let attributes = want.attributes.iter().map(|(name, kind)| {
        let Some(part) = entries.get(name) else {
            return if want.optional.contains(name) {
                Ok((name.clone(), Value::null(kind.without_optional())))
            } else if map.is_some() {
                let message = format!("map has no element for required attribute {name:?}");
                Err(ConvertError::new(message))
            } else {
                Err(ConvertError::new(format!("attribute {name:?} is required")))
            };
        };
        if let Some(element) = map
            && !possible(element, kind, Safety::Unsafe)
        {
            let reason = mismatch::message(element, kind);
            let message =
                format!("map element type is incompatible with attribute {name:?}: {reason}");
            return Err(ConvertError::new(message));
        }
        let part = convert_part(part, kind).map_err(|error| {
            let name = name.clone();
            error.within(if map.is_some() { Step::Key(name) } else { Step::Attribute(name) })
        })?;
        Ok((name.clone(), part))
    });
    Ok(Value::object(attributes.collect::<Result<Entries, _>>()?))
}
