//! What derived code calls. Public for that alone.
//!
//! Each marker type is one way in which a field's value is held; the derive picks it from the
//! field's declaration.

use std::collections::BTreeMap;

use platoform_schema::{AttributeKind, Block, ObjectNesting};
use platoform_value::{Data, Entries, Step, Type, Value};

use crate::attribute_type::collection;
use crate::{AttributeType, BlockType, DecodeError, DecodeReason, Field};

/// A way to hold a `T` in a value.
pub trait Codec<T> {
    /// The type of the value.
    fn kind() -> Type;

    /// What the schema of an attribute says of it.
    fn schema() -> AttributeKind {
        AttributeKind::Type(Self::kind())
    }

    /// Reads a known value.
    ///
    /// # Errors
    /// When the value does not conform.
    fn from_value(value: &Value) -> Result<T, DecodeError>;

    /// The value.
    fn to_value(content: &T) -> Value;

    /// The value where nothing is set.
    fn absent() -> Value {
        Value::null(Self::kind())
    }
}

/// An attribute.
pub struct Plain;

/// An attribute that is a set.
pub struct AsSet;

/// A nested block, or null.
pub struct Single;

/// A nested block that is always there.
pub struct Group;

/// A list of nested blocks.
pub struct List;

/// A set of nested blocks.
pub struct Set;

/// A map of nested blocks.
pub struct Map;

impl<T: AttributeType> Codec<T> for Plain {
    fn kind() -> Type {
        T::kind()
    }

    fn schema() -> AttributeKind {
        T::schema()
    }

    fn from_value(value: &Value) -> Result<T, DecodeError> {
        T::from_value(value)
    }

    fn to_value(content: &T) -> Value {
        content.to_value()
    }
}

impl<T: AttributeType> Codec<Vec<T>> for AsSet {
    fn kind() -> Type {
        Type::set(T::kind())
    }

    fn schema() -> AttributeKind {
        collection::<T>(ObjectNesting::Set, <Self as Codec<Vec<T>>>::kind)
    }

    fn from_value(value: &Value) -> Result<Vec<T>, DecodeError> {
        Vec::from_value(value)
    }

    fn to_value(content: &Vec<T>) -> Value {
        Value::set(T::kind(), content.iter().map(T::to_value).collect())
    }
}

impl<B: BlockType> Codec<B> for Single {
    fn kind() -> Type {
        B::implied_type()
    }

    fn from_value(value: &Value) -> Result<B, DecodeError> {
        B::decode(value)
    }

    fn to_value(content: &B) -> Value {
        content.encode()
    }
}

impl<B: BlockType> Codec<B> for Group {
    fn kind() -> Type {
        B::implied_type()
    }

    fn from_value(value: &Value) -> Result<B, DecodeError> {
        B::decode(value)
    }

    fn to_value(content: &B) -> Value {
        content.encode()
    }

    fn absent() -> Value {
        B::block().empty_value()
    }
}

impl<B: BlockType + AttributeType> Codec<Vec<B>> for List {
    fn kind() -> Type {
        let block = B::implied_type();
        if block.has_dynamic() { Type::Dynamic } else { Type::list(block) }
    }

    fn from_value(value: &Value) -> Result<Vec<B>, DecodeError> {
        Vec::from_value(value)
    }

    fn to_value(content: &Vec<B>) -> Value {
        let (block, items) = (B::implied_type(), content.iter().map(B::encode).collect());
        if block.has_dynamic() { Value::tuple(items) } else { Value::list(block, items) }
    }

    fn absent() -> Value {
        Self::to_value(&Vec::<B>::new())
    }
}

impl<B: BlockType + AttributeType> Codec<Vec<B>> for Set {
    fn kind() -> Type {
        Type::set(B::implied_type())
    }

    fn from_value(value: &Value) -> Result<Vec<B>, DecodeError> {
        Vec::from_value(value)
    }

    fn to_value(content: &Vec<B>) -> Value {
        Value::set(B::implied_type(), content.iter().map(B::encode).collect())
    }

    fn absent() -> Value {
        Self::to_value(&Vec::<B>::new())
    }
}

