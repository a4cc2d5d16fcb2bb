//! Plans that only bring the state up to date with what is there.

use platoform_config::{InstanceAddress, ModuleId, ResourceId};
use platoform_diagnostic::{Diagnostics, Severity};
use platoform_value::Value;

use crate::Action;
use crate::planner::Planner;
use crate::planner::resource::Common;
use crate::sensitive::mark_schema;
use crate::session::module::Each;
use crate::session::nodes::NodeKind;

impl Planner {
    /// Gives a managed resource the instances that the configuration says, each as it is. What is
    /// not there yet stays unknown, and a condition that does not hold is only a warning.
    pub(crate) fn resource_as_found(&mut self, module: ModuleId, id: &ResourceId) {
        let Some(common) = self.common(module, id) else { return };
        for instance in self.session.by_module[module.0 as usize].clone() {
            let Some((keys, address)) = self.open_expansion(instance, &common.resource) else {
                continue;
            };
            for (key, each) in keys.each {
                let address = InstanceAddress { resource: address.clone(), key };
                self.instance_as_found(&common, instance, &each, &address);
            }
        }
    }

    fn instance_as_found(
        &mut self,
        common: &Common,
        instance: usize,
        each: &Each,
        address: &InstanceAddress,
    ) {
        let block = &common.schema.block;
        let existing = self.current.get(&address.resource).and_then(|keys| keys.get(&address.key));
        let existing = existing.map(|number| &self.existing[*number]);
        let found = existing.filter(|existing| existing.usable && !existing.current.is_null());
        let value = found.map(|existing| mark_schema(block, existing.marked()));
        let mut problems = Diagnostics::default();
        if let Some(value) = &value {
            let lifecycle = &common.resource.lifecycle;
            let conditions = [
                (&lifecycle.preconditions, None, "Resource precondition failed"),
                (&lifecycle.postconditions, Some(value), "Resource postcondition failed"),
            ];
            for (all, itself, failed) in conditions {
                for condition in all {
                    let checked =
                        self.session.condition(instance, Some(each), itself, condition, failed);
                    problems.extend(checked.diagnostics);
                }
            }
        }
        let warnings = problems.into_iter().map(|mut problem| {
            problem.severity = Severity::Warning;
            problem
        });
        self.report(warnings.collect(), address);
        let value = value.unwrap_or_else(|| Value::unknown(block.implied_type()));
        let node = self.session.nodes.add(NodeKind::Settled(None), Vec::new());
        self.place(instance, address, node, value);
    }

    /// Plans to write down what was found, for every object that is not what the state says.
    pub(crate) fn records_as_found(&mut self) {
        for number in self.scope.objects(&self.existing, false) {
            if self.existing[number].drifted() {
                self.leave(number, Action::NoOp);
            }
        }
    }
}
