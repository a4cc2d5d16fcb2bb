//! Module calls, and what `depends_on` means in a module instance.

use std::collections::BTreeMap;
use std::sync::Arc;

use platoform_config::{ModuleId, ResourceId};
use platoform_lang::tree::Step;
use platoform_lang::{Expression, ExpressionKind};
use platoform_schema::Mode;

use crate::dependencies::recorded_call;
use crate::planner::Planner;
use crate::session::module::{CallExpansion, ModuleState};
use crate::session::nodes::{NodeId, NodeKind};

impl Planner {
    /// Makes the instances of a called module, in every instance of the calling one.
    pub(crate) fn call(&mut self, module: ModuleId) {
        let Some((parent, name)) = self.session.topology.module(module).parent.clone() else {
            return;
        };
        let Some(call) = self.session.topology.module(parent).calls.get(&name).cloned() else {
            return;
        };
        for instance in self.session.by_module[parent.0 as usize].clone() {
            let Some(keys) = self.expand(instance, &call.repetition) else { continue };
            let mut reads = keys.reads;
            let after = self.depends_on(instance, &call.depends_on);
            let state = &self.session.instances[instance];
            let (address, after_parent, origin) =
                (state.address.clone(), state.after.clone(), state.origin);
            reads.extend(origin);
            let node = self.session.nodes.add(NodeKind::Expansion, reads);
            let whole = recorded_call(&address, &name);
            let call_all = self.session.nodes.add(NodeKind::All(Some(whole)), vec![node]);
            let mut instances = BTreeMap::new();
            for (key, each) in keys.each {
                let number = self.session.instances.len();
                let address = address.child(name.clone(), key.clone());
                let whole = NodeKind::All(Some(address.to_string().into()));
                let all = self.session.nodes.add(whole, vec![node]);
                let mut state = ModuleState::new(module, address, Some(instance), each, all);
                state.origin = Some(node);
                state.after = after_parent.iter().chain(&after).copied().collect();
                self.session.instances.push(state);
                self.session.by_module[module.0 as usize].push(number);
                instances.insert(key, number);
            }
            let expansion = CallExpansion { form: keys.form, node, all: call_all, instances };
            self.session.instances[instance].calls.insert(name.clone(), expansion);
        }
    }

    /// The nodes that `depends_on` expressions name.
    pub(crate) fn depends_on(
        &self,
        instance: usize,
        expressions: &[Arc<Expression>],
    ) -> Vec<NodeId> {
        expressions.iter().flat_map(|expression| self.named_nodes(instance, expression)).collect()
    }

    fn named_nodes(&self, instance: usize, expression: &Expression) -> Vec<NodeId> {
        let ExpressionKind::Traversal(root, steps) = &expression.kind else { return Vec::new() };
        let state = &self.session.instances[instance];
        let name = |index: usize| match steps.get(index) {
            Some(Step::Attribute(name)) => Some(name.name.clone()),
            _ => None,
        };
        let resource = |mode, kind, name| {
            let id = ResourceId { mode, kind, name };
            state.resources.get(&id).map(|expansion| expansion.all)
        };
        let slot = |slot: Option<&crate::session::module::Slot>| slot.map(|slot| slot.node);
        let node = match &*root.name {
            "var" => name(0).and_then(|name| slot(state.variables.get(&name))),
            "local" => name(0).and_then(|name| slot(state.locals.get(&name))),
            "data" => {
                name(0).zip(name(1)).and_then(|(kind, name)| resource(Mode::Data, kind, name))
            }
            "module" => name(0).and_then(|name| state.calls.get(&name)).map(|call| call.all),
            _ => name(0).and_then(|name| resource(Mode::Managed, root.name.clone(), name)),
        };
        node.into_iter().collect()
    }
}
