//! The last steps: what must be made before it is destroyed, outputs, and the plan's digest.

use std::collections::BTreeMap;
use std::sync::Arc;

use platoform_schema::Mode;
use platoform_value::{Marks, Type, Value};

use crate::planner::{Planned, Planner};
use crate::session::Keep;
use crate::session::nodes::NodeKind;
use crate::{Action, KeptOutput, OutputChange, Plan, PlanMode, RecordKey, digest};

impl Planner {
    /// What a create-before-destroy replacement depends on must be replaced that way too, else its
    /// dependencies would have to be gone before it.
    pub(crate) fn propagate_create_first(&mut self) {
        let nodes = &self.session.nodes;
        let mut first = vec![false; nodes.len()];
        for work in &self.session.work {
            if let (Some(node), Some(place)) = (work.node, &work.place) {
                let module = self.session.instances[place.instance].module;
                let resource = self.session.topology.module(module).resources.get(&place.id);
                let create_first =
                    resource.is_some_and(|resource| resource.lifecycle.create_before_destroy);
                first[node.0 as usize] = create_first;
            }
        }
        // Nodes mostly come after what they depend on; "all of" nodes gather later ones. Walking
        // a stack visits each node once whatever the order.
        let mut waiting: Vec<_> =
            nodes.iter().map(|(id, _)| id).filter(|id| first[id.0 as usize]).collect();
        while let Some(id) = waiting.pop() {
            for on in &nodes.get(id).dependencies {
                if !std::mem::replace(&mut first[on.0 as usize], true) {
                    waiting.push(*on);
                }
            }
        }
        for work in &mut self.session.work {
            let create_first = work.node.is_some_and(|node| first[node.0 as usize]);
            work.keep.create_first |= create_first;
            if create_first && work.change.action == Action::DeleteThenCreate {
                Arc::make_mut(&mut work.change).action = Action::CreateThenDelete;
            }
        }
    }

    /// Puts the plan together.
    pub(crate) fn finish(mut self) -> Planned {
        let (outputs, kept_outputs) = self.output_changes();
        self.find_stale_records();
        let moved = self
            .existing
            .iter()
            .filter_map(|existing| Some((existing.moved.clone()?, existing.record.clone())));
        self.session.moved = moved.collect();
        let checks = self.check_results();
        let changes = self.session.work.iter().map(|work| work.change.clone());
        let only_found = self.options.mode == PlanMode::RefreshOnly;
        let changes = changes.filter(|_| !only_found);
        let mut plan = Plan {
            checks,
            id: self.id.clone(),
            mode: self.options.mode,
            targeted: self.scope.is_narrow(),
            changes: changes.collect(),
            outputs,
            kept_outputs,
            drift: std::mem::take(&mut self.drift),
            void: self.void,
            later: std::mem::take(&mut self.later),
            diagnostics: std::mem::take(&mut self.diagnostics),
            ..Plan::default()
        };
        plan.changes.sort_by(|left, right| left.key.cmp(&right.key));
        plan.drift.sort_by(|left, right| left.key.cmp(&right.key));
        let versions = self.pinned();
        plan.digest = digest::digest(&plan, &versions, &*self.session.seal);
        let recovered = std::mem::take(&mut self.recovered);
        let Self { session, answers, uncertain, existing, .. } = self;
        Planned { plan, session, answers, versions, recovered, uncertain, existing }
    }

    /// Marks objects without an action whose record would be another if it were written now: they
    /// are made from other objects than before, or with another provider configuration.
    fn find_stale_records(&mut self) {
        for index in 0..self.session.work.len() {
            let work = &self.session.work[index];
            let Some(existing) = work.record.map(|number| &self.existing[number].record) else {
                continue;
            };
            if work.change.importing.is_some() {
                self.session.work[index].stale = true;
                continue;
            }
            if work.change.action != Action::NoOp || work.node.is_none() || work.stale {
                continue;
            }
            let name = &self.session.providers[work.provider].name;
            let kept = Keep::of(existing);
            let stale = *name != existing.provider_config
                || kept != work.keep
                || self.session.recorded_dependencies(index) != existing.dependencies;
            self.session.work[index].stale = stale;
        }
    }

