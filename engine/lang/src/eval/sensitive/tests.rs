//! No diagnostic shows a sensitive value: every function and operation is made to fail with a
//! value that is easily recognised.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use platoform_diagnostic::{Diagnostic, MemoryFiles};
use platoform_value::{Entries, Marks, Type, Value};

use crate::eval::tests::parsed;
use crate::eval::{
    Evaluator, FunctionContext, Key, ProvidedFunction, ProvidedParameter, ProviderFunctions,
    Resolved, Scope,
};
use crate::functions;
use crate::tree::Ident;

/// Pieces of the sensitive values, none of which may be shown.
const CANARIES: [&str; 2] = ["hunter2", "7351942"];

/// Names that hold something sensitive, and expressions that do not.
const SENSITIVE: [&str; 9] =
    ["pw", "number", "inner", "outer", "map", "outer_map", "keyed", "numbers", "template"];
const PLAIN: [&str; 8] =
    ["\"a\"", "10", "[]", "{}", "[\"a\"]", "\"10.0.0.0/8\"", "\"%d\"", "\"inside.tmpl\""];

struct Names(HashMap<&'static str, Value>);

impl Scope for Names {
    fn lookup(&self, root: &Ident, steps: &[Key<'_>]) -> Result<Resolved, Diagnostic> {
        match self.0.get(&*root.name) {
            Some(value) => Ok(Resolved { value: value.clone(), consumed: 0 }),
            None => Err(Diagnostic::error("Reference to undeclared name", format!("{steps:?}"))),
        }
    }
}

fn names(marks: Marks) -> Names {
    let secret = |text: &str| Value::from(text).mark(marks);
    let pw = "hunter2secret(";
    let entries = |key: &str, value| [(key.into(), value)].into_iter().collect::<Entries>();
    let texts = |items| Value::list(Type::String, items);
    Names(HashMap::from([
        ("pw", secret(pw)),
        ("number", Value::from(-7_351_942).mark(marks)),
        ("inner", texts(vec![secret(pw), secret(pw)])),
        ("outer", texts(vec![pw.into(), pw.into()]).mark(marks)),
        ("map", Value::map(Type::String, entries("a", secret(pw)))),
        ("outer_map", Value::map(Type::String, entries(pw, pw.into())).mark(marks)),
        ("keyed", Value::object(entries(pw, Value::tuple(vec![pw.into()]))).mark(marks)),
        ("numbers", Value::list(Type::Number, vec![Value::from(-7_351_942).mark(marks)])),
        ("template", secret("${hunter2} ${a.hunter2} %{")),
        ("flag", Value::unknown(Type::Bool)),
    ]))
}

/// A provider whose functions refuse whatever they are given, and say what that was.
struct Refusing;

impl ProviderFunctions for Refusing {
    fn requires(&self, _: &str) -> bool {
        true
    }

    fn find(&self, _: &str, _: &str) -> Option<ProvidedFunction<'_>> {
        let variadic = ProvidedParameter {
            name: "values".into(),
            kind: Type::Dynamic,
            allows_null: true,
            allows_unknown: true,
        };
        Some(ProvidedFunction {
            parameters: Vec::new(),
            variadic: Some(variadic),
            returns: Type::Dynamic,
            run: Box::new(|values| Err((None, format!("bad {values:?}")))),
        })
    }
}

/// What is wrong with an expression, as one text; `None` when nothing is.
fn complaint(scope: &Names, text: &str) -> Option<String> {
    let mut files = MemoryFiles::default();
    files.insert("module/inside.tmpl", "${cidrhost(a, 1)}");
    let functions = FunctionContext {
        timestamp: Some("2024-01-01T00:00:00Z"),
        provider_function: Some(&Refusing),
        ..FunctionContext::new(&files, Path::new("module"))
    };
    let result = Evaluator { scope, functions: &functions }.evaluate(&parsed(text));
    result.err().map(|diagnostics| format!("{diagnostics:?}"))
}

fn shows(complaint: &str) -> bool {
    CANARIES.iter().any(|canary| complaint.contains(canary))
}

/// All calls of a function with so many arguments, one of them sensitive at least.
fn calls(name: &str, count: usize) -> Vec<String> {
    let mut lists = vec![(String::new(), false)];
    for _ in 0..count {
        let longer = lists.iter().flat_map(|(list, sensitive)| {
            let secret = SENSITIVE.iter().map(move |next| (format!("{list}{next}, "), true));
            let plain = PLAIN.iter().map(move |next| (format!("{list}{next}, "), *sensitive));
            secret.chain(plain)
        });
        lists = longer.collect();
    }
    let sensitive = lists.into_iter().filter(|(_, sensitive)| *sensitive);
    sensitive.map(|(list, _)| format!("{name}({})", list.trim_end_matches(", "))).collect()
}

#[test]
fn no_function_shows_a_sensitive_argument() {
    let (sealed, open) = (names(Marks::SENSITIVE), names(Marks::NONE));
    let mut failing = BTreeSet::new();
    let mut telling = BTreeSet::new();
    for name in functions::names() {
        let required = functions::find(name).map_or(0, |function| function.parameters.len());
        let variadic = functions::find(name).is_some_and(|function| function.variadic.is_some());
        let most = if variadic { required.max(1) + 1 } else { required };
        for count in required..=most.min(3) {
            for call in calls(name, count) {
                let Some(complaint) = complaint(&sealed, &call) else { continue };
                assert!(!shows(&complaint), "{call}: {complaint}");
                failing.insert(name);
                // The same failure without marks, to see that there was something to hide.
                if !telling.contains(name)
                    && self::complaint(&open, &call).is_some_and(|found| shows(&found))
                {
                    telling.insert(name);
                }
            }
        }
    }
    assert!(failing.len() > 90, "{failing:?}");
    for name in ["cidrhost", "regex", "lookup", "parseint", "tonumber", "file", "templatefile"] {
        assert!(telling.contains(name), "{name}: {telling:?}");
    }
}

#[test]
fn no_operation_shows_a_sensitive_operand() {
    let sealed = names(Marks::SENSITIVE);
    let mut fine = Vec::new();
    for text in [
        "{ for k in [pw, pw] : k => 1 }",
        "{ for k in inner : k => 1 }",
        "{ for k in outer : k => 1 }",
        "{ for k in [1, 2] : pw => 1 }",
        "{ for k in [1] : keyed => 1 }",
        "[for k in outer : cidrhost(k, 1)]",
        "[for k in outer : [for l in [k] : regex(l, \"x\")]]",
        "[for k in outer : tonumber(k)]",
        "[for k in outer : file(k)]",
        "[for k in outer : templatefile(k, {})]",
        "[for k in outer : templatestring(\"%%{${k}\", {})]",
        "[for k in outer : templatefile(\"inside.tmpl\", { a = k })]",
        "[for k in outer : provider::a::b(k)]",
        "[for k in outer : nothing[k]]",
        "[for k in outer : true ? { (k) = [] } : { a = 1 }]",
        "[for k, v in keyed : lookup({}, k)]",
        "[for k, v in outer_map : tonumber(k)]",
        "[for k in outer : k if k]",
        "[for k in [1] : k if pw]",
        "[for k in [1] : k if keyed]",
        "\"%{ for k in outer }${cidrhost(k, 1)}%{ endfor }\"",
        "\"%{ if pw }a%{ endif }\"",
        "\"a${keyed}\"",
        "\"a${inner}\"",
        "{ (keyed) = 1 }",
        "{ (inner) = 1 }",
        "{ a = 1 }[pw]",
        "tomap({ a = 1 })[pw]",
        "[1][pw]",
        "[1][number]",
        "[1][keyed]",
        "outer[pw]",
        "keyed[pw].a",
        "keyed.b",
        "outer_map.b",
        "outer_map[\"b\"]",
        "inner[*].a",
        "[outer][*][pw]",
        "nothing[pw]",
        "nothing.a[number]",
        "-pw",
        "!pw",
        "pw + 1",
        "1 < pw",
        "true && pw",
        "keyed + keyed",
        "pw ? 1 : 2",
        "true ? keyed : { a = 1 }",
        "false ? [keyed] : [{ a = 1 }]",
        "flag ? { a = [keyed] } : { a = [1, 2] }",
        "try(cidrhost(pw, 1), regex(pw, \"x\"))",
        "provider::a::b(pw)",
        "provider::a::b([pw])",
        "cidrhost([pw]...)",
        "cidrhost([pw, 1]...)",
        "max(inner...)",
    ] {
        match complaint(&sealed, text) {
            Some(complaint) => assert!(!shows(&complaint), "{text}: {complaint}"),
            None => fine.push(text),
        }
    }
    assert_eq!(fine, [""; 0], "these must fail");
}

#[test]
fn what_quotes_no_value_is_said_all_the_same() {
    let sealed = names(Marks::SENSITIVE);
    for (text, expected) in [
        ("cidrhost(pw, 1)", "Call to function \\\"cidrhost\\\" failed: the reason is not shown"),
        ("tonumber(pw)", "cannot convert this sensitive string to number"),
        ("lookup(tomap({ a = 1 }), pw)", "failed to find key (sensitive value)"),
        ("file(pw)", "no file exists at (sensitive value)"),
        ("upper(pw, pw)", "expects only 1 argument"),
        ("join(pw, null)", "argument must not be null"),
        ("templatefile(\"none\", { a = pw })", "no file exists at \\\"none\\\""),
        (
            "templatefile(\"inside.tmpl\", { a = pw })",
            "inside.tmpl:1,3-12: Error in function call; the reason is not shown",
        ),
        ("templatefile(\"inside.tmpl\", { b = pw })", "does not contain key"),
        ("{ for k in [pw, pw] : k => 1 }", "produced the key (sensitive value)"),
    ] {
        let complaint = complaint(&sealed, text).unwrap_or_default();
        assert!(complaint.contains(expected), "{text}: {complaint}");
    }
}
