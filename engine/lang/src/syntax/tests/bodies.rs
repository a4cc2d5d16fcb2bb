//! Bodies, and how parsing goes on after errors in them.

use std::sync::Arc;

use super::super::parse;
use super::{FILE, findings, good_file};
use crate::tree::{Body, ExpressionKind};

/// Names of arguments, and blocks with their labels and bodies.
fn outline(body: &Body) -> String {
    let attributes = body.attributes.iter().map(|attribute| attribute.name.name.to_string());
    let blocks = body.blocks.iter().map(|block| {
        let labels = block.labels.iter().map(|label| format!(" {}", label.text));
        format!("{}{}{{{}}}", block.kind.name, labels.collect::<String>(), outline(&block.body))
    });
    attributes.chain(blocks).collect::<Vec<_>>().join(",")
}

#[test]
fn files_have_the_right_outline() {
    let cases = [
        ("", ""),
        ("\u{feff}a = 1", "a"),
        ("a = 1\r\nb {\r\n}\r\n", "a,b{}"),
        ("a = [\n1,\n2,\n]\nb = 2\n", "a,b"),
        ("a \"b\" c {\n d = 1\n e {}\n}\n", "a b c{d,e{}}"),
        ("a { b = 1 }\na {}\n", "a{b},a{}"),
        ("# c\na {} // c\n/* c\n */ b = 1 # c", "b,a{}"),
        ("a \"\\u0062 $${}\" {\n}\n", "a b ${}{}"),
        ("a = <<E\n}\nE\nb = 1\n", "a,b"),
    ];
    for (text, expected) in cases {
        assert_eq!(outline(&good_file(text)), expected, "{text:?}");
    }
}

#[test]
fn every_broken_item_is_found() {
    let text = "a = 1 2\nb = 'x'\nc {\n  d = [1 2,\n  3]\n  e = f(\n}\ng 5\nh = 1\nh = 2\n";
    let expected = [
        ("2", "Missing newline after argument"),
        ("'", "Invalid character"),
        ("2", "Missing item separator"),
        ("}", "Invalid expression"),
        ("g", "Argument or block definition required"),
        ("h", "Attribute redefined"),
    ];
    assert_eq!(findings(text), expected.map(|(at, summary)| (at, summary.to_owned())));
    assert_eq!(outline(&parse(FILE, text).0), "a,b,h,c{d,e}");
}

#[test]
fn one_error_makes_no_others() {
    let cases = [
        ("a = foo bar {\n b = 1\n}\nc = 1\n", 1),
        ("a {\n b = 1 +\n}\n", 1),
        ("a\n{\n b = 1\n}\n", 1),
        ("a {\n \"b\" = 1\n \"c\" = 2\n}\nd = 1\n", 1),
        ("a { b = 1, c = 2 }\nd = 1\n", 1),
        ("a { b = 1\n c = 2\n}\nd = 1\n", 1),
        ("a { b { c = 1 } }\nd = 1\n", 1),
        ("a {\n b = 1 }\n}\n", 1),
        ("a {\n b {\n", 1),
        ("a {}}\nb = 1\n", 1),
        ("a {\n b = [1, 2}\n c = 1\n}\n", 1),
        ("a {\n b = [\n  1\n}\nc = 1\n", 1),
        ("a {\n b = (1\n}\nc {\n}\n", 1),
    ];
    for (text, count) in cases {
        let found = findings(text);
        assert_eq!(found.len(), count, "{text:?}: {found:?}");
    }
}

#[test]
fn after_a_missing_quote_only_line_ends_are_reported() {
    let text = "a = \"b\nc = \"d\"\ne = \"f\"\n";
    let summaries: Vec<_> = findings(text).into_iter().map(|(_, summary)| summary).collect();
    let line_end = "Invalid multi-line string";
    assert_eq!(summaries, [line_end, "Unterminated template string", line_end, line_end]);
}

#[test]
fn broken_values_and_blocks_stay() {
    let (body, _) = parse(FILE, "a = (1\nb\n");
    assert!(matches!(&body.attributes[0].expression.kind,
        ExpressionKind::Literal(value) if !value.is_known()));
    assert_eq!(outline(&parse(FILE, "a \"b\"\nc = 1\n").0), "c,a b{}");
}

#[test]
fn redefinition_points_to_the_first() {
    let text = "a = 1\nb = 2\na = 3\n";
    let (body, found) = parse(FILE, text);
    assert_eq!(body.attributes.len(), 2);
    let labels: Vec<_> = found.iter().flat_map(|one| &one.labels).collect();
    assert_eq!((labels.len(), labels[0].span.start, labels[0].span.end), (1, 0, 1));
    let explanation = found
        .iter()
        .next()
        .expect("it is found")
        .explanation(|first| Some(format!("{}-{}", first.start, first.end)));
    let expected = "The argument \"a\" was already set at 0-1. Each argument may be set only once";
    assert_eq!(explanation, expected);
    let many: String = (0..40).map(|index| format!("a{} = 1\n", index % 39)).collect();
    assert_eq!(findings(&many), [("a0", "Attribute redefined".to_owned())]);
}

#[test]
fn spans_cover_what_they_name() {
    let text = "a \"b\" {\n  c = [1] # x\n}\n";
    let body = good_file(text);
    let slice = |span: platoform_diagnostic::Span| &text[span.start as usize..span.end as usize];
    assert_eq!(slice(body.span), text);
    let block = &body.blocks[0];
    assert_eq!(slice(block.header), "a \"b\"");
    assert_eq!(slice(block.labels[0].span), "\"b\"");
    assert_eq!(slice(block.body.span), "{\n  c = [1] # x\n}");
    assert_eq!(slice(block.body.attributes[0].span), "c = [1]");
}

#[test]
fn equal_names_are_shared() {
    let body = good_file("a = b\nc = b.a\n");
    let [first, second] = &body.attributes[..] else { panic!("two arguments") };
    let (ExpressionKind::Traversal(b, _), ExpressionKind::Traversal(again, _)) =
        (&first.expression.kind, &second.expression.kind)
    else {
        panic!("two names")
    };
    assert!(Arc::ptr_eq(&b.name, &again.name));
}
