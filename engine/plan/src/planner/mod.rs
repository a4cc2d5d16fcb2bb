//! Makes a plan: walks the graph, evaluates every block in every module instance, asks providers
//! what each object will be, and compares that with what is.

use std::collections::BTreeMap;
use std::sync::Arc;

use platoform_config::{ModuleId, ResourceId, RootVariable};
use platoform_diagnostic::{Diagnostic, Diagnostics};
use platoform_graph::{Graph, Node, NodeIndex};
use platoform_schema::Mode;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::document::Answers;
use crate::moves::Moves;
use crate::session::module::Slot;
use crate::session::nodes::{NodeId, NodeKind};
use crate::session::{ProviderIndex, Session};
use crate::{
    Action, Asking, CheckSubject, Drift, Later, OpenIntent, Plan, PlanInput, PlanMode, PlanOptions,
    Providers, RecordKey, Recovery,
};

mod cause;
mod checks;
mod data;
mod decide;
mod evaluation;
mod existing;
pub(crate) mod expand;
mod finish;
pub(crate) mod found;
mod import;
mod later;
mod leaving;
mod module;
mod orphan;
mod provider;
mod recover;
mod refresh;
mod refuse;
pub(crate) mod removed;
mod resource;
mod selection;
mod trigger;

pub use evaluation::evaluate;
use existing::{Current, Existing};
use later::Waiting;
use removed::Removals;
pub(crate) use resource::visible;
use selection::Scope;

use crate::verdict::Verdicts;

/// A plan together with what is needed to perform and to save it.
pub struct Planned {
    /// The plan.
    pub plan: Plan,
    /// The evaluation behind it.
    pub session: Session,
    /// What providers answered, where that was to be kept.
    pub answers: Option<Answers>,
    /// Versions of the records the plan was made from; 0 where there was none.
    pub versions: BTreeMap<RecordKey, u64>,
    /// What became of calls that an earlier run left open. Where there are any, they are to be
    /// recorded, and the plan to be made again.
    pub recovered: Vec<Recovery>,
    /// Objects of which nobody knows what became of them, each with the reason.
    pub uncertain: BTreeMap<RecordKey, String>,
    /// Recorded objects next to what was found.
    pub(crate) existing: Vec<Existing>,
}

/// Makes a plan. The result always comes with diagnostics; with errors among them it is incomplete
/// and must not be applied.
///
/// # Errors
/// When nothing can be planned at all: the graph has a cycle. Gives the session back for its
/// sources.
pub async fn plan(input: PlanInput) -> Planned {
    let options = input.options.clone();
    let graph = platoform_graph::build(&input.topology);
    let mut planner = Planner::new(input, options);
    match graph {
        Ok(graph) => {
            planner.diagnostics.extend(refuse::refuse(&planner.session.topology));
            if !planner.diagnostics.has_errors() && planner.begin() {
                planner.run(&graph).await;
                planner.end();
            }
        }
        Err(diagnostics) => planner.diagnostics.extend(diagnostics),
    }
    planner.finish()
}

