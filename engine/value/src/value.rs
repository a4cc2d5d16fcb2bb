//! Values.

use std::sync::Arc;

use crate::{Entries, Marks, Number, Path, Step, Type, Unknown};

/// A value: data and marks. Cloning shares.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Value {
    data: Data,
    marks: Marks,
}

/// What a value is, apart from its marks. Null, unknown and absent are three things: absent is
/// `Option::None` of a `Value`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Data {
    /// No value, of a type.
    Null(Type),
    /// Not known yet.
    Unknown(Arc<Unknown>),
    /// True or false.
    Bool(bool),
    /// A number.
    Number(Number),
    /// Text in normal form C.
    String(Arc<str>),
    /// Elements of one type, in order.
    List(Arc<Sequence>),
    /// Distinct elements of one type in canonical order (see [`Value::set`]).
    Set(Arc<Sequence>),
    /// Keys to values of one type.
    Map(Arc<(Type, Entries)>),
    /// Elements each of its own type.
    Tuple(Arc<Vec<Value>>),
    /// Attributes each of its own type.
    Object(Arc<Entries>),
}

/// The elements of a list or set with their common type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Sequence {
    /// Type of every element.
    pub element: Type,
    /// The elements.
    pub items: Vec<Value>,
}

impl From<Data> for Value {
    fn from(data: Data) -> Self {
        Self { data, marks: Marks::NONE }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Data::Bool(value).into()
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Data::Number(Number::from(value)).into()
    }
}

impl From<Number> for Value {
    fn from(value: Number) -> Self {
        Data::Number(value).into()
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::string(value)
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::string(value)
    }
}

/// Building values.
impl Value {
    /// Null of a type.
    #[must_use]
    pub fn null(kind: Type) -> Self {
        Data::Null(kind).into()
    }

    /// Unknown, of a type, with nothing more known about it.
    #[must_use]
    pub fn unknown(kind: Type) -> Self {
        Data::Unknown(Unknown::shared(kind)).into()
    }

    /// Unknown, with what is known about it. Where that leaves one possibility, the result is that
    /// value; where it leaves only elements open, a list of unknown elements.
    #[must_use]
    pub fn refined(unknown: Unknown) -> Self {
        unknown.determined().unwrap_or_else(|| Data::Unknown(Arc::new(unknown)).into())
    }

    /// Text, brought into normal form C.
    pub fn string(text: impl Into<Arc<str>>) -> Self {
        use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};
        let text: Arc<str> = text.into();
        if text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
            return Data::String(text).into();
        }
        Data::String(text.nfc().collect::<String>().into()).into()
    }

    /// A list; every item must conform to `element`.
    #[must_use]
    pub fn list(element: Type, items: Vec<Value>) -> Self {
        Data::List(Arc::new(Sequence { element, items })).into()
    }

    /// A map; every value must conform to `element`.
    #[must_use]
    pub fn map(element: Type, entries: Entries) -> Self {
        Data::Map(Arc::new((element, entries))).into()
    }

    /// A tuple.
    #[must_use]
    pub fn tuple(items: Vec<Value>) -> Self {
        Data::Tuple(Arc::new(items)).into()
    }

    /// An object.
    #[must_use]
    pub fn object(entries: Entries) -> Self {
        Data::Object(Arc::new(entries)).into()
    }

    /// An object from names and values.
    pub fn object_of<K: Into<Arc<str>>>(attributes: impl IntoIterator<Item = (K, Value)>) -> Self {
        Self::object(attributes.into_iter().map(|(name, value)| (name.into(), value)).collect())
    }
}

/// Looking at values.
impl Value {
    /// What it is, apart from its marks.
    #[must_use]
    pub fn data(&self) -> &Data {
        &self.data
    }

    /// What it is, taken out; its own marks are lost.
    #[must_use]
    pub fn into_data(self) -> Data {
        self.data
    }

