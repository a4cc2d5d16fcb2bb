//! What differs, apart from how it is drawn.

use std::collections::BTreeMap;

use platoform_schema::{Attribute, AttributeKind, ObjectNesting};
use platoform_value::{Marks, Path, Step, Type};

use super::*;

fn attribute(kind: AttributeKind, sensitive: bool) -> Attribute {
    Attribute {
        kind,
        required: false,
        optional: true,
        computed: false,
        sensitive,
        write_only: false,
        replace: false,
        default: None,
        description: String::new(),
        deprecated: None,
    }
}

/// A block with one nested attribute `users`, each of which has a name and a secret.
fn users(nesting: ObjectNesting) -> platoform_schema::Block {
    let text = |sensitive| attribute(AttributeKind::Type(Type::String), sensitive);
    let attributes: BTreeMap<Arc<str>, Attribute> =
        [("name".into(), text(false)), ("secret".into(), text(true))].into();
    let users = attribute(AttributeKind::Nested(nesting, attributes), false);
    platoform_schema::Block {
        attributes: [("users".into(), users)].into(),
        ..platoform_schema::Block::default()
    }
}

fn user(name: &str, secret: &str) -> Value {
    Value::object_of([("name", Value::from(name)), ("secret", Value::from(secret))])
}

#[test]
fn secrets_of_nested_attributes_never_get_into_a_diff() {
    let kind = user("", "").kind();
    let list = |secret: &str| Value::list(kind.clone(), vec![user("a", secret)]);
    let set = |secret: &str| Value::set(kind.clone(), vec![user("a", secret)]);
    let map = |secret: &str| {
        Value::map(kind.clone(), [(Arc::from("k"), user("a", secret))].into_iter().collect())
    };
    let cases = [
        (ObjectNesting::List, list("geheim1"), list("geheim2")),
        (ObjectNesting::Set, set("geheim1"), set("geheim2")),
        (ObjectNesting::Map, map("geheim1"), map("geheim2")),
        (ObjectNesting::Single, user("a", "geheim1"), user("a", "geheim2")),
    ];
    for (nesting, before, after) in cases {
        let schema = users(nesting);
        let before = Value::object_of([("users", before)]);
        let after = Value::object_of([("users", after)]);
        for (before, after) in
            [(Some(&before), Some(&after)), (Some(&before), None), (None, Some(&after))]
        {
            let body = body(&schema, before, after, &Forced::default());
            let text = format!("{body:?}");
            assert!(!text.contains("geheim"), "{text}");
            assert!(body.attributes.iter().any(|(_, diff)| diff.sign != Sign::Same), "{text}");
        }
    }
}

#[test]
fn a_path_below_what_is_shown_marks_the_deepest_part() {
    let before = Value::object_of([("a", Value::from("{\"x\":1}")), ("b", Value::from(1))]);
    let after = Value::object_of([("a", Value::from("{\"x\":2}")), ("b", Value::from(1))]);
    let path = Path(vec![Step::Attribute("a".into()), Step::Key("x".into())]);
    let paths = [path, Path::attribute("b")];
    let diff = compare(&before, &after, &Forced::new(&paths));
    let Shape::Entries { entries, .. } = diff.shape else { panic!("no entries") };
    assert!(!diff.forces && entries[0].1.forces && !entries[1].1.forces);
}

#[test]
fn what_is_not_known_is_never_the_same() {
    let unknown = || Value::tuple(vec![Value::unknown(Type::String), Value::from(1)]);
    let diff = compare(&unknown(), &unknown(), &Forced::default());
    assert_eq!(diff.sign, Sign::Change);
}

#[test]
fn marks_alone_make_no_difference_except_where_something_becomes_visible() {
    let plain = Value::tuple(vec![Value::from("x")]);
    let ephemeral = Value::tuple(vec![Value::from("x").mark(Marks::EPHEMERAL)]);
    let secret = Value::tuple(vec![Value::from("x").mark(Marks::SENSITIVE)]);
    assert_eq!(compare(&plain, &ephemeral, &Forced::default()).sign, Sign::Same);
    assert_eq!(compare(&secret, &secret, &Forced::default()).sign, Sign::Same);
    let becomes = compare(&plain, &secret, &Forced::default());
    assert_eq!(becomes.sign, Sign::Change);
    let Shape::List { items, .. } = becomes.shape else { panic!("no list") };
    assert_eq!(items[0].note, Some("becomes sensitive, the value stays"));
}

#[test]
fn long_lists_and_texts_stay_quick() {
    let numbers =
        |from: i64| Value::list(Type::Number, (from..from + 30_000).map(Value::from).collect());
    let text = |from: i64| {
        let lines: Vec<String> = (from..from + 30_000).map(|line| line.to_string()).collect();
        Value::from(lines.join("\n"))
    };
    for (before, after) in [(numbers(0), numbers(15_000)), (text(0), text(15_000))] {
        assert_eq!(compare(&before, &after, &Forced::default()).sign, Sign::Change);
    }
}

#[test]
fn yaml_is_compared_by_structure_and_its_comments_by_lines() {
    let differ = |before: &str, after: &str| {
        compare(&Value::from(before), &Value::from(after), &Forced::default())
    };
    let diff = differ("a: 1\nb:\n  - x\n", "a: 1\nb:\n  - x\n  - y\n");
    let Shape::Yaml(inner) = &diff.shape else { panic!("{diff:?}") };
    let Shape::Entries { entries, .. } = &inner.shape else { panic!("{inner:?}") };
    assert_eq!(entries[0].1.sign, Sign::Same);
    assert_eq!(entries[1].1.sign, Sign::Change);
    for (before, after) in [
        ("# one\na: 1\n", "# two\na: 1\n"),
        ("just text\nof two lines", "just text\nof three\nlines"),
        ("a: 1\nb: 2\n", "no mapping\nany more"),
        ("a: 1\n---\nb: 1\n", "a: 1\n---\nb: 2\n"),
    ] {
        let diff = differ(before, after);
        assert!(matches!(diff.shape, Shape::Text(_)), "{before:?} {after:?} {diff:?}");
    }
}
