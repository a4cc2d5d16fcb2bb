//! A topological order that keeps to the source where it can.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use petgraph::Direction;
use petgraph::graph::{DiGraph, NodeIndex};

/// The nodes in an order in which each comes after all it has edges to; among those that could
/// come next, the one with the lowest index comes first. Shorter than the graph when it has a
/// cycle: then the nodes on a cycle, and those that depend on one, are missing.
pub(crate) fn order<N, E>(graph: &DiGraph<N, E>) -> Vec<NodeIndex> {
    let mut waiting: Vec<usize> = graph
        .node_indices()
        .map(|index| graph.neighbors_directed(index, Direction::Outgoing).count())
        .collect();
    let ready = |waiting: &[usize], index: &NodeIndex| waiting[index.index()] == 0;
    let mut next: BinaryHeap<Reverse<NodeIndex>> =
        graph.node_indices().filter(|index| ready(&waiting, index)).map(Reverse).collect();
    let mut order = Vec::with_capacity(graph.node_count());
    while let Some(Reverse(index)) = next.pop() {
        order.push(index);
        for dependent in graph.neighbors_directed(index, Direction::Incoming) {
            waiting[dependent.index()] -= 1;
            if ready(&waiting, &dependent) {
                next.push(Reverse(dependent));
            }
        }
    }
    order
}
