//! What is known of values that are not.

use std::sync::{Arc, OnceLock};

use crate::{Data, Entries, Number, Type, Value};

/// Longest list of unknown elements that stands for an unknown list of known length.
const DETERMINED_LENGTH_LIMIT: usize = 1024;

/// A bound of a number, and whether the bound itself is allowed.
pub type Bound = (Number, bool);

/// What is known of an unknown value. A refinement narrows what it may turn out to be.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Unknown {
    /// Its type; [`Type::Dynamic`] when not even that is known.
    pub kind: Type,
    /// It will not be null.
    pub not_null: bool,
    /// It is text that starts with this.
    pub prefix: Option<Arc<str>>,
    /// Lower and upper bound of a number.
    pub range: (Option<Bound>, Option<Bound>),
    /// Least and greatest number of elements of a collection.
    pub length: (Option<usize>, Option<usize>),
}

impl Unknown {
    /// Nothing known but the type.
    #[must_use]
    pub fn of(kind: Type) -> Self {
        Self { kind, not_null: false, prefix: None, range: (None, None), length: (None, None) }
    }

    /// The same, one copy of it for each of the types that have no parts.
    pub(crate) fn shared(kind: Type) -> Arc<Self> {
        static PLAIN: [OnceLock<Arc<Unknown>>; 4] = [const { OnceLock::new() }; 4];
        let number = match kind {
            Type::Dynamic => 0,
            Type::Bool => 1,
            Type::Number => 2,
            Type::String => 3,
            _ => return Arc::new(Self::of(kind)),
        };
        PLAIN[number].get_or_init(|| Arc::new(Self::of(kind))).clone()
    }

    /// The value that it cannot but become.
    pub(crate) fn determined(&self) -> Option<Value> {
        if !self.not_null {
            return None;
        }
        if let (Some((least, true)), Some((most, true))) = &self.range
            && least == most
        {
            return Some(Value::from(least.clone()));
        }
        let (Some(least), Some(most)) = self.length else { return None };
        if least != most || least > DETERMINED_LENGTH_LIMIT {
            return None;
        }
        match &self.kind {
            Type::List(element) => {
                let items = vec![Value::unknown(element.as_ref().clone()); least];
                Some(Value::list(element.as_ref().clone(), items))
            }
            Type::Set(element) if least < 2 => {
                let items = vec![Value::unknown(element.as_ref().clone()); least];
                Some(Value::set(element.as_ref().clone(), items))
            }
            Type::Map(element) if least == 0 => {
                Some(Value::map(element.as_ref().clone(), Entries::default()))
            }
            _ => None,
        }
    }

    /// Whether it may turn out to be this known value, which is not null.
    pub(crate) fn may_become(&self, value: &Value) -> bool {
        let kind = value.kind();
        if !kind.conforms_to(&self.kind) {
            return false;
        }
        match value.data() {
            Data::String(text) => {
                self.prefix.as_ref().is_none_or(|prefix| text.starts_with(&**prefix))
            }
            Data::Number(number) => {
                let (least, most) = &self.range;
                least.as_ref().is_none_or(|(bound, inclusive)| {
                    number > bound || *inclusive && number == bound
                }) && most.as_ref().is_none_or(|(bound, inclusive)| {
                    number < bound || *inclusive && number == bound
                })
            }
            // A set with unknown elements may shrink once they are known.
            Data::Set(_) if !value.is_wholly_known() => true,
            Data::List(_) | Data::Set(_) | Data::Map(_) => {
                let count = value.children().count();
                self.length.0.is_none_or(|least| count >= least)
                    && self.length.1.is_none_or(|most| count <= most)
            }
            _ => true,
        }
    }
}
