//! `resource`, `data` and `ephemeral` blocks.

use platoform_config::{
    Content, IgnoreChanges, ModuleId, Resource, ResourceId, Surroundings, check_steps,
};
use platoform_diagnostic::Diagnostic;
use platoform_lang::tree::{ExpressionKind, Step};
use platoform_schema::{Block, Mode};
use platoform_value::Value;

use super::Validator;
use crate::ephemeral;
use crate::redact::redacted;

impl Validator<'_> {
    pub(super) fn resource(&mut self, module: ModuleId, id: &ResourceId) {
        let topology = self.topology;
        let Some(resource) = topology.module(module).resources.get(id) else { return };
        let around = Surroundings {
            check: resource.check.as_deref(),
            ..Surroundings::within(&resource.repetition)
        };
        self.body(module, resource, &around);
        let lifecycle = &resource.lifecycle;
        if let Some(expression) = &lifecycle.prevent_destroy {
            self.expression(module, expression, &Surroundings::default());
        }
        self.conditions(module, &lifecycle.preconditions, &around);
        let myself = Surroundings { myself: Some(resource), ..around };
        self.conditions(module, &lifecycle.postconditions, &myself);
        self.provisioners(module, resource, &myself);
    }

    fn body(&mut self, module: ModuleId, resource: &Resource, around: &Surroundings<'_>) {
        self.repetition(module, &resource.repetition);
        self.depends_on(module, &resource.depends_on);
        let content = &resource.content;
        if !content.is_known() {
            return self.found.extend(content.diagnostics().clone());
        }
        let Some(value) = self.content(module, content, around) else { return };
        self.ignored(resource);
        let block = &content.schema().block;
        if resource.id.mode != Mode::Ephemeral {
            let address = self.address(module, resource);
            self.found.extend(ephemeral::refused(content, &value, &address));
        }
        if resource.id.mode == Mode::Managed {
            self.found.extend(read_only(content, block));
        }
        self.ask(module, resource, &value);
    }

    /// What a resource is called in messages.
    fn address(&self, module: ModuleId, resource: &Resource) -> String {
        let calls = self.topology.module(module).path.iter();
        let path: String = calls.map(|name| format!("module.{name}.")).collect();
        format!("{path}{}", resource.id)
    }

    /// Lets the provider check what is known of a block.
    fn ask(&mut self, module: ModuleId, resource: &Resource, value: &Value) {
        let Some(provider) = self.session.unconfigured.provider(&resource.provider.source) else {
            return;
        };
        let (id, content) = (&resource.id, &resource.content);
        let address = self.address(module, resource);
        for problem in provider.validate(id.mode, &id.kind, &value.clone().unmark_deep()) {
            let problem = redacted(&problem, &[value]);
            let header = Some(resource.header);
            self.found.push(self.session.problem(&problem, Some(content), header, &address));
        }
    }

    /// Checks that what is ignored could change.
    fn ignored(&mut self, resource: &Resource) {
        let IgnoreChanges::Paths(paths) = &resource.lifecycle.ignore_changes else { return };
        let block = &resource.content.schema().block;
        for (_, expression) in paths {
            let ExpressionKind::Traversal(root, steps) = &expression.kind else { continue };
            let mut whole = vec![Step::Attribute(root.clone())];
            whole.extend(steps.iter().cloned());
            if let Some(error) = check_steps(block, &whole) {
                // The first name stands there without a dot before it.
                let at = error.span.filter(|span| span.end > root.span.end);
                self.found.push(error.at(at.unwrap_or(root.span)));
                continue;
            }
            let attribute = block.attributes.get(&root.name).filter(|_| steps.is_empty());
            if attribute.is_some_and(|found| found.computed && !found.optional) {
                let detail = format!("Only the provider decides on `{}` anyway", root.name);
                self.found.push(
                    Diagnostic::warning("Redundant ignore_changes element", detail)
                        .at(resource.kind_span)
                        .label(expression.span, "it is ignored here"),
                );
            }
        }
    }

    fn provisioners(&mut self, module: ModuleId, resource: &Resource, around: &Surroundings<'_>) {
        for provisioner in &*resource.provisioners {
            let before = self.found.len();
            self.content(module, &provisioner.content, around);
            let connection = provisioner.connection.as_ref().or(resource.connection.as_ref());
            if let Some(connection) = connection {
                self.content(module, &connection.content, around);
            }
            self.found.extend(incomplete(&provisioner.kind.name, &provisioner.content));
            if self.found.iter().skip(before).any(Diagnostic::is_error) {
                return;
            }
        }
    }
}

/// The errors for arguments that only the provider sets.
fn read_only(content: &Content, block: &Block) -> Vec<Diagnostic> {
    let computed = block
        .attributes
        .iter()
        .filter(|(_, attribute)| attribute.computed && !attribute.optional && !attribute.required);
    computed
        .filter_map(|(name, _)| {
            let at = content.expression(name)?.span;
            let detail = "The provider alone sets it";
            let error = Diagnostic::error(format!("\"{name}\" attribute is read-only"), detail);
            Some(error.label(at, "it is set here"))
        })
        .collect()
}

/// The error for arguments of a provisioner that do not go together.
fn incomplete(kind: &str, content: &Content) -> Option<Diagnostic> {
    let given = |name: &str| content.expression(name).is_some();
    let count = |names: &[&str]| names.iter().filter(|name| given(name)).count();
    let (summary, detail) = match kind {
        "remote-exec" if count(&["inline", "script", "scripts"]) != 1 => (
            "Invalid remote-exec provisioner configuration",
            "Exactly one of `inline`, `script` and `scripts` must be set",
        ),
        "file" if given("source") && given("content") => {
            ("Cannot set both 'source' and 'content'", "Only one of them can say what to copy")
        }
        "file" if !given("source") && !given("content") => {
            ("Must provide one of 'source' or 'content'", "One of them must say what to copy")
        }
        _ => return None,
    };
    Some(Diagnostic::error(summary, detail).label(content.span(), "in this provisioner"))
}
