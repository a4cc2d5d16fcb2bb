//! Tests of evaluation: expressions over a small scope, results as JSON with their type.

use std::collections::HashMap;
use std::path::Path;

use platoform_diagnostic::{Diagnostic, Diagnostics, FileId, MemoryFiles};
use platoform_value::{Marks, Type, Value, convert};

use super::types::type_constraint;
use super::{Evaluator, FunctionContext, Key, Resolved, Scope, Volatile};
use crate::syntax::parse_expression;
use crate::tree::{Expression, Ident};

/// Names and their values.
pub(crate) struct Names(pub HashMap<&'static str, Value>);

impl Scope for Names {
    fn lookup(&self, root: &Ident, _: &[Key<'_>]) -> Result<Resolved, Diagnostic> {
        match self.0.get(&*root.name) {
            Some(value) => Ok(Resolved { value: value.clone(), consumed: 0 }),
            None => Err(Diagnostic::error("Reference to undeclared name", &*root.name)),
        }
    }
}

fn scope() -> Names {
    let users = [("ann", 41), ("bob", 29)].map(|(name, age)| {
        Value::object_of([("name", Value::from(name)), ("age", Value::from(age))])
    });
    let element = users[0].kind();
    Names(HashMap::from([
        ("users", Value::tuple(users.to_vec())),
        ("list", Value::list(element, users.to_vec())),
        ("secret", Value::from("s3").mark(Marks::SENSITIVE)),
        ("any", Value::unknown(Type::Dynamic)),
        ("text", Value::unknown(Type::String)),
        ("flag", Value::unknown(Type::Bool)),
        ("texts", Value::unknown(Type::list(Type::String))),
        ("no_texts", Value::list(Type::String, Vec::new())),
        ("null_texts", Value::null(Type::list(Type::String))),
        ("object", Value::unknown(Type::object([("a", Type::Number)]))),
    ]))
}

fn files() -> MemoryFiles {
    let mut files = MemoryFiles::default();
    files.insert("module/hello.tmpl", "Hello, ${name}!");
    files.insert("module/loop.tmpl", "%{ for x in xs ~}\n- ${x}\n%{ endfor ~}\n");
    files.insert("module/again.tmpl", "${templatefile(\"again.tmpl\", {})}");
    files.insert("module/raw.bin", [0xff, 0xfe]);
    for name in ["a.txt", "b.txt", "sub/a.txt", "sub/deep/c.txt"] {
        files.insert(format!("module/tree/{name}"), name);
    }
    files
}

pub(super) fn parsed(text: &str) -> Expression {
    let (expression, diagnostics) = parse_expression(FileId(0), text, 0);
    assert!(!diagnostics.has_errors(), "{text}: {diagnostics:?}");
    expression
}

/// Time and chance that stand still.
struct Fixed;

impl Volatile for Fixed {
    fn timestamp(&self) -> String {
        "2024-02-03T04:05:06Z".into()
    }

    fn random(&self) -> [u8; 16] {
        [7; 16]
    }
}

/// What an expression comes to, if it can be parsed at all.
pub(crate) fn outcome(text: &str) -> Result<Value, Diagnostics> {
    let (expression, found) = parse_expression(FileId(0), text, 0);
    if found.has_errors() { Err(found) } else { evaluated(&expression, true) }
}

fn evaluate(text: &str) -> Result<Value, Diagnostics> {
    evaluate_with(text, true)
}

/// The value of an expression in a plan, where nobody asks for time and chance.
pub(crate) fn planned(text: &str) -> Value {
    evaluate_with(text, false).unwrap_or_else(|diagnostics| panic!("{text}: {diagnostics:?}"))
}

fn evaluate_with(text: &str, volatile: bool) -> Result<Value, Diagnostics> {
    evaluated(&parsed(text), volatile)
}

fn evaluated(expression: &Expression, volatile: bool) -> Result<Value, Diagnostics> {
    let files = files();
    let functions = FunctionContext {
        home: Some(Path::new("/home/me")),
        timestamp: Some("2024-01-01T00:00:00Z"),
        volatile: volatile.then_some(&Fixed as &dyn Volatile),
        ..FunctionContext::new(&files, Path::new("module"))
    };
    let scope = scope();
    Evaluator { scope: &scope, functions: &functions }.evaluate(expression)
}

pub(crate) fn value(text: &str) -> Value {
    evaluate(text).unwrap_or_else(|diagnostics| panic!("{text}: {diagnostics:?}"))
}

/// The result as JSON, or `unknown`, with its type.
fn shown(text: &str) -> String {
    let value = value(text);
    let kind = value.kind();
    if !value.is_wholly_known() {
        return format!("unknown {kind}");
    }
    let json = value.to_json().unwrap_or_else(|error| panic!("{text}: {error}"));
    format!("{json} {kind}")
}

/// The summaries of what is wrong.
fn errors(text: &str) -> Vec<String> {
    match evaluate(text) {
        Ok(value) => panic!("{text} gives {value:?}"),
        Err(diagnostics) => diagnostics.iter().map(|found| found.summary.clone()).collect(),
    }
}

#[track_caller]
pub(crate) fn gives(text: &str, expected: &str) {
    assert_eq!(shown(text), expected, "{text}");
}

/// The only thing that is wrong says this.
#[track_caller]
pub(crate) fn says(text: &str, detail: &str) {
    let found = evaluate(text).err().unwrap_or_default();
    let details: Vec<&str> = found.iter().map(|found| &*found.detail).collect();
    assert_eq!(details, [detail], "{text}");
}

#[track_caller]
pub(crate) fn fails(text: &str, summary: &str) {
    assert_eq!(errors(text), [summary], "{text}");
}

#[test]
fn operators_convert_their_operands_but_equality_does_not() {
    gives("1 + \"2\"", "3 number");
    gives("\"2\" == 2", "false bool");
    gives("-\"5\" < 1", "true bool");
    fails("1 + []", "Invalid operand");
    fails("1 + null", "Operation failed");
    fails("0 / 0", "Operation failed");
    assert_eq!(errors("{} < []"), ["Invalid operand", "Invalid operand"]);
}

#[test]
fn what_decides_a_logical_operator_hides_the_other_side() {
    gives("false && flag", "false bool");
    gives("flag && false", "false bool");
    gives("true || users[9].name == \"x\"", "true bool");
    gives("flag || false", "unknown bool");
    fails("true || nothing", "Reference to undeclared name");
    fails("true && [].a", "Unsupported attribute");
}

#[test]
fn branches_of_a_conditional_have_one_type() {
    gives("true ? { a = 1, b = 2 } : { a = 1 }", r#"{"a":1,"b":2} map(number)"#);
    gives("false ? 1 : null", "null number");
    gives("true ? 1 : \"a\"", "\"1\" string");
    gives("flag ? 1 : 2", "unknown number");
    gives("(flag ? \"a\" : \"b\") == null", "false bool");
    fails("true ? 1 : [1]", "Inconsistent conditional result types");
    fails("null ? 1 : 2", "Null condition");
    fails("\"x\" ? 1 : 2", "Incorrect condition type");
    gives("true ? 1 : users[5]", "1 number");
    fails("true ? 1 : nothing", "Reference to undeclared name");
}

#[test]
fn access_says_what_is_missing() {
    gives("users[0].name", "\"ann\" string");
    gives("users.1[\"age\"]", "29 number");
    gives("object.a", "unknown number");
    gives("any.thing[0]", "unknown any");
    fails("object.b", "Unsupported attribute");
    fails("users[2]", "Invalid index");
    fails("users.name", "Unsupported attribute");
    fails("tomap({ a = 1 }).b", "Missing map element");
    fails("null.a", "Attempt to get attribute from null value");
    fails("null_texts[0]", "Attempt to index null value");
    fails("toset([\"a\"])[0]", "Invalid index");
}

#[test]
fn a_splat_takes_every_element() {
    gives("users[*].name", r#"["ann","bob"] tuple([string, string])"#);
    gives("list.*.age", "[41,29] list(number)");
    gives("no_texts[*]", "[] list(string)");
    gives("null[*].a", "[] tuple([])");
    gives("{ a = 1 }[*].a", "[1] tuple([number])");
    gives("texts[*]", "unknown list(string)");
    gives("text[*]", "unknown any");
    fails("null_texts[*]", "Splat of null value");
    assert_eq!(errors("users[*].size").len(), 2);
}

#[test]
fn for_goes_through_any_collection() {
    gives("[for i, u in users : \"${i}${u.name}\"]", r#"["0ann","1bob"] tuple([string, string])"#);
    gives(
        "{ for k, v in { b = 1, a = 2 } : k => v * 2 if v > 1 }",
        r#"{"a":4} object({ a = number })"#,
    );
    gives(
        "{ for x in [\"a\", \"b\", \"a\"] : x => 1... }",
        r#"{"a":[1,1],"b":[1]} object({ a = tuple([number, number]), b = tuple([number]) })"#,
    );
    gives("[for x in texts : x]", "unknown any");
    gives("[for x in [1, 2] : x if flag]", "unknown any");
    fails("{ for x in [1, 1] : \"k\" => x }", "Duplicate object key");
    fails("[for x in null : x]", "Iteration over null value");
    fails("[for x in 5 : x]", "Iteration over non-iterable value");
    fails("[for x in [1, 2] : x if \"no\"]", "Invalid 'for' condition");
}

#[test]
fn a_for_binds_its_names_inside_only() {
    gives("[for users in [1] : users]", "[1] tuple([number])");
    gives("[for x in [1] : [for x in [2] : x][0] + x]", "[3] tuple([number])");
    let expression = parsed(
        "[for u in users : \"${u}${flag}%{ for y in u }${y}${list[u]}%{ endfor }\" if text]",
    );
    let mut names = Vec::new();
    expression.references(&mut |reference| names.push(reference.root.name.to_string()));
    assert_eq!(names, ["users", "flag", "list", "text"]);
}

#[test]
fn templates_join_text() {
    gives("\"a${1}b${true}\"", "\"a1btrue\" string");
    gives("\"${1}\"", "1 number");
    gives("\"%{ if false }x%{ else }y%{ endif }\"", "\"y\" string");
    gives("\"%{ for k, v in { a = 1 } }${k}=${v};%{ endfor }\"", "\"a=1;\" string");
    gives("\"a-${text}\"", "unknown string");
    gives("startswith(\"abc-${text}\", \"ab\")", "true bool");
    fails("\"a${null}\"", "Invalid template interpolation value");
    fails("\"a${[]}\"", "Invalid template interpolation value");
}

#[test]
fn marks_reach_the_result() {
    for text in [
        "\"x${secret}\"",
        "secret == \"s3\"",
        "upper(secret)",
        "[1][length(secret) - 2]",
        "[for c in [secret] : c][0]",
        "secret == \"s3\" ? 1 : 2",
        "{ (secret) = 1 }",
        "length(secret)",
        "jsondecode(jsonencode({ a = secret })).a",
    ] {
        assert!(value(text).marks().contains(Marks::SENSITIVE), "{text}");
    }
    assert!(value("{ a = secret, b = 1 }.b").deep_marks().is_empty());
    assert!(value("nonsensitive(secret)").deep_marks().is_empty());
}

#[test]
fn calls_are_checked() {
    fails("uper(\"a\")", "Call to unknown function");
    fails("upper()", "Not enough function arguments");
    fails("upper(\"a\", \"b\")", "Too many function arguments");
    fails("upper([])", "Invalid function argument");
    fails("upper(null)", "Invalid function argument");
    fails("max()", "Error in function call");
    fails("max(null...)", "Invalid expanding argument value");
    gives("max([1, 5, 3]...)", "5 number");
    gives("core::upper(\"a\")", "\"A\" string");
    gives("upper(text)", "unknown string");
    gives("format(\"%v\", null)", "unknown any");
}

#[test]
fn try_catches_failures_but_not_undeclared_names() {
    gives("try(users[5].name, \"none\")", "\"none\" string");
    gives("can(users[5])", "false bool");
    gives("can(users[0])", "true bool");
    gives("try(text, 1)", "unknown any");
    fails("try(nothing, 1)", "Reference to undeclared name");
    fails("try(1, nothing)", "Reference to undeclared name");
    fails("try(users[5], users[6])", "Error in function call");
}

#[test]
fn files_are_read_beside_the_module() {
    gives("templatefile(\"hello.tmpl\", { name = \"you\" })", "\"Hello, you!\" string");
    gives("templatefile(\"loop.tmpl\", { xs = [1, 2] })", "\"- 1\\n- 2\\n\" string");
    gives("templatefile(\"hello.tmpl\", { name = text })", "unknown string");
    gives("fileexists(\"nope\")", "false bool");
    fails("templatefile(\"hello.tmpl\", {})", "Invalid function argument");
    fails("templatefile(\"again.tmpl\", {})", "Error in function call");
    fails("file(\"nope\")", "Invalid function argument");
    fails("file(\"raw.bin\")", "Error in function call");
}

#[test]
fn a_chain_of_operators_has_any_length() {
    let chain = format!("1{}", " + 1 * 2 - 1".repeat(50_000));
    gives(&chain, "50001 number");
    gives(&format!("true{}", " && true".repeat(100_000)), "true bool");
    let nested = format!("{}1{}", "abs(-".repeat(450), ")".repeat(450));
    gives(&nested, "1 number");
    fails(&format!("{}\"a\"", "1 + ".repeat(1000)), "Invalid operand");
}

#[test]
fn a_loop_over_many_elements_is_quick_and_its_errors_are_few() {
    let many = "[for a in range(100) : [for b in range(100) : a * b]]";
    let total = value(&format!("length(flatten({many}))"));
    assert_eq!(total, Value::from(10_000));
    assert!(errors("[for a in range(1000) : a.b]").len() <= 10);
}

fn constraint(text: &str) -> Result<(Type, super::defaults::Defaults), Diagnostics> {
    let files = files();
    let functions = FunctionContext::new(&files, Path::new(""));
    type_constraint(&parsed(text), &functions)
}

#[test]
fn type_constraints_are_read() {
    for text in [
        "string",
        "list(any)",
        "map(set(number))",
        "tuple([bool, string])",
        "object({ a = string, b = optional(list(number)) })",
    ] {
        let (kind, _) = constraint(text).unwrap_or_else(|found| panic!("{text}: {found:?}"));
        assert_eq!(kind.to_string(), text);
    }
    for (text, summary) in [
        ("\"string\"", "Invalid quoted type constraints"),
        ("lst(string)", "Invalid type specification"),
        ("set", "Invalid type specification"),
        ("list(string, string)", "Invalid type specification"),
        ("object({ a = optional(number, \"x\") })", "Invalid default value for optional attribute"),
        ("object({ a = optional(string, users) })", "Variables not allowed"),
        ("1 + 1", "Invalid type specification"),
    ] {
        let found = constraint(text).err().unwrap_or_default();
        assert_eq!(found.iter().next().map(|found| &*found.summary), Some(summary), "{text}");
    }
}

#[test]
fn defaults_fill_what_is_missing_at_any_depth() {
    let text = "object({ n = string, size = optional(number, 10), inner = optional(object({ on = \
                optional(bool, true), label = optional(string) }), {}), all = optional(map(object({ \
                x = optional(number, 1) })), {}) })";
    let (kind, defaults) = constraint(text).unwrap_or_else(|found| panic!("{found:?}"));
    let given = value(
        "{ n = \"a\", size = null, inner = { label = \"L\" }, all = { k = {}, l = { x = 2 } } }",
    );
    let complete =
        convert(&defaults.apply(&given), &kind).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(
        complete.to_json().unwrap_or_default().to_string(),
        r#"{"all":{"k":{"x":1},"l":{"x":2}},"inner":{"label":"L","on":true},"n":"a","size":10}"#
    );
}
