//! What is expected was recorded from Terraform 1.11.4.

use std::path::Path;

use platoform_provider::value::{Data, Type, Unknown, Value};
use platoform_provider::{CallRequest, MemoryFiles};

use super::Answer;

fn call(name: &str, argument: Value) -> Answer {
    let files = MemoryFiles::default();
    let arguments = [argument];
    let directory = Path::new(".");
    crate::terraform().call(&CallRequest { name, arguments: &arguments, files: &files, directory })
}

#[track_caller]
fn gives(name: &str, argument: Value, expected: &str) {
    assert_eq!(call(name, argument), Ok(Value::from(expected)));
}

#[track_caller]
fn fails(name: &str, argument: impl Into<Value>, expected: &str) {
    assert_eq!(call(name, argument.into()), Err((None, expected.to_owned())));
}

fn object<const COUNT: usize>(attributes: [(&str, Value); COUNT]) -> Value {
    Value::object_of(attributes)
}

fn number(number: i64) -> Value {
    Value::from(number)
}

#[test]
fn expressions_are_written_as_the_layout_has_them() {
    let write = |value, expected| gives("encode_expr", value, expected);
    write(Value::tuple(Vec::new()), "[]");
    write(object([]), "{}");
    write(Value::from(true), "true");
    let nested = Value::tuple(vec![number(2), Value::from("x")]);
    write(Value::tuple(vec![nested, Value::null(Type::String)]), "[[2, \"x\"], null]");
    write(
        object([
            ("a", Value::null(Type::Dynamic)),
            ("a-b", object([])),
            ("é", Value::tuple(Vec::new())),
            ("1a", Value::from("")),
        ]),
        "{\n  \"1a\" = \"\"\n  a    = null\n  a-b  = {}\n  é    = []\n}",
    );
    let two = object([("a", number(1)), ("bb", number(2))]);
    write(
        Value::tuple(vec![two, object([("c", number(3))])]),
        "[{\n  a  = 1\n  bb = 2\n  }, {\n  c = 3\n}]",
    );
}

#[test]
fn text_in_an_expression_is_escaped() {
    let text = "a\nb${x}%{y}\t\"\\ \u{7}é\u{200b}😀 $ % $$ {";
    let expected = r#""a\nb$${x}%%{y}\t\"\\ \u0007é\u200b😀 $ % $$ {""#;
    gives("encode_expr", Value::from(text), expected);
}

#[test]
fn an_expression_for_what_is_not_known_begins_as_it_will() {
    let start = |value: Value| match call("encode_expr", value).unwrap().data() {
        Data::Unknown(unknown) => {
            assert!(unknown.not_null);
            unknown.prefix.as_deref().map(str::to_owned)
        }
        known => panic!("{known:?}"),
    };
    let unknown = Value::unknown(Type::String);
    assert_eq!(start(Value::tuple(vec![unknown.clone()])).as_deref(), Some("["));
    assert_eq!(start(object([("a", unknown.clone())])).as_deref(), Some("{"));
    assert_eq!(start(unknown), None);
    let not_null = Unknown { not_null: true, ..Unknown::of(Type::String) };
    assert_eq!(start(Value::refined(not_null)).as_deref(), Some("\""));
}

#[test]
fn variables_are_written_as_a_file_has_them() {
    let list = Value::tuple(vec![object([("y", number(1))]), object([("z", object([]))])]);
    gives(
        "encode_tfvars",
        object([
            ("a", number(1)),
            ("long", number(2)),
            ("d", number(3)),
            ("c", object([("x", number(1)), ("longer", list), ("q", number(2))])),
        ]),
        "a = 1\nc = {\n  longer = [{\n    y = 1\n    }, {\n    z = {}\n  }]\n  q = 2\n  x = 1\n}\n\
         d    = 3\nlong = 2\n",
    );
    gives("encode_tfvars", object([]), "");
    fails(
        "encode_tfvars",
        "x",
        "invalid value to encode: must be an object whose attribute names will become the encoded \
         variable names",
    );
    fails(
        "encode_tfvars",
        object([("a b", number(1))]),
        "invalid variable name \"a b\": must be a valid identifier, as the name of an input \
         variable is",
    );
}

#[test]
fn variables_are_read_as_from_a_file() {
    let read = |text: &str| call("decode_tfvars", Value::from(text));
    let inner = Value::tuple(vec![number(1), object([("x", Value::from("y"))])]);
    assert_eq!(
        read("a = 1 + 2\nb = [1, {x = \"y\"}]\nc = null\n"),
        Ok(object([("a", number(3)), ("b", inner), ("c", Value::null(Type::Dynamic))]))
    );
    assert_eq!(read(""), Ok(object([])));
}

#[test]
fn what_is_wrong_with_a_file_is_told_with_its_place() {
    for (text, expected) in [
        ("a = ", "invalid tfvars syntax: <decode_tfvars argument>:1,5-5: Missing expression; "),
        (
            "a = b + c",
            "invalid expression for variable \"a\": <decode_tfvars argument>:1,5-6: Variables not \
             allowed; ",
        ),
        (
            "x = 1\na = upper(\"x\")",
            "invalid expression for variable \"a\": <decode_tfvars argument>:2,5-15: Function \
             calls not allowed; ",
        ),
        (
            "a {\n}",
            "invalid tfvars content: <decode_tfvars argument>:1,1-2: Unexpected \"a\" block; \
             Blocks are not allowed here",
        ),
        (
            "a = 1\na = 2",
            "invalid tfvars syntax: <decode_tfvars argument>:2,1-2: Attribute redefined; ",
        ),
    ] {
        let (argument, message) = call("decode_tfvars", Value::from(text)).unwrap_err();
        assert_eq!(argument, None);
        assert!(message.starts_with(expected), "{text}: {message}");
    }
    let (_, message) = call("decode_tfvars", Value::from("a = b + c")).unwrap_err();
    assert!(message.ends_with(", and 1 other diagnostic(s)"), "{message}");
}
