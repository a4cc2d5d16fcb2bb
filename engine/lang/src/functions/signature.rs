//! Declarations of functions.

use platoform_value::{Type, Value};

use super::{Arguments, Problem};

/// A function: what it takes, what it gives, and its code.
#[derive(Debug)]
pub struct Function {
    /// The name, without namespace.
    pub name: &'static str,
    /// Parameters that every call must give.
    pub parameters: &'static [Parameter],
    /// What further arguments are, if it takes any.
    pub variadic: Option<Parameter>,
    /// The type of the result.
    pub returns: Returns,
    /// Whether the result may be null. From the reference: four functions whose result never is do
    /// not say so (`issensitive`, `strcontains`, `timeadd`, `yamlencode`), which shows as
    /// `strcontains(unknown, "") == null` being unknown.
    pub nullable: bool,
    /// The code.
    pub body: Body,
}

/// One parameter.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// The name, for messages.
    pub name: &'static str,
    /// What arguments are converted to.
    pub kind: Kind,
    /// It may be null; otherwise that is an error.
    pub allows_null: bool,
    /// The code deals with an unknown value; otherwise it makes the result unknown.
    pub allows_unknown: bool,
    /// The code deals with marks; otherwise all of them go to the result.
    pub allows_marks: bool,
    /// The code deals with values of unknown type; otherwise they make the result unknown.
    pub allows_untyped: bool,
    /// The argument must be written as a reference, and is not converted.
    pub direct: bool,
}

/// The types that parameters and results have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Any type.
    Any,
    /// `bool`
    Bool,
    /// `number`
    Number,
    /// `string`
    Text,
    /// `list(bool)`
    Bools,
    /// `list(number)`
    Numbers,
    /// `list(string)`
    Texts,
    /// `list(any)`
    List,
    /// `set(any)`
    Set,
    /// `set(string)`
    TextSet,
    /// `list(list(any))`
    Lists,
    /// `map(any)`
    Map,
    /// `map(list(string))`
    TextLists,
}

/// How the type of a result is found.
#[derive(Clone, Copy, Debug)]
pub enum Returns {
    /// It is always the same.
    Always(Kind),
    /// It follows from the arguments, known or not; they may also be refused here.
    Rule(fn(&[Value]) -> Result<Type, Problem>),
    /// It is the type of whatever the function gives.
    Result,
}

/// The code of a function.
#[derive(Clone, Copy, Debug)]
pub enum Body {
    /// Works on values.
    Eager(fn(&Arguments<'_>) -> Result<Value, Problem>),
    /// Evaluates its arguments itself.
    Lazy(Attempt),
}

/// The functions that see how the evaluation of their arguments goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// `try`: the first argument that does not fail.
    Try,
    /// `can`: whether the argument does not fail.
    Can,
}

impl Function {
    /// A function that takes exactly these arguments.
    pub(super) const fn new(
        name: &'static str,
        parameters: &'static [Parameter],
        returns: Returns,
        body: fn(&Arguments<'_>) -> Result<Value, Problem>,
    ) -> Self {
        let body = Body::Eager(body);
        Self { name, parameters, variadic: None, returns, nullable: false, body }
    }

    /// The same function, which takes any number of further arguments.
    pub(super) const fn variadic(mut self, parameter: Parameter) -> Self {
        self.variadic = Some(parameter);
        self
    }

    /// The same function, whose result may be null.
    pub(super) const fn nullable(mut self) -> Self {
        self.nullable = true;
        self
    }

    /// The parameter that the argument at this position is for.
    #[must_use]
    pub fn parameter(&self, index: usize) -> Option<&Parameter> {
        self.parameters.get(index).or(self.variadic.as_ref())
    }
}

impl Parameter {
    const fn new(name: &'static str, kind: Kind) -> Self {
        Self {
            name,
            kind,
            allows_null: false,
            allows_unknown: false,
            allows_marks: false,
            allows_untyped: false,
            direct: false,
        }
    }

    /// A parameter of any type.
    pub(super) const fn any(name: &'static str) -> Self {
        Self::new(name, Kind::Any)
    }

    /// A parameter of a type.
    pub(super) const fn of(name: &'static str, kind: Kind) -> Self {
        Self::new(name, kind)
    }

    /// Text.
    pub(super) const fn text(name: &'static str) -> Self {
        Self::new(name, Kind::Text)
    }

    /// A number.
    pub(super) const fn number(name: &'static str) -> Self {
        Self::new(name, Kind::Number)
    }

    /// The same parameter; null is allowed.
    pub(super) const fn null(mut self) -> Self {
        self.allows_null = true;
        self
    }

    /// The same parameter; unknown values are allowed.
    pub(super) const fn unknown(mut self) -> Self {
        self.allows_unknown = true;
        self
    }

    /// The same parameter; marks are left on the argument.
    pub(super) const fn marked(mut self) -> Self {
        self.allows_marks = true;
        self
    }

    /// The same parameter; values of unknown type are allowed.
    pub(super) const fn untyped(mut self) -> Self {
        self.allows_untyped = true;
        self
    }

    /// The same parameter; only a reference to a value of its very type will do.
    pub(super) const fn direct(mut self) -> Self {
        self.direct = true;
        self
    }
}

impl Kind {
    /// The type it stands for.
    #[must_use]
    pub fn to_type(self) -> Type {
        match self {
            Self::Any => Type::Dynamic,
            Self::Bool => Type::Bool,
            Self::Number => Type::Number,
            Self::Text => Type::String,
            Self::Bools => Type::list(Type::Bool),
            Self::Numbers => Type::list(Type::Number),
            Self::Texts => Type::list(Type::String),
            Self::List => Type::list(Type::Dynamic),
            Self::Set => Type::set(Type::Dynamic),
            Self::TextSet => Type::set(Type::String),
            Self::Lists => Type::list(Type::list(Type::Dynamic)),
            Self::Map => Type::map(Type::Dynamic),
            Self::TextLists => Type::map(Type::list(Type::String)),
        }
    }
}

/// Results whose type is always the same.
impl Returns {
    pub(super) const BOOL: Self = Self::Always(Kind::Bool);
    pub(super) const NUMBER: Self = Self::Always(Kind::Number);
    pub(super) const TEXT: Self = Self::Always(Kind::Text);
    pub(super) const TEXTS: Self = Self::Always(Kind::Texts);
}
