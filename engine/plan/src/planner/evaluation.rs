//! Evaluation of a configuration against what the state says, without asking providers anything
//! about objects: what an interactive console works on.

use std::sync::Arc;

use platoform_config::{ModuleId, ResourceId};
use platoform_diagnostic::Diagnostics;
use platoform_graph::{Graph, Node};
use platoform_lang::Volatile;
use platoform_schema::Mode;

use crate::planner::Planner;
use crate::{PlanInput, Session};

/// Evaluates variables, locals, outputs and module calls. An object has the value that the state
/// holds, and an unknown one where it holds none. The session is of use whatever was found: what
/// could not be evaluated is unknown.
///
/// # Errors
/// When nothing can be evaluated at all: the graph has a cycle.
pub async fn evaluate(
    input: PlanInput,
    volatile: Arc<dyn Volatile>,
) -> Result<(Session, Diagnostics), Diagnostics> {
    let options = input.options.clone();
    let graph = platoform_graph::build(&input.topology)?;
    let mut planner = Planner::new(input, options);
    planner.session.timeless = true;
    planner.session.admit(volatile);
    planner.evaluate(&graph).await;
    Ok((planner.session, planner.diagnostics))
}

impl Planner {
    async fn evaluate(&mut self, graph: &Graph) {
        self.assign_providers();
        for number in 0..self.session.providers.len() {
            for record in std::mem::take(&mut self.session.providers[number].records) {
                self.decode(number, record).await;
            }
        }
        for &index in graph.order() {
            match graph.node(index) {
                Node::Provider(_) => {}
                Node::Resource(module, id) => self.resource_if_recorded(*module, id),
                other => self.named_value(other),
            }
        }
    }

    /// Gives a resource the instances that the state has. One that the state does not know at all
    /// is left out, so that it counts as unknown.
    fn resource_if_recorded(&mut self, module: ModuleId, id: &ResourceId) {
        if id.mode == Mode::Managed {
            self.resource_as_recorded(module, id);
        }
        for instance in self.session.by_module[module.0 as usize].clone() {
            let resources = &mut self.session.instances[instance].resources;
            if resources.get(id).is_some_and(|expansion| expansion.instances.is_empty()) {
                resources.remove(id);
            }
        }
    }
}
