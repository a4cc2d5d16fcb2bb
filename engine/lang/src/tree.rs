//! The spanned tree of a source text: compact, without trivia, cheap to keep.

use std::sync::Arc;

use platoform_diagnostic::Span;
use platoform_value::Value;

use crate::json::Property;

/// A name with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Ident {
    /// The name; shared by all its occurrences in a file.
    pub name: Arc<str>,
    /// Where it stands.
    pub span: Span,
}

impl Ident {
    /// Whether it stands in quotes, as all names in JSON syntax do.
    #[must_use]
    pub fn is_quoted(&self) -> bool {
        (self.span.end - self.span.start) as usize > self.name.len()
    }
}

/// Attributes and blocks in the order they were written.
#[derive(Clone, Debug, PartialEq)]
pub struct Body {
    /// `name = expression` lines. A name that occurs twice is reported by the parser and kept once.
    pub attributes: Vec<Attribute>,
    /// Nested blocks.
    pub blocks: Vec<Block>,
    /// Properties of JSON syntax of which only a schema can tell what they are.
    pub deferred: Vec<Property>,
    /// From the opening brace, or the argument of a body on one line, to the closing brace; or the
    /// whole file. In JSON syntax the closing brace, where what is missing belongs.
    pub span: Span,
}

/// `name = expression`.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribute {
    /// The name.
    pub name: Ident,
    /// The value.
    pub expression: Arc<Expression>,
    /// From the name to the end of the expression.
    pub span: Span,
}

/// `kind "label" … { … }`.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// The block's type.
    pub kind: Ident,
    /// Its labels.
    pub labels: Vec<Label>,
    /// Its content.
    pub body: Arc<Body>,
    /// Type and labels, without the body: what diagnostics about the block as a whole point to.
    pub header: Span,
    /// The opening brace.
    pub opening: Span,
}

/// A block label.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// The text, unescaped.
    pub text: Arc<str>,
    /// Where it stands, quotes included.
    pub span: Span,
}

/// An expression with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    /// What it is.
    pub kind: ExpressionKind,
    /// Where it stands.
    pub span: Span,
}

/// The kinds of expressions.
#[derive(Clone, Debug, PartialEq)]
pub enum ExpressionKind {
    /// A number, bool, null, or text without interpolation.
    Literal(Value),
    /// `"…${x}…"` or a heredoc with at least one interpolation or directive.
    Template(Vec<Part>),
    /// `"${x}"`: the value of `x` as it is, not converted to text.
    Wrap(Box<Expression>),
    /// `(x)`.
    Parenthesis(Box<Expression>),
    /// A name that the scope resolves, with everything that follows it: `a.b[0].c[*].d`.
    Traversal(Ident, Vec<Step>),
    /// Any other expression with what follows it: `f(x)[0].a`.
    Postfix(Box<Expression>, Vec<Step>),
    /// `!x` or `-x`.
    Unary(UnaryOperator, Box<Expression>),
    /// `x + y - z` and so on: operators that bind equally, from left to right. A long chain is no
    /// higher than a short one.
    Binary(Box<Expression>, Vec<(BinaryOperator, Expression)>),
    /// `test ? yes : no`.
    Conditional(Box<[Expression; 3]>),
    /// `[x, …]`.
    Tuple(Vec<Expression>),
    /// `{ key = value, … }`.
    Object(Vec<(ObjectKey, Expression)>),
    /// `[for …]` or `{for …}`.
    For(Box<For>),
    /// `name(x, …)`.
    Call(Box<Call>),
}

/// A key of an object expression.
#[derive(Clone, Debug, PartialEq)]
pub enum ObjectKey {
    /// A bare name, taken literally.
    Name(Ident),
    /// The name of a property in JSON syntax, if it is a template.
    Property(Box<Expression>),
    /// Any other expression: quoted text, `(x)`, a number, a traversal with steps (which is an
    /// error when it is not parenthesised).
    Expression(Box<Expression>),
}

impl ObjectKey {
    /// Where it stands.
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            Self::Name(name) => name.span,
            Self::Property(key) | Self::Expression(key) => key.span,
        }
    }

    /// The expression that it is, unless it is a name.
    #[must_use]
    pub fn expression(&self) -> Option<&Expression> {
        match self {
            Self::Name(_) => None,
            Self::Property(key) | Self::Expression(key) => Some(key),
        }
    }
}

