//! Which blocks a plan looks at, and which of their instances.

use std::collections::BTreeSet;
use std::sync::Arc;

use platoform_config::{InstanceAddress, ModuleId, ModuleInstance, ResourceId, Target, Topology};
use platoform_diagnostic::Diagnostic;
use platoform_graph::{Graph, Node, NodeIndex};
use rustc_hash::FxHashSet;

use crate::moves::Moves;
use crate::planner::existing::Current;
use crate::{PlanMode, PlanOptions, Record, Selector};

/// What a plan is about: everything, or less.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scope {
    pub destroy: bool,
    /// Only these, where there are any.
    pub targets: Vec<Target>,
    /// Not these.
    pub exclude: Vec<Target>,
    /// Patterns that nothing fits.
    pub unfit: Vec<Selector>,
}

impl Scope {
    /// What the options mean for a configuration and a state.
    pub fn of(options: &PlanOptions, topology: &Topology, records: &[Record]) -> Self {
        let mut unfit = Vec::new();
        let mut targets = |selectors: &[Selector]| {
            let mut all = Vec::new();
            for selector in selectors {
                let found = selector.targets(topology, records);
                if found.is_empty() {
                    unfit.push(selector.clone());
                }
                all.extend(found);
            }
            all
        };
        let (mine, exclude) = (targets(&options.targets), targets(&options.exclude));
        Self { destroy: options.mode == PlanMode::Destroy, targets: mine, exclude, unfit }
    }

    /// Whether anything is left out.
    pub fn is_narrow(&self) -> bool {
        !self.targets.is_empty() || !self.exclude.is_empty()
    }

    /// The nodes a plan needs, or `None` for all. With targets: these, what they depend on, and root
    /// outputs that need nothing else. To destroy: what provider configurations depend on. Never
    /// what is excluded, nor what depends on that.
    pub fn nodes(&self, graph: &Graph, topology: &Topology) -> Option<FxHashSet<NodeIndex>> {
        if !self.is_narrow() && !self.destroy {
            return None;
        }
        let mut selected: FxHashSet<NodeIndex> = if self.targets.is_empty() && !self.destroy {
            graph.order().iter().copied().collect()
        } else {
            self.seeds_with_dependencies(graph, topology)
        };
        if !self.destroy {
            let excluded = self.excluded(graph, topology);
            selected.retain(|index| !excluded.contains(index));
        }
        Some(selected)
    }

    fn seeds_with_dependencies(&self, graph: &Graph, topology: &Topology) -> FxHashSet<NodeIndex> {
        let wanted = |node: &Node| match node {
            Node::Provider(_) => self.destroy,
            // What its `prevent_destroy` refers to must be evaluated.
            Node::Resource(module, id) if self.destroy => topology
                .module(*module)
                .resources
                .get(id)
                .is_some_and(|resource| resource.lifecycle.prevent_destroy.is_some()),
            Node::Resource(module, id) => {
                self.targets.iter().any(|target| speaks_of(target, topology, *module, id))
            }
            _ => false,
        };
        let seeds = graph.order().iter().copied().filter(|index| wanted(graph.node(*index)));
        let mut selected = FxHashSet::default();
        let mut waiting: Vec<NodeIndex> = seeds.collect();
        add(graph, &mut selected, &mut waiting);
        if !self.destroy {
            waiting = outputs_of(graph, &selected);
            add(graph, &mut selected, &mut waiting);
        }
        selected
    }

    /// The blocks that are left out: those that are named with all their instances, and whatever
    /// depends on something that is named.
    fn excluded(&self, graph: &Graph, topology: &Topology) -> FxHashSet<NodeIndex> {
        let mut excluded = FxHashSet::default();
        let mut waiting = Vec::new();
        for &index in graph.order() {
            let Node::Resource(module, id) = graph.node(index) else { continue };
            let speaking =
                self.exclude.iter().filter(|target| speaks_of(target, topology, *module, id));
            let mut speaking = speaking.peekable();
            if speaking.peek().is_none() {
                continue;
            }
            waiting.extend(graph.dependents(index));
            if speaking.any(is_keyless) {
                excluded.insert(index);
            }
        }
        while let Some(index) = waiting.pop() {
            if excluded.insert(index) {
                waiting.extend(graph.dependents(index));
            }
        }
        excluded
    }

