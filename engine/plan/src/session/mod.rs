//! A configuration under evaluation: what every name means right now. The planner fills it with
//! planned values, `apply` with real ones.

use std::path::Path;
use std::sync::Arc;

use platoform_config::{
    Content, InstanceAddress, InstanceKey, ModuleId, ModuleInstance, ProviderId, ResourceId,
    Topology,
};
use platoform_diagnostic::{Diagnostic, Diagnostics, Environment, Files, Sources, Span};
use platoform_lang::{Evaluator, Expression, FunctionContext, Volatile};
use platoform_provider::{Problem, Provider};
use platoform_schema::{Effect, ProviderSchema};
use platoform_value::{Type, Value};
use rustc_hash::FxHashMap;

use crate::{Providers, Record, RecordKey, ResourceChange, Seal};

pub(crate) mod condition;
pub(crate) mod evaluate;
pub(crate) mod functions;
pub(crate) mod module;
pub(crate) mod nodes;
mod repeat;
pub(crate) mod scope;

use functions::{ModuleFunctions, Unconfigured};
use module::{Each, ModuleState};
use nodes::{NodeId, NodeKind, Nodes, Reads};
use scope::View;

/// A configuration with the values of everything in it.
pub struct Session {
    pub(crate) topology: Arc<Topology>,
    pub(crate) files: Arc<dyn Files>,
    /// Providers for what needs no configuration.
    pub(crate) unconfigured: Unconfigured,
    pub(crate) environment: Arc<Environment>,
    pub(crate) workspace: Arc<str>,
    pub(crate) timestamp: Arc<str>,
    /// Nothing is planned, so that there is no moment of the plan to ask for.
    pub(crate) timeless: bool,
    /// Time and chance, once a plan is being applied, or where nothing is planned.
    pub(crate) volatile: Option<Arc<dyn Volatile>>,
    pub(crate) seal: Arc<dyn Seal>,
    pub(crate) lineage: Arc<str>,
    pub(crate) instances: Vec<ModuleState>,
    /// Numbers of the instances of each module.
    pub(crate) by_module: Vec<Vec<usize>>,
    pub(crate) nodes: Nodes,
    pub(crate) providers: Vec<ProviderState>,
    pub(crate) work: Vec<Work>,
    /// Records of objects that have moved: where the state has them, and what they are now.
    pub(crate) moved: Vec<(RecordKey, Record)>,
    /// The plan is being performed: `terraform.applying`.
    pub(crate) applying: bool,
}

/// A provider configuration in use.
pub(crate) struct ProviderState {
    pub id: ProviderId,
    /// Its full name, as the state records it.
    pub name: Arc<str>,
    pub provider: Arc<dyn Provider>,
    pub schema: Arc<ProviderSchema>,
    pub node: NodeId,
    pub status: ProviderStatus,
    /// Numbers of the prior records that are its own, until they are loaded.
    pub records: Vec<usize>,
    /// Calls to it were left open by an earlier run.
    pub recovers: bool,
}

/// How far a provider configuration has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ProviderStatus {
    /// Not yet evaluated.
    Waiting,
    /// Its configuration depends on what only the apply can tell.
    Partial,
    /// Ready for every verb.
    Ready,
    /// It could not be configured; that was reported.
    Failed,
    /// It needs a block that is planned in a later stage.
    Later,
}

/// What is known about the work on one object besides what is shown.
pub(crate) struct Work {
    /// What is shown; the plan has it, too.
    pub change: Arc<ResourceChange>,
    /// Its node; `None` for what is only destroyed.
    pub node: Option<NodeId>,
    /// Its block in a module instance, while there is one.
    pub place: Option<Place>,
    /// Number of the provider configuration.
    pub provider: usize,
    pub effect: Effect,
    /// The evaluated block as planned, marks included; null without a block.
    pub config: Value,
    /// The provider's own bytes as recorded, for what is destroyed.
    pub prior_private: Vec<u8>,
    /// What is there now, without marks.
    pub prior: Value,
    /// The address under which others may have recorded it, where it moved.
    pub former: Option<InstanceAddress>,
    /// Number of the prior record, if there is one.
    pub record: Option<usize>,
    /// The record is not what it would be if it were written now.
    pub stale: bool,
    /// The record was tainted.
    pub tainted: bool,
    /// How the object ends, as the record says.
    pub recorded: Keep,
    /// The same, as the configuration says now.
    pub keep: Keep,
    /// A condition of the block could not be checked while planning.
    pub unchecked: bool,
    /// Addresses it depended on when it was last applied.
    pub prior_dependencies: Vec<Arc<str>>,
}

