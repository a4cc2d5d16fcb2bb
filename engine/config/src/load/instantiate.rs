//! From definitions to modules: one for each call.

use std::collections::{BTreeMap, VecDeque};
use std::path::Path;
use std::sync::Arc;

use platoform_diagnostic::{Diagnostic, Diagnostics, Span};

use super::definition::{CallDefinition, Definition, ProviderReference};
use super::settings::check_backend;
use super::{Loader, MAX_MODULE_DEPTH, MAX_MODULES, check};
use crate::{Module, ModuleCall, ModuleId, ProviderId, ProviderName, Resource};

/// A module that is going to be made.
struct Pending {
    definition: Arc<Definition>,
    parent: Option<(ModuleId, Arc<str>)>,
    path: Vec<Arc<str>>,
    /// Provider configurations passed by the call, by their names in this module.
    passed: BTreeMap<ProviderName, ProviderId>,
}

/// What is needed of a module already made to find providers in it.
struct Frame {
    definition: Arc<Definition>,
    parent: Option<ModuleId>,
    passed: BTreeMap<ProviderName, ProviderId>,
}

/// Reads the root directory and everything it calls. A caller comes before what it calls.
pub(super) fn all(loader: &mut Loader<'_>, root: &Path) -> Vec<Module> {
    let definition = loader.definition(root, None).unwrap_or_default();
    if let Some(error) = definition.backend.as_ref().and_then(check_backend) {
        loader.diagnostics.push(error);
    }
    let mut tree = Tree { loader, modules: Vec::new(), frames: Vec::new(), queue: VecDeque::new() };
    tree.queue.push_back(Pending {
        definition,
        parent: None,
        path: Vec::new(),
        passed: BTreeMap::new(),
    });
    while let Some(pending) = tree.queue.pop_front() {
        tree.make(pending);
    }
    let modules = tree.modules;
    let mut found = Diagnostics::default();
    for definition in loader.definitions.values().flatten() {
        check::definition(definition, &loader.definitions, &mut found);
    }
    loader.references.extend(found);
    modules
}

struct Tree<'l, 'a> {
    loader: &'l mut Loader<'a>,
    modules: Vec<Module>,
    frames: Vec<Frame>,
    queue: VecDeque<Pending>,
}

impl Tree<'_, '_> {
    fn make(&mut self, pending: Pending) {
        let Pending { definition, parent, path, passed } = pending;
        let id = module_id(self.modules.len());
        self.frames.push(Frame {
            definition: definition.clone(),
            parent: parent.as_ref().map(|(caller, _)| *caller),
            passed,
        });
        let resources = definition.resources.values().map(|resource| {
            let made = Resource {
                id: resource.id.clone(),
                repetition: resource.repetition.clone(),
                provider: self.provider(id, &resource.provider),
                depends_on: resource.depends_on.clone(),
                lifecycle: resource.lifecycle.clone(),
                content: resource.content.clone(),
                header: resource.header,
            };
            (resource.id.clone(), made)
        });
        let resources = resources.collect();
        let mut calls = BTreeMap::new();
        for (name, call) in &definition.calls {
            if let Some(module) = self.call(id, &path, call) {
                calls.insert(name.clone(), made_call(call, module));
            }
        }
        self.modules.push(Module {
            id,
            parent,
            path,
            directory: definition.directory.clone(),
            variables: definition.variables.clone(),
            locals: definition.locals.clone(),
            outputs: definition.outputs.clone(),
            calls,
            resources,
            providers: definition.providers.clone(),
            requirements: definition.requirements.clone(),
        });
    }

