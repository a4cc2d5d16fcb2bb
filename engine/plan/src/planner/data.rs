//! Data sources: read while planning when everything they need is known, else while applying.

use std::sync::Arc;

use platoform_config::{InstanceAddress, ModuleId, ResourceId};
use platoform_diagnostic::Diagnostic;
use platoform_provider::{DataRequest, Severity};
use platoform_value::{Type, Value};
use rustc_hash::FxHashSet;

use crate::planner::Planner;
use crate::planner::resource::{Common, visible};
use crate::redact::redacted;
use crate::session::module::Each;
use crate::session::nodes::{NodeId, NodeKind};
use crate::session::{Keep, Place, ProviderStatus, Work};
use crate::{Action, ActionReason, PlanMode, RecordKey, ResourceChange};

impl Planner {
    /// Reads or plans to read a data source in every instance of its module.
    pub(crate) async fn data(&mut self, module: ModuleId, id: &ResourceId) {
        let Some(common) = self.common(module, id) else { return };
        for instance in self.session.by_module[module.0 as usize].clone() {
            let Some((keys, address)) = self.open_expansion(instance, &common.resource) else {
                continue;
            };
            let after = self.dependencies(instance, &common);
            let mut explicit = self.depends_on(instance, &common.resource.depends_on);
            explicit.extend(&self.session.instances[instance].after);
            let pending = self.pending(&explicit);
            for (key, each) in keys.each {
                let address = InstanceAddress { resource: address.clone(), key };
                self.data_instance(&common, instance, each, address, &after, pending).await;
            }
        }
    }

    async fn data_instance(
        &mut self,
        common: &Common,
        instance: usize,
        each: Each,
        address: InstanceAddress,
        after: &[NodeId],
        pending: bool,
    ) {
        let content = common.resource.content.clone();
        let ((config, mut found), mut reads) =
            self.session
                .within(instance, Some(&each), None, |evaluator| content.evaluate(evaluator));
        reads.extend(after);
        for condition in &common.resource.lifecycle.preconditions {
            let failed = "Resource precondition failed";
            let checked = self.session.condition(instance, Some(&each), None, condition, failed);
            found.extend(checked.diagnostics);
            reads.extend(checked.reads);
            self.judge_object(&address, checked.verdict);
        }
        let failed = found.has_errors();
        self.report(found, &address);
        let node = self.session.nodes.add(NodeKind::Settled(None), reads);
        let place = Place { instance, id: address.resource.id.clone(), each, content };
        let key = RecordKey { address, deposed: None };
        let status = self.session.providers[common.provider].status;
        let unknown = common.unknown();
        let reason = if !config.is_wholly_known() || status == ProviderStatus::Partial {
            Some(ActionReason::ConfigUnknown)
        } else if pending {
            Some(ActionReason::DependencyPending)
        } else {
            None
        };
        let acts = self.options.mode == PlanMode::Normal;
        if failed || (reason.is_some() && !acts) || status == ProviderStatus::Failed {
            self.place(instance, &key.address, node, unknown);
        } else if let Some(reason) = reason {
            self.read_later(common, key, place, node, config, reason);
        } else {
            let value = self.read_data(common, &key, &place, &config).await;
            if let (None, Some(check)) = (&value, &common.resource.check) {
                self.unread.insert((instance, check.clone()));
            }
            let value = value.unwrap_or(unknown);
            for condition in &common.resource.lifecycle.postconditions {
                let failed = "Resource postcondition failed";
                let each = Some(&place.each);
                let checked =
                    self.session.condition(instance, each, Some(&value), condition, failed);
                self.judge_object(&key.address, checked.verdict);
                self.report(checked.diagnostics, &key.address);
            }
            if common.resource.check.is_some() && acts {
                let reason = ActionReason::CheckNested;
                self.read_later(common, key.clone(), place, node, config, reason);
            }
            self.place(instance, &key.address, node, value);
        }
    }