/// What the state keeps of a block about the end of its object.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Keep {
    /// It is replaced by making the new one first.
    pub create_first: bool,
    /// Destroying it is refused.
    pub protected: bool,
    /// It is forgotten, not destroyed.
    pub retained: bool,
}

impl Keep {
    /// What a record says.
    pub fn of(record: &Record) -> Self {
        Self {
            create_first: record.create_before_destroy,
            protected: record.protected,
            retained: record.retained,
        }
    }
}

/// A block in a module instance, for one key.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// Number of the module instance.
    pub instance: usize,
    pub id: ResourceId,
    pub each: Each,
    pub content: Arc<Content>,
}

impl Session {
    /// A configuration of which nothing was evaluated yet.
    pub(crate) fn new(
        topology: Arc<Topology>,
        files: Arc<dyn Files>,
        environment: Arc<Environment>,
        workspace: Arc<str>,
        timestamp: Arc<str>,
        seal: Arc<dyn Seal>,
        providers: Arc<dyn Providers>,
    ) -> Self {
        let mut by_module = vec![Vec::new(); topology.modules.len()];
        if let Some(root) = by_module.first_mut() {
            root.push(0);
        }
        let mut nodes = Nodes::default();
        let all = nodes.add(NodeKind::All(None), Vec::new());
        let root =
            ModuleState::new(ModuleId::ROOT, ModuleInstance::default(), None, Each::default(), all);
        Self {
            topology,
            files,
            unconfigured: Unconfigured::new(providers),
            environment,
            workspace,
            timestamp,
            seal,
            lineage: Arc::from(""),
            instances: vec![root],
            by_module,
            nodes,
            providers: Vec::new(),
            work: Vec::new(),
            moved: Vec::new(),
            applying: false,
            timeless: false,
            volatile: None,
        }
    }

    /// The texts that spans in plans and diagnostics point into.
    #[must_use]
    pub fn sources(&self) -> &Sources {
        &self.topology.sources
    }

    /// The value of an expression in the root module, which stands in one of these texts. What it
    /// refers to must have been found there.
    ///
    /// # Errors
    /// Everything that is wrong, in the order it was found.
    pub fn value(&self, expression: &Expression, sources: &Sources) -> Result<Value, Diagnostics> {
        self.within_texts(sources, 0, None, None, |evaluator| evaluator.evaluate(expression)).0
    }

    /// The configuration.
    #[must_use]
    pub fn topology(&self) -> &Topology {
        &self.topology
    }

    /// The moment of the plan in RFC 3339.
    #[must_use]
    pub fn timestamp(&self) -> &Arc<str> {
        &self.timestamp
    }

    /// The workspace that is planned for.
    #[must_use]
    pub fn workspace(&self) -> &Arc<str> {
        &self.workspace
    }

    /// The root module's directory.
    #[must_use]
    pub fn directory(&self) -> &Path {
        &self.environment.directory
    }

    /// Variables of the root module with their values, as far as they were evaluated.
    pub fn variables(&self) -> impl Iterator<Item = (&Arc<str>, &Value)> {
        self.instances[0].variables.iter().map(|(name, slot)| (name, &slot.value))
    }

    /// Identity of the state the session was made from.
    #[must_use]
    pub fn lineage(&self) -> &Arc<str> {
        &self.lineage
    }

    /// Lets functions ask for time and chance from now on: what they gave unknown in the plan is
    /// evaluated again.
    pub fn admit(&mut self, volatile: Arc<dyn Volatile>) {
        self.volatile = Some(volatile);
    }