/// Makes a plan step by step.
pub(crate) struct Planner {
    pub session: Session,
    pub options: PlanOptions,
    pub providers: Arc<dyn Providers>,
    pub provider_index: ProviderIndex,
    /// Root variables.
    pub variables: BTreeMap<Arc<str>, RootVariable>,
    pub existing: Vec<Existing>,
    /// What the plan is about.
    pub scope: Scope,
    /// What is taken out of the state without destroying it.
    pub removals: Removals,
    /// Which objects have another address than the state says.
    pub moves: Moves,
    /// Current objects by resource and key.
    pub current: Current,
    pub outputs: BTreeMap<Arc<str>, crate::OutputRecord>,
    /// Answers to give instead of asking.
    pub replay: Option<Answers>,
    /// Answers that were given, where they are kept.
    pub answers: Option<Answers>,
    pub drift: Vec<Drift>,
    /// Intents that an earlier run left open, by provider configuration once that is known.
    pub open: Vec<OpenIntent>,
    pub recovered: Vec<Recovery>,
    /// Objects of which nobody knows whether they exist.
    pub uncertain: BTreeMap<RecordKey, String>,
    pub diagnostics: Diagnostics,
    pub id: Arc<str>,
    /// Root outputs that were evaluated.
    pub evaluated_outputs: FxHashSet<Arc<str>>,
    /// Root outputs that could not be evaluated, or need something that could not.
    pub failed_outputs: FxHashSet<Arc<str>>,
    /// For nodes that attributes read, the first object behind them that changes, by number.
    pub changing: FxHashMap<NodeId, Option<usize>>,
    /// Checks whose data source could not be read, by module instance.
    pub unread: FxHashSet<(usize, Arc<str>)>,
    /// What was found wrong leaves nothing to plan.
    pub void: bool,
    /// Why the block at hand is planned in a later stage, if it is.
    pub postponed: Option<Diagnostic>,
    pub later: Vec<Later>,
    /// What became of conditions.
    pub verdicts: Verdicts,
}

impl Planner {
    fn new(input: PlanInput, options: PlanOptions) -> Self {
        let mut session = Session::new(
            input.topology,
            input.files,
            input.environment,
            input.workspace,
            input.timestamp,
            input.seal,
            input.providers.clone(),
        );
        session.lineage = input.prior.lineage.clone();
        let mut records = input.prior.records;
        let moves = Moves::apply(&session.topology, &mut records);
        let scope = Scope::of(&options, &session.topology, &records);
        let removals = Removals::of(&session.topology);
        let (existing, current) = existing::index(records, &moves);
        let (replay, answers) = match input.asking {
            Asking::Ask => (None, None),
            Asking::Keep => (None, Some(Answers::default())),
            Asking::Replay(answers) => (Some(answers), None),
        };
        Self {
            session,
            options,
            providers: input.providers,
            provider_index: ProviderIndex::default(),
            variables: input.variables,
            existing,
            moves,
            removals,
            scope,
            current,
            outputs: input.prior.outputs,
            replay,
            answers,
            drift: Vec::new(),
            open: input.prior.open,
            recovered: Vec::new(),
            uncertain: BTreeMap::new(),
            diagnostics: Diagnostics::default(),
            id: input.id,
            evaluated_outputs: FxHashSet::default(),
            failed_outputs: FxHashSet::default(),
            changing: FxHashMap::default(),
            unread: FxHashSet::default(),
            void: false,
            postponed: None,
            later: Vec::new(),
            verdicts: Verdicts::default(),
        }
    }

    /// Checks what can be checked before anything is planned; false when that leaves nothing to
    /// plan.
    fn begin(&mut self) -> bool {
        let found = self.scope.report(&self.session.topology, &self.current);
        self.diagnostics.extend(found);
        if self.options.mode == PlanMode::Normal {
            let found = self.removals.check(&self.session.topology);
            self.diagnostics.extend(found);
        }
        self.diagnostics.extend(self.scope.left_behind(&self.moves));
        self.void = self.diagnostics.has_errors();
        !self.void
    }

    /// Checks what can be checked only after everything was planned.
    fn end(&mut self) {
        let found = self.moves.check(&self.session);
        if found.has_errors() {
            // Everything else that was found may follow from that.
            self.diagnostics = found;
            self.void = true;
            return;
        }
        if !self.diagnostics.has_errors() {
            self.diagnostics.extend(self.moves.report_blocked());
        }
        let changes = self.session.work.iter().map(|work| &work.change);
        let forgotten = changes.filter(|change| change.action == Action::Forget);
        let warning = removed::forgotten(forgotten.map(|change| &change.key));
        self.diagnostics.extend(warning);
    }

