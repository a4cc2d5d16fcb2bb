//! `import` blocks.

use std::sync::Arc;

use platoform_config::{Import, ModuleId, Referent, Repetition, Resource, Subject, Surroundings};
use platoform_diagnostic::{Diagnostic, Span};
use platoform_lang::tree::{Expression, ExpressionKind, Step};
use platoform_value::{Data, Type, Value, convert};

use super::Validator;

impl Validator<'_> {
    /// Checks all imports.
    pub(super) fn imports(&mut self) {
        let imports = self.topology.module(ModuleId::ROOT).imports.clone();
        for import in &*imports {
            self.import(import);
        }
    }

    fn import(&mut self, import: &Import) {
        let resource = match self.target(import) {
            Ok(resource) => resource,
            Err(error) => return self.found.push(error),
        };
        let wrong_key = resource.and_then(|resource| misplaced_key(import, resource));
        let provider = import.provider.as_ref().filter(|_| resource.is_some());
        let mut around = Surroundings::default();
        if let Some(expression) = &import.for_each {
            let value = self.expression(ModuleId::ROOT, expression, &around);
            // Nothing is imported, so nothing can be wrong with it.
            if value.as_ref().is_some_and(is_nothing) {
                return;
            }
            self.found.extend(value.and_then(|value| not_a_collection(expression, &value)));
            around.each = true;
        }
        if let Some(error) = wrong_key {
            return self.found.push(error);
        }
        if let Some((_, at)) = provider {
            let detail = "The provider is chosen in the resource's own block";
            let error = Diagnostic::error("Invalid import provider argument", detail);
            return self.found.push(error.at(*at));
        }
        if let Some(at) = itself(import) {
            let detail = "The id of an object cannot come from the object itself";
            let error = Diagnostic::error("Invalid import id argument", detail);
            return self.found.push(error.at(at));
        }
        let value = self.expression(ModuleId::ROOT, &import.id, &around);
        // Where there may be several, each one's id is told by the plan.
        if let Some(value) = value.filter(|_| import.for_each.is_none()) {
            self.found.extend(invalid_id(import, &value));
        }
    }

    /// The resource that is imported to. That it is missing in the root module, where its
    /// configuration could be generated, is for the plan to say.
    fn target(&self, import: &Import) -> Result<Option<&Resource>, Diagnostic> {
        let (calls, id) = &import.resource;
        let mut module = self.topology.module(ModuleId::ROOT);
        for name in calls {
            let call = module.calls.get(name);
            module = call.map(|call| self.topology.module(call.module)).ok_or_else(|| {
                let detail = format!("There is no module call named `{name}`");
                Diagnostic::error("Configuration for import target does not exist", detail)
                    .at(import.to.span)
            })?;
        }
        let resource = module.resources.get(id);
        let keyed = matches!(
            &import.to.kind,
            ExpressionKind::Traversal(_, steps) if matches!(steps.last(), Some(Step::Index(..)))
        );
        if resource.is_none() && (keyed || !calls.is_empty()) {
            let detail = format!("There is no resource `{id}` in the configuration");
            return Err(Diagnostic::error(
                "Configuration for import target does not exist",
                detail,
            )
            .at(import.to.span));
        }
        Ok(resource)
    }
}

/// Where the id of an import names the resource that is imported to.
fn itself(import: &Import) -> Option<Span> {
    let (path, id) = &import.resource;
    let mut at = None;
    import.id.references(&mut |reference| {
        if let Ok(referent) = Referent::of(&reference)
            && matches!(&referent.subject, Subject::Resource(other) if other == id)
        {
            at.get_or_insert(reference.span);
        }
    });
    at.filter(|_| path.is_empty())
}

/// The error for a key that the resource cannot have.
fn misplaced_key(import: &Import, resource: &Resource) -> Option<Diagnostic> {
    let ExpressionKind::Traversal(_, steps) = &import.to.kind else { return None };
    let text = match steps.last() {
        Some(Step::Index(key, _)) => match &key.kind {
            ExpressionKind::Literal(value) => Some(value.as_str().is_some()),
            _ => return None,
        },
        _ => None,
    };
    let detail = match (&resource.repetition, text) {
        (Repetition::ForEach(_), Some(true)) | (Repetition::Count(_), Some(false)) => return None,
        (Repetition::Single | Repetition::Enabled(_), None) => return None,
        (Repetition::ForEach(_) | Repetition::Count(_), None) => {
            "The resource repeats, so the key of an instance is needed"
        }
        (_, Some(true)) => "The resource does not use `for_each`",
        (_, Some(false)) => "The resource does not use `count`",
    };
    Some(Diagnostic::error("Invalid import 'to' expression", detail).at(import.to.span))
}

/// Whether there is nothing to go through.
fn is_nothing(value: &Value) -> bool {
    let is_collection = matches!(
        value.data(),
        Data::List(_) | Data::Set(_) | Data::Tuple(_) | Data::Map(_) | Data::Object(_)
    );
    value.is_null() || is_collection && value.children().next().is_none()
}

/// The error for something that has no elements.
fn not_a_collection(expression: &Expression, value: &Value) -> Option<Diagnostic> {
    let kind = value.kind();
    // Null is as good as nothing at all.
    let suitable = kind.element().is_some()
        || matches!(kind, Type::Dynamic | Type::Object(_) | Type::Tuple(_));
    let detail = "`for_each` must be a collection here";
    (!suitable).then(|| Diagnostic::error("Invalid for_each argument", detail).at(expression.span))
}

/// The error for an id that cannot be one.
fn invalid_id(import: &Import, value: &Value) -> Option<Diagnostic> {
    let at = import.id.span;
    let error = |summary: &str, detail: String| Some(Diagnostic::error(summary, detail).at(at));
    let text = match convert(value, &Type::String) {
        Ok(text) => text,
        Err(why) => return error("Incorrect value type", format!("Invalid id: {why}")),
    };
    if text.is_null() {
        return error("Invalid import id argument", "The id must not be null".into());
    }
    let empty: Option<Arc<str>> = text.as_str().filter(|text| text.is_empty()).map(Arc::from);
    empty.and_then(|_| error("Invalid import id argument", "The id must not be empty".into()))
}
