//! Finding the index of a node, without a second copy of every node.

use std::hash::BuildHasher as _;

use hashbrown::HashTable;
use petgraph::graph::{DiGraph, NodeIndex};
use platoform_diagnostic::Span;
use rustc_hash::FxBuildHasher;

use crate::Node;

/// Blocks and what refers to what.
pub(crate) type Blocks = DiGraph<Node, Option<Span>>;

/// The indexes of all nodes of one graph, which every call must name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Indexes(HashTable<NodeIndex>);

impl Indexes {
    /// The index of a node.
    pub(crate) fn get(&self, nodes: &Blocks, node: &Node) -> Option<NodeIndex> {
        self.0.find(hash(node), |index| nodes[*index] == *node).copied()
    }

    /// Adds a node, unless it is there.
    pub(crate) fn add(&mut self, nodes: &mut Blocks, node: Node) {
        let key = hash(&node);
        if self.0.find(key, |index| nodes[*index] == node).is_none() {
            let index = nodes.add_node(node);
            self.0.insert_unique(key, index, |index| hash(&nodes[*index]));
        }
    }
}

fn hash(node: &Node) -> u64 {
    FxBuildHasher.hash_one(node)
}
