//! Which blocks and objects a plan looks at.

use std::collections::BTreeSet;
use std::sync::Arc;

use platoform_config::{InstanceAddress, ModuleInstance, ResourceId, Target, Topology};
use platoform_diagnostic::Diagnostic;
use platoform_graph::{Graph, Node, NodeIndex};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::dependencies::recorded_names;
use crate::moves::Moves;
use crate::planner::existing::{Current, Existing};
use crate::{PlanMode, PlanOptions};

/// The nodes a plan needs, or `None` for all. With targets: these, what they depend on, and root
/// outputs that need nothing else. To destroy: what provider configurations depend on.
pub(crate) fn select(
    graph: &Graph,
    topology: &Topology,
    options: &PlanOptions,
) -> Option<FxHashSet<NodeIndex>> {
    let destroy = options.mode == PlanMode::Destroy;
    if options.targets.is_empty() && !destroy {
        return None;
    }
    let wanted = |node: &Node| match node {
        Node::Provider(_) => destroy,
        // What its `prevent_destroy` refers to must be evaluated.
        Node::Resource(module, id) if destroy => topology
            .module(*module)
            .resources
            .get(id)
            .is_some_and(|resource| resource.lifecycle.prevent_destroy.is_some()),
        Node::Resource(module, id) => options.targets.iter().any(|target| {
            let (path, resource) = parts(target);
            let module = &topology.module(*module).path;
            match resource {
                Some(resource) => path == module.as_slice() && resource == id,
                None => module.starts_with(&path),
            }
        }),
        _ => false,
    };
    let seeds = graph.order().iter().copied().filter(|index| wanted(graph.node(*index)));
    let mut selected = FxHashSet::default();
    let mut waiting: Vec<NodeIndex> = seeds.collect();
    while let Some(index) = waiting.pop() {
        if selected.insert(index) {
            waiting.extend(graph.dependencies(index));
        }
    }
    if !destroy {
        let mut waiting = outputs_of(graph, &selected);
        while let Some(index) = waiting.pop() {
            if selected.insert(index) {
                waiting.extend(graph.dependencies(index));
            }
        }
    }
    Some(selected)
}

/// Root outputs that need selected resources, and no others.
fn outputs_of(graph: &Graph, selected: &FxHashSet<NodeIndex>) -> Vec<NodeIndex> {
    // Of each node: whether it needs a resource, and one that is not selected.
    let mut needs = vec![(false, false); graph.len()];
    for &index in graph.order() {
        let mut need = match graph.node(index) {
            Node::Resource(..) => (true, !selected.contains(&index)),
            _ => (false, false),
        };
        for on in graph.dependencies(index) {
            let (any, other) = needs[on.index()];
            need = (need.0 || any, need.1 || other);
        }
        needs[index.index()] = need;
    }
    let outputs = graph.order().iter().copied();
    let of_root =
        |index: &NodeIndex| matches!(graph.node(*index), Node::Output(module, _) if module.0 == 0);
    outputs.filter(of_root).filter(|index| needs[index.index()] == (true, false)).collect()
}

fn parts(target: &Target) -> (Vec<Arc<str>>, Option<&ResourceId>) {
    let (module, resource) = match target {
        Target::Module(module) => (module, None),
        Target::Resource(resource) => (&resource.module, Some(&resource.id)),
        Target::Instance(instance) => (&instance.resource.module, Some(&instance.resource.id)),
    };
    (names(module), resource)
}

/// Whether a target names something in the configuration or the state.
pub(crate) fn exists(target: &Target, topology: &Topology, current: &Current) -> bool {
    let (path, resource) = parts(target);
    let configured = topology.modules.iter().any(|module| match resource {
        Some(resource) => module.path == path && module.resources.contains_key(resource),
        None => module.path == path,
    });
    configured
        || current.iter().any(|(address, instances)| {
            instances.keys().any(|key| {
                target.covers(&InstanceAddress { resource: address.clone(), key: key.clone() })
            })
        })
}

/// Whether an instance is planned under these options: a target covers it, or no target speaks of
/// its resource in any module instance, which is then here because something targeted depends on
/// it.
pub(crate) fn covers(options: &PlanOptions, address: &InstanceAddress) -> bool {
    let path = names(&address.resource.module);
    let speaks = |target: &&Target| {
        let (module, resource) = parts(target);
        match resource {
            Some(resource) => module == path && *resource == address.resource.id,
            None => path.starts_with(&module),
        }
    };
    let mut speaking = options.targets.iter().filter(speaks).peekable();
    speaking.peek().is_none() || speaking.any(|target| target.covers(address))
}

/// Whether a plan with these options may concern an object, whatever the configuration says.
pub(crate) fn covers_object(options: &PlanOptions, address: &InstanceAddress) -> bool {
    options.targets.is_empty() || options.targets.iter().any(|target| target.covers(address))
}

/// The error about objects that move while targets leave out where they were, or where they are.
pub(crate) fn left_behind(options: &PlanOptions, moves: &Moves) -> Option<Diagnostic> {
    if options.targets.is_empty() {
        return None;
    }
    let ends = moves.from.iter().flat_map(|(to, from)| [from, to]);
    let outside = ends.filter(|address| !covers_object(options, address));
    let outside: BTreeSet<String> =
        outside.map(|address| format!("`-target={}`", address.resource)).collect();
    if outside.is_empty() {
        return None;
    }
    let detail = "Objects that the state knows have other addresses in the configuration now, and \
                  the targets do not cover both";
    let all: Vec<String> = outside.into_iter().collect();
    let error = Diagnostic::error("Moved resource instances excluded by targeting", detail);
    Some(error.help(format!("add {}, or plan without targets", all.join(", "))))
}

/// Names of the calls that lead to a module instance.
fn names(module: &ModuleInstance) -> Vec<Arc<str>> {
    module.0.iter().map(|(name, _)| name.clone()).collect()
}

/// The recorded objects that a plan may destroy, by number: all, or those that a target covers.
/// With `users`, also everything that was made from one of these: it cannot outlive them.
pub(crate) fn orphans(options: &PlanOptions, existing: &[Existing], users: bool) -> Vec<usize> {
    if options.targets.is_empty() {
        return (0..existing.len()).collect();
    }
    let covered = |number: &usize| covers_object(options, &existing[*number].record.key.address);
    let mut selected: BTreeSet<usize> = (0..existing.len()).filter(covered).collect();
    if users {
        let mut made_from: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
        for (number, existing) in existing.iter().enumerate() {
            for address in &existing.record.dependencies {
                made_from.entry(address).or_default().push(number);
            }
        }
        let mut waiting: Vec<usize> = selected.iter().copied().collect();
        while let Some(number) = waiting.pop() {
            let former = existing[number].former();
            let former = former.as_ref().map(recorded_names).unwrap_or_default();
            for name in recorded_names(&existing[number].record.key.address).union(&former) {
                for user in made_from.get(&**name).into_iter().flatten() {
                    if selected.insert(*user) {
                        waiting.push(*user);
                    }
                }
            }
        }
    }
    selected.into_iter().collect()
}
