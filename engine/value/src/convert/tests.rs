use serde_json::{Value as Json, json};

use super::*;
use crate::{Marks, Unknown};

/// Reads a value as `jsondecode` does and converts it; the result's type and JSON, or the error.
fn converted(value: &Json, want: &Json) -> Result<(Json, Json), String> {
    let value = Value::from_json_implied(value).unwrap();
    let result = convert(&value, &Type::from_json(want).unwrap());
    let result = result.map_err(|error| error.to_string())?;
    Ok((result.kind().to_json(), result.to_json().unwrap()))
}

/// Results that Terraform 1.11 gives for variables of the type with the value as default.
#[test]
fn converts_as_terraform_does() {
    let object = |attributes: Json| json!(["object", attributes]);
    for (value, want, kind, result) in [
        (json!("12.50"), json!("number"), json!("number"), json!(12.5)),
        (json!(1e3), json!("string"), json!("string"), json!("1000")),
        (json!(true), json!("string"), json!("string"), json!("true")),
        (json!("1"), json!("bool"), json!("bool"), json!(true)),
        (json!([1]), json!("dynamic"), json!(["tuple", ["number"]]), json!([1])),
        (json!(null), json!(["list", "string"]), json!(["list", "string"]), json!(null)),
        (
            json!({"b": "x"}),
            json!(["object", {"a": "string", "b": "string"}, ["a"]]),
            object(json!({"a": "string", "b": "string"})),
            json!({"a": null, "b": "x"}),
        ),
        (
            json!({"a": "1", "z": 1}),
            object(json!({"a": "string"})),
            object(json!({"a": "string"})),
            json!({"a": "1"}),
        ),
        (
            json!([{"a": 1}, {"a": "1"}]),
            json!(["set", object(json!({"a": "string"}))]),
            json!(["set", object(json!({"a": "string"}))]),
            json!([{"a": "1"}]),
        ),
        (
            json!([[1], ["a"]]),
            json!(["list", ["list", "dynamic"]]),
            json!(["list", ["list", "string"]]),
            json!([["1"], ["a"]]),
        ),
        (
            json!({"a": {"x": 1}, "b": {"y": "x"}}),
            json!(["map", ["map", "dynamic"]]),
            json!(["map", ["map", "string"]]),
            json!({"a": {"x": "1"}, "b": {"y": "x"}}),
        ),
        (
            json!([{"a": 1}, {"a": "x"}]),
            json!(["list", object(json!({"a": "dynamic"}))]),
            json!(["list", object(json!({"a": "string"}))]),
            json!([{"a": "1"}, {"a": "x"}]),
        ),
        (
            json!([{"a": 1}, {"a": 1, "b": 2}]),
            json!(["list", "dynamic"]),
            json!(["list", ["map", "number"]]),
            json!([{"a": 1}, {"a": 1, "b": 2}]),
        ),
        (json!([null, 1]), json!(["list", "dynamic"]), json!(["list", "number"]), json!([null, 1])),
        (json!([null]), json!(["list", "dynamic"]), json!(["list", "dynamic"]), json!([null])),
        (json!([]), json!(["set", "dynamic"]), json!(["set", "dynamic"]), json!([])),
        (
            json!({"a": null, "b": {"c": 1}}),
            json!(["map", "dynamic"]),
            json!(["map", object(json!({"c": "number"}))]),
            json!({"a": null, "b": {"c": 1}}),
        ),
        (
            json!([{"a": 1, "b": ["2"]}, {"a": true}]),
            json!(["list", ["object", {"a": "string", "b": ["list", "number"]}, ["b"]]]),
            json!(["list", object(json!({"a": "string", "b": ["list", "number"]}))]),
            json!([{"a": "1", "b": [2]}, {"a": "true", "b": null}]),
        ),
        (
            json!([1, "a"]),
            json!(["tuple", ["string", "dynamic"]]),
            json!(["tuple", ["string", "string"]]),
            json!(["1", "a"]),
        ),
    ] {
        assert_eq!(converted(&value, &want), Ok((kind, result)), "{value} to {want}");
    }
}

