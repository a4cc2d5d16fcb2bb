//! Where in the source a part of a block's value was written.

use platoform_diagnostic::Span;
use platoform_lang::tree::{Expression, ExpressionKind, ObjectKey};
use platoform_value::{Path, Step};

use super::{Content, Decoded, Occurrence};

impl Content {
    /// The deepest place in the source that is known to have set the part at a path; `None` when
    /// the block sets nothing on the way there.
    #[must_use]
    pub fn span_of(&self, path: &Path) -> Option<Span> {
        self.body.span_of(&path.0)
    }
}

impl Content {
    /// The expression of an argument of the block itself, where it is written.
    #[must_use]
    pub fn argument(&self, name: &str) -> Option<&Expression> {
        self.body.argument(name).map(|argument| &*argument.expression)
    }

    /// The opening brace: where something that is not there would have to be.
    #[must_use]
    pub fn opening(&self) -> Span {
        super::decode::opening(self.body.span)
    }
}

impl Decoded {
    fn span_of(&self, steps: &[Step]) -> Option<Span> {
        let (Step::Attribute(name) | Step::Key(name), rest) = steps.split_first()? else {
            return None;
        };
        if let Some(argument) = self.argument(name) {
            return Some(deepest(&argument.expression, rest));
        }
        let occurrences = self.blocks.get(name)?;
        let (found, rest) = occurrence(occurrences, rest)?;
        match found {
            Occurrence::One(one) => Some(one.body.span_of(rest).unwrap_or(one.header)),
            Occurrence::Dynamic(dynamic) => {
                Some(dynamic.body.span_of(rest).unwrap_or(dynamic.header))
            }
        }
    }
}

/// The occurrence that a step into a collection of blocks leads to, and the steps after it.
fn occurrence<'a, 's>(
    occurrences: &'a [Occurrence],
    steps: &'s [Step],
) -> Option<(&'a Occurrence, &'s [Step])> {
    match steps.split_first() {
        Some((Step::Index(index), rest)) => {
            // Behind a dynamic block positions are no longer those in the source.
            let dynamic =
                occurrences.iter().position(|found| matches!(found, Occurrence::Dynamic(_)));
            let position = dynamic.map_or(*index, |first| first.min(*index));
            Some((occurrences.get(position)?, rest))
        }
        Some((Step::Element(_), rest)) => {
            let [only] = occurrences else {
                return Some((occurrences.first()?, &[]));
            };
            Some((only, rest))
        }
        Some((Step::Key(key), rest)) => {
            let labelled = occurrences.iter().find(
                |found| matches!(found, Occurrence::One(one) if one.label.as_ref() == Some(key)),
            );
            let dynamic =
                || occurrences.iter().find(|found| matches!(found, Occurrence::Dynamic(_)));
            Some((labelled.or_else(dynamic)?, rest))
        }
        Some((Step::Attribute(_), _)) | None => Some((occurrences.first()?, steps)),
    }
}

/// Follows a path through literal objects and tuples.
fn deepest(expression: &Expression, steps: &[Step]) -> Span {
    let inner = steps.split_first().and_then(|(step, rest)| match (&expression.kind, step) {
        (ExpressionKind::Parenthesis(inner), _) => Some(deepest(inner, steps)),
        (ExpressionKind::Tuple(items), Step::Index(index)) => {
            items.get(*index).map(|item| deepest(item, rest))
        }
        (ExpressionKind::Object(items), Step::Attribute(name) | Step::Key(name)) => {
            let item = items.iter().find(|(key, _)| is_key(key, name));
            item.map(|(_, value)| deepest(value, rest))
        }
        _ => None,
    });
    inner.unwrap_or(expression.span)
}

fn is_key(key: &ObjectKey, name: &str) -> bool {
    match key {
        ObjectKey::Name(ident) => *ident.name == *name,
        ObjectKey::Expression(key) => {
            matches!(&key.kind, ExpressionKind::Literal(value) if value.as_str() == Some(name))
        }
        ObjectKey::Property(_) => false,
    }
}
