//! What a JSON text consists of, with places.

use std::sync::Arc;

use platoform_diagnostic::Span;
use platoform_value::Number;

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// `null`
    Null(Span),
    /// `true` or `false`
    Bool(bool, Span),
    /// A number.
    Number(Number, Span),
    /// Text in quotes.
    Text(Text),
    /// `[ … ]`
    Array(Array),
    /// `{ … }`
    Object(Object),
    /// What is there cannot be read; that has been reported.
    Invalid(Span),
}

/// Text in quotes.
#[derive(Clone, Debug, PartialEq)]
pub struct Text {
    /// The text, unescaped.
    pub text: Arc<str>,
    /// Where it stands, quotes included.
    pub span: Span,
}

/// `[ … ]`
#[derive(Clone, Debug, PartialEq)]
pub struct Array {
    /// The elements.
    pub items: Vec<Node>,
    /// The opening bracket.
    pub open: Span,
    /// From bracket to bracket.
    pub span: Span,
}

/// `{ … }`
#[derive(Clone, Debug, PartialEq)]
pub struct Object {
    /// The properties in the order they were written; names may occur several times.
    pub properties: Vec<Property>,
    /// The opening brace.
    pub open: Span,
    /// The closing brace.
    pub close: Span,
    /// From brace to brace.
    pub span: Span,
}

/// `"name": value`
#[derive(Clone, Debug, PartialEq)]
pub struct Property {
    /// The name.
    pub name: Text,
    /// The value.
    pub value: Arc<Node>,
}

impl Node {
    /// Where it stands.
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            Self::Null(span)
            | Self::Bool(_, span)
            | Self::Number(_, span)
            | Self::Invalid(span) => *span,
            Self::Text(text) => text.span,
            Self::Array(array) => array.span,
            Self::Object(object) => object.span,
        }
    }

    /// What diagnostics about the value as a whole point to: of a collection its opening bracket.
    #[must_use]
    pub fn start(&self) -> Span {
        match self {
            Self::Array(array) => array.open,
            Self::Object(object) => object.open,
            other => other.span(),
        }
    }
}
