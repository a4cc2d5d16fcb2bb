//! Tests of the derive: the schema it makes, and values through a struct and back.

use std::collections::BTreeMap;

use platoform_schema::{AttributeKind, BlockNesting, ObjectNesting};
use platoform_value::{Number, Path, Step, Type, Value};

use crate::{AttributeType, Block, BlockType, DecodeReason, Field};

/// A label.
#[derive(Clone, Debug, Default, PartialEq, Block)]
struct Label {
    /// Its name.
    #[attribute(required)]
    label: Field<String>,
    #[attribute(optional, default = "none")]
    value: Field<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Block)]
#[block(deprecated = "use something else")]
struct Anything {
    #[attribute(optional)]
    any: Field<Value>,
}

/// A network.
///
/// Of any driver.
#[derive(Clone, Debug, Default, PartialEq, Block)]
struct Network {
    /// Its name.
    #[attribute(required, replace)]
    name: Field<String>,
    #[attribute(optional, computed, replace, deprecated = "why")]
    r#type: Field<String>,
    #[attribute(optional, default = true)]
    must_run: Field<bool>,
    #[attribute(optional, default = -3)]
    offset: Field<i64>,
    #[attribute(optional, sensitive)]
    size: Field<u64>,
    #[attribute(optional)]
    share: Field<f64>,
    #[attribute(optional)]
    exact: Field<Number>,
    #[attribute(optional)]
    options: Field<BTreeMap<String, String>>,
    #[attribute(optional, set, default = vec!["a".to_owned()])]
    hosts: Field<Vec<String>>,
    #[attribute(optional)]
    maybe: Field<Vec<Field<String>>>,
    #[attribute(optional)]
    matrix: Field<Vec<Vec<i64>>>,
    #[attribute(optional)]
    any: Field<Value>,
    #[attribute(computed)]
    outputs: Field<Vec<Label>>,
    #[attribute(computed)]
    output: Field<Label>,
    #[block(set, replace)]
    labels: Field<Vec<Label>>,
    /// Checks.
    #[block(list, max = 1, computed)]
    check: Field<Vec<Label>>,
    #[block(single)]
    timeouts: Field<Label>,
    #[block(group)]
    group: Field<Label>,
    #[block(map, min = 1)]
    map: Field<BTreeMap<String, Label>>,
    #[block(list)]
    anything: Field<Vec<Anything>>,
}

fn label(name: Value, value: Value) -> Value {
    Value::object_of([("label", name), ("value", value)])
}

fn text_list(items: Vec<Value>) -> Value {
    Value::list(Type::String, items)
}

/// Sets one attribute of the empty value, and checks that it comes back.
fn round_trip(name: &str, value: Value) -> Network {
    let mut entries = Network::block().empty_value().as_entries().expect("an object").clone();
    entries.insert(name.into(), value);
    let whole = Value::object(entries);
    let decoded = Network::decode(&whole).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(decoded.encode(), whole, "{name}");
    decoded
}

#[test]
fn the_schema_says_what_the_struct_says() {
    let block = Network::block();
    assert_eq!(block.description, "A network.\n\nOf any driver.");
    let name = &block.attributes["name"];
    assert!(name.required && name.replace && !name.optional && !name.computed);
    assert_eq!(name.description, "Its name.");
    let kind = &block.attributes["type"];
    assert!(kind.optional && kind.computed && kind.deprecated.as_deref() == Some("why"));
    assert_eq!(block.attributes["must_run"].default, Some(Value::from(true)));
    assert_eq!(block.attributes["offset"].default, Some(Value::from(-3)));
    assert!(block.attributes["size"].sensitive);
    let hosts = &block.attributes["hosts"];
    assert_eq!(hosts.kind, AttributeKind::Type(Type::set(Type::String)));
    assert_eq!(hosts.default, Some(Value::set(Type::String, vec!["a".into()])));
    assert_eq!(block.attributes["any"].kind, AttributeKind::Type(Type::Dynamic));
    assert!(matches!(&block.attributes["outputs"].kind,
        AttributeKind::Nested(ObjectNesting::List, nested) if nested["label"].required));
    let labels = &block.blocks["labels"];
    assert!(labels.nesting == BlockNesting::Set && labels.replace && !labels.computed);
    assert_eq!(labels.block.description, "A label.");
    let check = &block.blocks["check"];
    assert!(check.computed && check.max_items == Some(1));
    assert_eq!(check.block.description, "Checks.");
    assert_eq!(block.blocks["map"].min_items, 1);
    assert!(block.blocks["anything"].block.deprecated.is_some());
    assert_eq!(Network::implied_type(), block.implied_type());
}

#[test]
fn nothing_set_is_the_empty_value() {
    let empty = Network::block().empty_value();
    assert_eq!(Network::default().encode(), empty);
    assert_eq!(Network::decode(&empty).expect("conforms").encode(), empty);
    assert_eq!(
        Network::default().encode().kind(),
        Network::decode(&empty).expect("").encode().kind()
    );
}