    async fn read_data(
        &mut self,
        common: &Common,
        key: &RecordKey,
        place: &Place,
        config: &Value,
    ) -> Option<Value> {
        let current = match &self.replay {
            Some(replay) => {
                let answer = replay.data.get(key).cloned();
                if answer.is_none() {
                    let detail = "It could not be read when the plan was made";
                    let summary = "Data source was not read";
                    let mut found = Diagnostic::error(summary, detail).at(common.resource.header);
                    if common.resource.check.is_some() {
                        found.severity = Severity::Warning;
                    }
                    self.report(found.into(), &key.address);
                }
                answer?
            }
            None => {
                let provider = self.session.providers[common.provider].provider.clone();
                let request = DataRequest {
                    kind: place.id.kind.clone(),
                    config: config.clone().unmark_deep(),
                };
                let (current, problems) = match provider.data(request).await {
                    Ok(response) => (Some(response.current), response.problems),
                    Err(failure) => (None, failure.problems),
                };
                let address = key.address.to_string();
                for problem in &problems {
                    let mut problem = redacted(problem, &[config]);
                    if common.resource.check.is_some() {
                        problem.severity = Severity::Warning;
                    }
                    let problem = &problem;
                    let (content, header) = (&place.content, common.resource.header);
                    let diagnostic =
                        self.session.problem(problem, Some(content), Some(header), &address);
                    self.diagnostics.push(diagnostic);
                }
                current?
            }
        };
        if let Some(answers) = &mut self.answers {
            answers.data.insert(key.clone(), current.clone());
        }
        Some(visible(&common.schema, config, current))
    }

    fn read_later(
        &mut self,
        common: &Common,
        key: RecordKey,
        place: Place,
        node: NodeId,
        config: Value,
        reason: ActionReason,
    ) {
        let block = &common.schema.block;
        let plain = config.clone().unmark_deep();
        let planned = platoform_provider::propose(block, &Value::null(Type::Dynamic), &plain);
        let entries = planned.as_entries().into_iter().flat_map(|entries| entries.iter());
        let entries = entries.map(|(name, value)| {
            let computed = block.attributes.get(name).is_some_and(|attribute| attribute.computed);
            let value = if computed && value.is_null() {
                Value::unknown(value.kind())
            } else {
                value.clone()
            };
            (name.clone(), value)
        });
        let after = visible(&common.schema, &config, Value::object(entries.collect()));
        let null = common.null();
        let change = ResourceChange {
            key: key.clone(),
            previous: None,
            importing: None,
            provider: common.resource.provider.clone(),
            schema: common.schema.clone(),
            action: Action::Read,
            reason: Some(reason),
            before: null.clone(),
            after: after.clone(),
            replace: Vec::new(),
            causes: Vec::new(),
            private: Vec::new(),
            header: Some(common.resource.header),
            version: 0,
        };
        let index = self.session.work.len();
        self.session.nodes.set_kind(node, NodeKind::Instance(index));
        let instance = place.instance;
        self.session.work.push(Work {
            change: Arc::new(change),
            node: Some(node),
            place: Some(place),
            provider: common.provider,
            effect: common.effect,
            config,
            prior_private: Vec::new(),
            prior: null,
            former: None,
            record: None,
            stale: false,
            tainted: false,
            recorded: Keep::default(),
            keep: Keep::default(),
            unchecked: false,
            prior_dependencies: Vec::new(),
        });
        self.place(instance, &key.address, node, after);
    }

    /// Whether anything these nodes stand for will change.
    pub(super) fn pending(&self, nodes: &[NodeId]) -> bool {
        let mut seen: FxHashSet<NodeId> = FxHashSet::default();
        let mut waiting = nodes.to_vec();
        while let Some(id) = waiting.pop() {
            if !seen.insert(id) {
                continue;
            }
            let node = self.session.nodes.get(id);
            if let NodeKind::Instance(index) = node.kind
                && self.session.work[index].change.action != Action::NoOp
            {
                return true;
            }
            waiting.extend(&node.dependencies);
        }
        false
    }
}