/// Errors in the words of Terraform 1.11 for the same variables. (It puts a dot before a path's
/// first attribute.)
#[test]
fn refuses_in_terraforms_words() {
    let object = |attributes: Json| json!(["object", attributes]);
    for (value, want, error) in [
        (json!("a"), json!("number"), "a number is required"),
        (json!(["1", "a"]), json!(["list", "number"]), "[1]: a number is required"),
        (json!([[]]), json!(["list", "string"]), "element 0: string required"),
        (json!("a"), json!(["list", "string"]), "list of string required"),
        (json!([]), json!(["map", "string"]), "map of string required"),
        (json!({"a": "x"}), json!(["map", "number"]), "[\"a\"]: a number is required"),
        (
            json!({"a": "x"}),
            json!(["map", ["list", "string"]]),
            "element \"a\": list of string required",
        ),
        (json!({}), json!(["set", "string"]), "set of string required"),
        (json!({}), object(json!({"a": "string"})), "attribute \"a\" is required"),
        (
            json!({}),
            object(json!({"a": "string", "b": "number"})),
            "attributes \"a\" and \"b\" are required",
        ),
        (
            json!({}),
            object(json!({"a": "string", "b": "number", "c": "bool"})),
            "attributes \"a\", \"b\", and \"c\" are required",
        ),
        (json!({"a": []}), object(json!({"a": "string"})), "attribute \"a\": string required"),
        (
            json!({"a": ["x"]}),
            object(json!({"a": ["list", "number"]})),
            "a[0]: a number is required",
        ),
        (
            json!([{"a": "x"}, {"b": "y"}]),
            json!(["list", object(json!({"a": "string"}))]),
            "element 1: attribute \"a\" is required",
        ),
        (
            json!({"k": {"a": "z"}}),
            json!(["map", object(json!({"a": "number"}))]),
            "[\"k\"].a: a number is required",
        ),
        (json!([]), json!(["tuple", ["string"]]), "tuple required"),
        (json!(["z"]), json!(["tuple", ["number"]]), "[0]: a number is required"),
        (
            json!("True"),
            json!("bool"),
            "a bool is required; to convert from string, use lowercase \"true\"",
        ),
        (json!("x"), json!("bool"), "a bool is required"),
        (json!(1), json!("bool"), "bool required"),
        (json!(["a", []]), json!(["list", "dynamic"]), "all list elements must have the same type"),
        (
            json!([null, {"a": 1}]),
            json!(["list", "dynamic"]),
            "all list elements must have the same type",
        ),
        (json!({}), json!(["list", "dynamic"]), "list of any single type required"),
        (
            json!({"a": 1, "b": []}),
            json!(["map", "dynamic"]),
            "all map elements must have the same type",
        ),
        (json!([1, []]), json!(["set", "dynamic"]), "all set elements must have the same type"),
        (
            json!([{"a": []}]),
            json!(["list", ["map", "string"]]),
            "element 0: element \"a\": string required",
        ),
        (
            json!([{"a": 1}, {"a": []}]),
            json!(["list", object(json!({"a": "dynamic"}))]),
            "cannot find a common base type for all elements",
        ),
        (
            json!([{"a": 1}, {"a": "x"}]),
            json!(["set", object(json!({"a": "dynamic"}))]),
            "element types must all match for conversion to set",
        ),
    ] {
        assert_eq!(converted(&value, &want), Err(error.into()), "{value} to {want}");
    }
}

fn strings(items: &[&str]) -> Vec<Value> {
    items.iter().map(|item| Value::from(*item)).collect()
}

#[test]
fn maps_become_objects_when_their_keys_allow() {
    let map = |key: &str| {
        Value::map(Type::String, [(key.into(), Value::from("1"))].into_iter().collect())
    };
    let want = Type::from_json(&json!(["object", {"a": "number", "b": ["list", "string"]}, ["b"]]))
        .unwrap();
    let result = convert(&map("a"), &want).unwrap();
    assert_eq!(result.to_json().unwrap(), json!({"a": 1, "b": null}));
    let error = convert(&map("z"), &want).unwrap_err();
    assert_eq!(error.message, "map has no element for required attribute \"a\"");
    let entries = [("a", "1"), ("b", "2")].map(|(key, value)| (key.into(), Value::from(value)));
    let error =
        convert(&Value::map(Type::String, entries.into_iter().collect()), &want).unwrap_err();
    assert_eq!(
        error.message,
        "map element type is incompatible with attribute \"b\": list of string required"
    );
}