    /// Queues the module of a call; `None` when it cannot be made.
    fn call(
        &mut self,
        caller: ModuleId,
        path: &[Arc<str>],
        call: &CallDefinition,
    ) -> Option<ModuleId> {
        // The queue is not yet in `modules`, and neither is the caller itself.
        let next = self.modules.len() + 1 + self.queue.len();
        let known = self.loader.definitions.get(&call.directory);
        if matches!(known, Some(None)) {
            let error = Diagnostic::error(
                "Unreadable module directory",
                format!("The directory `{}` cannot be read", call.directory.display()),
            );
            self.loader.diagnostics.push(error.at(call.header));
            return None;
        }
        if let Some(error) = self.endless(caller, path, call, next) {
            self.loader.diagnostics.push(error.at(call.header));
            return None;
        }
        let definition = self.loader.definition(&call.directory, Some(call.header))?;
        let mut passed = BTreeMap::new();
        for (inside, outside) in &call.providers {
            passed.insert(inside.key(), self.provider(caller, outside));
        }
        let mut path = path.to_vec();
        path.push(call.name.name.clone());
        let parent = Some((caller, call.name.name.clone()));
        self.queue.push_back(Pending { definition, parent, path, passed });
        Some(module_id(next))
    }

    /// The error for calls that never end, or end too late.
    fn endless(
        &self,
        caller: ModuleId,
        path: &[Arc<str>],
        call: &CallDefinition,
        count: usize,
    ) -> Option<Diagnostic> {
        let mut above = Some(caller);
        while let Some(frame) = above.map(|id| &self.frames[id.0 as usize]) {
            if frame.definition.directory == call.directory {
                let detail = format!(
                    "The module in `{}` calls itself, directly or through others, without end",
                    call.directory.display()
                );
                return Some(Diagnostic::error("Module calls itself", detail));
            }
            above = frame.parent;
        }
        let limit = if path.len() >= MAX_MODULE_DEPTH {
            format!("calls are nested more than {MAX_MODULE_DEPTH} deep")
        } else if count >= MAX_MODULES {
            format!("there are more than {MAX_MODULES} modules")
        } else {
            return None;
        };
        Some(Diagnostic::error("Too many module calls", format!("This one is too much: {limit}")))
    }

    /// The configuration that a provider's name means in a module.
    fn provider(&mut self, module: ModuleId, reference: &ProviderReference) -> ProviderId {
        let (found, undeclared) = resolve(&self.frames, module, reference.key());
        if undeclared {
            self.loader.diagnostics.push(not_declared(reference, reference.span));
        }
        found
    }
}

fn not_declared(reference: &ProviderReference, span: Span) -> Diagnostic {
    Diagnostic::error(
        "Provider configuration not present",
        format!("There is no provider configuration `{reference}` in this module"),
    )
    .at(span)
    .help(format!("declare it in a `provider` block with `alias`, or pass it as `{reference}`"))
}

/// Finds a configuration, and says whether an alias was asked for that nobody declares.
fn resolve(frames: &[Frame], module: ModuleId, name: ProviderName) -> (ProviderId, bool) {
    let (mut module, mut name) = (module, name);
    loop {
        let frame = &frames[module.0 as usize];
        if let Some(passed) = frame.passed.get(&name) {
            return (passed.clone(), false);
        }
        let source = frame.definition.source(&name.0);
        let declared = frame.definition.providers.contains_key(&name);
        let (None, Some(parent), false) = (&name.1, frame.parent, declared) else {
            let (name, alias) = name;
            let lost = |part: &str| frame.definition.lost.may_declare(part);
            let undeclared =
                !declared && alias.as_deref().is_some_and(|alias| !lost(alias) && !lost(&name));
            return (ProviderId { module, name, alias, source }, undeclared);
        };
        // A default configuration is inherited, under whatever name the caller knows the provider.
        let requirements = &frames[parent.0 as usize].definition.requirements;
        let known = requirements.iter().find(|(_, found)| found.source == source);
        let local = known.map_or_else(|| Arc::from(source.name()), |(local, _)| local.clone());
        (module, name) = (parent, (local, None));
    }
}

fn module_id(index: usize) -> ModuleId {
    ModuleId(u32::try_from(index).unwrap_or(u32::MAX))
}

fn made_call(call: &CallDefinition, module: ModuleId) -> ModuleCall {
    ModuleCall {
        name: call.name.clone(),
        module,
        repetition: call.repetition.clone(),
        inputs: call.inputs.clone(),
        depends_on: call.depends_on.clone(),
        header: call.header,
    }
}
