//! Evaluating and planning again what was not wholly known when the plan was made.

use platoform_diagnostic::{Diagnostic, Diagnostics};
use platoform_provider::{ConfigureRequest, PlanRequest, propose};
use platoform_value::Value;

use super::{Call, PRECONDITION};
use crate::ignore::ignored;
use crate::redact::redacted;
use crate::session::nodes::{NodeId, NodeKind};
use crate::session::{ProviderStatus, Session};

impl Session {
    /// Evaluates a named value or a provider configuration again, now that more is known.
    pub async fn evaluate(&mut self, node: u32) -> Diagnostics {
        let id = NodeId(node);
        match self.nodes.get(id).kind.clone() {
            NodeKind::Provider(number) => self.configure_again(number).await,
            NodeKind::Variable(instance, name) => {
                let mut diagnostics = Diagnostics::default();
                if instance != 0 {
                    let evaluated = self.variable(instance, &name);
                    if let Some(slot) = self.instances[instance].variables.get_mut(&name) {
                        slot.value = evaluated.value;
                    }
                    diagnostics = evaluated.diagnostics;
                }
                let module = self.instances[instance].module;
                if let Some(variable) = self.topology.module(module).variables.get(&name).cloned() {
                    diagnostics.extend(self.validations(instance, &variable, None).diagnostics);
                }
                diagnostics
            }
            NodeKind::Local(instance, name) => {
                let evaluated = self.local(instance, &name);
                if let Some(slot) = self.instances[instance].locals.get_mut(&name) {
                    slot.value = evaluated.value;
                }
                evaluated.diagnostics
            }
            NodeKind::Check(instance, name, _) => {
                let module = self.instances[instance].module;
                let check = self.topology.module(module).checks.get(&name);
                check
                    .map(|check| self.assertions(instance, check, true).diagnostics)
                    .unwrap_or_default()
            }
            NodeKind::Output(instance, name) => {
                let evaluated = self.output(instance, &name);
                if let Some(slot) = self.instances[instance].outputs.get_mut(&name) {
                    slot.value = evaluated.value;
                }
                evaluated.diagnostics
            }
            _ => Diagnostics::default(),
        }
    }

    async fn configure_again(&mut self, number: usize) -> Diagnostics {
        let state = &self.providers[number];
        let block = self.topology.provider(&state.id).cloned();
        let content = block.as_ref().and_then(|block| block.content.clone());
        let instance = self.by_module[state.id.module.0 as usize].first().copied();
        let (Some(content), Some(instance)) = (content, instance) else {
            return Diagnostics::default();
        };
        let ((config, mut found), _) =
            self.within(instance, None, None, |evaluator| content.evaluate(evaluator));
        if found.has_errors() {
            return found;
        }
        let provider = self.providers[number].provider.clone();
        let request = ConfigureRequest {
            config: config.unmark_deep(),
            environment: self.environment.clone(),
        };
        match provider.configure(request).await {
            Ok(()) => self.providers[number].status = ProviderStatus::Ready,
            Err(failure) => {
                let header = block.map(|block| block.header);
                let name = format!("provider \"{}\"", self.providers[number].id.name);
                let all = failure.problems.iter();
                found.extend(
                    all.map(|problem| self.problem(problem, Some(&content), header, &name)),
                );
            }
        }
        found
    }

    pub(super) fn config_again(&self, work: usize) -> Result<Value, Diagnostics> {
        let item = &self.work[work];
        let Some(place) = &item.place else { return Ok(item.config.clone()) };
        let lifecycle = self.lifecycle(place);
        let each = self.each_now(place);
        let ((config, mut found), _) =
            self.within(place.instance, Some(&each), None, |evaluator| {
                place.content.evaluate(evaluator)
            });
        found.extend(self.check_again(place, &lifecycle.preconditions, None, PRECONDITION));
        if found.has_errors() {
            return Err(found);
        }
        Ok(ignored(&lifecycle, &item.change.schema, &item.change.before, config))
    }

    pub(super) async fn plan_again(
        &mut self,
        work: usize,
        mut call: Call,
    ) -> Result<Call, Diagnostics> {
        let item = &self.work[work];
        let schema = item.change.schema.clone();
        let prior_private =
            if call.prior.is_null() { Vec::new() } else { item.prior_private.clone() };
        let request = PlanRequest {
            kind: call.kind.clone(),
            proposed: propose(&schema.block, &call.prior, &call.config),
            prior: call.prior.clone(),
            config: call.config.clone(),
            private: prior_private,
        };
        let provider = call.provider.clone();
        let mut responses = provider.plan(std::slice::from_ref(&request)).await;
        let Some(response) = responses.pop() else { return Ok(call) };
        let item = &self.work[work];
        let header = item.change.header;
        let address = item.change.key.address.to_string();
        let content = item.place.as_ref().map(|place| &*place.content);
        let mut found: Diagnostics = response
            .problems
            .iter()
            .map(|problem| redacted(problem, &[&item.config, &item.change.before]))
            .map(|problem| self.problem(&problem, content, header, &address))
            .collect();
        let shown = item.change.after.clone().unmark_deep();
        if !found.has_errors() && !agrees(&shown, &response.planned) {
            let detail = "Now that everything it depends on is known, the provider plans something \
                          else than was shown";
            found.push(
                Diagnostic::error("The plan no longer holds", detail)
                    .at_default(header)
                    .about(address)
                    .help("plan again"),
            );
        }
        if found.has_errors() {
            return Err(found);
        }
        call.planned = response.planned;
        call.private = response.private;
        Ok(call)
    }
}

/// Whether a later value says the same as an earlier one wherever that one was known.
#[must_use]
pub fn agrees(shown: &Value, later: &Value) -> bool {
    if !shown.is_known() {
        return true;
    }
    match (shown.as_entries(), later.as_entries()) {
        (Some(shown), Some(later)) => {
            return shown.len() == later.len()
                && shown
                    .iter()
                    .all(|(key, value)| later.get(key).is_some_and(|other| agrees(value, other)));
        }
        (None, None) => {}
        _ => return false,
    }
    match (shown.as_items(), later.as_items()) {
        (Some(_), Some(_))
            if !shown.is_wholly_known()
                && matches!(shown.data(), platoform_value::Data::Set(_)) =>
        {
            true
        }
        (Some(shown), Some(later)) => {
            shown.len() == later.len()
                && shown.iter().zip(later).all(|(value, other)| agrees(value, other))
        }
        _ => shown == later,
    }
}
