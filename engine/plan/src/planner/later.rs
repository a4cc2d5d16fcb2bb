//! Stages: blocks of which it is not known yet what there is to do are planned once the rest was
//! applied.

use std::sync::Arc;

use platoform_config::{ModuleId, ResourceAddress};
use platoform_diagnostic::Diagnostic;
use platoform_graph::{Graph, Node, NodeIndex};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::dependencies::recorded_names;
use crate::planner::Planner;
use crate::session::ProviderStatus;
use crate::session::nodes::NodeId;
use crate::{Later, LaterReason, PlanMode};

/// The nodes that are left for a later stage, each with the block that all begins with.
#[derive(Default)]
pub(super) struct Waiting(FxHashMap<NodeIndex, Arc<str>>);

impl Waiting {
    pub fn insert(&mut self, index: NodeIndex, cause: Arc<str>) {
        self.0.insert(index, cause);
    }

    /// The block that a node has to wait for.
    pub fn cause(&self, graph: &Graph, index: NodeIndex) -> Option<Arc<str>> {
        if self.0.is_empty() {
            return None;
        }
        graph.dependencies(index).find_map(|on| self.0.get(&on).cloned())
    }
}

impl Planner {
    /// Whether something unknown that was read from these nodes is known once the plan was
    /// applied. What no action of the plan is behind, as `timestamp()`, is never known earlier.
    pub(super) fn is_known_later(&self, reads: &[NodeId]) -> bool {
        self.options.mode == PlanMode::Normal && self.pending(reads)
    }

    /// Leaves a block for later that does not say yet how many instances it has. Gives its address.
    pub(super) fn postpone_for(&mut self, node: &Node, found: Diagnostic) -> Arc<str> {
        let address = self.written_address(node).unwrap_or_default();
        let reason = LaterReason::Instances(found);
        self.later.push(Later { address: address.clone(), reason });
        address
    }

    /// Leaves a block for later that needs one which is. Nothing happens to its objects.
    pub(super) fn postpone(&mut self, node: &Node, cause: &Arc<str>) {
        self.skip(node);
        match node {
            Node::Resource(..) => {
                let address = self.written_address(node).unwrap_or_default();
                self.later.push(Later { address, reason: LaterReason::Needs(cause.clone()) });
            }
            Node::Provider(id) => {
                if let Some(number) = self.provider_number(id) {
                    self.session.providers[number].status = ProviderStatus::Later;
                }
            }
            _ => {}
        }
    }

    /// Keeps what objects of blocks that are planned later were made from, though it has no place in
    /// the configuration any more: it goes after they were changed.
    pub(super) fn spare_used_later(&mut self) {
        let postponed: FxHashSet<&str> = self.later.iter().map(|later| &*later.address).collect();
        if postponed.is_empty() {
            return;
        }
        let mut leaving: FxHashMap<Arc<str>, Vec<usize>> = FxHashMap::default();
        let mut needed: Vec<Arc<str>> = Vec::new();
        for (number, existing) in self.existing.iter().enumerate() {
            let record = &existing.record;
            if !existing.claimed {
                for name in recorded_names(&record.key.address) {
                    leaving.entry(name).or_default().push(number);
                }
            } else if postponed.contains(&*without_keys(&record.key.address.resource)) {
                needed.extend(record.dependencies.iter().cloned());
            }
        }
        while let Some(name) = needed.pop() {
            for number in leaving.remove(&name).unwrap_or_default() {
                let existing = &mut self.existing[number];
                if !std::mem::replace(&mut existing.claimed, true) {
                    needed.extend(existing.record.dependencies.iter().cloned());
                }
            }
        }
    }

    /// What users call a block or a module call: its path without keys.
    fn written_address(&self, node: &Node) -> Option<Arc<str>> {
        let within = |module: ModuleId| {
            let path = &self.session.topology.module(module).path;
            path.iter().map(|name| format!("module.{name}")).collect::<Vec<_>>()
        };
        let parts = match node {
            Node::Resource(module, id) => {
                let mut parts = within(*module);
                parts.push(id.to_string());
                parts
            }
            Node::Call(module) => within(*module),
            _ => return None,
        };
        Some(parts.join(".").into())
    }
}

/// The path and name of an object's block as they are written.
fn without_keys(address: &ResourceAddress) -> String {
    let modules = address.module.0.iter().map(|(name, _)| format!("module.{name}."));
    modules.chain([address.id.to_string()]).collect()
}
