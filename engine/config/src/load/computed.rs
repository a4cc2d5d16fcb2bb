//! Addresses of modules that are worked out: `source` and `version` with variables.
//!
//! A module has to be there before anything is evaluated, so only what never waits can be used:
//! variables of the root module, variables that a call fills from such values, and locals made of
//! them. Resources, data sources, outputs of modules and `count` or `each` are out of reach.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use platoform_diagnostic::{Diagnostic, Diagnostics, MemoryFiles, Span};
use platoform_lang::eval::{Key, Resolved};
use platoform_lang::tree::{Expression, Ident};
use platoform_lang::{Evaluator, FunctionContext, Scope};
use platoform_value::{Marks, Type, Value, convert};

use super::instantiate::Frame;
use crate::{ModuleId, RootVariable};

/// What names mean before anything is planned.
pub(super) struct Known<'a> {
    /// The modules made so far.
    pub(super) frames: &'a [Frame],
    /// Values of the root module's variables, where they were given.
    pub(super) variables: Option<&'a BTreeMap<Arc<str>, RootVariable>>,
    /// What is being worked out, to notice a circle.
    open: RefCell<Vec<(ModuleId, Arc<str>)>>,
    /// Why a value is not known, where that is more than the reference says.
    why: RefCell<Diagnostics>,
    /// A variable of the root module was read that has no given value.
    pub(super) asked: RefCell<bool>,
}

impl<'a> Known<'a> {
    pub(super) fn new(
        frames: &'a [Frame],
        variables: Option<&'a BTreeMap<Arc<str>, RootVariable>>,
    ) -> Self {
        let (open, why) = (RefCell::default(), RefCell::default());
        Self { frames, variables, open, why, asked: RefCell::new(false) }
    }

    /// The text that an argument of a call in a module comes to.
    pub(super) fn text(
        &self,
        module: ModuleId,
        argument: &str,
        expression: &Expression,
    ) -> Result<Arc<str>, Diagnostics> {
        let value = self.value(module, expression)?;
        let wrong = |detail: String| Diagnostics::from(unknown(detail).at(expression.span));
        if value.deep_marks().contains(Marks::SENSITIVE)
            || value.deep_marks().contains(Marks::EPHEMERAL)
        {
            return Err(wrong(format!(
                "`{argument}` is shown and stored, so it cannot be a secret"
            )));
        }
        if !value.is_wholly_known() {
            let mut found = self.why.take();
            if found.is_empty() {
                found.push(unknown(format!("`{argument}` is not known yet")).at(expression.span));
            }
            return Err(found);
        }
        let text = convert(&value, &Type::String).ok();
        let text = text.and_then(|text| text.as_str().map(Arc::from));
        text.ok_or_else(|| {
            let detail = format!("Unsuitable value: `{argument}` must be a string");
            Diagnostic::error("Unsuitable value type", detail).at(expression.span).into()
        })
    }

    fn value(&self, module: ModuleId, expression: &Expression) -> Result<Value, Diagnostics> {
        let files = MemoryFiles::default();
        let functions = FunctionContext::new(&files, Path::new(""));
        let scope = View { known: self, module };
        Evaluator { scope: &scope, functions: &functions }.evaluate(expression)
    }

    fn variable(&self, module: ModuleId, name: &Ident, place: Span) -> Result<Value, Diagnostic> {
        let frame = &self.frames[module.0 as usize];
        let Some(variable) = frame.definition.variables.get(&name.name) else {
            return Err(undeclared("input variable", name).at(place));
        };
        let given = match frame.call() {
            None => {
                let given = self
                    .variables
                    .and_then(|all| all.get(&name.name))
                    .map(|given| given.value.clone())
                    .filter(Value::is_wholly_known);
                *self.asked.borrow_mut() |= self.variables.is_none();
                given
            }
            Some((caller, inputs)) => inputs
                .get(&name.name)
                .map(|(_, expression)| self.value_or_unknown(caller, expression)),
        };
        let given = given.filter(|value| !value.is_null() || variable.nullable);
        let value = match given.or_else(|| variable.default.clone()) {
            Some(value) => value,
            None => {
                let detail = format!("The variable `{}` has no value", name.name);
                let help = format!("give it one, for example by `-var {}=VALUE`", name.name);
                self.because(unknown(detail).at(place).help(help));
                Value::unknown(variable.kind.clone())
            }
        };
        let value = convert(&value, &variable.kind).unwrap_or(value);
        Ok(if variable.sensitive { value.mark(Marks::SENSITIVE) } else { value })
    }

    fn local(&self, module: ModuleId, name: &Ident, place: Span) -> Result<Value, Diagnostic> {
        let frame = &self.frames[module.0 as usize];
        let Some(local) = frame.definition.locals.get(&name.name) else {
            return Err(undeclared("local value", name).at(place));
        };
        let key = (module, name.name.clone());
        if self.open.borrow().contains(&key) {
            let detail = format!("The local value `{}` is made of itself", name.name);
            return Err(unknown(detail).at(place));
        }
        self.open.borrow_mut().push(key);
        let value = self.value_or_unknown(module, &local.expression);
        self.open.borrow_mut().pop();
        Ok(value)
    }

    fn value_or_unknown(&self, module: ModuleId, expression: &Expression) -> Value {
        self.value(module, expression).unwrap_or_else(|found| {
            self.why.borrow_mut().extend(found);
            Value::unknown(Type::Dynamic)
        })
    }

    fn because(&self, why: Diagnostic) {
        self.why.borrow_mut().push(why);
    }
}

/// What names mean in one module.
struct View<'k, 'a> {
    known: &'k Known<'a>,
    module: ModuleId,
}

impl Scope for View<'_, '_> {
    fn lookup(&self, root: &Ident, steps: &[Key<'_>]) -> Result<Resolved, Diagnostic> {
        let found = match (&*root.name, steps.first()) {
            ("var", Some(Key::Attribute(name))) => {
                self.known.variable(self.module, name, root.span)?
            }
            ("local", Some(Key::Attribute(name))) => {
                self.known.local(self.module, name, root.span)?
            }
            _ => {
                return Err(unknown(format!(
                    "The address of a module must be known before anything is planned, so `{}` \
                     cannot be used here: only `var` and `local` can",
                    root.name
                ))
                .at(root.span));
            }
        };
        Ok(Resolved { value: found, consumed: 1 })
    }
}

fn unknown(detail: String) -> Diagnostic {
    Diagnostic::error("Variables not allowed", detail)
}

fn undeclared(what: &str, name: &Ident) -> Diagnostic {
    unknown(format!("No {what} named `{}` is declared in this module", name.name))
}
