//! Tests of functions beyond what their families share.

use crate::eval::tests::{fails, gives, says, value};

mod dates;
mod encodings;
mod files;
mod limits;
mod networks;
mod patterns;
mod sets;
mod signatures;

#[test]
fn verbs_format_as_in_go() {
    gives(
        r#"format("%5s|%-5s|%05d|%+d|%X", "ab", "ab", 42, 42, 255)"#,
        "\"   ab|ab   |00042|+42|FF\" string",
    );
    gives(
        r#"format("%.1f|%08.2f|%.0e|%g", 0.35, -3.14159, 12345, 1e21)"#,
        "\"0.3|-0003.14|1e+04|1e+21\" string",
    );
    gives(r#"format("% f|%f", 1 / 0, 1 / 0)"#, "\" Inf|+Inf\" string");
    says(
        r#"format("%[0]d", 1)"#,
        "Call to function \"format\" failed: unrecognized format character '0' at offset 2",
    );
    gives(r#"format("%[2]s %[1]s %%", "a", "b")"#, "\"b a %\" string");
    gives(r#"format("%v %v %q", 1.5, [1, "a"], "x")"#, r#""1.5 [1,\"a\"] \"x\"" string"#);
    fails(r#"format("%d", 1.5)"#, "Error in function call");
    fails(r#"format("%s")"#, "Error in function call");
    fails(r#"format("%s", "a", "b")"#, "Invalid function argument");
    fails(r#"format("%99999999999d", 1)"#, "Error in function call");
}

#[test]
fn yaml_reads_and_writes() {
    gives(
        r#"yamldecode("a: &x {b: 1}\nc: *x\nd: {<<: *x, b: yes}")"#,
        r#"{"a":{"b":1},"c":{"b":1},"d":{"b":true}} object({ a = object({ b = number }), c = object({ b = number }), d = object({ b = bool }) })"#,
    );
    gives(
        r#"yamldecode("- 0x1F\n- 1_0\n- '1'\n- ~\n- 2020-01-02")"#,
        r#"[31,"1_0","1",null,"2020-01-02T00:00:00Z"] tuple([number, string, string, any, string])"#,
    );
    gives(r#"yamldecode("a: |\n  b\n  c")"#, r#"{"a":"b\nc"} object({ a = string })"#);
    gives(r#"yamldecode("a: |")"#, r#"{"a":null} object({ a = string })"#);
    gives(r#"yamldecode("a:\tb")"#, r#"{"a":"b"} object({ a = string })"#);
    gives(
        r#"yamldecode("a: \"b\nc\"\nd: [\n]")"#,
        r#"{"a":"b c","d":[]} object({ a = string, d = tuple([]) })"#,
    );
    gives(r#"yamldecode("- 'x\n\n  y'\n- !!int 0b11")"#, r#"["x\ny",3] tuple([string, number])"#);
    gives(r#"yamldecode("a: 1\n<<: {a: 2}")"#, r#"{"a":2} object({ a = number })"#);
    gives(r#"yamldecode("!!bool \"true\"")"#, r#""true" string"#);
    fails(r#"yamldecode("<<: [{a: 1}]")"#, "Error in function call");
    fails(r#"yamldecode("*x")"#, "Error in function call");
    for (text, error) in [
        ("\\ta: b", "found character that cannot start any token"),
        ("a: 'b", "found unexpected end of stream"),
        ("a: 1\\nb", "on line 3, column 1: could not find expected ':'"),
        ("- a\\n- *b", "on line 1, column 3: reference to undefined anchor \"b\""),
        ("a: &a [*a]", "cannot refer to anchor \"a\" from inside its own definition"),
        ("- 1\\n- !!bool z", "on line 1, column 3: cannot parse \"z\" as tag:yaml.org,2002:bool"),
    ] {
        says(
            &format!("yamldecode(\"{text}\")"),
            &format!("Call to function \"yamldecode\" failed: {error}"),
        );
    }
    fails(r#"yamldecode("[a, b")"#, "Error in function call");
    for (expression, expected) in [
        (
            r#"{ a = " l\nx", b = ["p\n\n", { c = "q\nr" }] }"#,
            "\"a\": |2-\n   l\n  x\n\"b\":\n- |+\n  p\n\n- \"c\": |-\n    q\n    r\n",
        ),
        (
            "{ a = { b = { c = [1, [2, { d = 3, e = {} }]] } } }",
            "\"a\":\n  \"b\":\n    \"c\":\n    - 1\n    - - 2\n      - \"d\": 3\n        \"e\": {}\n",
        ),
        (
            r#"{ "x\ny" = [1, 2], "z\n" = { a = 1 } }"#,
            "? |-\n  x\n  y\n: - 1\n  - 2\n? |\n  z\n: \"a\": 1\n",
        ),
        ("null", "null\n...\n"),
        (r#""\n""#, "|2+\n\n"),
        (r#""a\tb\nc""#, "\"a\\tb\\nc\"\n"),
    ] {
        let written = value(&format!("yamlencode({expression})"));
        assert_eq!(written.as_str(), Some(expected), "{expression}");
    }
}

#[test]
fn aliases_cannot_make_a_document_too_large() {
    let mut text = String::from("a0: &a0 x\\n");
    for level in 1..30 {
        let before = level - 1;
        text += &format!("a{level}: &a{level} [*a{before}, *a{before}]\\n");
    }
    fails(&format!("yamldecode(\"{text}\")"), "Error in function call");
}

#[test]
fn json_reads_and_writes() {
    gives(
        r#"jsonencode({ b = "<&>", a = [null, 1e30] })"#,
        r#""{\"a\":[null,1000000000000000000000000000000],\"b\":\"\\u003c\\u0026\\u003e\"}" string"#,
    );
    gives(r#"jsondecode("\"\\ud800x\\ud83d\\ude00\"")"#, "\"\u{fffd}x😀\" string");
    gives("jsonencode(text)", "unknown string");
    fails("jsondecode(\"bad${text}\")", "Invalid function argument");
    fails("jsondecode(\"[1,]\")", "Error in function call");
}

#[test]
fn collections_keep_their_kind() {
    gives("concat([\"a\"], [1])", "[\"a\",1] tuple([string, number])");
    gives("concat(tolist([\"a\"]), tolist([1]))", "[\"a\",\"1\"] list(string)");
    gives("merge({ a = 1 }, null, { a = 2 })", "{\"a\":2} object({ a = number })");
    gives("merge(tomap({ a = 1 }), tomap({ b = 2 }))", r#"{"a":1,"b":2} map(number)"#);
    gives("setintersection([1, 2], [\"2\"])", "[\"2\"] set(string)");
    gives(
        "setproduct([1, \"a\"], [\"b\"])",
        r#"[["1","b"],["a","b"]] list(tuple([string, string]))"#,
    );
    gives("keys(object)", "[\"a\"] tuple([string])");
    gives("lookup({ a = 1 }, \"b\", null)", "null any");
    gives("zipmap([\"a\"], [1])", "{\"a\":1} object({ a = number })");
    gives("flatten([[1, []], [[2]]])", "[1,2] tuple([number, number])");
    gives("sort([\"b\", text])", "unknown list(string)");
    fails("element([], 0)", "Error in function call");
    fails("slice([1], 0, 2)", "Invalid function argument");
}

#[test]
fn networks_are_computed() {
    gives("cidrhost(\"10.0.0.0/8\", -2)", "\"10.255.255.254\" string");
    gives("cidrsubnet(\"2001:db8::/32\", 32, 4294967295)", "\"2001:db8:ffff:ffff::/64\" string");
    gives("cidrsubnets(\"10.0.0.0/8\", 8, 4)", r#"["10.0.0.0/16","10.16.0.0/12"] list(string)"#);
    gives(
        "cidrhost(\"::/0\", 340282366920938463463374607431768211455)",
        "\"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff\" string",
    );
    gives("cidrsubnet(\"0.0.0.0/0\", 32, 1)", "\"0.0.0.1/32\" string");
    fails("cidrhost(\"10.0.0.0/30\", 5)", "Error in function call");
    gives("cidrsubnet(\"10.0.0.0/8\", 8, -1)", "\"0.1.0.0/16\" string");
}

#[test]
fn every_function_is_named_once_and_found() {
    let names = super::names();
    assert!(names.len() > 100);
    for name in names {
        assert_eq!(super::find(name).map(|function| function.name), Some(name));
        assert!(super::find(&format!("core::{name}")).is_some());
    }
}
