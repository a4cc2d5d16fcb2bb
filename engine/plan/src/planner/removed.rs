//! `removed` blocks.

use std::sync::Arc;

use platoform_config::{
    InstanceAddress, Module, ModuleInstance, Removed, ResourceAddress, ResourceId, Target, Topology,
};
use platoform_diagnostic::{Diagnostic, Diagnostics};

use crate::RecordKey;

/// What `removed` blocks say about objects that the configuration has no block for.
#[derive(Default)]
pub(crate) struct Removals(Vec<Removal>);

/// A module or resource, by the names of the calls from the root.
#[derive(PartialEq)]
enum Subject {
    Module(Vec<Arc<str>>),
    Resource(Vec<Arc<str>>, ResourceId),
}

struct Removal {
    subject: Subject,
    destroy: bool,
}

impl Removals {
    /// Gathers the blocks of all modules. What a calling module says comes first.
    pub fn of(topology: &Topology) -> Self {
        let mut all: Vec<Removal> = Vec::new();
        for module in &topology.modules {
            for removed in &*module.removed {
                let subject = subject(&module.path, removed);
                if all.iter().all(|known| known.subject != subject) {
                    all.push(Removal { subject, destroy: removed.destroy });
                }
            }
        }
        Self(all)
    }

    /// The errors about what is still in the configuration.
    pub fn check(&self, topology: &Topology) -> Diagnostics {
        let modules = |path: &[Arc<str>]| topology.modules.iter().find(|it| it.path == path);
        let found = self.0.iter().filter_map(|removal| {
            let (summary, name, header) = match &removal.subject {
                Subject::Resource(path, id) => {
                    let header = modules(path)?.resources.get(id)?.header;
                    ("Removed resource still exists", id.to_string(), header)
                }
                Subject::Module(path) => {
                    let (parent, call) = modules(path)?.parent.as_ref()?;
                    let header = topology.module(*parent).calls.get(call)?.header;
                    ("Removed module still exists", format!("module.{call}"), header)
                }
            };
            let detail = format!("A `removed` block says that `{name}` is gone, but here it is");
            Some(Diagnostic::error(summary, detail).at(header))
        });
        found.collect()
    }

    /// Whether an object is taken out of the state without destroying it.
    pub fn forgets(&self, address: &InstanceAddress) -> bool {
        let resource = &address.resource;
        let path: Vec<&Arc<str>> = resource.module.0.iter().map(|(name, _)| name).collect();
        self.0.iter().filter(|removal| !removal.destroy).any(|removal| match &removal.subject {
            Subject::Module(module) => {
                module.len() <= path.len() && module.iter().eq(path[..module.len()].iter().copied())
            }
            Subject::Resource(module, id) => {
                *id == resource.id && module.iter().eq(path.iter().copied())
            }
        })
    }
}

/// The `removed` block of an object that the configuration has no other block for, and its module.
pub(crate) fn block<'a>(
    topology: &'a Topology,
    address: &ResourceAddress,
) -> Option<(&'a Module, &'a Removed)> {
    let path = address.module.0.iter().map(|(name, _)| name.clone()).collect();
    let wanted = Subject::Resource(path, address.id.clone());
    let modules = topology.modules.iter();
    let mut all = modules.flat_map(|module| module.removed.iter().map(move |it| (module, it)));
    all.find(|(module, removed)| subject(&module.path, removed) == wanted)
}

fn subject(path: &[Arc<str>], removed: &Removed) -> Subject {
    let below = |module: &ModuleInstance| {
        path.iter().chain(module.0.iter().map(|(name, _)| name)).cloned().collect()
    };
    match &removed.from {
        Target::Module(module) => Subject::Module(below(module)),
        Target::Resource(resource) => {
            Subject::Resource(below(&resource.module), resource.id.clone())
        }
        Target::Instance(instance) => {
            Subject::Resource(below(&instance.resource.module), instance.resource.id.clone())
        }
    }
}

/// The warning about objects that nobody looks after any more.
pub(crate) fn forgotten<'a>(keys: impl Iterator<Item = &'a RecordKey>) -> Option<Diagnostic> {
    let list: String = keys.map(|key| format!("\n - {}", key.address)).collect();
    let detail = format!(
        "When this plan is applied, the state forgets these objects, and nothing is done to \
         them:{list}"
    );
    let warning =
        || Diagnostic::warning("Some objects will no longer be managed by platoform", &*detail);
    let help = "import them to have them managed again";
    (!list.is_empty()).then(|| warning().help(help))
}
