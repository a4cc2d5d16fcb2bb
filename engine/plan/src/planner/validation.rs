//! Checking a configuration by evaluating it with nothing known that only a run can tell: values of
//! root variables, attributes of objects, keys of repetitions.

use std::collections::BTreeMap;
use std::sync::Arc;

use platoform_config::{
    Condition, InstanceAddress, InstanceKey, ModuleId, Repetition, ResourceAddress, ResourceId,
};
use platoform_diagnostic::Diagnostics;
use platoform_graph::{Graph, Node};
use platoform_schema::Mode;
use platoform_value::{Type, Value};
use rustc_hash::FxHashSet;

use crate::planner::{Planner, expand, resource::visible};
use crate::session::Session;
use crate::session::module::{CallExpansion, Each, Form, ModuleState};
use crate::session::nodes::NodeKind;
use crate::{PlanInput, PlanOptions};

/// Finds what is wrong with a configuration whatever its variables and objects will be. Nobody is
/// asked about anything outside; the state counts as empty. What depends on a block with an error
/// is not looked at, so that one mistake is reported once.
///
/// Gives the session back for its sources.
pub fn validate(mut input: PlanInput) -> (Session, Diagnostics) {
    let root = input.topology.module(ModuleId::ROOT).variables.iter();
    let unknown = root.map(|(name, variable)| {
        (name.clone(), Value::unknown(variable.kind.clone()).mark(variable.marks()))
    });
    input.variables = unknown.collect();
    let graph = platoform_graph::build(&input.topology);
    let mut planner = Planner::new(input, PlanOptions::default());
    match graph {
        Ok(graph) => planner.validate_all(&graph),
        Err(diagnostics) => planner.diagnostics.extend(diagnostics),
    }
    (planner.session, planner.diagnostics)
}

impl Planner {
    fn validate_all(&mut self, graph: &Graph) {
        let mut failed = FxHashSet::default();
        for &index in graph.order() {
            if graph.dependencies(index).any(|dependency| failed.contains(&dependency)) {
                failed.insert(index);
                continue;
            }
            let before = self.diagnostics.len();
            match graph.node(index) {
                Node::Provider(id) => {
                    if let Some(number) = self.provider_number(id) {
                        self.provider_settings(number);
                    }
                }
                Node::Resource(module, id) => self.validate_resource(*module, id),
                Node::Call(module) => self.validate_call(*module),
                Node::Close(_) => {}
                Node::Output(module, name) => self.validate_output(*module, name),
                other => self.named_value(other),
            }
            if self.diagnostics.iter().skip(before).any(platoform_diagnostic::Diagnostic::is_error)
            {
                failed.insert(index);
            }
        }
    }

    /// Evaluates a block once, for an instance of which no key is known.
    fn validate_resource(&mut self, module: ModuleId, id: &ResourceId) {
        if id.mode == Mode::Ephemeral {
            return;
        }
        let Some(common) = self.common(module, id) else { return };
        for instance in self.session.by_module[module.0 as usize].clone() {
            let Some(each) = self.placeholder(instance, &common.resource.repetition) else {
                continue;
            };
            let state = &self.session.instances[instance];
            let resource = ResourceAddress { module: state.address.clone(), id: id.clone() };
            let address = InstanceAddress { resource, key: InstanceKey::None };
            let content = common.resource.content.clone();
            let (config, mut found) = self
                .session
                .within(instance, Some(&each), None, |evaluator| content.evaluate(evaluator))
                .0;
            if !found.has_errors() {
                self.check_config(&common, &config, &address, &mut found);
            }
            let lifecycle = &common.resource.lifecycle;
            let unknown = visible(
                &common.schema,
                &config,
                Value::unknown(common.schema.block.implied_type()),
            );
            for condition in lifecycle.preconditions.iter().chain(&lifecycle.postconditions) {
                found.extend(self.session.well_formed(instance, &each, &unknown, condition));
            }
            // Where a block repeats, what refers to it cannot be told more than that it exists.
            if matches!(common.resource.repetition, Repetition::Single) && !found.has_errors() {
                let node = self.session.nodes.add(NodeKind::Settled(None), Vec::new());
                self.new_expansion(instance, &common.resource, Form::Single, Vec::new());
                self.place(instance, &address, node, unknown);
            }
            self.diagnostics.extend(found);
        }
    }

    /// Makes one instance of a called module. Where the call repeats, nothing is known of it outside.
    fn validate_call(&mut self, module: ModuleId) {
        let Some((parent, name)) = self.session.topology.module(module).parent.clone() else {
            return;
        };
        let Some(call) = self.session.topology.module(parent).calls.get(&name).cloned() else {
            return;
        };
        for instance in self.session.by_module[parent.0 as usize].clone() {
            let Some(each) = self.placeholder(instance, &call.repetition) else { continue };
            let number = self.session.instances.len();
            let address =
                self.session.instances[instance].address.child(name.clone(), InstanceKey::None);
            let all = self.session.nodes.add(NodeKind::All(None), Vec::new());
            let state = ModuleState::new(module, address, Some(instance), each, all);
            self.session.instances.push(state);
            self.session.by_module[module.0 as usize].push(number);
            if matches!(call.repetition, Repetition::Single) {
                let instances = BTreeMap::from([(InstanceKey::None, number)]);
                let expansion = CallExpansion { form: Form::Single, node: all, all, instances };
                self.session.instances[instance].calls.insert(name.clone(), expansion);
            }
        }
    }

    /// Evaluates an output. What it gives to the calling module counts as unknown, marks apart.
    fn validate_output(&mut self, module: ModuleId, name: &Arc<str>) {
        self.output(module, name);
        if module == ModuleId::ROOT {
            return;
        }
        for instance in self.session.by_module[module.0 as usize].clone() {
            if let Some(slot) = self.session.instances[instance].outputs.get_mut(name) {
                slot.value = Value::unknown(Type::Dynamic).mark(slot.value.deep_marks());
            }
        }
    }

    /// What `each` and `count` mean where no key is known. `None` after an error, which is then
    /// reported.
    fn placeholder(&mut self, instance: usize, repetition: &Repetition) -> Option<Each> {
        let Some((form, expression)) = expand::expression(repetition) else {
            return Some(Each::default());
        };
        let result = self.session.expression(instance, None, expression).0;
        let checked = result.and_then(|value| expand::check(form, expression, &value));
        match checked {
            Ok(()) => Some(Each::unknown(form)),
            Err(diagnostics) => {
                self.diagnostics.extend(diagnostics);
                None
            }
        }
    }
}

impl Session {
    /// What is wrong with a condition and its message, whatever they come to.
    fn well_formed(
        &self,
        instance: usize,
        each: &Each,
        itself: &Value,
        condition: &Condition,
    ) -> Diagnostics {
        let parts = [&condition.condition, &condition.message];
        let results = parts.map(|part| {
            self.within(instance, Some(each), Some(itself), |evaluator| evaluator.evaluate(part)).0
        });
        results.into_iter().filter_map(Result::err).flatten().collect()
    }
}
