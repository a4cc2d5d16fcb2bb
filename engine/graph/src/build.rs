//! From a topology to its graph.

use petgraph::graph::NodeIndex;
use platoform_config::{Module, Topology};
use platoform_diagnostic::{Diagnostics, Span};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::edges::{Edges, of_node};
use crate::indexes::{Blocks, Indexes};
use crate::{Graph, Node, cycle, order};

/// The graph of a topology that was loaded without errors. Linear in blocks and references, but
/// for the order, which costs a logarithm more.
///
/// # Errors
/// "Cycle: …" with the references behind it. What refers to itself is no error here; see
/// [`Graph::self_reference`].
pub fn build(topology: &Topology) -> Result<Graph, Diagnostics> {
    let (mut nodes, indexes) = collect(topology);
    let mut self_references = FxHashMap::default();
    let mut seen: FxHashSet<NodeIndex> = FxHashSet::default();
    for index in nodes.node_indices() {
        seen.clear();
        let mut edges = Edges::default();
        of_node(topology, &nodes[index], &mut edges);
        for (target, span) in edges.found {
            // What is not declared has been reported when the configuration was loaded.
            let Some(target) = indexes.get(&nodes, &target) else { continue };
            if target != index && seen.insert(target) {
                nodes.add_edge(index, target, span);
            }
        }
        if !edges.self_references.is_empty() {
            self_references.insert(index, edges.self_references);
        }
    }
    let order = order::order(&nodes);
    if order.len() < nodes.node_count() {
        return Err(cycle::explain(&nodes, topology));
    }
    Ok(Graph { nodes, indexes, order, self_references })
}

/// All nodes, module by module and in each as they stand in the source.
fn collect(topology: &Topology) -> (Blocks, Indexes) {
    let mut nodes = Blocks::new();
    let mut indexes = Indexes::default();
    let mut add = |node: Node| indexes.add(&mut nodes, node);
    for module in &topology.modules {
        if module.parent.is_some() {
            add(Node::Call(module.id));
        }
        in_module(module).into_iter().for_each(&mut add);
        if module.parent.is_some() {
            add(Node::Close(module.id));
        }
    }
    // Configurations without a block: assumed to be empty.
    for resource in topology.modules.iter().flat_map(|module| module.resources.values()) {
        add(Node::Provider(resource.provider.clone()));
    }
    (nodes, indexes)
}

fn in_module(module: &Module) -> Vec<Node> {
    let id = module.id;
    let mut placed: Vec<(Span, Node)> = Vec::new();
    placed.extend(
        module
            .variables
            .iter()
            .map(|(name, variable)| (variable.header, Node::Variable(id, name.clone()))),
    );
    placed.extend(
        module.locals.iter().map(|(name, local)| (local.name.span, Node::Local(id, name.clone()))),
    );
    placed.extend(
        module.outputs.iter().map(|(name, output)| (output.header, Node::Output(id, name.clone()))),
    );
    placed.extend(
        module
            .resources
            .iter()
            .map(|(name, resource)| (resource.header, Node::Resource(id, name.clone()))),
    );
    placed.extend(
        module.checks.iter().map(|(name, check)| (check.header, Node::Check(id, name.clone()))),
    );
    placed.extend(module.providers.values().map(|block| {
        let name = block.name.name.clone();
        let alias = block.alias.as_ref().map(|alias| alias.name.clone());
        (block.header, Node::Provider(module.provider_id(name, alias)))
    }));
    placed.sort_by_key(|(span, _)| *span);
    placed.into_iter().map(|(_, node)| node).collect()
}
