//! What a kind's struct holds in each field.

use platoform_value::{Type, Value};

use crate::{AttributeType, DecodeError};

/// The value of an attribute or of all nested blocks of one name. Null and unknown are not the
/// same: an unknown value may still turn out to be anything.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Field<T> {
    /// Not set.
    #[default]
    Null,
    /// Not known yet.
    Unknown,
    /// Set and known.
    Known(T),
    /// Something `T` cannot hold: a collection with unknown elements, an unknown value of which
    /// something is known, a null or unknown value of a type of its own in a dynamic attribute.
    Raw(Value),
}

impl<T> Field<T> {
    /// The value, when it is known and not null.
    pub fn get(&self) -> Option<&T> {
        if let Self::Known(value) = self { Some(value) } else { None }
    }

    /// The value to be changed in place, when it is known and not null.
    pub fn get_mut(&mut self) -> Option<&mut T> {
        if let Self::Known(value) = self { Some(value) } else { None }
    }

    /// The value taken out, when it is known and not null.
    pub fn into_known(self) -> Option<T> {
        if let Self::Known(value) = self { Some(value) } else { None }
    }

    /// The value, or another where it is null or unknown.
    pub fn known_or(&self, other: T) -> T
    where
        T: Clone,
    {
        self.get().cloned().unwrap_or(other)
    }

    /// The value, or the type's default where it is null or unknown.
    pub fn known_or_default(&self) -> T
    where
        T: Clone + Default,
    {
        self.get().cloned().unwrap_or_default()
    }

    /// Whether it is certainly not set.
    pub fn is_null(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Raw(value) => value.is_null(),
            Self::Unknown | Self::Known(_) => false,
        }
    }

    /// Whether it, or an element of it that `T` cannot hold as unknown, is not known yet.
    pub fn is_unknown(&self) -> bool {
        match self {
            Self::Unknown => true,
            Self::Raw(value) => !value.is_null(),
            Self::Null | Self::Known(_) => false,
        }
    }

    /// Whether it is set and known: exactly when [`get`](Self::get) yields something.
    pub fn is_known(&self) -> bool {
        matches!(self, Self::Known(_))
    }
}

impl<T: Copy> Field<T> {
    /// The value itself, when it is known and not null.
    pub fn copied(&self) -> Option<T> {
        self.get().copied()
    }
}

impl Field<String> {
    /// The text, when it is known and not null.
    pub fn as_str(&self) -> Option<&str> {
        self.get().map(String::as_str)
    }
}

impl<T> Field<Vec<T>> {
    /// The elements; none where it is null or unknown.
    pub fn items(&self) -> &[T] {
        self.get().map_or(&[], Vec::as_slice)
    }
}

impl<T> From<T> for Field<T> {
    fn from(value: T) -> Self {
        Self::Known(value)
    }
}

impl<T> From<Option<T>> for Field<T> {
    /// Nothing becomes null.
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::Known)
    }
}

impl From<&str> for Field<String> {
    fn from(value: &str) -> Self {
        Self::Known(value.to_owned())
    }
}

/// As the element of a collection: `Vec<Field<String>>` holds null and unknown elements.
impl<T: AttributeType> AttributeType for Field<T> {
    fn kind() -> Type {
        T::kind()
    }

    fn schema() -> platoform_schema::AttributeKind {
        T::schema()
    }

    fn from_value(value: &Value) -> Result<Self, DecodeError> {
        crate::codec::field(value, &T::kind(), T::from_value)
    }

    fn to_value(&self) -> Value {
        crate::codec::value(self, T::kind, T::to_value)
    }
}
