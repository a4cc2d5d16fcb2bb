//! Makes a plan: walks the graph, evaluates every block in every module instance, asks providers
//! what each object will be, and compares that with what is.

use std::collections::BTreeMap;
use std::sync::Arc;

use platoform_config::{InstanceKey, ModuleId, ModuleInstance, ResourceAddress, Target};
use platoform_diagnostic::{Diagnostic, Diagnostics};
use platoform_graph::{Graph, Node};
use platoform_schema::Mode;
use platoform_value::Value;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::document::Answers;
use crate::session::module::{Each, ModuleState, Slot};
use crate::session::nodes::{NodeId, NodeKind, Nodes};
use crate::session::{ProviderIndex, Session};
use crate::{
    Drift, OpenIntent, Plan, PlanInput, PlanMode, PlanOptions, Providers, RecordKey, Recovery,
};

mod data;
mod decide;
mod evaluation;
mod existing;
mod expand;
mod finish;
mod module;
mod orphan;
mod provider;
mod recover;
mod resource;
mod selection;
mod trigger;
mod validation;

pub use evaluation::evaluate;
use existing::Existing;
pub(crate) use resource::visible;
pub use validation::validate;

/// A plan together with what is needed to perform and to save it.
pub struct Planned {
    /// The plan.
    pub plan: Plan,
    /// The evaluation behind it.
    pub session: Session,
    /// What providers answered.
    pub answers: Answers,
    /// Versions of the records the plan was made from; 0 where there was none.
    pub versions: BTreeMap<RecordKey, u64>,
    /// What became of calls that an earlier run left open. Where there are any, they are to be
    /// recorded, and the plan to be made again.
    pub recovered: Vec<Recovery>,
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
            planner.diagnostics.extend(graph.self_references().clone());
            planner.run(&graph).await;
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
    /// Values of root variables.
    pub variables: BTreeMap<Arc<str>, Value>,
    pub existing: Vec<Existing>,
    /// Current objects by resource and key.
    pub current: FxHashMap<ResourceAddress, BTreeMap<InstanceKey, usize>>,
    pub outputs: BTreeMap<Arc<str>, crate::OutputRecord>,
    /// Answers to give instead of asking.
    pub replay: Option<Answers>,
    /// Answers that were given.
    pub answers: Answers,
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
}

impl Planner {
    fn new(input: PlanInput, options: PlanOptions) -> Self {
        let modules = input.topology.modules.len();
        let mut session = Session {
            topology: input.topology,
            files: input.files,
            environment: input.environment,
            workspace: input.workspace,
            timestamp: input.timestamp,
            timeless: false,
            volatile: None,
            seal: input.seal,
            lineage: input.prior.lineage.clone(),
            instances: Vec::new(),
            by_module: vec![Vec::new(); modules],
            nodes: Nodes::default(),
            providers: Vec::new(),
            work: Vec::new(),
        };
        let all = session.nodes.add(NodeKind::All(None), Vec::new());
        let root =
            ModuleState::new(ModuleId::ROOT, ModuleInstance::default(), None, Each::default(), all);
        session.instances.push(root);
        if let Some(root) = session.by_module.first_mut() {
            root.push(0);
        }
        let (existing, current) = existing::index(input.prior.records);
        Self {
            session,
            options,
            providers: input.providers,
            provider_index: ProviderIndex::default(),
            variables: input.variables,
            existing,
            current,
            outputs: input.prior.outputs,
            replay: input.answers,
            answers: Answers::default(),
            drift: Vec::new(),
            open: input.prior.open,
            recovered: Vec::new(),
            uncertain: BTreeMap::new(),
            diagnostics: Diagnostics::default(),
            id: input.id,
            evaluated_outputs: FxHashSet::default(),
        }
    }

    async fn run(&mut self, graph: &Graph) {
        self.assign_providers();
        self.check_targets();
        let selected = selection::select(graph, &self.session.topology, &self.options);
        for &index in graph.order() {
            if selected.as_ref().is_some_and(|selected| !selected.contains(&index)) {
                continue;
            }
            match graph.node(index) {
                Node::Provider(id) => {
                    let id = id.clone();
                    self.provider(&id).await;
                }
                Node::Resource(module, id) => match (self.options.mode, id.mode) {
                    (PlanMode::Destroy, Mode::Managed) => self.resource_as_recorded(*module, id),
                    (_, Mode::Managed) => self.resource(*module, id).await,
                    (_, Mode::Data) => self.data(*module, id).await,
                    (_, Mode::Ephemeral) => {}
                },
                other => self.named_value(other),
            }
        }
        if self.options.mode == PlanMode::Normal {
            self.propagate_create_first();
        }
        self.orphans().await;
    }

    /// Evaluates what is neither an object nor a provider.
    fn named_value(&mut self, node: &Node) {
        match node {
            Node::Variable(module, name) => self.variable(*module, name),
            Node::Local(module, name) => self.local(*module, name),
            Node::Output(module, name) => self.output(*module, name),
            Node::Call(module) => self.call(*module),
            Node::Close(module) => self.close(*module),
            Node::Provider(_) | Node::Resource(..) => {}
        }
    }

    fn variable(&mut self, module: ModuleId, name: &Arc<str>) {
        for instance in self.session.by_module[module.0 as usize].clone() {
            let (value, reads) = if instance == 0 {
                let value = self.variables.get(name).cloned();
                (
                    value.unwrap_or_else(|| Value::unknown(platoform_value::Type::Dynamic)),
                    Vec::new(),
                )
            } else {
                let mut evaluated = self.session.variable(instance, name);
                self.diagnostics.extend(evaluated.diagnostics);
                evaluated.reads.extend(self.session.instances[instance].origin);
                (evaluated.value, evaluated.reads)
            };
            let kind = NodeKind::Variable(instance, name.clone());
            let node = self.session.nodes.add(kind, reads);
            let slot = Slot { value, node, unchecked: false };
            self.session.instances[instance].variables.insert(name.clone(), slot);
            let declared = self.session.topology.module(module).variables.get(name).cloned();
            let Some(variable) = declared else { continue };
            let checked = self.session.validations(instance, &variable);
            self.diagnostics.extend(checked.diagnostics);
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

    fn check_targets(&mut self) {
        for target in &self.options.targets {
            if !selection::exists(target, &self.session.topology, &self.current) {
                let detail = "It names nothing in the configuration or the state";
                let text = match target {
                    Target::Module(module) => module.to_string(),
                    Target::Resource(resource) => resource.to_string(),
                    Target::Instance(instance) => instance.to_string(),
                };
                self.diagnostics
                    .push(Diagnostic::warning(format!("No such target: `{text}`"), detail));
            }
        }
    }
}
