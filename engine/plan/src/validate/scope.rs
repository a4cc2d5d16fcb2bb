//! What names mean while nothing is known but the configuration.

use platoform_config::{Module, ModuleId, Repetition};
use platoform_diagnostic::Diagnostic;
use platoform_lang::{Evaluator, FunctionContext, Ident, Key, Resolved, Scope};
use platoform_value::{Marks, ObjectType, Type, Value};

use super::Validator;
use crate::session::functions::ModuleFunctions;

impl Validator<'_> {
    /// Evaluates something in a module.
    pub(super) fn within<T>(
        &self,
        module: ModuleId,
        evaluate: impl FnOnce(&Evaluator<'_>) -> T,
    ) -> T {
        self.knowing(module, None, evaluate)
    }

    /// Evaluates something in a module, where one of its variables has a value.
    pub(super) fn knowing<T>(
        &self,
        module: ModuleId,
        known: Option<(&str, &Value)>,
        evaluate: impl FnOnce(&Evaluator<'_>) -> T,
    ) -> T {
        let module = self.topology.module(module);
        let scope = Unknowns { validator: self, module, known };
        let provided = ModuleFunctions { session: self.session, module };
        let functions = FunctionContext {
            home: self.session.environment.home.as_deref(),
            timestamp: Some(""),
            sources: Some(&self.topology.sources),
            provider_function: Some(&provided),
            ..FunctionContext::new(&*self.session.files, &self.session.environment.directory)
        };
        evaluate(&Evaluator { scope: &scope, functions: &functions })
    }
}

struct Unknowns<'a> {
    validator: &'a Validator<'a>,
    module: &'a Module,
    /// The variable that has a value.
    known: Option<(&'a str, &'a Value)>,
}

impl Scope for Unknowns<'_> {
    fn lookup(&self, root: &Ident, steps: &[Key<'_>]) -> Result<Resolved, Diagnostic> {
        let (value, consumed) = match &*root.name {
            "self" => (unknown(), 0),
            "data" | "resource" => (unknown(), 2),
            "ephemeral" => (unknown().mark(Marks::EPHEMERAL), 2),
            known @ ("var" | "local" | "module" | "count" | "each" | "path" | "terraform"
            | "tofu" | "platoform") => {
                let name = match steps.first() {
                    Some(Key::Attribute(name)) => &*name.name,
                    _ => "",
                };
                (self.named(known, name), 1)
            }
            _ => (unknown(), 1),
        };
        Ok(Resolved { value, consumed: consumed.min(steps.len()) })
    }
}

/// That there is something, of any type.
fn unknown() -> Value {
    Value::unknown(Type::Dynamic)
}

impl Unknowns<'_> {
    fn named(&self, root: &str, name: &str) -> Value {
        let validator = self.validator;
        let shown = |path: &std::path::Path| Value::string(path.to_string_lossy().into_owned());
        match (root, name) {
            ("var", name) => self.variable(name),
            ("local", name) => {
                let key = (self.module.id, name.into());
                validator.locals.get(&key).cloned().unwrap_or_else(unknown)
            }
            ("module", name) => self.outputs(name),
            ("count", _) => Value::unknown(Type::Number),
            ("each", "key") => Value::unknown(Type::String),
            ("path", "module") => shown(&self.module.directory),
            ("path", "root") => shown(&validator.topology.module(ModuleId::ROOT).directory),
            ("path", "cwd") => shown(&validator.session.environment.directory),
            (_, "workspace") => Value::string(validator.session.workspace.clone()),
            (_, "applying") => Value::unknown(Type::Bool).mark(Marks::EPHEMERAL),
            _ => unknown(),
        }
    }

    fn variable(&self, name: &str) -> Value {
        if let Some((_, value)) = self.known.filter(|(known, _)| *known == name) {
            return value.clone();
        }
        let Some(variable) = self.module.variables.get(name) else { return unknown() };
        let mut marks = Marks::NONE;
        if variable.sensitive {
            marks |= Marks::SENSITIVE;
        }
        if variable.ephemeral {
            marks |= Marks::EPHEMERAL;
        }
        Value::unknown(variable.kind.clone()).mark(marks)
    }

    /// The outputs of a called module, which may each be anything.
    fn outputs(&self, call: &str) -> Value {
        let Some(call) = self.module.calls.get(call) else { return unknown() };
        let outputs = self.validator.topology.module(call.module).outputs.keys();
        let attributes = outputs.map(|name| (name.clone(), Type::Dynamic)).collect();
        let one =
            Type::Object(std::sync::Arc::new(ObjectType { attributes, ..ObjectType::default() }));
        Value::unknown(match call.repetition {
            Repetition::Single | Repetition::Enabled(_) => one,
            Repetition::Count(_) => Type::list(one),
            Repetition::ForEach(_) => Type::map(one),
        })
    }
}
