//! The types and empty values that schemas imply.

use std::collections::BTreeMap;
use std::sync::Arc;

use platoform_value::{Entries, Type, Value};

use crate::{Attribute, AttributeKind, Block, BlockNesting, NestedBlock, ObjectNesting};

impl Block {
    /// The type of a value of this block: an object of all attributes and nested blocks.
    #[must_use]
    pub fn implied_type(&self) -> Type {
        let attributes = self
            .attributes
            .iter()
            .map(|(name, attribute)| (name.clone(), attribute.implied_type()));
        let blocks = self.blocks.iter().map(|(name, block)| (name.clone(), block.implied_type()));
        Type::object(attributes.chain(blocks))
    }

    /// The value of this block with nothing set: null attributes, empty collections of blocks.
    #[must_use]
    pub fn empty_value(&self) -> Value {
        let attributes = self
            .attributes
            .iter()
            .map(|(name, attribute)| (name.clone(), Value::null(attribute.implied_type())));
        let blocks = self.blocks.iter().map(|(name, block)| (name.clone(), block.empty_value()));
        Value::object_of(attributes.chain(blocks))
    }
}

impl Attribute {
    /// The type of its value.
    #[must_use]
    pub fn implied_type(&self) -> Type {
        match &self.kind {
            AttributeKind::Type(kind) => kind.clone(),
            AttributeKind::Nested(nesting, attributes) => {
                let object = object_type(attributes);
                match nesting {
                    ObjectNesting::Single => object,
                    ObjectNesting::List => Type::list(object),
                    ObjectNesting::Set => Type::set(object),
                    ObjectNesting::Map => Type::map(object),
                }
            }
        }
    }
}

impl NestedBlock {
    /// The type of all its occurrences together. A list or map of blocks that hold a dynamic type
    /// is itself dynamic, a tuple or object once known.
    #[must_use]
    pub fn implied_type(&self) -> Type {
        let object = self.block.implied_type();
        match self.nesting {
            BlockNesting::Single | BlockNesting::Group => object,
            BlockNesting::Set => Type::set(object),
            BlockNesting::List | BlockNesting::Map if object.has_dynamic() => Type::Dynamic,
            BlockNesting::List => Type::list(object),
            BlockNesting::Map => Type::map(object),
        }
    }

    /// Its value where the configuration has no occurrence.
    #[must_use]
    pub fn empty_value(&self) -> Value {
        let object = self.block.implied_type();
        match self.nesting {
            BlockNesting::Single => Value::null(object),
            BlockNesting::Group => self.block.empty_value(),
            BlockNesting::Set => Value::set(object, Vec::new()),
            BlockNesting::List if object.has_dynamic() => Value::tuple(Vec::new()),
            BlockNesting::List => Value::list(object, Vec::new()),
            BlockNesting::Map if object.has_dynamic() => Value::object(Entries::default()),
            BlockNesting::Map => Value::map(object, Entries::default()),
        }
    }
}

fn object_type(attributes: &BTreeMap<Arc<str>, Attribute>) -> Type {
    Type::object(
        attributes.iter().map(|(name, attribute)| (name.clone(), attribute.implied_type())),
    )
}