    async fn run(&mut self, graph: &Graph) {
        self.assign_providers();
        let selected = self.scope.nodes(graph, &self.session.topology);
        let mut failed: FxHashSet<NodeIndex> = FxHashSet::default();
        let mut waiting = Waiting::default();
        for &index in graph.order() {
            if selected.as_ref().is_some_and(|selected| !selected.contains(&index)) {
                if self.options.mode == PlanMode::Normal {
                    self.leave_out(graph.node(index));
                }
                continue;
            }
            // What needs something that failed is not looked at: it would fail for that reason.
            if graph.dependencies(index).any(|on| failed.contains(&on)) {
                failed.insert(index);
                self.skip(graph.node(index));
                continue;
            }
            if let Some(cause) = waiting.cause(graph, index) {
                self.postpone(graph.node(index), &cause);
                waiting.insert(index, cause);
                continue;
            }
            let before = self.diagnostics.len();
            if let Some(found) = graph.self_reference(index) {
                self.diagnostics.extend(found.clone());
                failed.insert(index);
                self.skip(graph.node(index));
                continue;
            }
            match graph.node(index) {
                Node::Provider(id) => {
                    let id = id.clone();
                    self.provider(&id).await;
                }
                Node::Resource(module, id) => match (self.options.mode, id.mode) {
                    (PlanMode::Destroy, Mode::Managed) => self.resource_as_recorded(*module, id),
                    (PlanMode::RefreshOnly, Mode::Managed) => self.resource_as_found(*module, id),
                    (_, Mode::Managed) => self.resource(*module, id).await,
                    (_, Mode::Data) => self.data(*module, id).await,
                    (_, Mode::Ephemeral) => {}
                },
                other => self.named_value(other),
            }
            if let Some(found) = self.postponed.take() {
                waiting.insert(index, self.postpone_for(graph.node(index), found));
            }
            if self.diagnostics.has_errors_after(before) {
                failed.insert(index);
                if let Node::Output(ModuleId::ROOT, name) = graph.node(index) {
                    self.failed_outputs.insert(name.clone());
                }
            }
        }
        if self.options.mode == PlanMode::Normal {
            self.check_imports();
            self.propagate_create_first();
        }
        self.orphans().await;
    }

    /// Leaves out what cannot be planned because something it needs failed: nothing happens to the
    /// objects that it has.
    fn skip(&mut self, node: &Node) {
        match node {
            Node::Resource(module, id) => self.claim_all(*module, id),
            Node::Output(ModuleId::ROOT, name) => {
                self.failed_outputs.insert(name.clone());
            }
            _ => {}
        }
    }

    /// Leaves out a block that the plan is not about. Its objects stay, but for those that a target
    /// names though they have no place in it any more.
    fn leave_out(&mut self, node: &Node) {
        if let Node::Resource(module, id) = node
            && !self.scope.exclude.is_empty()
        {
            self.claim_all(*module, id);
        }
    }

    /// Takes all objects of a block out of those that nothing stands for.
    pub(crate) fn claim_all(&mut self, module: ModuleId, id: &ResourceId) {
        let path = &self.session.topology.module(module).path;
        for existing in &mut self.existing {
            let address = &existing.record.key.address.resource;
            let calls = address.module.0.iter().map(|(name, _)| name);
            existing.claimed |= address.id == *id && calls.eq(path);
        }
    }

    /// Evaluates what is neither an object nor a provider.
    fn named_value(&mut self, node: &Node) {
        match node {
            Node::Variable(module, name) => self.variable(*module, name),
            Node::Local(module, name) => self.local(*module, name),
            Node::Output(module, name) => self.output(*module, name),
            Node::Call(module) => self.call(*module),
            Node::Close(module) => self.close(*module),
            Node::Check(module, name) => self.check(*module, name),
            Node::Provider(_) | Node::Resource(..) => {}
        }
    }

