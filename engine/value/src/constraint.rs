//! Types as constraints that values are held against.

use std::collections::BTreeSet;

use crate::{ObjectType, Type};

impl Type {
    /// The type without the permission to lack attributes, at any depth: the type that values
    /// have once they were converted to this one.
    #[must_use]
    pub fn without_optional(&self) -> Self {
        if !self.has_optional() {
            return self.clone();
        }
        match self {
            Self::Dynamic | Self::Bool | Self::Number | Self::String => self.clone(),
            Self::List(element) => Self::list(element.without_optional()),
            Self::Set(element) => Self::set(element.without_optional()),
            Self::Map(element) => Self::map(element.without_optional()),
            Self::Tuple(elements) => {
                Self::tuple(elements.iter().map(Type::without_optional).collect())
            }
            Self::Object(object) => {
                let attributes = object.attributes.iter();
                let attributes = attributes
                    .map(|(name, kind)| (name.clone(), kind.without_optional()))
                    .collect();
                Self::Object(ObjectType { attributes, optional: BTreeSet::new() }.into())
            }
        }
    }

    /// Whether every value of this type is one of `want` as it stands. [`Type::Dynamic`] in `want`
    /// takes everything; whether attributes are optional does not matter.
    #[must_use]
    pub fn conforms_to(&self, want: &Type) -> bool {
        match (self, want) {
            (_, Self::Dynamic)
            | (Self::Bool, Self::Bool)
            | (Self::Number, Self::Number)
            | (Self::String, Self::String) => true,
            (Self::List(have), Self::List(want))
            | (Self::Set(have), Self::Set(want))
            | (Self::Map(have), Self::Map(want)) => have.conforms_to(want),
            (Self::Tuple(have), Self::Tuple(want)) => {
                have.len() == want.len()
                    && have.iter().zip(want.iter()).all(|(have, want)| have.conforms_to(want))
            }
            (Self::Object(have), Self::Object(want)) => {
                have.attributes.len() == want.attributes.len()
                    && have.attributes.iter().all(|(name, have)| {
                        want.attributes.get(name).is_some_and(|want| have.conforms_to(want))
                    })
            }
            _ => false,
        }
    }

    /// Its name where it is asked for, as Terraform says it: as [`Type::friendly_name`], but
    /// `any type` and `list of any single type` for what takes any.
    #[must_use]
    pub fn constraint_name(&self) -> String {
        let of = |element: &Type| match element {
            Self::Dynamic => "any single type".into(),
            element => element.constraint_name(),
        };
        match self {
            Self::Dynamic => "any type".into(),
            Self::List(element) => format!("list of {}", of(element)),
            Self::Set(element) => format!("set of {}", of(element)),
            Self::Map(element) => format!("map of {}", of(element)),
            kind => kind.friendly_name(),
        }
    }

    fn has_optional(&self) -> bool {
        match self {
            Self::Dynamic | Self::Bool | Self::Number | Self::String => false,
            Self::List(element) | Self::Set(element) | Self::Map(element) => element.has_optional(),
            Self::Tuple(elements) => elements.iter().any(Type::has_optional),
            Self::Object(object) => {
                !object.optional.is_empty() || object.attributes.values().any(Type::has_optional)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Type, Value};

    #[test]
    fn a_value_conforms_where_its_type_does() {
        let kinds = [
            Type::Dynamic,
            Type::Bool,
            Type::Number,
            Type::String,
            Type::list(Type::String),
            Type::list(Type::Dynamic),
            Type::set(Type::String),
            Type::map(Type::Number),
            Type::tuple(vec![Type::String, Type::Dynamic]),
            Type::tuple(vec![Type::String]),
            Type::object([("a", Type::String)]),
            Type::object([("a", Type::Dynamic), ("b", Type::Bool)]),
            Type::object([("b", Type::String)]),
        ];
        let unknown = kinds.iter().cloned().map(Value::unknown);
        let null = kinds.iter().cloned().map(Value::null);
        let known = [
            Value::from(true),
            Value::from(1),
            Value::from("s"),
            Value::list(Type::String, vec![]),
            Value::set(Type::String, vec!["s".into()]),
            Value::map(Type::Number, [("a".into(), Value::from(1))].into_iter().collect()),
            Value::tuple(vec!["s".into(), Value::null(Type::Bool)]),
            Value::tuple(vec![Value::unknown(Type::String)]),
            Value::object_of([("a", "s")].map(|(name, text)| (name, Value::from(text)))),
            Value::object_of([("a", Value::from(1)), ("b", Value::from(true))]),
        ];
        for value in known.into_iter().chain(unknown).chain(null) {
            for kind in &kinds {
                assert_eq!(
                    value.conforms_to(kind),
                    value.kind().conforms_to(kind),
                    "{value:?} as {kind}"
                );
            }
        }
    }
}
