//! Checks a configuration without any value from outside: names, types, and what follows from
//! constants alone.
//!
//! Blocks are visited in the order of the graph. A block that depends on one with errors is not
//! visited: what would be found there only follows.

use std::sync::Arc;

use platoform_config::{ModuleId, Surroundings, Topology};
use platoform_diagnostic::{Diagnostic, Diagnostics};
use platoform_graph::{Graph, Node};
use platoform_lang::Expression;
use platoform_value::{Type, Value};
use rustc_hash::FxHashMap;

use crate::Session;

mod block;
mod condition;
mod import;
mod passing;
mod repetition;
mod resource;
mod scope;

/// Everything that is wrong with a configuration that was loaded without errors.
pub(crate) fn walk(session: &Session, graph: &Graph) -> Diagnostics {
    let topology = &session.topology;
    let mut found = passing::arguments(topology);
    if found.has_errors() {
        return found;
    }
    let locals = FxHashMap::default();
    found = Diagnostics::default();
    let mut validator = Validator { session, graph, topology, locals, found };
    let mut failed = vec![false; graph.len()];
    for &index in graph.order() {
        let mut wrong = graph.dependencies(index).any(|on| failed[on.index()]);
        if !wrong {
            let before = validator.found.len();
            let used = graph.dependents(index).next().is_some();
            validator.node(graph.node(index), used);
            wrong = validator.found.iter().skip(before).any(Diagnostic::is_error);
        }
        failed[index.index()] = wrong;
    }
    validator.imports();
    validator.found.sort();
    validator.found
}

/// Goes through the blocks of a configuration.
struct Validator<'a> {
    session: &'a Session,
    graph: &'a Graph,
    topology: &'a Topology,
    /// Local values of each module.
    locals: FxHashMap<(ModuleId, Arc<str>), Value>,
    found: Diagnostics,
}

impl Validator<'_> {
    fn node(&mut self, node: &Node, used: bool) {
        match node {
            Node::Variable(module, name) => self.variable(*module, name),
            Node::Local(module, name) => {
                let Some(local) = self.topology.module(*module).locals.get(name) else { return };
                let index = self.graph.index(node);
                if let Some(errors) = index.and_then(|index| self.graph.self_reference(index)) {
                    return self.found.extend(errors.clone());
                }
                let around = Surroundings::default();
                let value = self.expression(*module, &local.expression, &around);
                let value = value.unwrap_or_else(|| Value::unknown(Type::Dynamic));
                self.locals.insert((*module, name.clone()), value);
            }
            Node::Output(module, name) => self.output(*module, name),
            // A configuration that nothing uses is not looked at.
            Node::Provider(_) if !used => {}
            Node::Provider(id) => {
                let block = self.topology.provider(id);
                let content = block.and_then(|block| block.content.clone());
                let Some(content) = content else { return };
                let value = self.content(id.module, &content, &Surroundings::default());
                let provider = self.session.unconfigured.provider(&id.source);
                let (Some(value), Some(provider)) = (value, provider) else { return };
                let name = format!("provider \"{}\"", id.name);
                for problem in provider.validate_provider(&value.unmark_deep()) {
                    let found = self.session.problem(&problem, Some(&content), None, &name);
                    self.found.push(found);
                }
            }
            Node::Resource(module, id) => self.resource(*module, id),
            Node::Check(module, name) => self.check(*module, name),
            Node::Call(module) => self.call(*module),
            Node::Close(_) => {}
        }
    }

    /// The value of an expression; `None` after an error, which is reported.
    fn expression(
        &mut self,
        module: ModuleId,
        expression: &Expression,
        around: &Surroundings<'_>,
    ) -> Option<Value> {
        let found = self.topology.check_expression(module, expression, around).report();
        let wrong = found.has_errors();
        self.found.extend(found);
        if wrong {
            return None;
        }
        let result = self.within(module, |evaluator| evaluator.evaluate(expression));
        result.map_err(|errors| self.found.extend(errors)).ok()
    }
}
