//! Bodies decoded against a schema: what a block says to its provider, ready to be evaluated for
//! each instance.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use platoform_diagnostic::{Diagnostic, Diagnostics, Span};
use platoform_lang::tree::{Expression, Ident, Reference};
use platoform_schema::{ProviderSchema, Schema};

use crate::ProviderSource;

mod decode;
mod dynamic;
mod evaluate;
mod json;
mod place;
#[cfg(test)]
mod tests;
mod written;

pub(crate) use decode::{Parts, opening};
pub use decode::{missing_argument, unsupported_argument, unsupported_block};
pub use written::{Written, WrittenBlock};

/// Where schemas come from.
pub trait Schemas {
    /// The schema of a provider, or `None` when there is no such provider. Several sources may
    /// mean the same provider; deciding that is up to the implementation.
    fn provider(&self, source: &ProviderSource) -> Option<Arc<ProviderSchema>>;
}

/// A body decoded against a schema.
#[derive(Clone, Debug)]
pub struct Content {
    origin: Origin,
    body: Decoded,
    /// What is wrong with it by its schema.
    found: Diagnostics,
}

/// Where the schema is.
#[derive(Clone, Debug)]
pub(crate) enum Origin {
    /// A kind of a provider.
    Kind(Arc<Schema>),
    /// The `provider` block.
    Provider(Arc<ProviderSchema>),
    /// The language's own.
    Fixed(&'static Schema),
    /// None is known.
    Nowhere,
}

/// Everything a body sets. What it does not set has no entry.
#[derive(Clone, Debug)]
struct Decoded {
    /// In order of their names.
    arguments: Box<[Argument]>,
    blocks: BTreeMap<Arc<str>, Vec<Occurrence>>,
    /// From the opening to the closing brace.
    span: Span,
}

/// `name = expression`.
#[derive(Clone, Debug)]
struct Argument {
    name: Ident,
    expression: Arc<Expression>,
}

/// A nested block, or a `dynamic` block that yields any number of them.
#[derive(Clone, Debug)]
enum Occurrence {
    One(One),
    Dynamic(Box<Dynamic>),
}

/// A nested block as it was written.
#[derive(Clone, Debug)]
struct One {
    /// Label of a block whose nesting mode is a map.
    label: Option<Arc<str>>,
    body: Decoded,
    header: Span,
}

/// A `dynamic` block.
#[derive(Clone, Debug)]
struct Dynamic {
    for_each: Arc<Expression>,
    /// Name that stands for the current element in `labels` and `body`.
    iterator: Arc<str>,
    /// Label of each block whose nesting mode is a map.
    label: Option<Arc<Expression>>,
    body: Decoded,
    header: Span,
}

impl Occurrence {
    fn header(&self) -> Span {
        match self {
            Self::One(one) => one.header,
            Self::Dynamic(dynamic) => dynamic.header,
        }
    }
}

static EMPTY: LazyLock<Schema> = LazyLock::new(Schema::default);

impl Content {
    /// The content of a block that says nothing, of a kind that nobody knows.
    #[must_use]
    pub fn empty(span: Span) -> Self {
        let body = Decoded { arguments: Box::default(), blocks: BTreeMap::new(), span };
        Self { origin: Origin::Nowhere, body, found: Diagnostics::default() }
    }

    /// The content of a block of a kind that nobody knows, with the error that says so.
    pub(crate) fn unknown(span: Span, error: Diagnostic) -> Self {
        Self { found: error.into(), ..Self::empty(span) }
    }

    /// What is wrong with it by its schema. Loading does not report that: it is found out when the
    /// block's turn comes, after everything it depends on.
    #[must_use]
    pub fn diagnostics(&self) -> &Diagnostics {
        &self.found
    }

    /// The schema it was decoded against; an empty one when none is known.
    #[must_use]
    pub fn schema(&self) -> &Schema {
        self.origin.schema()
    }

    /// Whether a schema is known. Without errors in the configuration it is.
    #[must_use]
    pub fn is_known(&self) -> bool {
        !matches!(self.origin, Origin::Nowhere)
    }

    /// From the opening to the closing brace.
    #[must_use]
    pub fn span(&self) -> Span {
        self.body.span
    }

    /// The expression an attribute of the block itself was set to.
    #[must_use]
    pub fn expression(&self, attribute: &str) -> Option<&Arc<Expression>> {
        self.body.argument(attribute).map(|argument| &argument.expression)
    }

    /// Calls `visit` with every expression.
    pub fn expressions<'a>(&'a self, visit: &mut dyn FnMut(&'a Expression)) {
        self.body.expressions(&mut Vec::new(), &mut |expression, _| visit(expression));
    }

    /// Calls `visit` for every reference to a name outside the block, those in nested and
    /// `dynamic` blocks included, iterators of `dynamic` blocks left out.
    pub fn references<'a>(&'a self, visit: &mut dyn FnMut(Reference<'a>)) {
        self.body.expressions(&mut Vec::new(), &mut |expression, bound| {
            expression.references(&mut |reference| {
                if !bound.iter().any(|name| **name == *reference.root.name) {
                    visit(reference);
                }
            });
        });
    }
}

impl Origin {
    pub(crate) fn schema(&self) -> &Schema {
        match self {
            Self::Kind(schema) => schema,
            Self::Provider(provider) => &provider.provider,
            Self::Fixed(schema) => schema,
            Self::Nowhere => &EMPTY,
        }
    }
}

impl Decoded {
    /// The argument of this name.
    fn argument(&self, name: &str) -> Option<&Argument> {
        let found = self.arguments.binary_search_by(|argument| (*argument.name.name).cmp(name));
        found.ok().map(|index| &self.arguments[index])
    }

    /// Calls `visit` with every expression and the iterator names that it may use.
    fn expressions<'a>(
        &'a self,
        bound: &mut Vec<&'a str>,
        visit: &mut dyn FnMut(&'a Expression, &[&'a str]),
    ) {
        for argument in &self.arguments {
            visit(&argument.expression, bound);
        }
        for occurrence in self.blocks.values().flatten() {
            match occurrence {
                Occurrence::One(one) => one.body.expressions(bound, visit),
                Occurrence::Dynamic(dynamic) => {
                    visit(&dynamic.for_each, bound);
                    bound.push(&dynamic.iterator);
                    if let Some(label) = &dynamic.label {
                        visit(label, bound);
                    }
                    dynamic.body.expressions(bound, visit);
                    bound.pop();
                }
            }
        }
    }
}
