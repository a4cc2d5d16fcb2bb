use serde_json::{Value as Json, json};

use super::*;

/// Types that Terraform 1.11 finds for the elements of `tolist` and the arms of conditionals.
#[test]
fn finds_the_types_that_terraform_does() {
    let object = |attributes: Json| json!(["object", attributes]);
    for (types, unified) in [
        (json!(["number", "string"]), json!("string")),
        (json!(["bool", "string", "number"]), json!("string")),
        (json!(["bool", "number"]), Json::Null),
        (json!(["number", ["tuple", []]]), Json::Null),
        (json!(["dynamic", "number", "string"]), json!("string")),
        (json!(["dynamic", "dynamic"]), json!("dynamic")),
        (
            json!([object(json!({"a": "number"})), object(json!({"b": "string"}))]),
            json!(["map", "string"]),
        ),
        (json!([object(json!({})), object(json!({"a": "number"}))]), json!(["map", "number"])),
        (
            json!([object(json!({"a": "number"})), object(json!({"a": "string"}))]),
            object(json!({"a": "string"})),
        ),
        (
            json!([object(json!({"a": "number"})), object(json!({"a": ["tuple", ["number"]]}))]),
            Json::Null,
        ),
        (json!([object(json!({"a": "number"})), ["map", "string"]]), json!(["map", "string"])),
        (json!([object(json!({"a": "number"})), ["tuple", []]]), Json::Null),
        (
            json!([["tuple", ["number"]], ["tuple", ["string", "string"]]]),
            json!(["list", "string"]),
        ),
        (json!([["tuple", ["dynamic"]], ["tuple", ["number"]]]), json!(["tuple", ["number"]])),
        (
            json!([["tuple", ["dynamic"]], ["tuple", ["number", "number"]]]),
            json!(["list", "number"]),
        ),
        (json!([["tuple", ["number"]], ["tuple", []]]), json!(["list", "number"])),
        (json!([["list", "number"], ["tuple", ["string", "string"]]]), json!(["list", "string"])),
        (json!([["set", "number"], ["list", "string"]]), json!(["list", "string"])),
        (json!([["list", "number"], ["list", "string"]]), json!(["list", "string"])),
        (
            json!([
                ["list", object(json!({"a": "number"}))],
                ["list", object(json!({"b": "number"}))]
            ]),
            json!(["list", ["map", "number"]]),
        ),
        (json!([["list", "number"], "dynamic"]), json!("dynamic")),
        (json!([object(json!({"a": "number"})), "dynamic"]), json!("dynamic")),
        (json!([["list", "number"], ["map", "number"]]), Json::Null),
    ] {
        let kinds: Vec<Type> =
            types.as_array().unwrap().iter().map(|kind| Type::from_json(kind).unwrap()).collect();
        let result = unify(&kinds).map_or(Json::Null, |kind| kind.to_json());
        assert_eq!(result, unified, "{types}");
        let reversed: Vec<Type> = kinds.into_iter().rev().collect();
        assert_eq!(
            unify(&reversed).map_or(Json::Null, |kind| kind.to_json()),
            unified,
            "{types} reversed"
        );
    }
    assert_eq!(unify(&[]), None);
}

#[test]
fn many_equal_types_are_cheap() {
    let kind = Type::object([("a", Type::list(Type::String)), ("b", Type::Number)]);
    assert_eq!(unify(&vec![kind.clone(); 100_000]), Some(kind));
}

#[test]
fn values_are_converted() {
    let (kind, values) = unify_values(&[Value::from(1), Value::from("a")]).unwrap();
    assert_eq!((kind, values), (Type::String, vec![Value::from("1"), Value::from("a")]));
    let list = Value::list(Type::Number, vec![]);
    let (kind, values) = unify_values(&[list, Value::unknown(Type::Dynamic)]).unwrap();
    assert_eq!(kind, Type::Dynamic);
    assert_eq!(values, vec![Value::unknown(Type::Dynamic); 2]);
    assert_eq!(unify_values(&[Value::from(1), Value::from(true)]), None);
}