    /// Versions of the records that the plan stands on: those of objects it acts upon, and those
    /// that went into their values. Others may change without making the plan stale.
    fn pinned(&self) -> BTreeMap<RecordKey, u64> {
        let nodes = &self.session.nodes;
        let mut seen = vec![false; nodes.len()];
        let mut waiting = Vec::new();
        let mut pinned = BTreeMap::new();
        let mut pin = |index: usize| {
            let work = &self.session.work[index];
            let change = &work.change;
            let moved = work.record.and_then(|number| self.existing[number].moved.as_ref());
            match moved {
                Some(stored) => {
                    pinned.insert(stored.clone(), change.version);
                    pinned.entry(change.key.clone()).or_insert(0);
                }
                None => {
                    pinned.insert(change.key.clone(), change.version);
                }
            }
        };
        for (index, work) in self.session.work.iter().enumerate() {
            if work.change.acts() || work.stale {
                pin(index);
                waiting.extend(work.node);
            }
        }
        while let Some(id) = waiting.pop() {
            if std::mem::replace(&mut seen[id.0 as usize], true) {
                continue;
            }
            let node = nodes.get(id);
            if let NodeKind::Instance(index) = node.kind
                && self.session.work[index].change.key.address.resource.id.mode == Mode::Managed
            {
                pin(index);
            }
            waiting.extend(&node.dependencies);
        }
        pinned
    }

    /// What happens to outputs, and those that nothing is said about.
    fn output_changes(&mut self) -> (Vec<OutputChange>, Vec<KeptOutput>) {
        let mut changes = BTreeMap::new();
        let mut kept: Vec<KeptOutput> = Vec::new();
        let mut keep = |change: OutputChange| {
            let OutputChange { name, before, sensitive, .. } = change;
            kept.extend(before.map(|value| KeptOutput { name, value, sensitive }));
        };
        for (name, record) in &self.outputs {
            let kind = serde_json::from_str(&record.kind).ok();
            let kind = kind.and_then(|json| Type::from_json(&json).ok()).unwrap_or(Type::Dynamic);
            let value = record.value.decode(&kind, &*self.session.seal).ok();
            changes.insert(
                name.clone(),
                OutputChange {
                    name: name.clone(),
                    before: value,
                    after: None,
                    sensitive: record.sensitive,
                    declared: false,
                },
            );
        }
        let destroy = self.options.mode == PlanMode::Destroy;
        if destroy && self.scope.is_narrow() {
            changes.into_values().for_each(keep);
            return (Vec::new(), kept);
        }
        let root = self.session.topology.modules.first();
        let declared: Vec<Arc<str>> =
            root.into_iter().flat_map(|module| module.outputs.keys().cloned()).collect();
        for name in declared {
            if destroy {
                continue;
            }
            if self.failed_outputs.contains(&name) {
                changes.remove(&name).into_iter().for_each(&mut keep);
                continue;
            }
            let slot = self.session.instances[0].outputs.get(&name);
            let entry = changes.entry(name.clone()).or_insert_with(|| OutputChange {
                name: name.clone(),
                before: None,
                after: None,
                sensitive: false,
                declared: false,
            });
            match slot.filter(|_| self.evaluated_outputs.contains(&name)) {
                Some(slot) => {
                    let sensitive = slot.value.deep_marks().contains(Marks::SENSITIVE);
                    let recorded = entry.sensitive;
                    entry.declared = true;
                    entry.sensitive |= sensitive;
                    entry.after = Some(slot.value.clone());
                    let same = recorded == sensitive;
                    if let Some(before) = entry.before.take() {
                        let before = if same { like(before, &slot.value) } else { before };
                        entry.before = Some(before);
                    }
                }
                None if self.scope.is_narrow() => {
                    changes.remove(&name).into_iter().for_each(&mut keep);
                }
                None => entry.after = entry.before.clone(),
            }
        }
        // A null output is the same as none.
        let null = |value: &Value| value.is_null();
        let changes = changes
            .into_values()
            .map(|mut change| {
                change.after = change.after.filter(|value| !null(value));
                change.before = change.before.filter(|value| !null(value));
                change
            })
            .filter(|change| change.declared || change.before.is_some());
        (changes.collect(), kept)
    }
}

/// A recorded value with the marks of the present one where both are otherwise the same, so that
/// a secret that was sealed whole does not count as changed.
fn like(before: Value, after: &Value) -> Value {
    if before.clone().unmark_deep() == after.clone().unmark_deep() { after.clone() } else { before }
}
