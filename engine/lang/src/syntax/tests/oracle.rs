//! The same texts through hcl-edit, which was written independently.

use hcl_edit::expr::{BinaryOperator, Expression as Theirs, TraversalOperator};

use super::super::parse_expression;
use super::shapes::sketch;
use super::{FILE, good};

/// What hcl-edit and HCL agree on, right and wrong.
const TEXTS: [&str; 56] = [
    "1",
    "1.5",
    "1e3",
    "-1",
    "true",
    "null",
    "a",
    "a.b",
    "a[0]",
    "a[\"b\"].c",
    "a.0",
    "a[*].b",
    "a.*.b",
    "f()",
    "f(1, 2)",
    "f(a...)",
    "[]",
    "[1, 2]",
    "[1, 2,]",
    "{}",
    "{ a = 1 }",
    "{ a = 1, b = 2 }",
    "{ (a) = 1 }",
    "{ \"a\" : 1 }",
    "a + b",
    "a ? b : c",
    "!a",
    "(a)",
    "[for a in b : a]",
    "{for k, v in b : k => v}",
    "[for a in b : a if c]",
    "\"a\"",
    "\"${a}\"",
    "\"a${b}c\"",
    "\"%{ if a }b%{ endif }\"",
    "\"$${a}\"",
    "\"\\u00e9\"",
    "a::b(1)",
    "",
    "1 2",
    "+1",
    "a.",
    "a[",
    "a[1",
    "(1",
    "[1 2]",
    "{ a }",
    "{ a = }",
    "f(1",
    "f(1 2)",
    "a ?",
    "a ? b",
    "\"a",
    "\"${a\"",
    "[for a b : a]",
    "a b",
];

#[test]
fn both_accept_the_same() {
    for text in TEXTS {
        let ours = parse_expression(FILE, text, 0).1.is_empty();
        let theirs = text.parse::<Theirs>().is_ok();
        assert_eq!(ours, theirs, "{text}");
    }
}

/// Operators and traversals of hcl-edit's tree, in the notation of [`sketch`].
fn their_sketch(expression: &Theirs) -> String {
    match expression {
        Theirs::BinaryOp(binary) => {
            let (left, right) = (their_sketch(&binary.lhs_expr), their_sketch(&binary.rhs_expr));
            format!("({} {left} {right})", their_sign(*binary.operator.value()))
        }
        Theirs::UnaryOp(unary) => {
            format!("({} {})", unary.operator.value().as_str(), their_sketch(&unary.expr))
        }
        Theirs::Parenthesis(inner) => format!("(group {})", their_sketch(inner.inner())),
        Theirs::Conditional(all) => {
            let all = [&all.cond_expr, &all.true_expr, &all.false_expr];
            format!("(if {})", all.map(their_sketch).join(" "))
        }
        Theirs::Traversal(traversal) => {
            let steps = traversal.operators.iter().map(|step| match step.value() {
                TraversalOperator::GetAttr(name) => format!(".{}", name.as_str()),
                TraversalOperator::Index(key) => format!("[{}]", their_sketch(key)),
                TraversalOperator::LegacyIndex(key) => format!("[{}]", key.value()),
                other => format!("{other:?}"),
            });
            format!("{}{}", their_sketch(&traversal.expr), steps.collect::<String>())
        }
        Theirs::Variable(name) => name.value().as_str().to_owned(),
        Theirs::Number(number) => number.value().to_string(),
        Theirs::String(text) => format!("{:?}", text.value()),
        other => format!("{other:?}"),
    }
}

fn their_sign(operator: BinaryOperator) -> &'static str {
    operator.as_str()
}

#[test]
fn both_see_the_same_structure() {
    let texts = [
        "a.b.c[0].d[\"e\"][f]",
        "a.0.b",
        "a + b",
        "!a && b",
        "-a.b",
        "(a + b) * c",
        "a ? b : c ? d : e",
        "a ? b ? c : d : e",
        "1 + 2 * 3",
        "a == b || c != d && e",
        "a < b == c > d",
        "a * b + c - d",
    ];
    for text in texts {
        let theirs = text.parse::<Theirs>().unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(sketch(&good(text)), their_sketch(&theirs), "{text}");
    }
}
