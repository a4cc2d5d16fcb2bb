//! What each node depends on.

use std::sync::Arc;

use platoform_config::{
    Condition, Content, Module, ModuleId, ProviderId, Referent, Repetition, Resource, ResourceId,
    Subject, Topology,
};
use platoform_diagnostic::{Diagnostic, Diagnostics, Span};
use platoform_lang::tree::{Expression, ExpressionKind, Reference, Step};

use crate::Node;

/// The dependencies of one node.
#[derive(Default)]
pub(crate) struct Edges {
    pub(crate) found: Vec<(Node, Option<Span>)>,
    pub(crate) self_references: Diagnostics,
}

/// Finds the dependencies of a node.
pub(crate) fn of_node(topology: &Topology, node: &Node, edges: &mut Edges) {
    let module = topology.module(node.module());
    if module.parent.is_some() && !matches!(node, Node::Call(_)) {
        edges.found.push((Node::Call(module.id), None));
    }
    let mut within = Within { topology, module, edges };
    match node {
        Node::Variable(_, name) => within.variable(name),
        Node::Local(_, name) => within.local(name),
        Node::Output(_, name) => within.output(name),
        Node::Provider(id) => within.provider(id),
        Node::Resource(_, id) => {
            if let Some(resource) = module.resources.get(id) {
                within.resource(resource);
            }
        }
        Node::Check(_, name) => within.check(name),
        Node::Call(_) => within.call(),
        Node::Close(_) => within.close(),
    }
}

struct Within<'a, 'e> {
    topology: &'a Topology,
    /// The module that names are resolved in.
    module: &'a Module,
    edges: &'e mut Edges,
}

