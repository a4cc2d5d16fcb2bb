//! Whether a configuration could be planned at all, whatever its variables are given and whatever
//! exists: everything is evaluated once, with unknown values for variables, objects and what tells
//! instances apart.
//!
//! *Invariant:* nobody outside is asked anything; providers only check what blocks say.

mod block;

use std::collections::BTreeMap;
use std::sync::Arc;

use platoform_config::{InstanceKey, ModuleId, ProviderSource, Topology};
use platoform_diagnostic::{Diagnostics, Environment, Files};
use platoform_graph::{Graph, Node, NodeIndex};
use platoform_provider::Provider;
use platoform_value::Value;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::planner::expand::{self, Refusal};
use crate::session::module::{CallExpansion, Each, ModuleState, Slot};
use crate::session::nodes::NodeKind;
use crate::{Providers, Seal, Session};

/// What a check goes by.
pub struct CheckInput {
    /// The configuration.
    pub topology: Topology,
    /// Where functions read files.
    pub files: Arc<dyn Files>,
    /// The program's surroundings, for functions.
    pub environment: Arc<Environment>,
    /// Where providers come from.
    pub providers: Arc<dyn Providers>,
    /// Seals nothing; evaluation needs one.
    pub seal: Arc<dyn Seal>,
    /// The moment in RFC 3339.
    pub timestamp: Arc<str>,
    /// Name of the workspace.
    pub workspace: Arc<str>,
}

/// Finds what is wrong with a configuration. What needs something that is wrong is left out.
#[must_use]
pub fn check(input: CheckInput) -> Diagnostics {
    let graph = match platoform_graph::build(&input.topology) {
        Ok(graph) => graph,
        Err(cycle) => return cycle,
    };
    let session = Session {
        checking: true,
        ..Session::new(
            input.topology,
            input.files,
            input.environment,
            input.workspace,
            input.timestamp,
            input.seal,
        )
    };
    let mut checker = Checker {
        session,
        providers: input.providers,
        made: FxHashMap::default(),
        diagnostics: Diagnostics::default(),
    };
    checker.walk(&graph);
    checker.diagnostics
}

pub(crate) struct Checker {
    session: Session,
    providers: Arc<dyn Providers>,
    /// Providers made so far.
    made: FxHashMap<ProviderSource, Option<Arc<dyn Provider>>>,
    diagnostics: Diagnostics,
}

impl Checker {
    fn walk(&mut self, graph: &Graph) {
        let mut failed: FxHashSet<NodeIndex> = FxHashSet::default();
        for &index in graph.order() {
            if graph.dependencies(index).any(|on| failed.contains(&on)) {
                failed.insert(index);
                continue;
            }
            let before = self.diagnostics.len();
            self.node(graph.node(index));
            if self.diagnostics.has_errors_after(before) {
                failed.insert(index);
            }
        }
    }

    fn node(&mut self, node: &Node) {
        let Some(instance) = self.instance(node) else { return };
        match node {
            Node::Variable(_, name) => self.variable(instance, name),
            Node::Local(_, name) => {
                let evaluated = self.session.local(instance, name);
                self.diagnostics.extend(evaluated.diagnostics);
                let slot = self.slot(evaluated.value);
                self.session.instances[instance].locals.insert(name.clone(), slot);
            }
            Node::Output(_, name) => {
                let found = self.session.output(instance, name).diagnostics;
                self.diagnostics.extend(found);
            }
            Node::Provider(id) => self.provider(instance, id),
            Node::Resource(_, id) => self.resource(instance, id),
            Node::Call(module) => self.call(instance, *module),
            Node::Close(_) => {}
        }
    }

    /// The module instance that a node is evaluated in: a call in that of its caller.
    fn instance(&self, node: &Node) -> Option<usize> {
        let module = match node {
            Node::Call(module) => self.session.topology.module(*module).parent.as_ref()?.0,
            other => other.module(),
        };
        self.session.by_module[module.0 as usize].first().copied()
    }

    fn slot(&mut self, value: Value) -> Slot {
        let node = self.session.nodes.add(NodeKind::Settled(None), Vec::new());
        Slot { value, node, unchecked: false }
    }

    /// Checks the value that a call gives, with the rules for it. To all others it is unknown.
    fn variable(&mut self, instance: usize, name: &Arc<str>) {
        let module = self.session.instances[instance].module;
        let Some(variable) = self.session.topology.module(module).variables.get(name).cloned()
        else {
            return;
        };
        let unknown = Value::unknown(variable.kind.without_optional()).mark(variable.marks());
        let mut given = unknown.clone();
        if self.session.instances[instance].parent.is_some() {
            let evaluated = self.session.variable(instance, name);
            let failed = evaluated.diagnostics.has_errors();
            self.diagnostics.extend(evaluated.diagnostics);
            if failed {
                return;
            }
            given = evaluated.value;
        }
        let slot = self.slot(given);
        self.session.instances[instance].variables.insert(name.clone(), slot);
        let found = self.session.validations(instance, &variable, None).diagnostics;
        self.diagnostics.extend(found);
        let slot = self.slot(unknown);
        self.session.instances[instance].variables.insert(name.clone(), slot);
    }

    /// Makes the one instance that stands for all of a called module.
    fn call(&mut self, caller: usize, module: ModuleId) {
        let topology = &self.session.topology;
        let Some((parent, name)) = topology.module(module).parent.clone() else { return };
        let Some(call) = topology.module(parent).calls.get(&name).cloned() else { return };
        if let Some((form, expression)) = expand::expression(&call.repetition) {
            let (result, _) = self.session.expression(caller, None, expression);
            let refused =
                result.and_then(|value| match expand::instances(form, expression, &value) {
                    Err(Refusal::Invalid(found)) => Err(found.into()),
                    Ok(_) | Err(Refusal::Unknown(_)) => Ok(()),
                });
            if let Err(found) = refused {
                return self.diagnostics.extend(found);
            }
        }
        let number = self.session.instances.len();
        let address = self.session.instances[caller].address.child(name.clone(), InstanceKey::None);
        let all = self.session.nodes.add(NodeKind::All(None), Vec::new());
        let state = ModuleState::new(module, address, Some(caller), Each::default(), all);
        self.session.instances.push(state);
        self.session.by_module[module.0 as usize].push(number);
        let expansion = CallExpansion {
            form: expand::form(&call.repetition),
            node: all,
            all,
            instances: BTreeMap::from([(InstanceKey::None, number)]),
        };
        self.session.instances[caller].calls.insert(name, expansion);
    }

    /// The provider of a source, if there is one.
    fn provider_of(&mut self, source: &ProviderSource) -> Option<Arc<dyn Provider>> {
        let made = self.made.entry(source.clone());
        made.or_insert_with(|| self.providers.create(source)).clone()
    }
}