#[test]
fn marks_stay_where_they_are() {
    let secret = Value::from("1").mark(Marks::SENSITIVE);
    let tuple = Value::tuple(vec![secret.clone(), Value::from("2")]);
    let list = convert(&tuple, &Type::list(Type::Number)).unwrap();
    assert_eq!(list.marks(), Marks::NONE);
    assert_eq!(list.as_items().unwrap()[0], Value::from(1).mark(Marks::SENSITIVE));
    let set = convert(&tuple.clone().mark(Marks::EPHEMERAL), &Type::set(Type::Number)).unwrap();
    assert_eq!(set.marks(), Marks::SENSITIVE | Marks::EPHEMERAL);
    assert!(set.as_items().unwrap().iter().all(|item| item.deep_marks().is_empty()));
    let object = Value::object_of([("a", secret)]).mark(Marks::EPHEMERAL);
    let map = convert(&object, &Type::map(Type::Number)).unwrap();
    assert_eq!(map.get("a").unwrap().marks(), Marks::SENSITIVE);
    assert_eq!(map.marks(), Marks::EPHEMERAL);
    let text = convert(&Value::from(1).mark(Marks::SENSITIVE), &Type::String).unwrap();
    assert_eq!(text, Value::from("1").mark(Marks::SENSITIVE));
    let unknown = Value::unknown(Type::Dynamic).mark(Marks::SENSITIVE);
    assert_eq!(
        convert(&unknown, &Type::String).unwrap(),
        Value::unknown(Type::String).mark(Marks::SENSITIVE)
    );
}

#[test]
fn unknown_stays_unknown_with_what_is_known_of_it() {
    let unknown = |kind: Type, not_null, length| Unknown { not_null, length, ..Unknown::of(kind) };
    let list = unknown(Type::list(Type::Number), true, (Some(2), Some(5)));
    let set = convert(&Value::refined(list.clone()), &Type::set(Type::String)).unwrap();
    assert_eq!(set, Value::refined(unknown(Type::set(Type::String), true, (Some(1), Some(5)))));
    let list = convert(&Value::refined(list), &Type::list(Type::Dynamic)).unwrap();
    assert_eq!(list.kind(), Type::list(Type::Number));
    let tuple = unknown(Type::tuple(vec![Type::Number, Type::String]), true, (None, None));
    let list = convert(&Value::refined(tuple.clone()), &Type::list(Type::Dynamic)).unwrap();
    assert_eq!(list, Value::list(Type::String, vec![Value::unknown(Type::String); 2]));
    let tuple = Unknown { not_null: false, ..tuple };
    let list = convert(&Value::refined(tuple), &Type::list(Type::String)).unwrap();
    assert_eq!(list, Value::refined(unknown(Type::list(Type::String), false, (Some(2), Some(2)))));
    let error = convert(&Value::unknown(Type::Bool), &Type::Number).unwrap_err();
    assert_eq!(error.message, "number required");
}

#[test]
fn a_set_with_unknown_elements_has_no_order() {
    let mut items = strings(&["a"]);
    items.push(Value::unknown(Type::String));
    let list = convert(&Value::set(Type::String, items), &Type::list(Type::String)).unwrap();
    assert!(!list.is_known());
    let one = Value::set(Type::String, vec![Value::unknown(Type::String)]);
    assert!(convert(&one, &Type::list(Type::String)).unwrap().is_known());
}

#[test]
fn optional_attributes_leave_no_trace_in_types() {
    let want = Type::from_json(&json!(["list", ["object", {"a": "string"}, ["a"]]])).unwrap();
    for value in [Value::tuple(vec![]), Value::null(Type::Dynamic), Value::unknown(Type::Dynamic)] {
        assert_eq!(convert(&value, &want).unwrap().kind(), want.without_optional());
    }
    let value = Value::list(Type::object([("a", Type::String)]), vec![]);
    assert_eq!(convert(&value, &want).unwrap(), value);
}
