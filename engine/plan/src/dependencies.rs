//! Which objects an object was made from, as the state records it.

use std::collections::BTreeSet;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use crate::session::Session;
use crate::session::nodes::{NodeId, NodeKind};

impl Session {
    /// Addresses of the objects that the object of a work was made from, directly or through named
    /// values: instances where single ones were read, resources where all were.
    pub(crate) fn recorded_dependencies(&self, work: usize) -> Vec<Arc<str>> {
        let Some(node) = self.work[work].node else {
            return self.work[work].prior_dependencies.clone();
        };
        let mut found = BTreeSet::new();
        let mut seen: FxHashSet<NodeId> = FxHashSet::default();
        let mut waiting: Vec<NodeId> = self.nodes.get(node).dependencies.clone();
        while let Some(id) = waiting.pop() {
            if !seen.insert(id) {
                continue;
            }
            let node = self.nodes.get(id);
            match &node.kind {
                NodeKind::Instance(index) => {
                    found.insert(self.work[*index].change.key.address.to_string().into());
                }
                NodeKind::All => match self.resource_of(node.dependencies.get(1).copied()) {
                    Some(address) => {
                        found.insert(address);
                    }
                    None => waiting.extend(&node.dependencies),
                },
                _ => waiting.extend(&node.dependencies),
            }
        }
        found.into_iter().collect()
    }

    /// The resource whose instances an "all of" node gathers, told by its first instance.
    fn resource_of(&self, instance: Option<NodeId>) -> Option<Arc<str>> {
        let node = self.nodes.get(instance?);
        let NodeKind::Instance(index) = node.kind else { return None };
        Some(self.work[index].change.key.address.resource.to_string().into())
    }
}
