//! Which parts of an object are secrets: those the schema says, those the configuration marked,
//! and those in which a provider repeats a marked one.

use platoform_schema::{Attribute, AttributeKind, Block};
use platoform_value::{Data, Marks, Path, Step, Value};
use rustc_hash::{FxHashMap, FxHashSet};

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

/// The value with marks put on the parts at these paths, as far as the paths lead somewhere. The
/// elements of a set carry no marks: their marks go to the set.
#[must_use]
pub fn mark_paths(value: Value, paths: &[(Path, Marks)]) -> Value {
    let mut tree = Tree::default();
    for (path, marks) in paths {
        tree.insert(path, *marks);
    }
    tree.mark(value)
}

/// Marks by path. All paths in one tree, so that each part on the way is made anew once, however
/// many paths lead through it.
#[derive(Default)]
struct Tree {
    marks: Marks,
    parts: FxHashMap<Step, Tree>,
}

impl Tree {
    fn insert(&mut self, path: &Path, marks: Marks) {
        let node = path
            .0
            .iter()
            .fold(self, |node, step| node.parts.entry(by_name(step.clone())).or_default());
        node.marks |= marks;
    }

    /// Shares what no path leads to.
    fn mark(&self, value: Value) -> Value {
        if self.parts.is_empty() {
            return value.mark(self.marks);
        }
        if matches!(value.data(), Data::Set(_)) {
            return value.mark(self.all());
        }
        let change = |step, part: &Value| match self.parts.get(&by_name(step)) {
            Some(tree) => tree.mark(part.clone()),
            None => part.clone(),
        };
        map_parts(&value, &change).mark(self.marks)
    }

    /// All marks that it has anywhere.
    fn all(&self) -> Marks {
        self.parts.values().fold(self.marks, |marks, part| marks | part.all())
    }
}

/// Attributes and keys are found by name alike: a provider may give a map for an object.
fn by_name(step: Step) -> Step {
    if let Step::Attribute(name) = step { Step::Key(name) } else { step }
}

/// The value with each direct part replaced, which must keep its type, and with its own marks.
fn map_parts(value: &Value, change: &dyn Fn(Step, &Value) -> Value) -> Value {
    let parts = value.steps().map(|(step, part)| change(step, part));
    let keys = || value.as_entries().into_iter().flat_map(|entries| entries.keys().cloned());
    let mapped = match value.data() {
        Data::List(list) => Value::list(list.element.clone(), parts.collect()),
        Data::Set(set) => Value::set(set.element.clone(), parts.collect()),
        Data::Tuple(_) => Value::tuple(parts.collect()),
        Data::Map(map) => Value::map(map.0.clone(), keys().zip(parts).collect()),
        Data::Object(_) => Value::object(keys().zip(parts).collect()),
        _ => return value.clone(),
    };
    mapped.mark(value.marks())
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
    match value.data() {
        Data::List(_) | Data::Tuple(_) | Data::Set(_) | Data::Map(_) => {
            map_parts(&value, &|_, part| change(part.clone()))
        }
        _ => change(value),
    }
}

