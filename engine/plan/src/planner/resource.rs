//! Planning the instances of a `resource` block.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use platoform_config::{
    InstanceAddress, InstanceKey, ModuleId, Repetition, Resource, ResourceAddress, ResourceId,
};
use platoform_diagnostic::{Diagnostic, Diagnostics};
use platoform_provider::{PlanRequest, PlanResponse};
use platoform_schema::{Effect, Mode, Schema};
use platoform_value::{Type, Value};

use crate::document::PlanAnswer;
use crate::ignore::ignored;
use crate::planner::{Planner, expand::Keys};
use crate::redact::redacted;
use crate::session::Place;
use crate::session::module::{Each, Expansion, Form, InstanceSlot};
use crate::session::nodes::{NodeId, NodeKind};
use crate::{RecordKey, ephemeral, sensitive};
use platoform_provider::propose;

/// What all instances of a block have in common.
pub(crate) struct Common {
    pub resource: Resource,
    pub schema: Arc<Schema>,
    /// The type of every instance.
    pub kind: Type,
    pub effect: Effect,
    pub provider: usize,
}

impl Common {
    /// No instance.
    pub fn null(&self) -> Value {
        Value::null(self.kind.clone())
    }

    /// An instance of which nothing is known.
    pub fn unknown(&self) -> Value {
        Value::unknown(self.kind.clone())
    }
}

/// Instances that a provider is asked about at once: enough for one that has far to go, few enough
/// for questions and answers to take little memory.
const BATCH: usize = 1_000;

/// An instance that is being planned.
pub(crate) struct Candidate {
    pub key: RecordKey,
    pub place: Place,
    pub node: NodeId,
    /// The evaluated block, marks included, after `ignore_changes`.
    pub config: Value,
    /// Number of the prior record.
    pub existing: Option<usize>,
    /// What is there, without marks; null for nothing.
    pub prior: Value,
    /// The provider's own bytes, as recorded or read.
    pub private: Vec<u8>,
    /// A reference of `replace_triggered_by` whose target changes.
    pub triggered: Option<Arc<str>>,
    /// A condition could not be checked yet.
    pub unchecked: bool,
}

impl Planner {
    /// Plans a managed resource in every instance of its module.
    pub(crate) async fn resource(&mut self, module: ModuleId, id: &ResourceId) {
        let Some(common) = self.common(module, id) else { return };
        let Some(imports) = self.imports(module, id) else {
            return self.claim_all(module, id);
        };
        let mut opened = Vec::new();
        for instance in self.session.by_module[module.0 as usize].clone() {
            match self.open_expansion(instance, &common.resource) {
                Some((keys, address)) => opened.push((instance, keys, address)),
                None => self.claim_all(module, id),
            }
        }
        if !imports.is_empty() {
            let keys = opened.iter().flat_map(|(_, keys, resource)| {
                let resource = resource.clone();
                keys.each.keys().map(move |key| InstanceAddress {
                    resource: resource.clone(),
                    key: key.clone(),
                })
            });
            let declared: Vec<InstanceAddress> = keys.collect();
            if !self.import(&common, &imports, &declared).await {
                return self.claim_all(module, id);
            }
        }
        self.check_replace(&opened);
        let (mut candidates, mut again) = (Vec::new(), Vec::new());
        for (instance, keys, address) in opened {
            let after = self.dependencies(instance, &common);
            for (key, each) in keys.each {
                let address = InstanceAddress { resource: address.clone(), key };
                if !self.scope.covers(&address) {
                    self.keep(instance, &address);
                    continue;
                }
                candidates.extend(self.candidate(&common, instance, each, address, &after));
                if candidates.len() == BATCH {
                    again.extend(self.decide(&common, std::mem::take(&mut candidates)).await);
                }
            }
        }
        again.extend(self.decide(&common, candidates).await);
        self.plan_replacements(&common, again).await;
    }

