//! Which objects an object was made from, as the state records it: instances where single ones were
//! read, whole resources, module instances or module calls where all were.

use std::collections::BTreeSet;
use std::sync::Arc;

use platoform_config::{InstanceAddress, InstanceKey, ModuleInstance};
use platoform_schema::Mode;
use rustc_hash::FxHashSet;

use crate::session::Session;
use crate::session::nodes::{NodeId, NodeKind};

impl Session {
    /// Addresses of what the object of a work was made from, directly or through named values and
    /// data sources.
    pub(crate) fn recorded_dependencies(&self, work: usize) -> Vec<Arc<str>> {
        let Some(node) = self.work[work].node else {
            return self.work[work].prior_dependencies.clone();
        };
        let mut found: BTreeSet<Arc<str>> = BTreeSet::new();
        let mut seen: FxHashSet<NodeId> = FxHashSet::default();
        let mut waiting: Vec<NodeId> = self.nodes.get(node).dependencies.clone();
        while let Some(id) = waiting.pop() {
            if !seen.insert(id) {
                continue;
            }
            let node = self.nodes.get(id);
            let address = match &node.kind {
                NodeKind::Instance(index) => {
                    let address = &self.work[*index].change.key.address;
                    let managed = address.resource.id.mode == Mode::Managed;
                    managed.then(|| address.to_string().into())
                }
                NodeKind::All(address) | NodeKind::Settled(address) => address.clone(),
                _ => None,
            };
            match address {
                Some(address) => {
                    found.insert(address);
                }
                None => waiting.extend(&node.dependencies),
            }
        }
        found.into_iter().collect()
    }
}

/// The address under which everything in a module call is recorded.
pub(crate) fn recorded_call(caller: &ModuleInstance, name: &Arc<str>) -> Arc<str> {
    caller.child(name.clone(), InstanceKey::None).to_string().into()
}

/// The addresses under which others may have recorded an object: its own, its resource's, and
/// those of the module instances and calls it is in.
pub(crate) fn recorded_names(address: &InstanceAddress) -> BTreeSet<Arc<str>> {
    let mut names =
        BTreeSet::from([Arc::from(address.to_string()), Arc::from(address.resource.to_string())]);
    let mut module = ModuleInstance::default();
    for (name, key) in address.resource.module.0.iter() {
        names.insert(recorded_call(&module, name));
        module = module.child(name.clone(), key.clone());
        names.insert(module.to_string().into());
    }
    names
}
