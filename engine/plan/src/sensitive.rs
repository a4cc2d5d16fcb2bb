//! Which parts of an object are secrets: those the schema says, those the configuration marked,
//! and those in which a provider repeats a marked one.

use platoform_schema::{Attribute, AttributeKind, Block};
use platoform_value::{Data, Marks, Path, Step, Value};

/// The paths of all parts that carry marks of their own, outermost first; what is inside a marked
/// part is not listed.
#[must_use]
pub fn marked_paths(value: &Value) -> Vec<(Path, Marks)> {
    let mut found = Vec::new();
    if !value.deep_marks().is_empty() {
        collect(value, &mut Vec::new(), &mut found);
    }
    found
}

fn collect(value: &Value, path: &mut Vec<Step>, found: &mut Vec<(Path, Marks)>) {
    if !value.marks().is_empty() {
        found.push((Path(path.clone()), value.marks()));
        return;
    }
    for (step, child) in value.steps() {
        path.push(step);
        collect(child, path, found);
        path.pop();
    }
}

/// The value with marks put on the parts at these paths, as far as the paths lead somewhere.
#[must_use]
pub fn mark_paths(value: Value, paths: &[(Path, Marks)]) -> Value {
    paths.iter().fold(value, |value, (path, marks)| mark_at(value, &path.0, *marks))
}

fn mark_at(value: Value, path: &[Step], mark: Marks) -> Value {
    let Some((step, rest)) = path.split_first() else { return value.mark(mark) };
    let marks = value.marks();
    let change = |items: &[Value], index: usize| {
        let mut items = items.to_vec();
        if let Some(item) = items.get_mut(index) {
            *item = mark_at(item.clone(), rest, mark);
        }
        items
    };
    match (step, value.data()) {
        (Step::Index(index), Data::List(list)) => {
            Value::list(list.element.clone(), change(&list.items, *index)).mark(marks)
        }
        (Step::Index(index), Data::Tuple(items)) => Value::tuple(change(items, *index)).mark(marks),
        (Step::Element(_), Data::Set(_)) => value.mark(mark),
        (Step::Attribute(name) | Step::Key(name), Data::Map(_) | Data::Object(_)) => {
            let Some(entries) = value.as_entries() else { return value };
            let entries = entries.iter().map(|(key, item)| {
                let item =
                    if key == name { mark_at(item.clone(), rest, mark) } else { item.clone() };
                (key.clone(), item)
            });
            let entries = entries.collect();
            match value.data() {
                Data::Map(map) => Value::map(map.0.clone(), entries).mark(marks),
                _ => Value::object(entries).mark(marks),
            }
        }
        _ => value,
    }
}

/// The object with everything marked that its schema calls sensitive.
#[must_use]
pub fn mark_schema(block: &Block, value: Value) -> Value {
    if !has_sensitive(block) { value } else { mark_block(block, value) }
}

fn has_sensitive(block: &Block) -> bool {
    block.attributes.values().any(attribute_has_sensitive)
        || block.blocks.values().any(|nested| has_sensitive(&nested.block))
}

fn attribute_has_sensitive(attribute: &Attribute) -> bool {
    attribute.sensitive
        || matches!(&attribute.kind, AttributeKind::Nested(_, nested)
            if nested.values().any(attribute_has_sensitive))
}

fn mark_block(block: &Block, value: Value) -> Value {
    let Data::Object(entries) = value.data() else { return value };
    let marks = value.marks();
    let entries = entries.iter().map(|(name, item)| {
        let item = item.clone();
        let item = match (block.attributes.get(name), block.blocks.get(name)) {
            (Some(attribute), _) if attribute.sensitive => item.mark(Marks::SENSITIVE),
            (Some(Attribute { kind: AttributeKind::Nested(_, nested), .. }), _) => {
                let block = Block { attributes: nested.clone(), ..Block::default() };
                each(item, &|item| mark_schema(&block, item))
            }
            (_, Some(nested)) => each(item, &|item| mark_schema(&nested.block, item)),
            _ => item,
        };
        (name.clone(), item)
    });
    Value::object(entries.collect()).mark(marks)
}

/// Applies a change to an object, or to every object of a collection.
fn each(value: Value, change: &dyn Fn(Value) -> Value) -> Value {
    let marks = value.marks();
    match value.data() {
        Data::List(list) => {
            let items = list.items.iter().cloned().map(change).collect();
            Value::list(list.element.clone(), items).mark(marks)
        }
        Data::Tuple(items) => Value::tuple(items.iter().cloned().map(change).collect()).mark(marks),
        Data::Set(set) => {
            let items = set.items.iter().cloned().map(change).collect();
            Value::set(set.element.clone(), items).mark(marks)
        }
        Data::Map(map) => {
            let entries = map.1.iter().map(|(key, item)| (key.clone(), change(item.clone())));
            Value::map(map.0.clone(), entries.collect()).mark(marks)
        }
        _ => change(value),
    }
}

/// The object with those computed attributes marked that repeat a sensitive part: `terraform_data`
/// copies its input to its output. For what is shown and stored; expressions see the marks that
/// configuration and schema give.
#[must_use]
pub fn mark_repeated(block: &Block, value: Value) -> Value {
    let secrets: Vec<Value> = marked_paths(&value)
        .iter()
        .filter_map(|(path, _)| value.at(path).cloned().map(Value::unmark_deep))
        .filter(|secret| secret.is_known() && !secret.is_null())
        .collect();
    if secrets.is_empty() {
        return value;
    }
    let Data::Object(entries) = value.data() else { return value };
    let marks = value.marks();
    let entries = entries.iter().map(|(name, item)| {
        let computed = block.attributes.get(name).is_some_and(|attribute| attribute.computed);
        let item = item.clone();
        let item =
            if computed { item.map_deep(&mut |part| mark_secret(part, &secrets)) } else { item };
        (name.clone(), item)
    });
    Value::object(entries.collect()).mark(marks)
}

/// Marks a part that is one of the secrets.
fn mark_secret(part: Value, secrets: &[Value]) -> Value {
    let known = part.marks().is_empty() && part.is_known() && !part.is_null();
    let repeats = known && secrets.contains(&part);
    if repeats { part.mark(Marks::SENSITIVE) } else { part }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_survive_a_round_through_their_paths() {
        let secret = Value::from("s").mark(Marks::SENSITIVE);
        let value = Value::object_of([
            ("a", Value::tuple(vec![Value::from(1), secret.clone()])),
            ("b", Value::from(true)),
        ]);
        let paths = marked_paths(&value);
        assert_eq!(paths.len(), 1);
        assert_eq!(paths[0].0.to_string(), "a[1]");
        assert_eq!(mark_paths(value.clone().unmark_deep(), &paths), value);
    }
}
