//! What the configuration can say and no plan does yet. It is refused with its place, so that
//! nothing that was written is skipped.

use platoform_config::{Module, Topology};
use platoform_diagnostic::{Diagnostic, Diagnostics, Span};
use platoform_schema::Mode;

/// The errors for everything in a configuration that would not be done.
pub(super) fn refuse(topology: &Topology) -> Diagnostics {
    topology.modules.iter().flat_map(in_module).collect()
}

fn in_module(module: &Module) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = Vec::new();
    let mut refuse = |what: &str, at: Span| found.push(not_supported(what, at));
    for resource in module.resources.values() {
        if resource.mode() == Mode::Ephemeral {
            refuse("`ephemeral` blocks", resource.header);
        }
    }
    for removed in &*module.removed {
        for provisioner in &*removed.provisioners {
            refuse("`provisioner` blocks", provisioner.header);
        }
    }
    for provider in module.providers.values() {
        if let Some(expression) = &provider.for_each {
            refuse("`for_each` in `provider` blocks", expression.span);
        }
    }
    found
}

fn not_supported(what: &str, at: Span) -> Diagnostic {
    Diagnostic::error(
        "Not supported yet",
        format!("This version does not support {what} yet, so it would not do what this says"),
    )
    .at(at)
}
