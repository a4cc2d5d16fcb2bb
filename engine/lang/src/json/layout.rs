//! Which properties of an object are arguments and which are blocks.

/// How the value of an argument is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As an expression: texts and the names of properties are templates.
    Template,
    /// As it is: texts stand for themselves.
    Literal,
    /// A text holds an expression in native syntax: a reference, a keyword or a type. In an array
    /// each of the texts does.
    Reference,
    /// The same, but what is wrong in the text is reported where it is, and nothing else than a
    /// text may be there.
    Expression,
    /// An object whose names and values are both references.
    References,
    /// An entry of `required_providers`: literal but for `configuration_aliases`.
    Requirement,
}

/// What a property is.
pub enum Item<'a> {
    /// `name = value`
    Attribute(Form),
    /// Blocks whose labels are the names of nested objects: what each label is, and what the
    /// bodies hold.
    Block(&'a [&'a str], &'a dyn Layout),
    /// Only the schema of a provider can tell.
    Deferred,
    /// Nothing that may be there.
    Unknown,
}

/// Says what the properties of an object are.
pub trait Layout {
    /// What a property of this name is.
    fn item(&self, name: &str) -> Item<'_>;

    /// Whether all that is not known is an argument, so that no more than one object may hold them.
    fn is_open(&self) -> bool {
        false
    }

    /// A name that was perhaps meant, as a sentence.
    fn suggestion(&self, _name: &str) -> Option<String> {
        None
    }
}

/// What properties that a [`Shape`] does not name are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rest {
    /// Errors.
    Refused,
    /// Arguments.
    Attributes(Form),
    /// Up to a schema.
    Deferred,
}

/// A layout that is written down.
pub struct Shape {
    /// Arguments.
    pub attributes: &'static [(&'static str, Form)],
    /// Blocks: type, what each label is, what the bodies hold.
    pub blocks: &'static [(&'static str, &'static [&'static str], &'static Shape)],
    /// Everything else.
    pub rest: Rest,
}

impl Shape {
    /// A body that only a schema can explain.
    pub const DEFERRED: Self = Self { attributes: &[], blocks: &[], rest: Rest::Deferred };
}

impl Layout for Shape {
    fn item(&self, name: &str) -> Item<'_> {
        if let Some((_, form)) = self.attributes.iter().find(|(known, _)| *known == name) {
            return Item::Attribute(*form);
        }
        if let Some((_, labels, inner)) = self.blocks.iter().find(|(known, ..)| *known == name) {
            return Item::Block(labels, *inner);
        }
        match self.rest {
            Rest::Refused => Item::Unknown,
            Rest::Attributes(form) => Item::Attribute(form),
            Rest::Deferred => Item::Deferred,
        }
    }

    fn is_open(&self) -> bool {
        matches!(self.rest, Rest::Attributes(_))
    }

    fn suggestion(&self, name: &str) -> Option<String> {
        let attributes = self.attributes.iter().map(|(known, _)| *known);
        let names = attributes.chain(self.blocks.iter().map(|(known, ..)| *known));
        let near = names.map(|known| (strsim::levenshtein(name, known), known));
        let (_, known) = near.filter(|(distance, _)| *distance < 3).min()?;
        Some(format!("did you mean `{known}`?"))
    }
}
