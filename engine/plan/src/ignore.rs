//! `ignore_changes`.

use std::sync::Arc;

use platoform_config::{IgnoreChanges, Lifecycle};
use platoform_schema::Schema;
use platoform_value::{Data, Step, Value};

/// The configuration with ignored parts put back to what is there; `prior` carries the marks that
/// were recorded, null where there is nothing yet.
pub(crate) fn ignored(
    lifecycle: &Lifecycle,
    schema: &Schema,
    prior: &Value,
    config: Value,
) -> Value {
    if prior.is_null() {
        return config;
    }
    match &lifecycle.ignore_changes {
        IgnoreChanges::Nothing => config,
        IgnoreChanges::Everything => {
            let entries = config.as_entries().into_iter().flat_map(|entries| entries.keys());
            let names: Vec<Arc<str>> = entries.cloned().collect();
            let settable = |name: &Arc<str>| {
                let attribute = schema.block.attributes.get(name);
                attribute.is_none_or(|attribute| attribute.optional || attribute.required)
            };
            names
                .into_iter()
                .filter(settable)
                .fold(config, |config, name| put_back(config, prior, &[Step::Attribute(name)]))
        }
        IgnoreChanges::Paths(paths) => {
            paths.iter().fold(config, |config, (path, _)| put_back(config, prior, &path.0))
        }
    }
}

/// The configuration with the part at a path as the prior value has it. Where the prior value has
/// nothing there, nothing changes.
fn put_back(config: Value, prior: &Value, path: &[Step]) -> Value {
    let Some((step, rest)) = path.split_first() else {
        return prior.clone().mark(config.marks());
    };
    let marks = config.marks();
    match (step, config.data()) {
        (Step::Attribute(name) | Step::Key(name), Data::Object(_) | Data::Map(_)) => {
            let (Some(mine), theirs) = (config.as_entries(), prior.get(name)) else {
                return config;
            };
            let mut entries = mine.clone();
            match (mine.get(name), theirs) {
                (Some(mine), Some(theirs)) => {
                    entries.insert(name.clone(), put_back(mine.clone(), theirs, rest));
                }
                (None, Some(theirs)) if rest.is_empty() => {
                    entries.insert(name.clone(), theirs.clone())
                }
                (Some(_), None) if matches!(config.data(), Data::Map(_)) => {
                    entries = mine
                        .iter()
                        .filter(|(key, _)| *key != name)
                        .map(|(key, value)| (key.clone(), value.clone()))
                        .collect();
                }
                _ => {}
            }
            match config.data() {
                Data::Map(map) => Value::map(map.0.clone(), entries).mark(marks),
                _ => Value::object(entries).mark(marks),
            }
        }
        (Step::Index(index), Data::List(list)) => {
            let mut items = list.items.clone();
            if let (Some(mine), Some(theirs)) =
                (items.get(*index).cloned(), prior.as_items().and_then(|items| items.get(*index)))
            {
                items[*index] = put_back(mine, theirs, rest);
            }
            Value::list(list.element.clone(), items).mark(marks)
        }
        _ => config,
    }
}
