//! Unknown values as results.

use platoform_value::{Data, Number, Type, Unknown, Value};

/// A value of which not even the type is known.
pub(crate) fn dynamic() -> Value {
    Value::unknown(Type::Dynamic)
}

/// An unknown value that will not be null.
pub(crate) fn not_null(kind: Type) -> Value {
    if kind == Type::Dynamic {
        return dynamic();
    }
    Value::refined(Unknown { not_null: true, ..Unknown::of(kind) })
}

/// Whether a value is certainly not null, whatever it turns out to be.
pub(crate) fn never_null(value: &Value) -> bool {
    match value.data() {
        Data::Null(_) => false,
        Data::Unknown(unknown) => unknown.not_null,
        _ => true,
    }
}

/// Least and greatest number a value may be; `None` where there is no bound.
pub(crate) fn bounds(value: &Value) -> (Option<&Number>, Option<&Number>) {
    match value.data() {
        Data::Number(number) => (Some(number), Some(number)),
        Data::Unknown(unknown) => {
            let (low, high) = &unknown.range;
            (low.as_ref().map(|bound| &bound.0), high.as_ref().map(|bound| &bound.0))
        }
        _ => (None, None),
    }
}

/// Least and greatest number of elements a collection may have.
pub(crate) fn lengths(value: &Value) -> (usize, Option<usize>) {
    match value.data() {
        Data::Unknown(unknown) => (unknown.length.0.unwrap_or(0), unknown.length.1),
        _ => {
            let count = value.children().count();
            (count, Some(count))
        }
    }
}