    fn variable(&mut self, module: ModuleId, name: &Arc<str>) {
        for instance in self.session.by_module[module.0 as usize].clone() {
            let root = self.variables.get(name).filter(|_| instance == 0).cloned();
            let given = root.as_ref().and_then(|root| root.given);
            let invalid;
            let (value, reads) = if let Some(root) = root {
                invalid = root.invalid.is_some();
                self.diagnostics.extend(root.invalid);
                (root.value, Vec::new())
            } else {
                let mut evaluated = self.session.variable(instance, name);
                invalid = evaluated.diagnostics.has_errors();
                self.diagnostics.extend(evaluated.diagnostics);
                evaluated.reads.extend(self.session.instances[instance].origin);
                (evaluated.value, evaluated.reads)
            };
            let kind = NodeKind::Variable(instance, name.clone());
            let node = self.session.nodes.add(kind, reads);
            let slot = Slot { value, node, unchecked: false };
            self.session.instances[instance].variables.insert(name.clone(), slot);
            let declared = self.session.topology.module(module).variables.get(name).cloned();
            let Some(variable) = declared.filter(|_| !invalid) else { continue };
            let checked = self.session.validations(instance, &variable, given);
            self.diagnostics.extend(checked.diagnostics);
            if !variable.validations.is_empty() {
                self.judge(instance, CheckSubject::Variable(name.clone()), checked.verdict);
            }
            self.session.nodes.depend(node, checked.reads.into_iter().filter(|on| *on != node));
            if let Some(slot) = self.session.instances[instance].variables.get_mut(name) {
                slot.unchecked = checked.unknown;
            }
        }
    }

    fn local(&mut self, module: ModuleId, name: &Arc<str>) {
        for instance in self.session.by_module[module.0 as usize].clone() {
            let evaluated = self.session.local(instance, name);
            self.diagnostics.extend(evaluated.diagnostics);
            let kind = NodeKind::Local(instance, name.clone());
            let node = self.session.nodes.add(kind, evaluated.reads);
            let slot = Slot { value: evaluated.value, node, unchecked: evaluated.unchecked };
            self.session.instances[instance].locals.insert(name.clone(), slot);
        }
    }

    fn output(&mut self, module: ModuleId, name: &Arc<str>) {
        for instance in self.session.by_module[module.0 as usize].clone() {
            let mut evaluated = self.session.output(instance, name);
            self.diagnostics.extend(evaluated.diagnostics);
            let output = self.session.topology.module(module).outputs.get(name).cloned();
            if output.as_ref().is_some_and(|output| !output.preconditions.is_empty()) {
                let verdict = std::mem::take(&mut evaluated.verdict);
                self.judge(instance, CheckSubject::Output(name.clone()), verdict);
            }
            if let Some(output) = output {
                let after = self.depends_on(instance, &output.depends_on);
                evaluated.reads.extend(after);
            }
            let kind = NodeKind::Output(instance, name.clone());
            let node = self.session.nodes.add(kind, evaluated.reads);
            let slot = Slot { value: evaluated.value, node, unchecked: evaluated.unchecked };
            self.session.instances[instance].outputs.insert(name.clone(), slot);
            if instance == 0 {
                self.evaluated_outputs.insert(name.clone());
            }
        }
    }

    /// Lets every "all of this module" node depend on everything in its module instance.
    fn close(&mut self, module: ModuleId) {
        for instance in self.session.by_module[module.0 as usize].clone() {
            let state = &self.session.instances[instance];
            let resources = state.resources.values().map(|expansion| expansion.all);
            let outputs = state.outputs.values().map(|slot| slot.node);
            let calls = state.calls.values().map(|call| call.all);
            let mut inside: Vec<NodeId> = resources.chain(outputs).chain(calls).collect();
            inside.sort_unstable();
            let all = state.all;
            self.session.nodes.depend(all, inside);
        }
        let Some((parent, name)) = self.session.topology.module(module).parent.clone() else {
            return;
        };
        for caller in self.session.by_module[parent.0 as usize].clone() {
            let Some(call) = self.session.instances[caller].calls.get(&name) else { continue };
            let instances = call.instances.values();
            let inside: Vec<NodeId> =
                instances.map(|child| self.session.instances[*child].all).collect();
            let all = call.all;
            self.session.nodes.depend(all, inside);
        }
    }
}