/// A function call.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// The name; namespaces are kept in it: `core::max`, `provider::docker::parse`.
    pub name: Ident,
    /// The arguments.
    pub arguments: Vec<Expression>,
    /// The last argument is followed by `...`.
    pub expand: bool,
    /// The closing parenthesis: what "not enough arguments" points to.
    pub close: Span,
}

/// A for-expression.
#[derive(Clone, Debug, PartialEq)]
pub struct For {
    /// Name for the key or index.
    pub key: Option<Ident>,
    /// Name for the element.
    pub value: Ident,
    /// What to go through.
    pub collection: Expression,
    /// Result key; makes the result an object.
    pub result_key: Option<Expression>,
    /// Result element.
    pub result: Expression,
    /// `if`.
    pub condition: Option<Expression>,
    /// `...` after the result: values of equal keys are gathered into a tuple.
    pub group: bool,
}

/// One step after an expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// `.name`.
    Attribute(Ident),
    /// `[key]`, or `.0` (the key is then a literal number).
    Index(Expression, Span),
    /// `[*]…` or `.*…` with the steps that apply to every element. An attribute splat (`.*`) takes
    /// only the attribute steps that follow it, a full splat (`[*]`) takes all.
    Splat(Vec<Step>, Span),
}

impl Step {
    /// Where it stands.
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            Self::Attribute(name) => name.span,
            Self::Index(_, span) | Self::Splat(_, span) => *span,
        }
    }
}

/// A part of a template.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// Text as it is.
    Text(Arc<str>, Span),
    /// `${x}`.
    Interpolation(Expression),
    /// `%{if x}…%{else}…%{endif}`.
    If(Box<Expression>, Vec<Part>, Vec<Part>),
    /// `%{for k, v in x}…%{endfor}`: key, value, collection, body.
    For(Option<Ident>, Ident, Box<Expression>, Vec<Part>),
}

/// Operators with one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOperator {
    /// `!`
    Not,
    /// `-`
    Negate,
}

/// Operators with two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOperator {
    /// `||`
    Or,
    /// `&&`
    And,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Modulo,
}

/// A reference as it stands in an expression: the root name and the attribute and literal index
/// steps that follow it directly.
#[derive(Clone, Copy, Debug)]
pub struct Reference<'a> {
    /// The first name.
    pub root: &'a Ident,
    /// All steps that follow it.
    pub steps: &'a [Step],
    /// The whole traversal.
    pub span: Span,
}

impl Call {
    /// The name with the opening parenthesis.
    pub(crate) fn opening(&self) -> Span {
        Span { end: self.name.span.end + 1, ..self.name.span }
    }
}

impl Expression {
    /// Where messages about its value begin: at its first operand, without what encloses it. Text in
    /// quotes begins after the quote.
    #[must_use]
    pub fn start(&self) -> Span {
        let span = self.span;
        let inside = span.start + 1;
        let quoted = Span { start: inside, end: span.end.saturating_sub(1).max(inside), ..span };
        match &self.kind {
            ExpressionKind::Parenthesis(inner) | ExpressionKind::Binary(inner, _) => inner.start(),
            ExpressionKind::Conditional(parts) => parts[0].start(),
            ExpressionKind::Literal(text) if text.as_str().is_some() => quoted,
            ExpressionKind::Template(parts) => match parts.first() {
                Some(Part::Text(_, span)) => *span,
                Some(Part::Interpolation(inner)) => inner.start(),
                Some(Part::If(inner, ..)) => inner.start(),
                _ => quoted,
            },
            ExpressionKind::Traversal(_, steps) | ExpressionKind::Postfix(_, steps) => {
                let splat = steps.iter().find(|step| matches!(step, Step::Splat(..)));
                // A key that is worked out makes an expression of its own of what comes last.
                let indexed = steps.last().filter(|step| {
                    matches!(step, Step::Index(key, _)
                    if !matches!(key.kind, ExpressionKind::Literal(_)))
                });
                splat.or(indexed).map_or(span, Step::span)
            }
            ExpressionKind::Call(call) => call.opening(),
            ExpressionKind::Tuple(_)
            | ExpressionKind::Object(_)
            | ExpressionKind::For(_)
            | ExpressionKind::Unary(..) => Span { end: span.start + 1, ..span },
            ExpressionKind::Literal(_) | ExpressionKind::Wrap(_) => span,
        }
    }

    /// Calls `visit` for every reference to a name outside this expression, in source order; names
    /// bound by an enclosing `for` are left out.
    pub fn references<'a>(&'a self, visit: &mut dyn FnMut(Reference<'a>)) {
        crate::eval::references::expression(self, &mut Vec::new(), visit);
    }
}
