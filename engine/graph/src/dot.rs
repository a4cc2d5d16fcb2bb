//! The graph as `graph` prints it.

use std::fmt::Write;

use platoform_config::{ModuleId, ResourceId, Topology};
use rustc_hash::FxHashMap;

use crate::{Graph, Node, NodeIndex};

/// Up to this many resources edges that follow from others are left out. Finding them takes room
/// that grows with the square of their number, and nobody reads a larger drawing.
const MAX_REDUCED: usize = 20_000;

/// A resource, and what it waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Its name with the path of its module.
    pub name: String,
    /// The resources that it waits for: their numbers in the list.
    pub needs: Vec<usize>,
}

/// The resources of a graph and what they wait for, by modules and names. What lies between two
/// resources is left out, and so are edges that follow from others.
#[must_use]
pub fn resources(graph: &Graph, topology: &Topology) -> Vec<Waiting> {
    let resources = Resources::of(graph, topology);
    let edges = resources.edges(graph);
    let items = resources.items.into_iter().zip(edges);
    items.map(|(item, needs)| Waiting { name: item.name, needs }).collect()
}

/// The resources of a graph and what they wait for, in the DOT language; those of a module in a
/// box of their own. What lies between two resources, such as local values, is left out, and so
/// are edges that follow from others.
#[must_use]
pub fn dot(graph: &Graph, topology: &Topology) -> String {
    let mut text = String::from("digraph G {\n  rankdir = \"RL\";\n");
    text.push_str("  node [shape = rect, fontname = \"sans-serif\"];\n");
    let resources = Resources::of(graph, topology);
    if resources.items.is_empty() {
        text.push_str("  /* This configuration does not contain any resources.         */\n");
    }
    // Resources are ordered by module, so each module's follow each other.
    for module in resources.items.chunk_by(|left, right| left.module == right.module) {
        in_module(module, &mut text);
    }
    for (resource, needed) in resources.items.iter().zip(resources.edges(graph)) {
        for other in needed {
            let other = &resources.items[other].name;
            write(&mut text, format_args!("  \"{}\" -> \"{other}\";\n", resource.name));
        }
    }
    text.push_str("}\n");
    text
}

fn in_module(resources: &[Item<'_>], text: &mut String) {
    let Some(first) = resources.first() else { return };
    let boxed = first.module != ModuleId::ROOT;
    let indent = if boxed { "    " } else { "  " };
    if boxed {
        let path = &first.path;
        write(text, format_args!("  subgraph \"cluster_{path}\" {{\n    label = \"{path}\"\n"));
        write(text, format_args!("    fontname = \"sans-serif\"\n"));
    }
    for Item { name, id, .. } in resources {
        write(text, format_args!("{indent}\"{name}\" [label=\"{id}\"];\n"));
    }
    if boxed {
        text.push_str("  }\n");
    }
}

fn write(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    // Writing to a `String` cannot fail.
    let _ = text.write_fmt(arguments);
}

struct Item<'a> {
    index: NodeIndex,
    module: ModuleId,
    /// Of the module: `module.a.module.b`.
    path: String,
    name: String,
    id: &'a ResourceId,
}

struct Resources<'a> {
    /// In order of modules and names.
    items: Vec<Item<'a>>,
    /// Positions in `items`.
    positions: FxHashMap<NodeIndex, usize>,
}

impl<'a> Resources<'a> {
    fn of(graph: &'a Graph, topology: &Topology) -> Self {
        let item = |index: &NodeIndex| match graph.node(*index) {
            node @ Node::Resource(module, id) => {
                let calls = topology.module(*module).path.iter();
                let path: Vec<String> = calls.map(|call| format!("module.{call}")).collect();
                let (path, name) = (path.join("."), node.name(topology));
                Some(Item { index: *index, module: *module, path, name, id })
            }
            _ => None,
        };
        let mut items: Vec<Item<'_>> = graph.order().iter().filter_map(item).collect();
        items.sort_by(|left, right| (&left.path, &left.name).cmp(&(&right.path, &right.name)));
        let positions = items.iter().map(|item| item.index).zip(0..).collect();
        Self { items, positions }
    }

    /// For each resource those it waits for.
    fn edges(&self, graph: &Graph) -> Vec<Vec<usize>> {
        let mut edges: Vec<Vec<usize>> =
            self.items.iter().map(|item| self.nearest(graph, item.index)).collect();
        if edges.len() <= MAX_REDUCED {
            self.reduce(graph, &mut edges);
        }
        edges
    }

    /// The resources that a node depends on, directly or through what is no resource.
    fn nearest(&self, graph: &Graph, index: NodeIndex) -> Vec<usize> {
        let mut found = Vec::new();
        let mut seen = rustc_hash::FxHashSet::default();
        let mut waiting: Vec<NodeIndex> = graph.dependencies(index).collect();
        while let Some(next) = waiting.pop() {
            if !seen.insert(next) {
                continue;
            }
            match self.positions.get(&next) {
                Some(position) => found.push(*position),
                None => waiting.extend(graph.dependencies(next)),
            }
        }
        found.sort_unstable();
        found
    }

    /// Leaves out edges to what another edge leads to as well.
    fn reduce(&self, graph: &Graph, edges: &mut [Vec<usize>]) {
        let words = edges.len().div_ceil(64);
        let mut reached: Vec<Vec<u64>> = vec![Vec::new(); edges.len()];
        let order = graph.order().iter().filter_map(|index| self.positions.get(index).copied());
        for position in order {
            let mut further = vec![0_u64; words];
            for target in &edges[position] {
                for (word, more) in further.iter_mut().zip(&reached[*target]) {
                    *word |= more;
                }
            }
            edges[position].retain(|target| further[target / 64] & (1 << (target % 64)) == 0);
            for target in &edges[position] {
                further[target / 64] |= 1 << (target % 64);
            }
            reached[position] = further;
        }
    }
}
