//! Cycles, explained.

use std::collections::VecDeque;

use petgraph::algo::tarjan_scc;
use petgraph::graph::NodeIndex;
use platoform_config::{ModuleId, Topology};
use platoform_diagnostic::{Diagnostic, Diagnostics};

use crate::Node;
use crate::indexes::Blocks;

/// From how many nodes of a knot a way back is looked for. Each costs a walk through the knot;
/// where it has more of them the cycle that is shown may not be the very shortest.
const STARTS: usize = 64;

/// Explains the cycles of a graph that has some: one finding for each knot, whose headline names
/// the whole knot, as Terraform's does, and whose labels lead around its shortest cycle.
pub(crate) fn explain(graph: &Blocks, topology: &Topology) -> Diagnostics {
    let knots = Knots::of(graph);
    knots.all.iter().map(|knot| one(graph, topology, knot, &knots.membership)).collect()
}

fn one(
    graph: &Blocks,
    topology: &Topology,
    knot: &[NodeIndex],
    membership: &[usize],
) -> Diagnostic {
    let starts = knot.iter().take(STARTS);
    let cycles = starts.filter_map(|start| around(graph, *start, membership));
    let cycle = cycles.min_by_key(Vec::len).unwrap_or_default();
    let names: Vec<String> = cycle.iter().map(|index| graph[*index].name(topology)).collect();
    let steps: Vec<String> = knot.iter().map(|index| step(&graph[*index], topology)).collect();
    let mut detail = "Each of these must be known before the next one, and the last before the \
                      first, so none can be worked out"
        .to_owned();
    if cycle.len() < knot.len() {
        detail.push_str(&format!(". The shortest way around is `{}`", names.join("`, `")));
    }
    let mut error = Diagnostic::error(format!("Cycle: {}", steps.join(", ")), detail)
        .help("break one of the references");
    for (position, index) in cycle.iter().enumerate() {
        let next = (position + 1) % cycle.len();
        let edge = graph.find_edge(*index, cycle[next]);
        let span = edge.and_then(|edge| graph[edge]);
        if let Some(span) = span {
            let message = format!("`{}` needs `{}`", names[position], names[next]);
            error = error.label(span, message);
        }
    }
    error
}

/// What Terraform calls a node of a cycle: with what is done there.
fn step(node: &Node, topology: &Topology) -> String {
    let name = node.name(topology);
    match node {
        Node::Local(..) | Node::Output(..) | Node::Call(_) => format!("{name} (expand)"),
        // One of the root module needs nothing but for its validation rules.
        Node::Variable(ModuleId::ROOT, _) => format!("{name} (validation)"),
        Node::Variable(..) => format!("{name} (expand)"),
        Node::Resource(..) | Node::Check(..) | Node::Provider(_) | Node::Close(_) => name,
    }
}

/// Strongly connected components of more than one node: every cycle lies within one.
struct Knots {
    /// Small ones first, each in the order of the source.
    all: Vec<Vec<NodeIndex>>,
    /// For each node the number of its knot.
    membership: Vec<usize>,
}

impl Knots {
    fn of(graph: &Blocks) -> Self {
        let mut all = tarjan_scc(graph);
        all.retain(|knot| knot.len() > 1);
        all.sort_by_key(|knot| (knot.len(), knot.iter().min().copied()));
        let mut membership = vec![usize::MAX; graph.node_count()];
        for (number, knot) in all.iter_mut().enumerate() {
            knot.sort();
            for index in knot {
                membership[index.index()] = number;
            }
        }
        Self { all, membership }
    }
}

/// The shortest way from a node back to itself.
fn around(graph: &Blocks, start: NodeIndex, membership: &[usize]) -> Option<Vec<NodeIndex>> {
    let knot = membership[start.index()];
    let mut came_from: Vec<Option<NodeIndex>> = vec![None; graph.node_count()];
    let mut queue = VecDeque::from([start]);
    while let Some(index) = queue.pop_front() {
        for next in graph.neighbors(index).filter(|next| membership[next.index()] == knot) {
            if next == start {
                let mut way = vec![index];
                while let Some(before) = came_from[way[way.len() - 1].index()] {
                    way.push(before);
                }
                way.reverse();
                return Some(way);
            }
            if came_from[next.index()].is_none() {
                came_from[next.index()] = Some(index);
                queue.push_back(next);
            }
        }
    }
    None
}
