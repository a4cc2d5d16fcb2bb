//! Defaults of optional attributes, after HCL's [typeexpr].
//!
//! [typeexpr]: https://github.com/hashicorp/hcl/blob/main/ext/typeexpr/defaults.go

use std::collections::BTreeMap;
use std::sync::Arc;

use platoform_value::{Data, Entries, Type, Value, unify_values};

/// The defaults that a type constraint gives for attributes that a value lacks or that are null,
/// at any depth.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Defaults {
    /// Defaults of an object's attributes.
    values: BTreeMap<Arc<str>, Value>,
    /// Defaults within parts.
    parts: Parts,
}

#[derive(Clone, Debug, Default, PartialEq)]
enum Parts {
    /// No part has any.
    #[default]
    None,
    /// Those of every element of a collection.
    Elements(Arc<Defaults>),
    /// Those of an object's attributes.
    Attributes(BTreeMap<Arc<str>, Arc<Defaults>>),
    /// Those of a tuple's elements.
    Positions(Vec<Option<Arc<Defaults>>>),
}

impl Defaults {
    /// Defaults within every element.
    pub(super) fn of_elements(defaults: Arc<Defaults>) -> Self {
        Self { parts: Parts::Elements(defaults), ..Self::default() }
    }

    /// Defaults of attributes, and within them.
    pub(super) fn of_attributes(
        values: BTreeMap<Arc<str>, Value>,
        parts: BTreeMap<Arc<str>, Arc<Defaults>>,
    ) -> Self {
        Self { values, parts: Parts::Attributes(parts) }
    }

    /// Defaults within the elements of a tuple.
    pub(super) fn of_positions(parts: Vec<Option<Arc<Defaults>>>) -> Self {
        Self { parts: Parts::Positions(parts), ..Self::default() }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty() && self.parts == Parts::None
    }

    /// The value with defaults in place of what is missing or null. To be applied before the value
    /// is converted to the type of the constraint; the result may have other types than the value
    /// had (a map whose elements got attributes becomes an object). Null and unknown values stay
    /// as they are.
    #[must_use]
    pub fn apply(&self, value: &Value) -> Value {
        if self.is_empty() || value.is_null() || !value.is_known() {
            return value.clone();
        }
        let marks = value.marks();
        let applied = match value.data() {
            Data::List(list) => elements(self.items(&list.items), &list.element, Value::list),
            Data::Set(set) => elements(self.items(&set.items), &set.element, Value::set),
            Data::Tuple(items) => Value::tuple(self.items(items)),
            Data::Map(map) => self.map(&map.0, &map.1),
            Data::Object(attributes) => Value::object(self.attributes(attributes)),
            _ => return value.clone(),
        };
        applied.mark(marks)
    }

    fn items(&self, items: &[Value]) -> Vec<Value> {
        let each = items.iter().enumerate().map(|(index, item)| match &self.parts {
            Parts::Elements(defaults) => defaults.apply(item),
            Parts::Positions(parts) => match parts.get(index) {
                Some(Some(defaults)) => defaults.apply(item),
                _ => item.clone(),
            },
            _ => item.clone(),
        });
        each.collect()
    }

    /// The attributes with defaults, in them and beside them.
    fn attributes(&self, attributes: &Entries) -> Entries {
        let mut complete = BTreeMap::new();
        for (name, value) in attributes.iter() {
            complete.insert(name.clone(), self.attribute(name, value));
        }
        for (name, default) in &self.values {
            let missing = attributes.get(name).is_none_or(Value::is_null);
            if missing {
                complete.insert(name.clone(), self.attribute(name, default));
            }
        }
        complete.into_iter().collect()
    }

    fn attribute(&self, name: &Arc<str>, value: &Value) -> Value {
        match &self.parts {
            Parts::Elements(defaults) => defaults.apply(value),
            Parts::Attributes(parts) => match parts.get(name) {
                Some(defaults) => defaults.apply(value),
                None => value.clone(),
            },
            _ => value.clone(),
        }
    }

    /// A map stays one where its elements still have one type, or stands for an object.
    fn map(&self, element: &Type, entries: &Entries) -> Value {
        let applied = self.attributes(entries);
        if !matches!(self.parts, Parts::Elements(_)) {
            return Value::object(applied);
        }
        let (names, values): (Vec<_>, Vec<_>) = applied.into_iter().unzip();
        if values.is_empty() {
            return Value::map(element.clone(), Entries::default());
        }
        match unify_values(&values) {
            Some((element, values)) => Value::map(element, names.into_iter().zip(values).collect()),
            None => Value::object(names.into_iter().zip(values).collect()),
        }
    }
}

/// The elements as a collection again, or as a tuple where they have no common type any more.
fn elements(items: Vec<Value>, element: &Type, collect: fn(Type, Vec<Value>) -> Value) -> Value {
    if items.is_empty() {
        return collect(element.clone(), items);
    }
    match unify_values(&items) {
        Some((element, items)) => collect(element, items),
        None => Value::tuple(items),
    }
}
