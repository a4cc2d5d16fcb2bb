//! Equality as the language sees it.

use crate::{Data, Type, Unknown, Value};

impl Value {
    /// `==`: true, false, or unknown as long as the unknown parts decide. Never converts: values of
    /// different types are not equal, except null, which equals any other null. Carries the marks
    /// of both at any depth.
    #[must_use]
    pub fn equals(&self, other: &Value) -> Value {
        let marks = self.deep_marks() | other.deep_marks();
        let result = match equal(self, other) {
            Some(result) => Value::from(result),
            None => Value::refined(Unknown { not_null: true, ..Unknown::of(Type::Bool) }),
        };
        result.mark(marks)
    }
}

/// Whether two values of whatever types are equal.
fn equal(left: &Value, right: &Value) -> Option<bool> {
    if let Some(result) = equal_unless_both_present(left, right) {
        return result;
    }
    let (left_kind, right_kind) = (left.kind(), right.kind());
    if left_kind != right_kind {
        let undecided = has_unknown_type(left) || has_unknown_type(right);
        let alike = left_kind.conforms_to(&right_kind) || right_kind.conforms_to(&left_kind);
        return if undecided && alike { None } else { Some(false) };
    }
    equal_parts(left, right)
}

/// The answer where either is null or unknown.
fn equal_unless_both_present(left: &Value, right: &Value) -> Option<Option<bool>> {
    Some(match (left.data(), right.data()) {
        (Data::Null(_), Data::Null(_)) => Some(true),
        (Data::Unknown(_), Data::Unknown(_)) => None,
        (Data::Null(_), Data::Unknown(unknown)) | (Data::Unknown(unknown), Data::Null(_)) => {
            unknown.not_null.then_some(false)
        }
        (Data::Null(_), _) | (_, Data::Null(_)) => Some(false),
        (Data::Unknown(unknown), _) => (!unknown.may_become(right)).then_some(false),
        (_, Data::Unknown(unknown)) => (!unknown.may_become(left)).then_some(false),
        _ => return None,
    })
}

/// Whether two known values of the same type are equal.
fn equal_parts(left: &Value, right: &Value) -> Option<bool> {
    match (left.data(), right.data()) {
        (Data::Set(left), Data::Set(right)) => {
            let known = |items: &[Value]| items.iter().all(Value::is_wholly_known);
            (known(&left.items) && known(&right.items)).then(|| left.items == right.items)
        }
        (Data::Map(left), Data::Map(right)) if !left.1.keys().eq(right.1.keys()) => Some(false),
        (Data::List(left), Data::List(right)) if left.items.len() != right.items.len() => {
            Some(false)
        }
        (Data::Bool(left), Data::Bool(right)) => Some(left == right),
        (Data::Number(left), Data::Number(right)) => Some(left == right),
        (Data::String(left), Data::String(right)) => Some(left == right),
        _ => {
            let mut result = Some(true);
            for (left, right) in left.children().zip(right.children()) {
                let part = equal_unless_both_present(left, right);
                match part.unwrap_or_else(|| equal_parts(left, right)) {
                    Some(false) => return Some(false),
                    Some(true) => {}
                    None => result = None,
                }
            }
            result
        }
    }
}

/// Whether it or a part is unknown together with its type.
fn has_unknown_type(value: &Value) -> bool {
    match value.data() {
        Data::Unknown(unknown) => unknown.kind.has_dynamic(),
        _ => value.children().any(has_unknown_type),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{Marks, Number};

    fn result(left: &Value, right: &Value) -> Option<bool> {
        let there = left.equals(right);
        assert_eq!(there, right.equals(left), "symmetric");
        there.as_bool()
    }

    /// Answers of Terraform 1.11.
    #[test]
    fn never_converts() {
        let null = |kind| Value::null(kind);
        let object = |value: Value| Value::object_of([("a", value)]);
        for (left, right, expected) in [
            (Value::from(1), Value::from("1"), false),
            (null(Type::Dynamic), null(Type::String), true),
            (null(Type::String), null(Type::Number), true),
            (null(Type::String), Value::from("a"), false),
            (object(null(Type::Dynamic)), object(null(Type::Dynamic)), true),
            (object(null(Type::Dynamic)), object(null(Type::String)), false),
            (object(null(Type::Dynamic)), object(Value::from("x")), false),
            (Value::tuple(vec![]), Value::list(Type::Dynamic, vec![]), false),
            (
                Value::list(Type::Dynamic, vec![]),
                Value::list(Type::String, vec!["a".into()]),
                false,
            ),
            (
                Value::set(Type::Number, vec![2.into(), 1.into()]),
                Value::set(Type::Number, vec![1.into(), 2.into()]),
                true,
            ),
        ] {
            assert_eq!(result(&left, &right), Some(expected), "{left:?} {right:?}");
        }
    }

    #[test]
    fn unknown_parts_decide_only_when_the_rest_does_not() {
        let unknown = Value::unknown(Type::Number);
        let list = |items: [Value; 2]| Value::list(Type::Number, items.to_vec());
        assert_eq!(result(&unknown, &unknown), None);
        assert_eq!(result(&unknown, &Value::null(Type::Number)), None);
        assert_eq!(result(&list([1.into(), unknown.clone()]), &list([1.into(), 2.into()])), None);
        assert_eq!(
            result(&list([unknown.clone(), 1.into()]), &list([3.into(), 2.into()])),
            Some(false)
        );
        assert_eq!(result(&unknown, &Value::from("a")), Some(false));
        assert_eq!(result(&Value::unknown(Type::Dynamic), &Value::from("a")), None);
        let open = Value::tuple(vec![Value::unknown(Type::Dynamic)]);
        assert_eq!(result(&open, &Value::tuple(vec![1.into()])), None);
        assert_eq!(result(&open, &Value::tuple(vec![])), Some(false));
    }

    #[test]
    fn refinements_rule_values_out() {
        let text =
            Unknown { not_null: true, prefix: Some(Arc::from("ab")), ..Unknown::of(Type::String) };
        assert_eq!(result(&Value::refined(text.clone()), &Value::from("b")), Some(false));
        assert_eq!(result(&Value::refined(text.clone()), &Value::from("abc")), None);
        assert_eq!(result(&Value::refined(text), &Value::null(Type::Dynamic)), Some(false));
        let range = (Some((Number::from(3_i64), false)), None);
        let number = Value::refined(Unknown { range, ..Unknown::of(Type::Number) });
        assert_eq!(result(&number, &Value::from(3)), Some(false));
        assert_eq!(result(&number, &Value::from(4)), None);
    }

    #[test]
    fn carries_marks_of_all_depths() {
        let secret = Value::tuple(vec![Value::from(1).mark(Marks::SENSITIVE)]);
        assert_eq!(secret.equals(&Value::from(2)).marks(), Marks::SENSITIVE);
    }
}
