//! What this program makes of an expression, without a process of its own.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use platoform_diagnostic::{Diagnostic, FileId, FileKind, Files, Sources};
use platoform_lang::eval::types::type_constraint;
use platoform_lang::{
    Body, Evaluator, Expression, FunctionContext, Ident, Key, Resolved, Scope, Volatile, parse,
    parse_expression,
};
use platoform_value::{Marks, Type, Value, convert};

use super::printed::printed;

/// What an expression comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The text that the console prints.
    Value(String),
    /// Summary and detail of everything that is wrong.
    Errors(Vec<(String, String)>),
}

/// A configuration of variables and locals to evaluate expressions in.
pub struct Fixture {
    files: Directory,
    variables: BTreeMap<Arc<str>, Value>,
    locals: BTreeMap<Arc<str>, Arc<Expression>>,
}

struct Directory(PathBuf);

impl Files for Directory {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        fs::read(self.0.join(path))
    }

    fn list(&self, directory: &Path) -> io::Result<Vec<String>> {
        let entries = fs::read_dir(self.0.join(directory))?;
        let mut names: Vec<String> = entries
            .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
            .collect::<io::Result<_>>()?;
        names.sort();
        Ok(names)
    }

    fn kind(&self, path: &Path) -> Option<FileKind> {
        let metadata = fs::metadata(self.0.join(path)).ok()?;
        Some(if metadata.is_dir() { FileKind::Directory } else { FileKind::File })
    }
}

/// Time stands still, and chance is no chance.
struct Fixed;

impl Volatile for Fixed {
    fn timestamp(&self) -> String {
        "2024-01-02T03:04:05Z".into()
    }

    fn random(&self) -> [u8; 16] {
        [7; 16]
    }
}

impl Fixture {
    /// Reads the configuration in a directory.
    pub fn new(directory: &Path) -> Self {
        let text = fs::read_to_string(directory.join("main.tf")).expect("the fixture is there");
        let (body, diagnostics) = parse(FileId(0), &text);
        assert!(!diagnostics.has_errors(), "{diagnostics:?}");
        let mut fixture = Self {
            files: Directory(directory.to_owned()),
            variables: BTreeMap::new(),
            locals: BTreeMap::new(),
        };
        for block in &body.blocks {
            match &*block.kind.name {
                "variable" => {
                    let name = block.labels[0].text.clone();
                    let value = fixture.variable(&block.body);
                    fixture.variables.insert(name, value);
                }
                "locals" => {
                    let attributes = block.body.attributes.iter();
                    fixture.locals.extend(attributes.map(|attribute| {
                        (attribute.name.name.clone(), attribute.expression.clone())
                    }));
                }
                _ => {}
            }
        }
        fixture
    }

    fn variable(&self, body: &Body) -> Value {
        let argument = |name: &str| {
            let mut attributes = body.attributes.iter();
            attributes.find(|attribute| &*attribute.name.name == name)
        };
        let flag = |name, marks| if argument(name).is_some() { marks } else { Marks::NONE };
        let marks = flag("sensitive", Marks::SENSITIVE) | flag("ephemeral", Marks::EPHEMERAL);
        let sources = Sources::default();
        let functions = self.functions(&sources);
        let kind = argument("type")
            .map(|kind| type_constraint(&kind.expression, &functions).expect("it is a type"));
        let (kind, defaults) = kind.unwrap_or((Type::Dynamic, Default::default()));
        let Some(default) = argument("default") else {
            return Value::unknown(kind.without_optional()).mark(marks);
        };
        let value = self.evaluate(&default.expression, &sources).expect("the default is right");
        convert(&defaults.apply(&value), &kind).expect("the default fits").mark(marks)
    }

    fn functions<'a>(&'a self, sources: &'a Sources) -> FunctionContext<'a> {
        FunctionContext {
            sources: Some(sources),
            home: Some(Path::new("/root")),
            volatile: Some(&Fixed),
            ..FunctionContext::new(&self.files, Path::new("."))
        }
    }

    fn evaluate(
        &self,
        expression: &Expression,
        sources: &Sources,
    ) -> Result<Value, Vec<(String, String)>> {
        let functions = self.functions(sources);
        let evaluator = Evaluator { scope: self, functions: &functions };
        evaluator.evaluate(expression).map_err(|mut diagnostics| {
            diagnostics.sort();
            diagnostics.iter().map(|found| (found.summary.clone(), found.detail.clone())).collect()
        })
    }

    /// The value of an expression.
    pub fn value(&self, text: &str) -> Result<Value, Vec<(String, String)>> {
        let mut sources = Sources::default();
        let file = sources.add("<console-input>", text);
        let (expression, diagnostics) = parse_expression(file, text, 0);
        if diagnostics.has_errors() {
            let errors = diagnostics.iter();
            return Err(errors
                .map(|found| (found.summary.clone(), found.detail.clone()))
                .collect());
        }
        self.evaluate(&expression, &sources)
    }

    /// What the console prints for an expression.
    pub fn answer(&self, text: &str) -> Answer {
        match self.value(text) {
            Ok(value) => Answer::Value(printed(&value, 0)),
            Err(errors) => Answer::Errors(errors),
        }
    }
}

impl Scope for Fixture {
    fn lookup(&self, root: &Ident, steps: &[Key<'_>]) -> Result<Resolved, Diagnostic> {
        let name = match steps.first() {
            Some(Key::Attribute(name)) => &*name.name,
            _ => "",
        };
        let value = match &*root.name {
            "var" => self.variables.get(name).cloned(),
            "local" => match self.locals.get(name) {
                Some(expression) => {
                    Some(self.evaluate(expression, &Sources::default()).map_err(|errors| {
                        let (summary, detail) = errors[0].clone();
                        Diagnostic::error(summary, detail)
                    })?)
                }
                None => None,
            },
            "path" => Some(".".into()),
            _ => None,
        };
        match value {
            Some(value) => Ok(Resolved { value, consumed: 1 }),
            None => Err(Diagnostic::error("Undeclared", format!("{}.{name}", root.name))),
        }
    }
}
