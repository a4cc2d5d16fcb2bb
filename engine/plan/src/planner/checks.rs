//! `check` blocks: assertions whose failure is a warning.

use std::sync::Arc;

use platoform_config::ModuleId;
use platoform_diagnostic::Diagnostic;

use super::Planner;

impl Planner {
    pub(super) fn check(&mut self, module: ModuleId, name: &Arc<str>) {
        let Some(check) = self.session.topology.module(module).checks.get(name).cloned() else {
            return;
        };
        for instance in self.session.by_module[module.0 as usize].clone() {
            for assertion in &check.assertions {
                let checked = self.session.assertion(instance, assertion);
                if checked.unknown {
                    let detail = "What it asks about is known only when the plan is applied";
                    self.diagnostics.push(
                        Diagnostic::warning("Check block assertion known after apply", detail)
                            .at(assertion.condition.span),
                    );
                }
                self.diagnostics.extend(checked.diagnostics);
            }
        }
    }
}
