//! `check` blocks: assertions whose failure is a warning.

use std::sync::Arc;

use platoform_config::ModuleId;
use platoform_diagnostic::{Diagnostic, Severity};

use super::Planner;

impl Planner {
    pub(super) fn check(&mut self, module: ModuleId, name: &Arc<str>) {
        let Some(check) = self.session.topology.module(module).checks.get(name).cloned() else {
            return;
        };
        for instance in self.session.by_module[module.0 as usize].clone() {
            for assertion in &check.assertions {
                let failed = "Check block assertion failed";
                let checked = self.session.condition(instance, None, None, assertion, failed);
                if checked.unknown {
                    let detail = "What it asks about is known only when the plan is applied";
                    self.diagnostics.push(
                        Diagnostic::warning("Check block assertion known after apply", detail)
                            .at(assertion.condition.span),
                    );
                }
                self.diagnostics.extend(checked.diagnostics.into_iter().map(|mut found| {
                    found.severity = Severity::Warning;
                    found
                }));
            }
        }
    }
}
