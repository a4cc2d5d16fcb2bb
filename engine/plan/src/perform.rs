//! What `apply` needs of a session: the values a call is made with, and a place for its result.

use std::sync::Arc;

use platoform_config::{Condition, Lifecycle, ProviderSource};
use platoform_diagnostic::{Diagnostic, Diagnostics};
use platoform_provider::{ConfigureRequest, PlanRequest, Problem, Provider};
use platoform_schema::{Effect, Mode, Schema};
use platoform_value::{Type, Value};

use crate::ignore::ignored;
use crate::planner::visible;
use crate::redact::redacted;
use crate::sensitive::mark_repeated;
use crate::session::nodes::{NodeId, NodeKind};
use crate::session::{Place, ProviderStatus, Session, Work};
use crate::{Action, OutputRecord, Record, RecordKey, Seal, StepId, Stored, StoredError};
use platoform_provider::propose;

const PRECONDITION: &str = "Resource precondition failed";
const POSTCONDITION: &str = "Resource postcondition failed";

/// Everything for one call.
pub struct Call {
    /// Whom to call.
    pub provider: Arc<dyn Provider>,
    /// The object.
    pub key: RecordKey,
    /// Kind.
    pub kind: Arc<str>,
    /// Managed resource or data source.
    pub mode: Mode,
    /// Whether it has an effect outside the state.
    pub effect: Effect,
    /// What is there, without marks; null for a create.
    pub prior: Value,
    /// What is to be, without marks; null for a destroy.
    pub planned: Value,
    /// The evaluated block, without marks; null for a destroy.
    pub config: Value,
    /// The provider's own bytes.
    pub private: Vec<u8>,
}

impl Session {
    /// The work with this number: what is shown of it.
    #[must_use]
    pub fn change(&self, work: usize) -> &crate::ResourceChange {
        &self.work[work].change
    }

    /// All works by number.
    pub fn works(&self) -> std::ops::Range<usize> {
        0..self.work.len()
    }

    /// Whether a named value is not wholly known yet.
    pub(crate) fn is_pending(&self, node: NodeId) -> bool {
        let slot = match &self.nodes.get(node).kind {
            NodeKind::Variable(instance, name) => self.instances[*instance].variables.get(name),
            NodeKind::Local(instance, name) => self.instances[*instance].locals.get(name),
            NodeKind::Output(instance, name) => self.instances[*instance].outputs.get(name),
            _ => None,
        };
        slot.is_some_and(|slot| slot.unchecked || !slot.value.is_wholly_known())
    }

    pub(crate) fn is_partial(&self, provider: usize) -> bool {
        self.providers[provider].status == ProviderStatus::Partial
    }

    /// From now on the plan is being performed, which `terraform.applying` tells.
    pub fn begin(&mut self) {
        self.applying = true;
    }

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

    /// The call that destroys the object of a work.
    #[must_use]
    pub fn destroy_call(&self, work: usize) -> Call {
        let work = &self.work[work];
        let null = Value::null(work.change.schema.block.implied_type());
        Call {
            planned: null.clone(),
            config: null,
            prior: work.prior.clone(),
            private: work.prior_private.clone(),
            ..self.call(work)
        }
    }

    fn call(&self, work: &Work) -> Call {
        let id = &work.change.key.address.resource.id;
        let null = Value::null(work.change.schema.block.implied_type());
        Call {
            provider: self.providers[work.provider].provider.clone(),
            key: work.change.key.clone(),
            kind: id.kind.clone(),
            mode: id.mode,
            effect: work.effect,
            prior: if work.change.action == Action::Update {
                work.prior.clone()
            } else {
                null.clone()
            },
            planned: null.clone(),
            config: null,
            private: work.change.private.clone(),
        }
    }

    /// The call that makes or changes the object of a work, or reads its data source. Parts that
    /// were unknown while planning are evaluated again; the provider must then plan the same as
    /// before in everything that was known.
    ///
    /// # Errors
    /// Diagnostics: an expression fails, a precondition does not hold, or the provider no longer
    /// plans what was shown.
    pub async fn up_call(&mut self, work: usize) -> Result<Call, Diagnostics> {
        let item = &self.work[work];
        let mut call = self.call(item);
        let settled = item.config.is_wholly_known() && !item.unchecked;
        if settled && call.mode == Mode::Managed {
            call.config = item.config.clone().unmark_deep();
            call.planned = item.change.after.clone().unmark_deep();
            return Ok(call);
        }
        let config = self.config_again(work)?;
        call.config = config.clone().unmark_deep();
        self.work[work].config = config;
        if call.mode == Mode::Data {
            return Ok(call);
        }
        self.plan_again(work, call).await
    }