impl<B: BlockType> Codec<BTreeMap<String, B>> for Map {
    fn kind() -> Type {
        let block = B::implied_type();
        if block.has_dynamic() { Type::Dynamic } else { Type::map(block) }
    }

    fn from_value(value: &Value) -> Result<BTreeMap<String, B>, DecodeError> {
        let kind = || <Self as Codec<BTreeMap<String, B>>>::kind();
        let entries = value.as_entries();
        let entries = entries.ok_or_else(|| DecodeError::unexpected(&kind(), value))?;
        let pair = |(key, item): (&std::sync::Arc<str>, &Value)| {
            let block = B::decode(item).map_err(|error| error.within(Step::Key(key.clone())))?;
            Ok((key.to_string(), block))
        };
        entries.iter().map(pair).collect()
    }

    fn to_value(content: &BTreeMap<String, B>) -> Value {
        let entries = content.iter().map(|(key, block)| (key.as_str().into(), block.encode()));
        let (block, entries): (Type, Entries) = (B::implied_type(), entries.collect());
        if block.has_dynamic() { Value::object(entries) } else { Value::map(block, entries) }
    }

    fn absent() -> Value {
        Self::to_value(&BTreeMap::<String, B>::new())
    }
}

/// The schema of a field.
#[must_use]
pub fn kind<T, C: Codec<T>>() -> AttributeKind {
    C::schema()
}

/// The value of an attribute's default.
pub fn default<T, C: Codec<T>>(value: &T) -> Value {
    C::to_value(value)
}

/// The schema of a struct that is an attribute: nested attributes, unless it has nested blocks.
#[must_use]
pub fn object_kind<B: BlockType>() -> AttributeKind {
    let block = B::block();
    if block.blocks.is_empty() {
        AttributeKind::Nested(ObjectNesting::Single, block.attributes)
    } else {
        AttributeKind::Type(B::implied_type())
    }
}

/// A nested block, described by what its use says rather than its struct, where it says something.
#[must_use]
pub fn described(mut block: Block, description: &str) -> Block {
    if !description.is_empty() {
        block.description = description.to_owned();
    }
    block
}

/// That a block's value is a known object.
///
/// # Errors
/// When it is not.
pub fn check_object(value: &Value) -> Result<(), DecodeError> {
    match value.data() {
        Data::Object(_) => Ok(()),
        _ => Err(DecodeError::unexpected(&Type::object::<&str>([]), value)),
    }
}

/// Reads a field of a block's value; null where the value lacks it.
///
/// # Errors
/// When it does not conform.
pub fn decode<T, C: Codec<T>>(object: &Value, name: &str) -> Result<Field<T>, DecodeError> {
    let Some(value) = object.get(name) else { return Ok(Field::Null) };
    field(value, &C::kind(), C::from_value)
        .map_err(|error| error.within(Step::Attribute(name.into())))
}

/// The value of a field.
pub fn encode<T, C: Codec<T>>(field: &Field<T>) -> Value {
    match field {
        Field::Null => C::absent(),
        _ => value(field, C::kind, C::to_value),
    }
}

/// Reads a value that may be null or unknown, in whole or in part.
pub(crate) fn field<T>(
    value: &Value,
    kind: &Type,
    read: impl FnOnce(&Value) -> Result<T, DecodeError>,
) -> Result<Field<T>, DecodeError> {
    match value.data() {
        Data::Null(of) if of == kind => return Ok(Field::Null),
        Data::Unknown(_) if *value == Value::unknown(kind.clone()) => return Ok(Field::Unknown),
        Data::Null(_) | Data::Unknown(_) => return Ok(Field::Raw(value.clone())),
        _ => {}
    }
    match read(value) {
        Ok(content) => Ok(Field::Known(content)),
        Err(DecodeError { reason: DecodeReason::Unknown, .. }) => Ok(Field::Raw(value.clone())),
        Err(error) => Err(error),
    }
}

/// The value of a field, null of its type where it is not set.
pub(crate) fn value<T>(
    field: &Field<T>,
    kind: impl FnOnce() -> Type,
    write: impl FnOnce(&T) -> Value,
) -> Value {
    match field {
        Field::Null => Value::null(kind()),
        Field::Unknown => Value::unknown(kind()),
        Field::Known(content) => write(content),
        Field::Raw(value) => value.clone(),
    }
}
