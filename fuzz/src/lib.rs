//! What the fuzz targets share.

use std::path::Path;
use std::sync::{Arc, LazyLock};

use platoform_config::{ProviderSource, Schemas};
use platoform_diagnostic::{Diagnostic, Diagnostics, MemoryFiles, Sources};
use platoform_lang::eval::Resolved;
use platoform_lang::tree::Ident;
use platoform_lang::{Evaluator, Expression, FunctionContext, Key, Scope};
use platoform_schema::ProviderSchema;
use platoform_value::{Marks, Type, Value};

/// Checks that every diagnostic points into its text, on character boundaries.
///
/// # Panics
/// When one does not.
pub fn check_spans(sources: &Sources, diagnostics: &Diagnostics) {
    for diagnostic in diagnostics.iter() {
        let labels = diagnostic.labels.iter().map(|label| label.span);
        for span in diagnostic.span.into_iter().chain(labels) {
            let source = sources.get(span.file).expect("the file is known");
            let range = span.start as usize..span.end as usize;
            let text = &source.text;
            if source.name.ends_with(".json") {
                // Places in a text of JSON are counted as if it held no escapes, as in Terraform.
                assert!(range.start <= range.end && range.end <= text.len(), "{diagnostic:?}");
            } else {
                assert!(text.get(range).is_some(), "{diagnostic:?} points to {span:?}");
            }
        }
    }
}

/// Evaluates an expression in a scope that has a value of every sort.
///
/// # Errors
/// What is wrong with the expression.
pub fn evaluate(expression: &Expression) -> Result<Value, Diagnostics> {
    let mut files = MemoryFiles::default();
    files.insert("hello.txt", "hello ${name}\n%{ for x in list }${x}%{ endfor }");
    let functions = FunctionContext {
        home: Some(Path::new("/home/me")),
        timestamp: Some("2024-05-06T07:08:09Z"),
        ..FunctionContext::new(&files, Path::new("."))
    };
    Evaluator { scope: &Everything, functions: &functions }.evaluate(expression)
}

/// `var.NAME` and `local.NAME` for a few names.
struct Everything;

impl Scope for Everything {
    fn lookup(&self, root: &Ident, steps: &[Key<'_>]) -> Result<Resolved, Diagnostic> {
        let undeclared = || Diagnostic::error("Reference to undeclared input variable", "None");
        let Some(Key::Attribute(name)) = steps.first() else { return Err(undeclared()) };
        let list = || Value::tuple(vec![Value::from("a"), Value::from("b")]);
        let value = match &*name.name {
            "number" => Value::from(7),
            "list" => list(),
            "null" => Value::null(Type::Dynamic),
            "secret" => Value::from("secret").mark(Marks::SENSITIVE),
            "secrets" => list().mark(Marks::SENSITIVE),
            "unknown" => Value::unknown(Type::Dynamic),
            "text" => Value::unknown(Type::String),
            "map" => Value::unknown(Type::map(Type::Number)),
            _ if &*root.name == "local" => Value::from("text"),
            _ => return Err(undeclared()),
        };
        Ok(Resolved { value, consumed: 1 })
    }
}

/// The schemas of the providers that need nothing outside.
pub struct Builtin;

impl Schemas for Builtin {
    fn provider(&self, source: &ProviderSource) -> Option<Arc<ProviderSchema>> {
        static ALL: LazyLock<[Arc<ProviderSchema>; 2]> = LazyLock::new(|| {
            [platoform_builtin::terraform().schema(), platoform_builtin::local().schema()]
        });
        let [terraform, local] = &*ALL;
        match &*source.0 {
            "terraform.io/builtin/terraform" => Some(terraform.clone()),
            "registry.terraform.io/hashicorp/local" => Some(local.clone()),
            _ => None,
        }
    }
}