/// The object with those computed attributes marked that repeat a sensitive part: `terraform_data`
/// copies its input to its output. For what is shown and stored; expressions see the marks that
/// configuration and schema give.
#[must_use]
pub fn mark_repeated(block: &Block, value: Value) -> Value {
    let secrets: FxHashSet<Value> = marked_paths(&value)
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
fn mark_secret(part: Value, secrets: &FxHashSet<Value>) -> Value {
    let known = part.marks().is_empty() && part.is_known() && !part.is_null();
    let repeats = known && secrets.contains(&part);
    if repeats { part.mark(Marks::SENSITIVE) } else { part }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use platoform_value::Type;

    use super::*;

    fn secret(text: &str) -> Value {
        Value::from(text).mark(Marks::SENSITIVE)
    }

    fn attribute(sensitive: bool) -> Attribute {
        Attribute {
            kind: AttributeKind::Type(Type::Dynamic),
            required: false,
            optional: true,
            computed: true,
            sensitive,
            write_only: false,
            replace: false,
            default: None,
            description: String::new(),
            deprecated: None,
        }
    }

    #[test]
    fn marks_survive_a_round_through_their_paths() {
        let list = Value::list(Type::String, vec![Value::from("x"), secret("s"), secret("s")]);
        let map = [("k".into(), list.clone()), ("l".into(), list.clone().mark(Marks::EPHEMERAL))];
        let value = Value::object_of([
            ("a", Value::tuple(vec![Value::from(1), secret("s")])),
            ("b", Value::from(true)),
            ("c", Value::map(Type::list(Type::String), map.into_iter().collect())),
            ("d", Value::set(Type::String, vec![secret("s"), Value::from("t")])),
        ]);
        let paths = marked_paths(&value);
        let names: Vec<String> = paths.iter().map(|(path, _)| path.to_string()).collect();
        assert_eq!(names, ["a[1]", "c[\"k\"][1]", "c[\"k\"][2]", "c[\"l\"]", "d"]);
        let marked = mark_paths(value.clone().unmark_deep(), &paths);
        assert_eq!(marked_paths(&marked), paths);
        assert_eq!(mark_paths(marked.clone(), &paths), marked);
    }

    #[test]
    fn paths_mark_as_far_as_they_lead_somewhere() {
        let set = Value::set(Type::String, vec!["x".into()]);
        let value = Value::object_of([
            ("list", Value::list(Type::String, vec!["x".into()])),
            ("none", Value::null(Type::String)),
            ("set", set.clone()),
        ]);
        let path = |name: &str, step: Step| (Path::attribute(name).join(step), Marks::SENSITIVE);
        let nowhere = [
            path("gone", Step::Index(0)),
            path("list", Step::Index(1)),
            path("list", Step::Key("x".into())),
            path("none", Step::Index(0)),
        ];
        assert_eq!(mark_paths(value.clone(), &nowhere), value);
        let marked = mark_paths(value.clone(), &[path("set", Step::Element("x".into()))]);
        assert_eq!(marked.get("set"), Some(&set.mark(Marks::SENSITIVE)));
        let key = Path(vec![Step::Key("list".into()), Step::Index(0)]);
        let whole = (Path::attribute("list"), Marks::EPHEMERAL);
        let marked = mark_paths(value, &[(key, Marks::SENSITIVE), whole]);
        let list = Value::list(Type::String, vec![secret("x")]).mark(Marks::EPHEMERAL);
        assert_eq!(marked.get("list"), Some(&list));
    }

    #[test]
    fn what_is_not_marked_is_shared() {
        let part = Value::object_of([("x", Value::from(1))]);
        let value = Value::object_of([("a", part.clone()), ("b", "s".into())]);
        let marked = mark_paths(value, &[(Path::attribute("b"), Marks::SENSITIVE)]);
        let (Some(Data::Object(kept)), Data::Object(part)) =
            (marked.get("a").map(Value::data), part.data())
        else {
            panic!("an object stays one: {marked:?}")
        };
        assert!(Arc::ptr_eq(kept, part));
    }

    #[test]
    fn repeated_secrets_are_marked_wherever_they_are_computed() {
        let copy = Value::tuple(vec![Value::from("s"), Value::from("t")]);
        let list = Value::list(Type::String, vec!["u".into()]);
        let value = Value::object_of([
            ("config", Value::from("s")),
            ("list", list.clone().mark(Marks::SENSITIVE)),
            ("output", Value::tuple(vec![copy, list.clone()])),
            ("secret", secret("s")),
        ]);
        let computed = ["output", "secret"].map(|name| (name.into(), attribute(false)));
        let block = Block { attributes: computed.into_iter().collect(), ..Block::default() };
        let marked = mark_repeated(&block, value);
        let copy = Value::tuple(vec![secret("s"), Value::from("t")]);
        let output = Value::tuple(vec![copy, list.mark(Marks::SENSITIVE)]);
        assert_eq!(marked.get("output"), Some(&output));
        assert_eq!(marked.get("config"), Some(&Value::from("s")));
    }

    /// Takes long when each secret costs a walk over all of them.
    #[test]
    fn many_secrets_are_marked_in_one_walk() {
        let entries = (0..5_000).map(|n| (format!("k{n}").into(), secret(&format!("s{n}"))));
        let secrets = Value::map(Type::String, entries.collect());
        let value = Value::object_of([
            ("input", secrets.clone()),
            ("output", secrets.clone().unmark_deep()),
        ]);
        let attributes = [("input".into(), attribute(false)), ("output".into(), attribute(false))];
        let block = Block { attributes: attributes.into_iter().collect(), ..Block::default() };
        let paths = marked_paths(&value);
        assert_eq!(paths.len(), 5_000);
        let marked = mark_repeated(&block, mark_paths(value.unmark_deep(), &paths));
        assert_eq!(marked.get("output"), Some(&secrets));
    }
}
