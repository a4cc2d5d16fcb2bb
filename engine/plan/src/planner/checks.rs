//! `check` blocks: assertions whose failure is a warning.

use std::sync::Arc;

use platoform_config::ModuleId;
use platoform_diagnostic::Diagnostic;

use super::Planner;
use crate::session::nodes::NodeKind;

impl Planner {
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