    fn config_again(&self, work: usize) -> Result<Value, Diagnostics> {
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

    fn check_again(
        &self,
        place: &Place,
        conditions: &[Condition],
        itself: Option<&Value>,
        failed: &str,
    ) -> Diagnostics {
        let each = self.each_now(place);
        let check = |condition| {
            self.condition(place.instance, Some(&each), itself, condition, failed).diagnostics
        };
        conditions.iter().flat_map(check).collect()
    }

    /// Checks the conditions of an object without an action that could not be checked before.
    #[must_use]
    pub fn check(&self, work: usize) -> Diagnostics {
        let item = &self.work[work];
        let Some(place) = &item.place else { return Diagnostics::default() };
        let lifecycle = self.lifecycle(place);
        let mut found = self.check_again(place, &lifecycle.preconditions, None, PRECONDITION);
        let current = self.current(work);
        let itself = current.as_ref();
        found.extend(self.check_again(place, &lifecycle.postconditions, itself, POSTCONDITION));
        found
    }

    fn is_in_check(&self, place: &Place) -> bool {
        let module = self.instances[place.instance].module;
        let resource = self.topology.module(module).resources.get(&place.id);
        resource.is_some_and(|resource| resource.check.is_some())
    }

    fn lifecycle(&self, place: &Place) -> Arc<Lifecycle> {
        let module = self.instances[place.instance].module;
        let resource = self.topology.module(module).resources.get(&place.id);
        resource.map(|resource| resource.lifecycle.clone()).unwrap_or_default()
    }

    async fn plan_again(&mut self, work: usize, mut call: Call) -> Result<Call, Diagnostics> {
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

    /// Puts a result where expressions find it, and checks postconditions.
    pub fn complete(&mut self, work: usize, current: &Value) -> Diagnostics {
        let item = &self.work[work];
        let Some(place) = item.place.clone() else { return Diagnostics::default() };
        let key = item.change.key.address.key.clone();
        let value = visible(&item.change.schema, &item.config, current.clone());
        self.set_instance(&place, &key, value.clone());
        let lifecycle = self.lifecycle(&place);
        self.check_again(&place, &lifecycle.postconditions, Some(&value), POSTCONDITION)
    }

    /// Turns what a provider found during a call into diagnostics.
    #[must_use]
    pub fn problems(&self, work: usize, problems: &[Problem]) -> Diagnostics {
        let item = &self.work[work];
        let address = item.change.key.address.to_string();
        let content = item.place.as_ref().map(|place| &*place.content);
        let values = [&item.config, &item.change.before, &item.change.after];
        let checks = item.place.as_ref().is_some_and(|place| self.is_in_check(place));
        let all = problems.iter().map(|problem| redacted(problem, &values)).map(|mut problem| {
            // No check stops anything.
            if checks {
                problem.severity = platoform_provider::Severity::Warning;
            }
            problem
        });
        all.map(|problem| self.problem(&problem, content, item.change.header, &address)).collect()
    }

    /// What it takes to write the record of an object after a call.
    #[must_use]
    pub fn record_template(&self, work: usize) -> RecordTemplate {
        let item = &self.work[work];
        let provider = &self.providers[item.provider].id;
        RecordTemplate {
            key: item.change.key.clone(),
            schema: item.change.schema.clone(),
            config: item.config.clone(),
            provider: provider.source.clone(),
            provider_config: Self::provider_name(&self.topology, provider),
            create_before_destroy: item.keep.create_first,
            protected: item.keep.protected,
            retained: item.keep.retained,
            dependencies: self.recorded_dependencies(work),
            seal: self.seal.clone(),
        }
    }

    /// The value of a work's object as expressions see it now; of one that is destroyed, as it was.
    #[must_use]
    pub fn current(&self, work: usize) -> Option<Value> {
        let item = &self.work[work];
        let Some(place) = &item.place else { return Some(item.change.before.clone()) };
        let expansion = self.instances[place.instance].resources.get(&place.id)?;
        let slot = expansion.instances.get(&item.change.key.address.key)?;
        Some(slot.value.clone())
    }

    /// Works without a call whose record is to change: the numbers of those to be written again,
    /// and the keys of those that are gone or forgotten.
    #[must_use]
    pub fn stale_records(&self) -> (Vec<usize>, Vec<RecordKey>) {
        let mut stale = Vec::new();
        let mut gone = Vec::new();
        for (index, work) in self.work.iter().enumerate() {
            match work.change.action {
                Action::Forget => gone.push(work.change.key.clone()),
                Action::NoOp if work.stale && work.prior.is_null() => {
                    gone.push(work.change.key.clone());
                }
                Action::NoOp if work.stale => stale.push(index),
                _ => {}
            }
        }
        (stale, gone)
    }

    /// Records of objects that have moved: where the state has them, and what they are now.
    #[must_use]
    pub fn moved_records(&self) -> &[(RecordKey, Record)] {
        &self.moved
    }

    /// The record of an object that is about to be destroyed, as it is.
    ///
    /// # Errors
    /// When a sensitive part cannot be sealed.
    pub fn prior_record(&self, work: usize) -> Result<Record, StoredError> {
        let item = &self.work[work];
        let schema = &item.change.schema;
        let provider = &self.providers[item.provider].id;
        let kind = schema.block.implied_type();
        Ok(Record {
            key: item.change.key.clone(),
            provider: provider.source.clone(),
            provider_config: Self::provider_name(&self.topology, provider),
            schema_version: schema.version,
            attributes: Stored::encode(&item.change.before, &kind, &*self.seal)?,
            private: item.prior_private.clone(),
            tainted: item.tainted,
            create_before_destroy: item.recorded.create_first,
            protected: item.recorded.protected,
            retained: item.recorded.retained,
            dependencies: item.prior_dependencies.clone(),
            version: item.change.version,
        })
    }

    /// Root outputs as they are now, for the state.
    ///
    /// # Errors
    /// When a sensitive one cannot be sealed.
    pub fn output_records(&self) -> Result<Vec<(Arc<str>, OutputRecord)>, StoredError> {
        let outputs = self.instances[0]
            .outputs
            .iter()
            .filter(|(_, slot)| slot.value.is_wholly_known() && !slot.value.is_null());
        let records = outputs.map(|(name, slot)| {
            let kind = slot.value.kind();
            let sensitive = slot.value.deep_marks().contains(platoform_value::Marks::SENSITIVE);
            let value = Stored::encode(&slot.value, &kind, &*self.seal)?;
            let kind = kind.to_json().to_string();
            Ok((name.clone(), OutputRecord { value, kind, sensitive }))
        });
        let mut records: Vec<(Arc<str>, OutputRecord)> =
            records.collect::<Result<_, StoredError>>()?;
        records.sort_by(|left, right| left.0.cmp(&right.0));
        Ok(records)
    }

    /// The step after which a root output is up to date.
    #[must_use]
    pub fn output_step(&self, name: &str) -> Option<StepId> {
        self.instances[0].outputs.get(name).map(|slot| StepId(slot.node.0))
    }

    /// Root outputs as expressions see them.
    pub fn outputs(&self) -> impl Iterator<Item = (&Arc<str>, &Value)> {
        self.instances[0].outputs.iter().map(|(name, slot)| (name, &slot.value))
    }
}

/// Turns the value of an object into its record.
#[derive(Clone)]
pub struct RecordTemplate {
    key: RecordKey,
    schema: Arc<Schema>,
    config: Value,
    provider: ProviderSource,
    provider_config: Arc<str>,
    create_before_destroy: bool,
    protected: bool,
    retained: bool,
    dependencies: Vec<Arc<str>>,
    seal: Arc<dyn Seal>,
}

impl RecordTemplate {
    /// The record of an object with this value. Unknown parts, as planned values have them, become
    /// null.
    ///
    /// # Errors
    /// When a sensitive part cannot be sealed.
    pub fn record(
        &self,
        current: &Value,
        private: Vec<u8>,
        tainted: bool,
    ) -> Result<Record, StoredError> {
        let block = &self.schema.block;
        let value = visible(&self.schema, &self.config, without_unknown(current));
        let value = mark_repeated(block, value);
        Ok(Record {
            key: self.key.clone(),
            provider: self.provider.clone(),
            provider_config: self.provider_config.clone(),
            schema_version: self.schema.version,
            attributes: Stored::encode(&value, &block.implied_type(), &*self.seal)?,
            private,
            tainted,
            create_before_destroy: self.create_before_destroy,
            protected: self.protected,
            retained: self.retained,
            dependencies: self.dependencies.clone(),
            version: 0,
        })
    }
}

/// Whether a later plan says the same as an earlier one wherever that one was known.
fn agrees(shown: &Value, later: &Value) -> bool {
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

/// The value with null in place of every unknown part.
fn without_unknown(value: &Value) -> Value {
    if value.is_wholly_known() {
        return value.clone();
    }
    value.clone().map_deep(&mut |part| {
        if part.is_known() {
            return part;
        }
        match part.kind() {
            Type::Dynamic => Value::null(Type::Dynamic),
            kind => Value::null(kind),
        }
    })
}
