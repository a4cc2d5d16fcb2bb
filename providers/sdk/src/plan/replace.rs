//! Finding the changes that need a new object.

use platoform_schema::{AttributeKind, Block};
use platoform_value::{Path, Step, Value};

use super::fields::{Fields, Nesting};

/// The parts marked `replace` that differ, or may differ because they are unknown, between an
/// object and what is planned for it; none where one of both is null. Elements of a set have no
/// identity, so a change in one of them is a change of the set.
#[must_use]
pub fn replacements(block: &Block, prior: &Value, planned: &Value) -> Vec<Path> {
    let mut found = Vec::new();
    if !prior.is_null() && !planned.is_null() {
        fields(Fields::of(block), Some(prior), planned, &Path::default(), &mut found);
    }
    found
}

/// Compares one object with what it was; `None` where it is new.
fn fields(
    schema: Fields<'_>,
    prior: Option<&Value>,
    planned: &Value,
    path: &Path,
    found: &mut Vec<Path>,
) {
    for (name, attribute) in schema.attributes {
        let Some(planned) = planned.get(name) else { continue };
        let prior = prior.and_then(|prior| prior.get(name));
        if same(prior, planned) {
            continue;
        }
        let path = path.join(Step::Attribute(name.clone()));
        match &attribute.kind {
            _ if attribute.replace => found.push(path),
            AttributeKind::Type(_) => {}
            AttributeKind::Nested(nesting, attributes) => {
                elements(
                    (*nesting).into(),
                    Fields::nested(attributes),
                    prior,
                    planned,
                    path,
                    found,
                );
            }
        }
    }
    for (name, nested) in schema.blocks {
        let Some(planned) = planned.get(name) else { continue };
        let old = prior.and_then(|prior| prior.get(name));
        if same(old, planned) || (old.is_none() && *planned == nested.empty_value()) {
            continue;
        }
        let path = path.join(Step::Attribute(name.clone()));
        if nested.replace {
            found.push(path);
        } else {
            elements(nested.nesting.into(), Fields::of(&nested.block), old, planned, path, found);
        }
    }
}

/// Something that was not there is as good as null.
fn same(prior: Option<&Value>, planned: &Value) -> bool {
    prior.map_or(planned.is_null(), |prior| prior == planned)
}

/// Compares objects that differ.
fn elements(
    nesting: Nesting,
    schema: Fields<'_>,
    prior: Option<&Value>,
    planned: &Value,
    path: Path,
    found: &mut Vec<Path>,
) {
    if !schema.has_replace() {
        return;
    }
    let count = |value: &Value| value.children().count();
    let gone = prior.is_some_and(|prior| {
        !prior.is_null()
            && match nesting {
                Nesting::Single => planned.is_null(),
                Nesting::List => count(prior) > count(planned),
                Nesting::Map => prior
                    .as_entries()
                    .is_some_and(|entries| entries.keys().any(|key| planned.get(key).is_none())),
                Nesting::Set => true,
            }
    });
    if gone || nesting == Nesting::Set || !planned.is_known() {
        found.push(path);
        return;
    }
    match nesting {
        Nesting::Single | Nesting::Set => {
            fields(schema, prior.filter(|prior| !prior.is_null()), planned, &path, found);
        }
        Nesting::List | Nesting::Map => {
            for (step, item) in planned.steps() {
                let old = prior.and_then(|prior| match &step {
                    Step::Index(index) => prior.as_items()?.get(*index),
                    Step::Key(key) | Step::Attribute(key) => prior.get(key),
                    Step::Element(_) => None,
                });
                fields(schema, old, item, &path.join(step), found);
            }
        }
    }
}
