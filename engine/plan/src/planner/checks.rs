//! `check` blocks: assertions whose failure is a warning.

use std::sync::Arc;

use platoform_config::{InstanceAddress, InstanceKey, ModuleId};
use platoform_diagnostic::Diagnostic;

use super::Planner;
use crate::session::nodes::NodeKind;
use crate::verdict::Verdict;
use crate::{CheckResult, CheckSubject};

impl Planner {
    /// Keeps what became of the conditions of something without instances of its own.
    pub(super) fn judge(&mut self, instance: usize, subject: CheckSubject, verdict: Verdict) {
        let module = &self.session.instances[instance].address;
        self.verdicts.add(module, subject, InstanceKey::None, verdict);
    }

    /// Keeps what became of conditions of an object.
    pub(super) fn judge_object(&mut self, address: &InstanceAddress, verdict: Verdict) {
        let subject = CheckSubject::Resource(address.resource.id.clone());
        self.verdicts.add(&address.resource.module, subject, address.key.clone(), verdict);
    }

    /// Everything with conditions, whether it was looked at or not.
    pub(super) fn check_results(&mut self) -> Vec<CheckResult> {
        let mut verdicts = std::mem::take(&mut self.verdicts);
        for module in &self.session.topology.modules {
            let resources = module.resources.values().filter(|resource| {
                let lifecycle = &resource.lifecycle;
                !(lifecycle.preconditions.is_empty() && lifecycle.postconditions.is_empty())
            });
            let resources = resources.map(|resource| CheckSubject::Resource(resource.id.clone()));
            let outputs =
                module.outputs.iter().filter(|(_, block)| !block.preconditions.is_empty());
            let outputs = outputs.map(|(name, _)| CheckSubject::Output(name.clone()));
            let checks = module.checks.keys().map(|name| CheckSubject::Check(name.clone()));
            let variables =
                module.variables.iter().filter(|(_, block)| !block.validations.is_empty());
            let variables = variables.map(|(name, _)| CheckSubject::Variable(name.clone()));
            for subject in resources.chain(outputs).chain(checks).chain(variables) {
                verdicts.name(&module.path, subject);
            }
        }
        let session = &self.session;
        verdicts.results(|path, subject| {
            let CheckSubject::Resource(id) = subject else { return false };
            let module = session.topology.modules.iter().find(|module| module.path == path);
            let instances = module.map(|module| &session.by_module[module.id.0 as usize]);
            instances
                .into_iter()
                .flatten()
                .any(|instance| session.instances[*instance].resources.contains_key(id))
        })
    }

    pub(super) fn check(&mut self, module: ModuleId, name: &Arc<str>) {
        let Some(check) = self.session.topology.module(module).checks.get(name).cloned() else {
            return;
        };
        for instance in self.session.by_module[module.0 as usize].clone() {
            // What its data source said instead of an answer has been reported.
            let unread = self.unread.contains(&(instance, name.clone()));
            let mut checked = self.session.assertions(instance, &check, !unread);
            if checked.unknown && !unread {
                let all = check.assertions.iter();
                let at = all.filter(|assertion| checked.open.contains(&assertion.header));
                for assertion in at {
                    let detail = "What it asks about is known only when the plan is applied";
                    checked.diagnostics.push(
                        Diagnostic::warning("Check block assertion known after apply", detail)
                            .at(assertion.condition.span),
                    );
                }
            }
            self.diagnostics.extend(checked.diagnostics);
            self.judge(instance, CheckSubject::Check(name.clone()), checked.verdict);
            // The data source of a check is read again when the plan is applied.
            let again = checked.unknown || check.data.is_some();
            let kind = NodeKind::Check(instance, name.clone(), again);
            let node = self.session.nodes.add(kind, checked.reads);
            if let Some(data) = &check.data {
                let read = self.session.instances[instance].resources.get(data);
                let read = read.map(|expansion| expansion.all);
                self.session.nodes.depend(node, read);
            }
        }
    }
}