    /// Its type.
    #[must_use]
    pub fn kind(&self) -> Type {
        match &self.data {
            Data::Null(kind) => kind.clone(),
            Data::Unknown(unknown) => unknown.kind.clone(),
            Data::Bool(_) => Type::Bool,
            Data::Number(_) => Type::Number,
            Data::String(_) => Type::String,
            Data::List(sequence) => Type::list(sequence.element.clone()),
            Data::Set(sequence) => Type::set(sequence.element.clone()),
            Data::Map(map) => Type::map(map.0.clone()),
            Data::Tuple(items) => Type::tuple(items.iter().map(Value::kind).collect()),
            Data::Object(entries) => {
                Type::object(entries.iter().map(|(name, value)| (name.clone(), value.kind())))
            }
        }
    }

    /// Whether it is of a type as it stands: as its type's [`Type::conforms_to`], without making that
    /// type.
    #[must_use]
    pub fn conforms_to(&self, want: &Type) -> bool {
        match (&self.data, want) {
            (_, Type::Dynamic)
            | (Data::Bool(_), Type::Bool)
            | (Data::Number(_), Type::Number)
            | (Data::String(_), Type::String) => true,
            (Data::Null(have), _) => have.conforms_to(want),
            (Data::Unknown(unknown), _) => unknown.kind.conforms_to(want),
            (Data::List(have), Type::List(want)) | (Data::Set(have), Type::Set(want)) => {
                have.element.conforms_to(want)
            }
            (Data::Map(have), Type::Map(want)) => have.0.conforms_to(want),
            (Data::Tuple(items), Type::Tuple(wants)) => {
                items.len() == wants.len()
                    && items.iter().zip(wants.iter()).all(|(item, want)| item.conforms_to(want))
            }
            (Data::Object(entries), Type::Object(object)) => {
                let mut pairs = entries.iter().zip(&object.attributes);
                entries.len() == object.attributes.len()
                    && pairs.all(|((name, item), (wanted, want))| {
                        name == wanted && item.conforms_to(want)
                    })
            }
            _ => false,
        }
    }

    /// Whether it is null.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self.data, Data::Null(_))
    }

    /// Whether it is known; parts of it may still be unknown.
    #[must_use]
    pub fn is_known(&self) -> bool {
        !matches!(self.data, Data::Unknown(_))
    }

    /// Whether it and all its parts are known.
    #[must_use]
    pub fn is_wholly_known(&self) -> bool {
        self.is_known() && self.children().all(Value::is_wholly_known)
    }

    /// The text, when it is a known string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        if let Data::String(text) = &self.data { Some(text) } else { None }
    }

    /// The truth value, when it is a known bool.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        if let Data::Bool(value) = self.data { Some(value) } else { None }
    }

    /// The number, when it is a known number.
    #[must_use]
    pub fn as_number(&self) -> Option<&Number> {
        if let Data::Number(number) = &self.data { Some(number) } else { None }
    }

    /// The number as a 64-bit integer, when it is a known whole number in that range.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        self.as_number().and_then(Number::as_i64)
    }

    /// The elements of a known list, set or tuple in order.
    #[must_use]
    pub fn as_items(&self) -> Option<&[Value]> {
        match &self.data {
            Data::List(sequence) | Data::Set(sequence) => Some(&sequence.items),
            Data::Tuple(items) => Some(items),
            _ => None,
        }
    }

    /// Whether the number of its elements is known. Unknown elements of a set may turn out equal to
    /// others; a single one cannot.
    #[must_use]
    pub fn is_counted(&self) -> bool {
        match &self.data {
            Data::Unknown(_) => false,
            Data::Set(set) => set.items.len() <= 1 || self.is_wholly_known(),
            _ => true,
        }
    }

    /// The entries of a known map or object.
    #[must_use]
    pub fn as_entries(&self) -> Option<&Entries> {
        match &self.data {
            Data::Map(map) => Some(&map.1),
            Data::Object(entries) => Some(entries),
            _ => None,
        }
    }

    /// An attribute of a known object, or the value of a key of a known map, without the marks of
    /// the whole.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.as_entries()?.get(name)
    }

    /// The direct parts in order: elements, map values or attributes.
    pub fn children(&self) -> impl Iterator<Item = &Value> {
        let items = self.as_items().unwrap_or_default().iter();
        items.chain(self.as_entries().into_iter().flat_map(Entries::values))
    }

    /// The direct parts with the step that leads to each.
    pub fn steps(&self) -> impl Iterator<Item = (Step, &Value)> {
        let set = matches!(self.data, Data::Set(_));
        let items = self.as_items().unwrap_or_default().iter().enumerate();
        let items = items.map(move |(index, item)| {
            (if set { Step::Element(item.clone()) } else { Step::Index(index) }, item)
        });
        let object = matches!(self.data, Data::Object(_));
        let entries = self.as_entries().into_iter().flat_map(Entries::iter);
        items.chain(entries.map(move |(key, value)| {
            (if object { Step::Attribute(key.clone()) } else { Step::Key(key.clone()) }, value)
        }))
    }

    /// The part at a path, without the marks of what holds it; `None` where the path leads nowhere.
    #[must_use]
    pub fn at(&self, path: &Path) -> Option<&Value> {
        path.0.iter().try_fold(self, |value, step| match step {
            Step::Attribute(name) | Step::Key(name) => value.get(name),
            Step::Index(index) => value.as_items()?.get(*index),
            Step::Element(element) => value.as_items()?.iter().find(|item| *item == element),
        })
    }
}