    /// Checks what an expression refers to, as if it stood in the root module outside of any block
    /// that gives meaning to `count`, `each` or `self`.
    #[must_use]
    pub fn check_names(&self, expression: &Expression) -> Diagnostics {
        let around = platoform_config::Surroundings::default();
        let root = platoform_config::ModuleId::ROOT;
        self.topology.check_expression(root, expression, &around).report()
    }

    /// Whether a module's configuration has this resource.
    pub(crate) fn declares(&self, module: platoform_config::ModuleId, id: &ResourceId) -> bool {
        self.topology.module(module).resources.contains_key(id)
    }

    /// Evaluates something inside a module instance; returns what it read besides.
    pub(crate) fn within<T>(
        &self,
        instance: usize,
        each: Option<&Each>,
        itself: Option<&Value>,
        evaluate: impl FnOnce(&Evaluator<'_>) -> T,
    ) -> (T, Vec<NodeId>) {
        self.within_texts(&self.topology.sources, instance, each, itself, evaluate)
    }

    /// As [`Session::within`], for expressions in other texts than those of the configuration.
    fn within_texts<T>(
        &self,
        sources: &Sources,
        instance: usize,
        each: Option<&Each>,
        itself: Option<&Value>,
        evaluate: impl FnOnce(&Evaluator<'_>) -> T,
    ) -> (T, Vec<NodeId>) {
        let reads = Reads::default();
        let view = View { session: self, instance, each, itself, reads: &reads };
        let module = self.topology.module(self.instances[instance].module);
        let provided = ModuleFunctions { session: self, module };
        let functions = FunctionContext {
            files: &*self.files,
            directory: &self.environment.directory,
            home: self.environment.home.as_deref(),
            timestamp: (!self.timeless).then_some(&*self.timestamp),
            volatile: self.volatile.as_deref(),
            sources: Some(sources),
            provider_function: Some(&provided),
        };
        let evaluator = Evaluator { scope: &view, functions: &functions };
        let result = evaluate(&evaluator);
        (result, reads.take())
    }

    /// Evaluates an expression inside a module instance.
    pub(crate) fn expression(
        &self,
        instance: usize,
        each: Option<&Each>,
        expression: &Expression,
    ) -> (Result<Value, Diagnostics>, Vec<NodeId>) {
        self.within(instance, each, None, |evaluator| evaluator.evaluate(expression))
    }

    /// Turns a provider's finding into a diagnostic at the place in the source it is about.
    pub(crate) fn problem(
        &self,
        problem: &Problem,
        content: Option<&Content>,
        header: Option<Span>,
        address: &str,
    ) -> Diagnostic {
        // What is about a part that is not written is about where it would be.
        let part = content.filter(|_| !problem.path.0.is_empty());
        let span =
            part.map(|content| content.span_of(&problem.path).unwrap_or_else(|| content.opening()));
        let span = span.or(header);
        let (summary, detail) = (problem.summary.clone(), problem.detail.clone());
        let diagnostic = match problem.severity {
            platoform_provider::Severity::Error => Diagnostic::error(summary, detail),
            platoform_provider::Severity::Warning => Diagnostic::warning(summary, detail),
        };
        diagnostic.at_default(span).about(address)
    }

    /// Puts a value into the slot of a resource instance.
    pub(crate) fn set_instance(&mut self, place: &Place, key: &InstanceKey, value: Value) {
        let state = &mut self.instances[place.instance];
        if let Some(expansion) = state.resources.get_mut(&place.id) {
            expansion.set(key, value);
        }
    }

    /// The type of the objects of a work's kind.
    pub(crate) fn kind(&self, work: &Work) -> Type {
        let schema = &work.change.schema;
        let kinds = &self.providers[work.provider].schema.resources;
        let kind = kinds.get(&work.change.key.address.resource.id.kind);
        let kind = kind.filter(|kind| Arc::ptr_eq(&kind.schema, schema));
        kind.map_or_else(|| schema.block.implied_type(), |kind| kind.kind.clone())
    }

    /// The stored form of a provider configuration's name.
    pub(crate) fn provider_name(topology: &Topology, id: &ProviderId) -> Arc<str> {
        id.address(&topology.module(id.module).path).into()
    }
}

/// Provider configurations by their identity.
pub(crate) type ProviderIndex = FxHashMap<ProviderId, usize>;