    /// Warns of `-replace` options that name all instances of a resource at once.
    fn check_replace(&mut self, opened: &[(usize, Keys, Arc<ResourceAddress>)]) {
        for (_, keys, resource) in opened {
            let whole =
                self.options.replace.iter().any(|address| {
                    address.key == InstanceKey::None && address.resource == *resource
                });
            if whole && keys.form != Form::Single && !keys.each.is_empty() {
                let summary = "Incompletely-matched force-replace resource instance";
                let detail = format!("`{resource}` has several instances, so none is replaced");
                let help: Vec<String> = keys
                    .each
                    .keys()
                    .take(3)
                    .map(|key| format!("`-replace={resource}{key}`"))
                    .collect();
                let help = format!("name the instances: {}", help.join(", "));
                self.diagnostics.push(Diagnostic::warning(summary, detail).help(help));
            }
        }
    }

    /// Looks up what the instances of a block have in common; `None` when it cannot be planned,
    /// which was reported when the configuration was read.
    pub(crate) fn common(&mut self, module: ModuleId, id: &ResourceId) -> Option<Common> {
        let resource = self.session.topology.module(module).resources.get(id)?.clone();
        let provider = self.provider_number(&resource.provider)?;
        let offers = &self.session.providers[provider].schema;
        let (schema, kind, effect) = match id.mode {
            Mode::Managed => {
                let managed = offers.resources.get(&id.kind)?;
                (managed.schema.clone(), managed.kind.clone(), managed.effect)
            }
            _ => {
                let schema = offers.kind(id.mode, &id.kind)?.clone();
                let kind = schema.block.implied_type();
                (schema, kind, Effect::StateOnly)
            }
        };
        Some(Common { resource, schema, kind, effect, provider })
    }

    /// Works out the keys of a block in a module instance and makes an empty expansion for them.
    pub(crate) fn open_expansion(
        &mut self,
        instance: usize,
        resource: &Resource,
    ) -> Option<(Keys, Arc<ResourceAddress>)> {
        let mut keys = self.expand(instance, &resource.repetition)?;
        let reads = std::mem::take(&mut keys.reads);
        let address = self.new_expansion(instance, resource, keys.form, reads);
        Some((keys, address))
    }

    /// An expansion without instances.
    fn new_expansion(
        &mut self,
        instance: usize,
        resource: &Resource,
        form: Form,
        mut reads: Vec<NodeId>,
    ) -> Arc<ResourceAddress> {
        let state = &self.session.instances[instance];
        let address = ResourceAddress { module: state.address.clone(), id: resource.id.clone() };
        reads.extend(state.origin);
        let node = self.session.nodes.add(NodeKind::Expansion, reads);
        // What a data source was made from counts, not the data source.
        let whole = (resource.id.mode == Mode::Managed).then(|| address.to_string().into());
        let all = self.session.nodes.add(NodeKind::All(whole), vec![node]);
        let instances = BTreeMap::new();
        let expansion = Expansion { form, node, all, instances, whole: OnceCell::new() };
        let state = &mut self.session.instances[instance];
        state.resources.insert(resource.id.clone(), expansion);
        Arc::new(address)
    }

    /// What every instance of a block waits for, whatever it reads.
    pub(crate) fn dependencies(&self, instance: usize, common: &Common) -> Vec<NodeId> {
        let state = &self.session.instances[instance];
        let mut nodes = self.depends_on(instance, &common.resource.depends_on);
        // One that says it depends on itself waits for nothing.
        let itself = state.resources.get(&common.resource.id).map(|expansion| expansion.all);
        nodes.retain(|node| Some(*node) != itself);
        nodes.extend(&state.after);
        nodes.push(self.session.providers[common.provider].node);
        nodes.extend(state.resources.get(&common.resource.id).map(|expansion| expansion.node));
        nodes
    }

