//! What depends on what: the graph of a topology's blocks.
//!
//! A node is a block (or an expression of its own, such as a local value), not an instance:
//! expansion needs values, which the planner has. An edge leads from what depends to what it
//! depends on. The graph knows nothing of state or of actions.
//!
//! *Invariant:* a [`Graph`] has no cycle; [`build`] explains one instead.

mod build;
mod cycle;
mod dot;
mod edges;
mod indexes;
mod order;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;

use petgraph::Direction;
use platoform_config::{ModuleId, ProviderId, ResourceId, Topology};
use platoform_diagnostic::Diagnostics;
use rustc_hash::FxHashMap;

use indexes::{Blocks, Indexes};

pub use build::build;
pub use dot::{Waiting, dot, resources};
pub use petgraph::graph::NodeIndex;

/// A thing to be worked out.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Node {
    /// The value of an input variable.
    Variable(ModuleId, Arc<str>),
    /// A local value.
    Local(ModuleId, Arc<str>),
    /// An output value.
    Output(ModuleId, Arc<str>),
    /// A provider configuration.
    Provider(ProviderId),
    /// A resource or data source with all its instances.
    Resource(ModuleId, ResourceId),
    /// A `check` block.
    Check(ModuleId, Arc<str>),
    /// How many instances the call that yields this module has. All in the module depends on it.
    Call(ModuleId),
    /// The end of a module: depends on all in it, so that one edge is enough to wait for all.
    Close(ModuleId),
}

/// The blocks of a topology and their dependencies.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    /// An edge's weight is the reference behind it, if there is one.
    nodes: Blocks,
    indexes: Indexes,
    order: Vec<NodeIndex>,
    self_references: FxHashMap<NodeIndex, Diagnostics>,
}

impl Graph {
    /// All nodes, each after everything it depends on; otherwise as in the source.
    #[must_use]
    pub fn order(&self) -> &[NodeIndex] {
        &self.order
    }

    /// A node by its index, which must come from this graph.
    #[must_use]
    pub fn node(&self, index: NodeIndex) -> &Node {
        &self.nodes[index]
    }

    /// The index of a node.
    #[must_use]
    pub fn index(&self, node: &Node) -> Option<NodeIndex> {
        self.indexes.get(&self.nodes, node)
    }

    /// How many nodes there are. Indexes are below this.
    #[must_use]
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether there are no nodes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// What a node depends on directly, each once.
    pub fn dependencies(&self, index: NodeIndex) -> impl Iterator<Item = NodeIndex> + '_ {
        self.nodes.neighbors_directed(index, Direction::Outgoing)
    }

    /// What depends on a node directly, each once.
    pub fn dependents(&self, index: NodeIndex) -> impl Iterator<Item = NodeIndex> + '_ {
        self.nodes.neighbors_directed(index, Direction::Incoming)
    }

    /// The references of a resource or local value to itself: no obstacle to an order, but a plan
    /// has to refuse them.
    #[must_use]
    pub fn self_reference(&self, index: NodeIndex) -> Option<&Diagnostics> {
        self.self_references.get(&index)
    }
}

impl Node {
    /// The module it is in. A provider configuration is in the module that has its block.
    #[must_use]
    pub fn module(&self) -> ModuleId {
        match self {
            Self::Variable(module, _)
            | Self::Local(module, _)
            | Self::Output(module, _)
            | Self::Resource(module, _)
            | Self::Check(module, _)
            | Self::Call(module)
            | Self::Close(module) => *module,
            Self::Provider(provider) => provider.module,
        }
    }

    /// Its name in messages: `module.m.var.x`, `docker_container.web`.
    #[must_use]
    pub fn name(&self, topology: &Topology) -> String {
        let calls = topology.module(self.module()).path.iter();
        let path: String = calls.map(|name| format!("module.{name}.")).collect();
        let own: &dyn fmt::Display = match self {
            Self::Variable(_, name) => &format!("var.{name}"),
            Self::Local(_, name) => &format!("local.{name}"),
            Self::Output(_, name) => &format!("output.{name}"),
            Self::Resource(_, id) => id,
            Self::Check(_, name) => &format!("check.{name}"),
            Self::Provider(ProviderId { name, alias: None, .. }) => &format!("provider.{name}"),
            Self::Provider(ProviderId { name, alias: Some(alias), .. }) => {
                &format!("provider.{name}.{alias}")
            }
            Self::Call(_) => return path.trim_end_matches('.').to_owned(),
            Self::Close(_) => return format!("{} (close)", path.trim_end_matches('.')),
        };
        format!("{path}{own}")
    }
}
