//! A provider `text` with functions that do next to nothing.

use std::collections::HashMap;
use std::path::Path;

use platoform_diagnostic::{Diagnostics, MemoryFiles};
use platoform_value::{Marks, Type, Value};

use super::{ProvidedFunction, ProvidedParameter, ProviderFunctions};
use crate::eval::tests::{Names, parsed};
use crate::eval::{Evaluator, FunctionContext};

struct Text;

impl ProviderFunctions for Text {
    fn requires(&self, provider: &str) -> bool {
        provider == "text"
    }

    fn find(&self, provider: &str, function: &str) -> Option<ProvidedFunction<'_>> {
        let parameter = |kind, lenient| ProvidedParameter {
            name: "subject".into(),
            kind,
            allows_null: lenient,
            allows_unknown: lenient,
        };
        let (parameter, variadic) = match function {
            "strict" => (parameter(Type::String, false), None),
            "lenient" => (parameter(Type::Dynamic, true), None),
            "several" => (parameter(Type::Dynamic, false), Some(parameter(Type::Number, false))),
            _ => return None,
        };
        self.requires(provider).then(|| ProvidedFunction {
            parameters: vec![parameter],
            variadic,
            returns: Type::String,
            run: Box::new(|arguments| match arguments.first().and_then(Value::as_str) {
                Some("wrong") => Err((Some(0), "it is \"wrong\"".into())),
                Some("broken") => Err((None, "it is \"broken\"".into())),
                _ => Ok(Value::from(format!("{}", arguments.len()))),
            }),
        })
    }
}

fn evaluate(text: &str) -> Result<Value, Diagnostics> {
    let scope = Names(HashMap::from([
        ("secret", Value::from("s3").mark(Marks::SENSITIVE)),
        ("wrong", Value::from("wrong").mark(Marks::SENSITIVE)),
        ("unknown", Value::unknown(Type::Dynamic)),
    ]));
    let files = MemoryFiles::default();
    let functions = FunctionContext {
        provider_function: Some(&Text),
        ..FunctionContext::new(&files, Path::new(""))
    };
    Evaluator { scope: &scope, functions: &functions }.evaluate(&parsed(text))
}

#[track_caller]
fn gives(text: &str, expected: impl Into<Value>) {
    assert_eq!(evaluate(text).unwrap(), expected.into(), "{text}");
}

#[track_caller]
fn fails(text: &str, summary: &str, detail: &str) {
    let found = evaluate(text).unwrap_err();
    let first = found.iter().next().unwrap();
    assert_eq!((&*first.summary, &*first.detail), (summary, detail), "{text}");
}

#[test]
fn arguments_are_checked_and_converted() {
    gives("provider::text::strict(1)", "1");
    gives("provider::text::several([], 1, \"2\")", "3");
    gives("provider::text::several([1, 2, 3]...)", "3");
    let wrong = "Invalid function argument";
    fails(
        "provider::text::strict([])",
        wrong,
        "Invalid value for \"subject\" parameter: string required",
    );
    fails(
        "provider::text::strict(null)",
        wrong,
        "Invalid value for \"subject\" parameter: argument must not be null",
    );
    fails(
        "provider::text::several(1, \"x\")",
        wrong,
        "Invalid value for \"subject\" parameter: a number is required",
    );
    fails(
        "provider::text::strict()",
        "Not enough function arguments",
        "Function \"provider::text::strict\" expects 1 argument(s). Missing value for \"subject\"",
    );
    fails(
        "provider::text::lenient(1, 2)",
        "Too many function arguments",
        "Function \"provider::text::lenient\" expects only 1 argument(s)",
    );
}

#[test]
fn null_and_unknown_reach_only_those_that_take_them() {
    gives("provider::text::lenient(null)", "1");
    gives("provider::text::lenient([unknown])", "1");
    gives("provider::text::strict(unknown)", Value::unknown(Type::String));
    gives("provider::text::several([unknown])", Value::unknown(Type::String));
}

#[test]
fn marks_go_to_the_result_and_secrets_to_no_message() {
    gives("provider::text::lenient([secret])", Value::from("1").mark(Marks::SENSITIVE));
    fails(
        "provider::text::strict(\"wrong\")",
        "Invalid function argument",
        "Invalid value for \"subject\" parameter: it is \"wrong\"",
    );
    fails(
        "provider::text::strict(\"broken\")",
        "Error in function call",
        "Call to function \"provider::text::strict\" failed: it is \"broken\"",
    );
    let found = evaluate("provider::text::strict(wrong)").unwrap_err();
    assert!(found.iter().all(|diagnostic| !diagnostic.detail.contains("wrong\"")), "{found:?}");
}

#[test]
fn what_is_not_there_is_told_and_can_be_caught() {
    let summary = "Unknown provider function";
    fails(
        "provider::text::nothing(1)",
        summary,
        "The function \"nothing\" is not available from the provider \"text\"",
    );
    fails(
        "provider::other::nothing(1)",
        summary,
        "There is no function named \"provider::other::nothing\". Ensure that provider name \
         \"other\" is declared in this module's required_providers block, and that this provider \
         offers a function named \"nothing\"",
    );
    gives("try(provider::text::nothing(1), \"caught\")", "caught");
    gives("try(provider::other::nothing(1), \"caught\")", "caught");
    gives("can(provider::text::strict(\"wrong\"))", false);
}