    /// Puts an instance with its value into its expansion.
    pub(crate) fn place(
        &mut self,
        instance: usize,
        address: &InstanceAddress,
        node: NodeId,
        value: Value,
    ) {
        let state = &mut self.session.instances[instance];
        if let Some(expansion) = state.resources.get_mut(&address.resource.id) {
            expansion.instances.insert(address.key.clone(), InstanceSlot { value, node });
            let all = expansion.all;
            self.session.nodes.depend(all, [node]);
        }
    }

    /// Keeps an instance that the selection leaves out at what the state says.
    fn keep(&mut self, instance: usize, address: &InstanceAddress) {
        let existing = self.current.get(&address.resource).and_then(|keys| keys.get(&address.key));
        let Some(existing) = existing.copied() else { return };
        self.existing[existing].claimed = true;
        let value = self.existing[existing].stored.clone();
        let kept = NodeKind::Settled(Some(address.to_string().into()));
        let node = self.session.nodes.add(kept, Vec::new());
        self.place(instance, address, node, value);
    }

    /// Evaluates a block for one key. `None` after an error, which is then reported.
    fn candidate(
        &mut self,
        common: &Common,
        instance: usize,
        each: Each,
        address: InstanceAddress,
        after: &[NodeId],
    ) -> Option<Candidate> {
        let existing = self.current.get(&address.resource).and_then(|keys| keys.get(&address.key));
        let existing = existing.copied();
        if let Some(existing) = existing {
            self.existing[existing].claimed = true;
        }
        let content = common.resource.content.clone();
        let ((config, mut found), mut reads) =
            self.session
                .within(instance, Some(&each), None, |evaluator| content.evaluate(evaluator));
        reads.extend(after);
        reads.extend(self.provisioner_reads(instance, &each, &common.resource));
        if !found.has_errors() {
            found.extend(ephemeral::refused(&content, &config, &address));
        }
        if !found.has_errors() {
            self.validate(common, &config, &address, &mut found);
        }
        let lifecycle = common.resource.lifecycle.clone();
        let mut unchecked = false;
        for condition in &lifecycle.preconditions {
            let failed = "Resource precondition failed";
            let checked = self.session.condition(instance, Some(&each), None, condition, failed);
            found.extend(checked.diagnostics);
            reads.extend(checked.reads);
            unchecked |= checked.unknown;
            self.judge_object(&address, checked.verdict);
        }
        found.extend(self.misnamed_triggers(common, instance));
        let node = self.session.nodes.add(NodeKind::Settled(None), reads);
        let place = Place { instance, id: address.resource.id.clone(), each, content };
        let key = RecordKey { address: address.clone(), deposed: None };
        // Reported once for all at the end of the plan.
        let uncertain = self.uncertain.contains_key(&key);
        let failed = found.has_errors() || uncertain;
        self.report(found, &address);
        let unusable = existing.is_some_and(|existing| !self.existing[existing].usable);
        if failed || unusable {
            self.place(instance, &address, node, common.unknown());
            return None;
        }
        let current = |existing: usize| self.existing[existing].current.clone();
        let prior = existing.map_or_else(|| common.null(), current);
        let private = existing.map(|existing| self.existing[existing].private.clone());
        let private = private.unwrap_or_default();
        let recorded = existing.map_or(prior.clone(), |existing| self.existing[existing].marked());
        let config = ignored(&lifecycle, &common.schema, &recorded, config);
        let triggered = self.triggered(common, &place, node);
        Some(Candidate { key, place, node, config, existing, prior, private, triggered, unchecked })
    }

    fn validate(
        &self,
        common: &Common,
        config: &Value,
        address: &InstanceAddress,
        found: &mut Diagnostics,
    ) {
        let provider = &self.session.providers[common.provider].provider;
        let id = &address.resource.id;
        let plain = config.clone().unmark_deep();
        let (content, header) = (&common.resource.content, common.resource.header);
        let problems = provider.validate(id.mode, &id.kind, &plain).into_iter();
        found.extend(problems.map(|problem| {
            let problem = redacted(&problem, &[config]);
            self.session.problem(&problem, Some(content), Some(header), &address.to_string())
        }));
    }

