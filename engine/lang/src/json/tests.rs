use platoform_diagnostic::{Diagnostics, FileId};

use super::{Form, Item, Layout, Rest, Shape, body, expression, parse};
use crate::syntax::MAX_HEIGHT;
use crate::tree::{Body, Expression, ExpressionKind, ObjectKey, Part};

const FILE: FileId = FileId(0);

/// Findings as `START Summary`.
fn lines(found: &Diagnostics) -> Vec<String> {
    let line = |one: &platoform_diagnostic::Diagnostic| {
        format!("{} {}", one.span.map_or(0, |span| span.start), one.summary)
    };
    found.iter().map(line).collect()
}

fn value(text: &str, form: Form) -> (Expression, Vec<String>) {
    let (node, mut found) = parse(FILE, &format!("[{text}]"));
    let super::Node::Array(array) = node else { panic!("{text}: {found:?}") };
    let expression = expression(&array.items[0], form, &mut found);
    (expression, lines(&found))
}

#[test]
fn numbers_and_escapes_are_those_of_json() {
    for (text, good) in [
        ("0", true),
        ("-0.5e+3", true),
        ("1E2", true),
        ("01", false),
        ("+1", false),
        (".5", false),
        ("1.", false),
        ("1e", false),
        ("--1", false),
        (r#""\u00e9\ud83d\ude00\/\b""#, true),
        (r#""\q""#, false),
        (r#""\u12g4""#, false),
        ("\"\u{1}\"", false),
        ("\"open", false),
        ("nul", false),
        ("NaN", false),
    ] {
        let (_, found) = parse(FILE, &format!("[{text}]"));
        assert_eq!(found.is_empty(), good, "{text}: {found:?}");
    }
    let (text, _) = value(r#""\u00e9\ud83d\ude00\ud83dx\/""#, Form::Literal);
    assert!(matches!(&text.kind, ExpressionKind::Template(parts)
        if matches!(&parts[..], [Part::Text(text, _)] if &**text == "é😀\u{fffd}x/")));
}

#[test]
fn errors_are_found_where_terraform_finds_them() {
    for (text, expected) in [
        ("", &["0 Missing value", "0 Root value must be object"][..]),
        ("{\"a\":1,}", &["6 Trailing comma in object", "0 Root value must be object"]),
        ("{\"a\" 1}", &["5 Missing property value colon", "0 Root value must be object"]),
        ("{\"a\":x, \"b\":y}", &["5 Invalid JSON keyword", "12 Invalid JSON keyword"]),
        ("[1 2]", &["5 Missing attribute seperator comma", "0 Root value must be object"]),
        ("{} {}", &["3 Extraneous data after value"]),
        ("\u{feff}{}", &["0 Invalid start of value", "0 Root value must be object"]),
    ] {
        assert_eq!(lines(&parse(FILE, text).1), expected, "{text}");
    }
}

#[test]
fn depth_is_limited_and_nothing_panics() {
    let deep = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(parse(FILE, &deep(MAX_HEIGHT as usize)).1.is_empty());
    assert_eq!(lines(&parse(FILE, &deep(100_000)).1)[0], format!("{MAX_HEIGHT} Nesting too deep"));
    let text = r#"{"a": ["é\u00e9", {"b": [1.5e3, true, null, "${x}"]}], "//": 1} "#;
    for end in (0..text.len()).filter(|end| text.is_char_boundary(*end)) {
        let (node, mut found) = parse(FILE, &text[..end]);
        let _ = body(&node, &Shape::DEFERRED, &mut found);
        assert_eq!(found.is_empty(), end >= text.len() - 1, "{end}");
    }
    // What is wrong may stand at a wide character.
    let (_, found) = parse(FILE, "{\"a\": \"\\u003\u{24b}\"}");
    let span = found.iter().find_map(|found| found.span).unwrap();
    assert!("{\"a\": \"\\u003\u{24b}\"}".get(span.start as usize..span.end as usize).is_some());
    // Depth adds up over templates.
    let (brackets, parentheses) = (MAX_HEIGHT as usize / 3 * 2, MAX_HEIGHT as usize / 2);
    let nested = format!(
        "{}\"${{{}1{}}}\"{}",
        "[".repeat(brackets),
        "(".repeat(parentheses),
        ")".repeat(parentheses),
        "]".repeat(brackets)
    );
    let (_, found) = value(&nested, Form::Template);
    assert_eq!(found.len(), 1);
    assert!(found[0].ends_with("Nesting too deep"), "{found:?}");
}

#[test]
fn texts_mean_what_their_form_says() {
    let kind = |text: &str, form| value(text, form).0.kind;
    assert!(matches!(kind("\"${a}\"", Form::Template), ExpressionKind::Wrap(_)));
    assert!(matches!(kind("\"a.b[0]\"", Form::Reference), ExpressionKind::Traversal(..)));
    assert!(matches!(kind("\"list(string)\"", Form::Reference), ExpressionKind::Call(_)));
    for (text, form) in
        [("\"${a}\"", Form::Literal), ("\"${a}\"", Form::Reference), ("\"a b\"", Form::Template)]
    {
        assert!(
            matches!(kind(text, form), ExpressionKind::Template(parts) if parts.len() == 1),
            "{text}"
        );
    }
    let ExpressionKind::Object(items) = kind("{\"a\": 1, \"${b}\": 2}", Form::Template) else {
        panic!("an object")
    };
    assert!(matches!(&items[0].0, ObjectKey::Name(name) if name.is_quoted()));
    assert!(matches!(&items[1].0, ObjectKey::Property(_)));
    assert_eq!(
        value("\"${a b}\"", Form::Template).1,
        ["6 Extra characters after interpolation expression"]
    );
    assert_eq!(value("\"a.\"", Form::Expression).1.len(), 1);
    assert_eq!(value("1", Form::Expression).1, ["1 Invalid reference expression"]);
    assert_eq!(value("{\"a\": 1, \"a\": 2}", Form::Literal).1, ["10 Duplicate object attribute"]);
}

const INNER: Shape =
    Shape { attributes: &[("x", Form::Template)], blocks: &[], rest: Rest::Refused };
const OPEN: Shape = Shape { attributes: &[], blocks: &[], rest: Rest::Attributes(Form::Template) };
const OUTER: Shape = Shape {
    attributes: &[("a", Form::Template)],
    blocks: &[("one", &[], &INNER), ("two", &["type", "name"], &INNER), ("open", &[], &OPEN)],
    rest: Rest::Refused,
};

fn lowered(text: &str) -> (Body, Vec<String>) {
    let (node, mut found) = parse(FILE, text);
    let body = body(&node, &OUTER, &mut found);
    (body, lines(&found))
}

/// `kind label label{number of arguments}` for each block.
fn outline(body: &Body) -> Vec<String> {
    let block = |block: &crate::tree::Block| {
        let labels: Vec<&str> = block.labels.iter().map(|label| &*label.text).collect();
        format!("{} {}{{{}}}", block.kind.name, labels.join(" "), block.body.attributes.len())
    };
    body.blocks.iter().map(block).collect()
}

#[test]
fn blocks_are_unpacked_from_every_form() {
    for (text, expected) in [
        (r#"{"one": {"x": 1}}"#, &["one {1}"][..]),
        (r#"{"one": [{"x": 1}, {}]}"#, &["one {1}", "one {0}"]),
        (r#"[{"one": {}}, {"one": {}}]"#, &["one {0}", "one {0}"]),
        (r#"{"one": null, "//": "said"}"#, &[]),
        (r#"{"two": {"t": {"n": {"x": 1}, "m": [{}]}}}"#, &["two t n{1}", "two t m{0}"]),
        (r#"{"two": [{"t": {"n": {}}}, {"u": [{"n": {}}]}]}"#, &["two t n{0}", "two u n{0}"]),
        (r#"{"two": {"t": {"n": null}}}"#, &[]),
    ] {
        let (body, found) = lowered(text);
        assert_eq!(
            (outline(&body), found),
            (expected.iter().map(|&line| line.to_owned()).collect(), Vec::new()),
            "{text}"
        );
    }
}

#[test]
fn what_has_the_wrong_shape_is_reported() {
    for (text, expected) in [
        (r#"{"b": 1}"#, "1 Extraneous JSON object property"),
        (r#"{"a": 1, "a": 2}"#, "9 Duplicate argument"),
        (r#"{"open": {"a": 1, "a": 2}}"#, "18 Duplicate attribute definition"),
        (r#"{"open": [[]]}"#, "10 Incorrect JSON value type"),
        (r#"{"one": 1}"#, "8 Incorrect JSON value type"),
        (r#"{"one": ["x"]}"#, "9 Incorrect JSON value type"),
        (r#"{"two": {"t": 1}}"#, "14 Incorrect JSON value type"),
        (r#"{"two": {}}"#, "8 Missing block label"),
        (r#"{"two": [1, {"t": {"n": {}}}]}"#, "9 Incorrect JSON value type"),
    ] {
        let (_, found) = lowered(text);
        assert_eq!(found[0], expected, "{text}");
    }
    assert!(matches!(OUTER.item("nothing"), Item::Unknown));
    assert_eq!(OUTER.suggestion("ona").as_deref(), Some("did you mean `one`?"));
}