    /// Whether an instance is planned: nothing excludes it, and a target covers it, or no target
    /// speaks of its resource in any module instance, which is then here because something targeted
    /// depends on it.
    pub fn covers(&self, address: &InstanceAddress) -> bool {
        if self.excludes(address) {
            return false;
        }
        let path = names(&address.resource.module);
        let speaks = |target: &&Target| {
            let (module, resource) = parts(target);
            match resource {
                Some(resource) => module == path && *resource == address.resource.id,
                None => path.starts_with(&module),
            }
        };
        let mut speaking = self.targets.iter().filter(speaks).peekable();
        speaking.peek().is_none() || speaking.any(|target| target.covers(address))
    }

    /// Whether an object is left alone because it is excluded.
    pub fn excludes(&self, address: &InstanceAddress) -> bool {
        self.exclude.iter().any(|target| target.covers(address))
    }

    /// Whether the plan may concern an object, whatever the configuration says.
    pub fn covers_object(&self, address: &InstanceAddress) -> bool {
        let targeted = self.targets.iter().any(|target| target.covers(address));
        (self.targets.is_empty() || targeted) && !self.excludes(address)
    }

    /// The warning that the plan is narrowed, with the targets that name nothing.
    pub fn report(&self, topology: &Topology, current: &Current) -> Vec<Diagnostic> {
        let unfit = self.unfit.iter().map(|selector| {
            let summary = format!("Invalid target \"{selector}\"");
            Diagnostic::error(
                summary,
                "Nothing in the configuration or the state fits this pattern",
            )
        });
        let mut found: Vec<Diagnostic> = unfit.collect();
        if !self.exclude.is_empty() {
            let detail = "`-exclude` narrows the plan: what it names stays as it is, and so does what \
                          depends on that";
            let warning = Diagnostic::warning("Resource exclusion is in effect", detail);
            found.push(warning.help("plan again without `-exclude` afterwards"));
        }
        if self.targets.is_empty() {
            return found;
        }
        let verb = if self.destroy { "destroy" } else { "change" };
        let mut detail = format!(
            "`-target` narrows the plan: it may not {verb} everything that the whole configuration \
             calls for"
        );
        let missing = self.targets.iter().filter(|it| !exists(it, topology, current));
        let missing: Vec<String> = missing.map(|target| format!("`{target}`")).collect();
        if !missing.is_empty() {
            detail.push_str(". Nothing in the configuration or the state is called ");
            detail.push_str(&missing.join(" or "));
        }
        found.push(
            Diagnostic::warning("Resource targeting is in effect", detail)
                .help("plan again without `-target` afterwards"),
        );
        found
    }

    /// The error about objects that move while targets leave out where they were, or where they are.
    pub fn left_behind(&self, moves: &Moves) -> Option<Diagnostic> {
        let ends = moves.from.iter().flat_map(|(to, from)| [from, to]);
        let outside = ends.filter(|address| !self.covers_object(address));
        let outside: BTreeSet<String> = outside.map(|it| format!("`{}`", it.resource)).collect();
        if outside.is_empty() {
            return None;
        }
        let detail = "Objects that the state knows have other addresses in the configuration now, \
                      and the targets do not cover both";
        let all: Vec<String> = outside.into_iter().collect();
        let error = Diagnostic::error("Moved resource instances excluded by targeting", detail);
        let help = format!("let the plan be about {}, too, or about everything", all.join(" and "));
        Some(error.help(help))
    }
}

/// Adds nodes and what they depend on.
fn add(graph: &Graph, selected: &mut FxHashSet<NodeIndex>, waiting: &mut Vec<NodeIndex>) {
    while let Some(index) = waiting.pop() {
        if selected.insert(index) {
            waiting.extend(graph.dependencies(index));
        }
    }
}

/// Whether a target names a resource, an instance of it, or a module it is in.
fn speaks_of(target: &Target, topology: &Topology, module: ModuleId, id: &ResourceId) -> bool {
    let (path, resource) = parts(target);
    let module = &topology.module(module).path;
    match resource {
        Some(resource) => path == module.as_slice() && resource == id,
        None => module.starts_with(&path),
    }
}

/// Whether a target means all instances of what it names.
fn is_keyless(target: &Target) -> bool {
    let module = match target {
        Target::Module(module) => module,
        Target::Resource(resource) => &resource.module,
        Target::Instance(_) => return false,
    };
    module.0.iter().all(|(_, key)| *key == platoform_config::InstanceKey::None)
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
fn exists(target: &Target, topology: &Topology, current: &Current) -> bool {
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

/// Names of the calls that lead to a module instance.
fn names(module: &ModuleInstance) -> Vec<Arc<str>> {
    module.0.iter().map(|(name, _)| name.clone()).collect()
}