    /// Reports findings about an instance.
    pub(crate) fn report(&mut self, found: Diagnostics, address: &InstanceAddress) {
        if found.is_empty() {
            return;
        }
        let address = address.to_string();
        self.diagnostics.extend(found.into_iter().map(|found| found.within(address.clone())));
    }

    /// Asks the provider for plans of these instances, or gives the answers it gave before.
    pub(crate) async fn ask_plan(
        &mut self,
        common: &Common,
        candidates: impl Iterator<Item = &Candidate> + Clone,
        replacing: bool,
    ) -> Vec<PlanResponse> {
        let requests: Vec<PlanRequest> =
            candidates.clone().map(|candidate| request(common, candidate, replacing)).collect();
        if requests.is_empty() {
            return Vec::new();
        }
        let keys = candidates.map(|candidate| &candidate.key);
        if let Some(replay) = &self.replay {
            let answers = keys.map(|key| replay.plan(key, replacing)).zip(&requests);
            return answers
                .map(|(answer, request)| answer.unwrap_or_else(|| unanswered(request)))
                .collect();
        }
        let provider = self.session.providers[common.provider].provider.clone();
        let responses = provider.plan(&requests).await;
        if let Some(answers) = &mut self.answers {
            for (key, response) in keys.zip(&responses) {
                answers.plans.insert((key.clone(), replacing), PlanAnswer::from(response));
            }
        }
        responses
    }

    /// Takes a resource's instances from the state, where nothing is planned for them: `count` and
    /// `for_each` may by now depend on what is gone.
    pub(crate) fn resource_as_recorded(&mut self, module: ModuleId, id: &ResourceId) {
        let resource = self.session.topology.module(module).resources.get(id).cloned();
        let Some(resource) = resource else { return };
        let form = match resource.repetition {
            Repetition::Single | Repetition::Enabled(_) => Form::Single,
            Repetition::Count(_) => Form::Count,
            Repetition::ForEach(_) => Form::ForEach,
        };
        for instance in self.session.by_module[module.0 as usize].clone() {
            let address = self.new_expansion(instance, &resource, form, Vec::new());
            let recorded = self.current.get(&address).cloned().unwrap_or_default();
            for (key, existing) in recorded {
                let address = InstanceAddress { resource: address.clone(), key };
                let value = self.existing[existing].stored.clone();
                let node = self.session.nodes.add(NodeKind::Settled(None), Vec::new());
                self.place(instance, &address, node, value);
            }
        }
    }
}

/// The plan request of an instance; `replacing` asks for a new object beside the old one.
pub(crate) fn request(common: &Common, candidate: &Candidate, replacing: bool) -> PlanRequest {
    let block = &common.schema.block;
    let config = candidate.config.clone().unmark_deep();
    let prior = if replacing { common.null() } else { candidate.prior.clone() };
    PlanRequest {
        kind: candidate.place.id.kind.clone(),
        proposed: propose(block, &prior, &config),
        prior,
        config,
        private: candidate.private.clone(),
    }
}

/// What a replay answers where the first run asked nothing: everything computed stays unknown.
fn unanswered(request: &PlanRequest) -> PlanResponse {
    PlanResponse {
        planned: Value::unknown(Type::Dynamic),
        replace: Vec::new(),
        private: request.private.clone(),
        problems: Vec::new(),
    }
}

/// The planned value as expressions see it: with the marks of configuration and schema.
pub(crate) fn visible(schema: &Schema, config: &Value, planned: Value) -> Value {
    let marked = sensitive::mark_paths(planned, &sensitive::marked_paths(config));
    sensitive::mark_schema(&schema.block, marked)
}