/// Marks.
impl Value {
    /// Its own marks, not those of its parts.
    #[must_use]
    pub fn marks(&self) -> Marks {
        self.marks
    }

    /// The marks of it and all its parts together.
    #[must_use]
    pub fn deep_marks(&self) -> Marks {
        self.children().fold(self.marks, |marks, child| marks | child.deep_marks())
    }

    /// The same value with these marks added.
    #[must_use]
    pub fn mark(mut self, marks: Marks) -> Self {
        self.marks |= marks;
        self
    }

    /// The same value without marks of its own; parts keep theirs.
    #[must_use]
    pub fn unmark(mut self) -> Self {
        self.marks = Marks::NONE;
        self
    }

    /// The same value without any mark at any depth. Shares whatever had none.
    #[must_use]
    pub fn unmark_deep(self) -> Self {
        if self.deep_marks().is_empty() { self } else { self.map_deep(&mut |value| value.unmark()) }
    }

    /// The same value with `change` applied to every part, innermost first, and then to itself.
    /// `change` must keep types, so that collections stay uniform.
    #[must_use]
    pub fn map_deep(self, change: &mut dyn FnMut(Value) -> Value) -> Self {
        let marks = self.marks;
        let mut all = |items: &[Value]| -> Vec<Value> {
            items.iter().map(|item| item.clone().map_deep(change)).collect()
        };
        let data = match self.data {
            Data::List(list) => {
                let items = all(&list.items);
                Data::List(Arc::new(Sequence { element: list.element.clone(), items }))
            }
            Data::Set(set) => {
                let items = all(&set.items);
                return change(Value::set(set.element.clone(), items).mark(marks));
            }
            Data::Tuple(items) => Data::Tuple(Arc::new(all(&items))),
            Data::Map(map) => {
                let entries = map.1.iter();
                let entries =
                    entries.map(|(key, value)| (key.clone(), value.clone().map_deep(change)));
                Data::Map(Arc::new((map.0.clone(), entries.collect())))
            }
            Data::Object(entries) => {
                let entries = entries.iter();
                let entries =
                    entries.map(|(key, value)| (key.clone(), value.clone().map_deep(change)));
                Data::Object(Arc::new(entries.collect()))
            }
            data => data,
        };
        change(Value { data, marks })
    }
}
