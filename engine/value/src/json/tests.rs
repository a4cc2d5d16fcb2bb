use serde_json::{Value as Json, json};

use crate::{Marks, Number, Type, Value};

#[test]
fn types_there_and_back() {
    for json in [
        json!("string"),
        json!("dynamic"),
        json!(["list", ["set", ["map", "bool"]]]),
        json!(["tuple", ["string", ["tuple", []]]]),
        json!(["object", {"a": "number", "b": "string"}]),
        json!(["object", {"a": "number", "b": "string"}, ["b"]]),
    ] {
        assert_eq!(Type::from_json(&json).unwrap().to_json(), json);
    }
    for json in [
        json!("text"),
        json!(["list"]),
        json!(["object", {}, ["a"]]),
        json!(["set", "bool", 1]),
        json!(null),
    ] {
        assert!(Type::from_json(&json).is_err(), "{json}");
    }
    let deep = (0..200).fold(json!("bool"), |kind, _| json!(["list", kind]));
    assert!(Type::from_json(&deep).is_err());
}

/// The JSON that Terraform's state has for values of a declared type.
#[test]
fn values_there_and_back() {
    for (kind, json) in [
        (json!("string"), json!("ä\u{0}")),
        (json!("number"), json!(1)),
        (json!("bool"), json!(null)),
        (json!(["list", "number"]), json!([1, null, 2.5])),
        (json!(["set", "string"]), json!(["a", "b"])),
        (json!(["map", ["list", "bool"]]), json!({"a": [true], "b": []})),
        (json!(["tuple", ["string", "number"]]), json!(["a", 1])),
        (json!(["object", {"a": "string", "b": ["map", "string"]}]), json!({"a": null, "b": {}})),
        (json!("dynamic"), json!({"value": "a", "type": "string"})),
        (json!("dynamic"), json!(null)),
        (json!("dynamic"), json!({"value": null, "type": "string"})),
        (
            json!(["object", {"a": "dynamic"}]),
            json!({"a": {"value": ["x", 1], "type": ["tuple", ["string", "number"]]}}),
        ),
        (json!(["list", "dynamic"]), json!([])),
    ] {
        let declared = Type::from_json(&kind).unwrap();
        let value = Value::from_json(&json, &declared).unwrap();
        assert_eq!(value.to_json_as(&declared).unwrap(), json, "{kind}");
    }
}

#[test]
fn reads_as_leniently_as_terraform() {
    let read = |json: Json, kind: Type| Value::from_json(&json, &kind);
    assert_eq!(read(json!("12"), Type::Number).unwrap(), Value::from(12));
    assert_eq!(read(json!(12), Type::String).unwrap(), Value::from("12"));
    assert_eq!(read(json!("true"), Type::Bool).unwrap(), Value::from(true));
    let object = Type::object([("a", Type::String)]);
    assert_eq!(
        read(json!({}), object.clone()).unwrap(),
        Value::object_of([("a", Value::null(Type::String))])
    );
    for (json, kind, error) in [
        (json!({"b": 1}), object, "unsupported attribute \"b\""),
        (json!([[1, "x"]]), Type::list(Type::list(Type::Number)), "[0][1]: a number is required"),
        (json!({"k": {}}), Type::map(Type::String), "[\"k\"]: a string is required"),
        (json!({}), Type::list(Type::String), "a list is required"),
        (json!(["a"]), Type::tuple(vec![]), "a tuple of 0 elements is required"),
        (json!("a"), Type::Dynamic, "an object with `value` and `type` is required"),
    ] {
        assert_eq!(read(json.clone(), kind).unwrap_err().to_string(), error, "{json}");
    }
}

#[test]
fn numbers_keep_their_digits() {
    for text in ["0.1", "1e400", "123456789012345678901234567890.5", "-0"] {
        let json: Json = serde_json::from_str(text).unwrap();
        let value = Value::from_json_implied(&json).unwrap();
        let printed = Number::parse(text).unwrap().to_string();
        assert_eq!(value.to_json().unwrap().to_string(), printed);
    }
    let huge: Json = serde_json::from_str("[1e999999999]").unwrap();
    let error = Value::from_json_implied(&huge).unwrap_err();
    assert_eq!(error.to_string(), "[0]: the number is too large or too small");
    let infinite = Value::object_of([("a", Value::from(Number::INFINITY))]);
    assert_eq!(infinite.to_json().unwrap_err().to_string(), "a: cannot serialize infinity as JSON");
}

#[test]
fn implied_types_are_jsondecodes() {
    let json = json!({"a": [1, "x", null], "b": {"c": true}});
    let value = Value::from_json_implied(&json).unwrap();
    let kind = json!(["object", {"a": ["tuple", ["number", "string", "dynamic"]], "b": ["object", {"c": "bool"}]}]);
    assert_eq!(value.kind().to_json(), kind);
    assert_eq!(value.to_json().unwrap(), json);
}

#[test]
fn what_has_no_json_is_refused_with_its_path() {
    let value =
        Value::object_of([("a", Value::tuple(vec![Value::from(1), Value::unknown(Type::Bool)]))]);
    assert_eq!(value.to_json().unwrap_err().to_string(), "a[1]: value is not known");
    let error = Value::from("a").to_json_as(&Type::Number).unwrap_err();
    assert_eq!(error.to_string(), "number required");
}

#[test]
fn nesting_is_bounded() {
    let nested = |depth: usize| (0..depth).fold(json!(1), |inner, _| json!([inner]));
    assert!(Value::from_json_implied(&nested(100)).is_ok());
    assert!(Value::from_json_implied(&nested(200)).is_err());
}

#[test]
fn marked_parts_are_replaced_outermost_only() {
    let secret = Value::from("s").mark(Marks::SENSITIVE);
    let inner = Value::object_of([("deep", secret.clone())]).mark(Marks::SENSITIVE);
    let value = Value::object_of([
        ("any", secret.clone()),
        ("list", Value::list(Type::String, vec![Value::from("x"), secret])),
        ("whole", inner),
    ]);
    let declared = Type::object([
        ("any", Type::Dynamic),
        ("list", Type::list(Type::String)),
        ("whole", Type::object([("deep", Type::String)])),
    ]);
    let mut seen = Vec::new();
    let json = value
        .to_json_with(&declared, &mut |part, json| {
            assert!(!part.marks().is_empty());
            seen.push(json);
            json!({"sealed": seen.len()})
        })
        .unwrap();
    assert_eq!(
        json,
        json!({"any": {"sealed": 1}, "list": ["x", {"sealed": 2}], "whole": {"sealed": 3}})
    );
    assert_eq!(seen, [json!({"value": "s", "type": "string"}), json!("s"), json!({"deep": "s"})]);
    let plain = value.to_json().unwrap();
    assert_eq!(plain, json!({"any": "s", "list": ["x", "s"], "whole": {"deep": "s"}}));
}
