//! What a function is called with, and how it fails.

use std::borrow::Cow;

use platoform_value::{Number, Type, Value};

use crate::eval::{FunctionContext, WITHHELD};

/// The arguments of a call.
pub struct Arguments<'a> {
    /// The values, converted to the types of their parameters.
    pub values: Vec<Value>,
    /// The type of the result, as the declaration gives it.
    pub returns: Type,
    /// What functions may depend on besides their arguments.
    pub context: &'a FunctionContext<'a>,
    /// Whether the call stands in a file rendered by `templatefile`.
    pub in_template: bool,
}

/// Why a call failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Position of the argument at fault, when one is.
    pub argument: Option<usize>,
    /// What is wrong, without a final full stop. A text that is part of the program quotes no
    /// argument; one made at the time of the call may.
    pub message: Cow<'static, str>,
    /// What to say instead where an argument is sensitive: as much of the message as quotes none.
    pub discreet: Option<String>,
}

impl Problem {
    /// Something is wrong with one argument.
    pub fn at(argument: usize, message: impl Into<Cow<'static, str>>) -> Self {
        Self { argument: Some(argument), ..Self::from(message) }
    }

    /// The same problem, with what to say of it where an argument is sensitive.
    #[must_use]
    pub(super) fn discreetly(self, message: impl Into<String>) -> Self {
        Self { discreet: Some(message.into()), ..self }
    }

    /// The same problem as one says it where an argument is sensitive.
    #[must_use]
    pub(super) fn withheld(self) -> Self {
        match self.discreet {
            Some(message) => {
                Self { message: message.into(), discreet: None, argument: self.argument }
            }
            None => self.silenced(),
        }
    }

    /// The same problem without anything that was not written into the program.
    #[must_use]
    pub(crate) fn silenced(self) -> Self {
        let message = match self.message {
            Cow::Borrowed(message) => message,
            Cow::Owned(_) => WITHHELD,
        };
        Self { message: message.into(), discreet: None, argument: self.argument }
    }
}

impl<T: Into<Cow<'static, str>>> From<T> for Problem {
    fn from(message: T) -> Self {
        Self { argument: None, message: message.into(), discreet: None }
    }
}

const NOT_AN_INTEGER: &str =
    "value must be a whole number, between -9223372036854775808 and 9223372036854775807";

/// Reading arguments. The declarations guarantee their types, so that what is missing here is
/// never missing in a call.
impl Arguments<'_> {
    /// An argument.
    pub(super) fn value(&self, index: usize) -> &Value {
        &self.values[index]
    }

    /// A text argument.
    pub(super) fn text(&self, index: usize) -> &str {
        self.value(index).as_str().unwrap_or_default()
    }

    /// A number argument.
    pub(super) fn number(&self, index: usize) -> &Number {
        const ZERO: &Number = &Number::ZERO;
        self.value(index).as_number().unwrap_or(ZERO)
    }

    /// A number argument that must be a whole number.
    pub(super) fn integer(&self, index: usize) -> Result<i64, Problem> {
        self.number(index).as_i64().ok_or_else(|| NOT_AN_INTEGER.into())
    }

    /// The elements of a list, set or tuple argument.
    pub(super) fn items(&self, index: usize) -> &[Value] {
        self.value(index).as_items().unwrap_or_default()
    }

    /// The element type of a result that is a collection.
    pub(super) fn element(&self) -> Type {
        self.returns.element().cloned().unwrap_or(Type::Dynamic)
    }

    /// The result while it cannot be known.
    pub(super) fn unknown(&self) -> Value {
        Value::unknown(self.returns.clone())
    }

    /// A result that is a list or a tuple, whichever the type says.
    pub(super) fn sequence(&self, items: Vec<Value>) -> Value {
        match &self.returns {
            Type::List(element) => Value::list((**element).clone(), items),
            Type::Set(element) => Value::set((**element).clone(), items),
            _ => Value::tuple(items),
        }
    }
}

/// A number as a whole number for a position.
pub(super) fn integer(value: &Value) -> Result<i64, &'static str> {
    value.as_i64().ok_or(NOT_AN_INTEGER)
}
