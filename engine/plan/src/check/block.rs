//! Blocks that a provider has a say in.

use platoform_config::{Condition, ProviderId, Resource, ResourceId};
use platoform_diagnostic::{Diagnostic, Diagnostics};
use platoform_lang::Expression;
use platoform_value::{Type, Value, convert};

use super::Checker;
use crate::ephemeral;
use crate::planner::expand::{self, Refusal};
use crate::redact::redacted;
use crate::session::module::Each;

impl Checker {
    pub(super) fn provider(&mut self, instance: usize, id: &ProviderId) {
        let Some(block) = self.session.topology.provider(id).cloned() else { return };
        let Some(content) = &block.content else { return };
        let Some(provider) = self.provider_of(&id.source) else { return };
        let ((config, found), _) =
            self.session.within(instance, None, None, |evaluator| content.evaluate(evaluator));
        let failed = found.has_errors();
        self.diagnostics.extend(found);
        if failed {
            return;
        }
        let name = format!("provider \"{}\"", id.name);
        for problem in provider.validate_provider(&config.clone().unmark_deep()) {
            let problem = redacted(&problem, &[&config]);
            let header = Some(block.header);
            let found = self.session.problem(&problem, Some(content), header, &name);
            self.diagnostics.push(found);
        }
    }

    pub(super) fn resource(&mut self, instance: usize, id: &ResourceId) {
        let module = self.session.instances[instance].module;
        let resource = self.session.topology.module(module).resources.get(id).cloned();
        let Some(resource) = resource else { return };
        let mut found = self.repetition(instance, &resource);
        let each = Each::default();
        let ((config, wrong), _) = self
            .session
            .within(instance, Some(&each), None, |evaluator| resource.content.evaluate(evaluator));
        let usable = !wrong.has_errors();
        found.extend(wrong);
        if usable && resource.content.is_known() {
            found.extend(self.content(instance, &resource, &config));
        }
        let lifecycle = &resource.lifecycle;
        let block = &resource.content.schema().block;
        let itself = Value::unknown(block.implied_type());
        for condition in &lifecycle.preconditions {
            found.extend(self.condition(instance, None, condition));
        }
        for condition in &lifecycle.postconditions {
            found.extend(self.condition(instance, Some(&itself), condition));
        }
        if let Some(expression) = &lifecycle.prevent_destroy {
            found.extend(self.typed(instance, None, expression, &Type::Bool));
        }
        let address = self.session.instances[instance].address.to_string();
        let address = if address.is_empty() { id.to_string() } else { format!("{address}.{id}") };
        self.diagnostics.extend(found.into_iter().map(|found| found.within(address.clone())));
    }

    fn repetition(&mut self, instance: usize, resource: &Resource) -> Diagnostics {
        let Some((form, expression)) = expand::expression(&resource.repetition) else {
            return Diagnostics::default();
        };
        let (result, _) = self.session.expression(instance, None, expression);
        match result.map(|value| expand::instances(form, expression, &value)) {
            Err(found) => found,
            Ok(Err(Refusal::Invalid(found))) => found.into(),
            Ok(Ok(_) | Err(Refusal::Unknown(_))) => Diagnostics::default(),
        }
    }

    /// What the schema and the provider say of a block's values.
    fn content(&mut self, instance: usize, resource: &Resource, config: &Value) -> Diagnostics {
        let (id, content) = (&resource.id, &resource.content);
        let module = &self.session.instances[instance].address;
        let address = platoform_config::ResourceAddress { module: module.clone(), id: id.clone() };
        let address = address.to_string();
        let refused = ephemeral::refused(content, config, &address);
        if refused.has_errors() {
            return refused;
        }
        let Some(provider) = self.provider_of(&resource.provider.source) else {
            return Diagnostics::default();
        };
        let problems = provider.validate(id.mode, &id.kind, &config.clone().unmark_deep());
        let problems = problems.iter().map(|problem| {
            let problem = redacted(problem, &[config]);
            self.session.problem(&problem, Some(content), Some(resource.header), &address)
        });
        problems.collect()
    }

    /// Checks that a condition could be a truth value, and its message a text.
    fn condition(
        &self,
        instance: usize,
        itself: Option<&Value>,
        condition: &Condition,
    ) -> Diagnostics {
        let mut found = self.typed(instance, itself, &condition.condition, &Type::Bool);
        found.extend(self.typed(instance, itself, &condition.message, &Type::String));
        found
    }

    fn typed(
        &self,
        instance: usize,
        itself: Option<&Value>,
        expression: &Expression,
        kind: &Type,
    ) -> Diagnostics {
        let each = Each::default();
        let (result, _) = self
            .session
            .within(instance, Some(&each), itself, |evaluator| evaluator.evaluate(expression));
        match result.map(|value| convert(&value, kind)) {
            Ok(Ok(_)) => Diagnostics::default(),
            Ok(Err(error)) => {
                let detail = format!("Invalid expression value: {error}");
                Diagnostic::error("Incorrect value type", detail).at(expression.span).into()
            }
            Err(found) => found,
        }
    }
}