impl<'a> Within<'a, '_> {
    fn variable(&mut self, name: &Arc<str>) {
        let Some(variable) = self.module.variables.get(name) else { return };
        let itself = Node::Variable(self.module.id, name.clone());
        self.conditions(&variable.validations);
        self.edges.found.retain(|(node, _)| *node != itself);
        let Some((caller, call)) = &self.module.parent else { return };
        let caller = self.topology.module(*caller);
        let input = caller.calls.get(call).and_then(|call| call.inputs.get(name));
        if let Some((_, expression)) = input {
            Within { topology: self.topology, module: caller, edges: self.edges }
                .expression(expression);
        }
    }

    fn local(&mut self, name: &Arc<str>) {
        let Some(local) = self.module.locals.get(name) else { return };
        self.expression(&local.expression);
        let itself = Node::Local(self.module.id, name.clone());
        for (node, span) in &self.edges.found {
            if *node == itself {
                let mut error = Diagnostic::error(
                    "Self-referencing local value",
                    format!("The local value `local.{name}` cannot be part of its own expression"),
                );
                error.span = *span;
                self.edges.self_references.push(error);
            }
        }
    }

    fn output(&mut self, name: &Arc<str>) {
        let Some(output) = self.module.outputs.get(name) else { return };
        self.expression(&output.expression);
        self.conditions(&output.preconditions);
        self.depends_on(&output.depends_on);
    }

    fn provider(&mut self, id: &ProviderId) {
        if let Some(content) = self.topology.provider(id).and_then(|block| block.content.as_ref()) {
            self.content(content);
        }
    }

    fn resource(&mut self, resource: &'a Resource) {
        self.repetition(&resource.repetition);
        self.content(&resource.content);
        let lifecycle = &resource.lifecycle;
        for expression in lifecycle.prevent_destroy.iter().chain(&lifecycle.replace_triggered_by) {
            self.expression(expression);
        }
        self.report_itself(&resource.id);
        self.imports(&resource.id);
        self.provisioners(resource);
        self.conditions(&lifecycle.preconditions);
        self.conditions(&lifecycle.postconditions);
        self.depends_on(&resource.depends_on);
        self.edges.found.push((Node::Provider(resource.provider.clone()), None));
    }

    /// What is known before anything is imported to a resource. Imports stand in the root module.
    fn imports(&mut self, id: &platoform_config::ResourceId) {
        let Some(root) = self.topology.modules.first() else { return };
        let mine = root
            .imports
            .iter()
            .filter(|import| import.resource.1 == *id && import.resource.0 == self.module.path);
        for import in mine {
            let mut outside = Within { topology: self.topology, module: root, edges: self.edges };
            outside.expression(&import.id);
            if let Some(expression) = &import.for_each {
                outside.expression(expression);
            }
            if let ExpressionKind::Traversal(_, steps) = &import.to.kind {
                for step in steps {
                    if let Step::Index(key, _) = step {
                        outside.expression(key);
                    }
                }
            }
        }
    }

    fn check(&mut self, name: &Arc<str>) {
        let Some(check) = self.module.checks.get(name) else { return };
        self.conditions(&check.assertions);
        if let Some(data) = &check.data {
            self.edges.found.push((Node::Resource(self.module.id, data.clone()), None));
        }
    }

    /// What provisioners need. They run when the object is there, so they may refer to it.
    fn provisioners(&mut self, resource: &'a Resource) {
        let own = resource.provisioners.iter();
        let connections = own.filter_map(|provisioner| provisioner.connection.as_ref());
        for connection in connections.chain(&resource.connection) {
            self.content(&connection.content);
        }
        for provisioner in &*resource.provisioners {
            self.content(&provisioner.content);
        }
    }

    fn report_itself(&mut self, id: &ResourceId) {
        let itself = Node::Resource(self.module.id, id.clone());
        for (node, span) in &self.edges.found {
            if *node == itself {
                let name = node.name(self.topology);
                let detail = format!("The configuration of `{name}` may not refer to itself");
                let mut error = Diagnostic::error("Self-referential block", detail).within(name);
                error.span = *span;
                self.edges.self_references.push(error);
            }
        }
    }

    /// Expansion of a call: worked out in the module that calls.
    fn call(&mut self) {
        let Some((caller, name)) = &self.module.parent else { return };
        let caller = self.topology.module(*caller);
        if caller.parent.is_some() {
            self.edges.found.push((Node::Call(caller.id), None));
        }
        if let Some(call) = caller.calls.get(name) {
            let mut outside = Within { topology: self.topology, module: caller, edges: self.edges };
            outside.repetition(&call.repetition);
            outside.depends_on(&call.depends_on);
        }
    }

    /// Everything a caller may wait for when it waits for a module.
    fn close(&mut self) {
        let id = self.module.id;
        let resources = self.module.resources.keys();
        let resources = resources.map(|name| Node::Resource(id, name.clone()));
        let outputs = self.module.outputs.keys().map(|name| Node::Output(id, name.clone()));
        let calls = self.module.calls.values().map(|call| Node::Close(call.module));
        self.edges.found.extend(resources.chain(outputs).chain(calls).map(|node| (node, None)));
    }

    fn expression(&mut self, expression: &Expression) {
        expression.references(&mut |reference| self.reference(&reference));
    }

    fn content(&mut self, content: &Content) {
        content.references(&mut |reference| self.reference(&reference));
    }

    fn conditions(&mut self, conditions: &[Condition]) {
        for condition in conditions {
            self.expression(&condition.condition);
            self.expression(&condition.message);
        }
    }

    fn repetition(&mut self, repetition: &Repetition) {
        match repetition {
            Repetition::Single => {}
            Repetition::Count(expression)
            | Repetition::ForEach(expression)
            | Repetition::Enabled(expression) => self.expression(expression),
        }
    }

    fn depends_on(&mut self, expressions: &[Arc<Expression>]) {
        for expression in expressions {
            let ExpressionKind::Traversal(root, steps) = &expression.kind else { continue };
            let reference = Reference { root, steps, span: expression.span };
            match Referent::of(&reference) {
                Ok(Referent { subject: Subject::Module(name), .. }) => {
                    if let Some(call) = self.module.calls.get(&name.name) {
                        let close = Node::Close(call.module);
                        self.edges.found.push((close, Some(expression.span)));
                    }
                }
                _ => self.reference(&reference),
            }
        }
    }

    fn reference(&mut self, reference: &Reference<'_>) {
        let Ok(referent) = Referent::of(reference) else { return };
        let span = Some(reference.span);
        let id = self.module.id;
        let node = match &referent.subject {
            Subject::Variable(name) => Node::Variable(id, name.name.clone()),
            Subject::Local(name) => Node::Local(id, name.name.clone()),
            Subject::Resource(resource) => Node::Resource(id, resource.clone()),
            Subject::Module(name) => {
                if let Some(call) = self.module.calls.get(&name.name) {
                    self.outputs(call.module, referent.rest, span);
                }
                return;
            }
            Subject::Count(_)
            | Subject::Each(_)
            | Subject::Path(_)
            | Subject::Terraform(_)
            | Subject::Myself => return,
        };
        self.edges.found.push((node, span));
    }

    /// `module.m.x` and `module.m[k].x` need one output; anything else needs all of them, and how
    /// many instances there are.
    fn outputs(&mut self, module: ModuleId, rest: &[Step], span: Option<Span>) {
        self.edges.found.push((Node::Call(module), span));
        let named = match rest {
            [Step::Attribute(name), ..] | [Step::Index(..), Step::Attribute(name), ..] => {
                Some(name)
            }
            _ => None,
        };
        match named {
            Some(name) => self.edges.found.push((Node::Output(module, name.name.clone()), span)),
            None => {
                let outputs = self.topology.module(module).outputs.keys();
                let outputs = outputs.map(|name| (Node::Output(module, name.clone()), span));
                self.edges.found.extend(outputs);
                self.edges.found.push((Node::Close(module), span));
            }
        }
    }
}