#[test]
fn known_values_come_back() {
    assert_eq!(round_trip("name", "n".into()).name.as_str(), Some("n"));
    assert_eq!(round_trip("type", "t".into()).r#type.get(), Some(&"t".to_owned()));
    assert_eq!(round_trip("must_run", false.into()).must_run.copied(), Some(false));
    assert_eq!(round_trip("offset", i64::MIN.into()).offset.copied(), Some(i64::MIN));
    let greatest = Value::from(Number::from(u64::MAX));
    assert_eq!(round_trip("size", greatest).size.copied(), Some(u64::MAX));
    let tenth = Value::from(Number::parse("0.1").expect("a number"));
    assert_eq!(round_trip("share", tenth.clone()).share.copied(), Some(0.1));
    assert!(round_trip("exact", tenth).exact.is_known());
    let map = Value::map(Type::String, [("k".into(), "v".into())].into_iter().collect());
    assert_eq!(round_trip("options", map).options.get().expect("known")["k"], "v");
    let hosts = Value::set(Type::String, vec!["b".into(), "a".into()]);
    assert_eq!(round_trip("hosts", hosts).hosts.items(), ["a", "b"]);
    let row = Value::list(Type::Number, vec![1.into(), 2.into()]);
    let matrix = Value::list(Type::list(Type::Number), vec![row]);
    assert_eq!(round_trip("matrix", matrix).matrix.items(), [[1, 2]]);
    round_trip("any", Value::tuple(vec![1.into(), Value::unknown(Type::Bool)]));
}

#[test]
fn unknown_and_null_come_back_whole_and_in_part() {
    for (name, kind) in Network::block().attributes {
        let decoded = round_trip(&name, Value::unknown(kind.implied_type()));
        assert!(!decoded.encode().is_wholly_known());
        round_trip(&name, Value::null(kind.implied_type()));
    }
    for (name, kind) in Network::block().blocks {
        round_trip(&name, Value::unknown(kind.implied_type()));
    }
    assert_eq!(round_trip("name", Value::unknown(Type::String)).name, Field::Unknown);
    let partly =
        text_list(vec!["a".into(), Value::unknown(Type::String), Value::null(Type::String)]);
    let maybe = round_trip("maybe", partly).maybe;
    assert_eq!(maybe.items(), ["a".into(), Field::Unknown, Field::Null]);
    let options = [("k".into(), Value::unknown(Type::String))].into_iter().collect();
    let options = round_trip("options", Value::map(Type::String, options)).options;
    assert!(options.is_unknown() && !options.is_null() && options.get().is_none());
    assert!(round_trip("any", Value::null(Type::String)).any.is_null());
    assert!(round_trip("any", Value::unknown(Type::String)).any.is_unknown());
    let mut refined = platoform_value::Unknown::of(Type::String);
    refined.prefix = Some("sha256:".into());
    assert!(round_trip("name", Value::refined(refined)).name.is_unknown());
}

#[test]
fn blocks_come_back() {
    let (known, open) =
        (label("a".into(), "b".into()), label("c".into(), Value::unknown(Type::String)));
    let items = vec![known.clone(), open.clone()];
    let kind = Label::implied_type();
    let labels = round_trip("labels", Value::set(kind.clone(), items.clone())).labels;
    assert_eq!(labels.items().len(), 2);
    let check = round_trip("check", Value::list(kind.clone(), items.clone())).check;
    assert_eq!(check.items()[1].value, Field::Unknown);
    round_trip("outputs", Value::list(kind.clone(), items));
    round_trip("output", open.clone());
    round_trip("timeouts", open.clone());
    round_trip("group", known.clone());
    round_trip("map", Value::map(kind, [("k".into(), open)].into_iter().collect()));
    let any = |value| Value::object_of([("any", value)]);
    let mixed = vec![any(1.into()), any("x".into()), any(Value::null(Type::Dynamic))];
    assert_eq!(round_trip("anything", Value::tuple(mixed)).anything.items().len(), 3);
}

#[test]
fn what_does_not_fit_is_named() {
    let wrong = |name: &str, value: Value| {
        let mut entries = Network::block().empty_value().as_entries().expect("an object").clone();
        entries.insert(name.into(), value);
        Network::decode(&Value::object(entries)).expect_err(name)
    };
    let error = wrong("offset", Value::from(Number::parse("1.5").expect("a number")));
    assert_eq!(error.path, Path::attribute("offset"));
    assert!(matches!(error.reason, DecodeReason::Range { .. }));
    assert!(matches!(wrong("size", (-1).into()).reason, DecodeReason::Range { .. }));
    assert!(matches!(wrong("name", 1.into()).reason, DecodeReason::Mismatch { .. }));
    let error = wrong(
        "matrix",
        Value::list(
            Type::list(Type::Number),
            vec![Value::list(Type::Number, vec![1.into(), Value::null(Type::Number)])],
        ),
    );
    let path = Path::attribute("matrix").join(Step::Index(0)).join(Step::Index(1));
    assert_eq!((error.path, error.reason), (path, DecodeReason::Null));
    assert!(Network::decode(&Value::unknown(Network::implied_type())).is_err());
    assert!(Label::from_value(&Value::null(Label::implied_type())).is_err());
}
