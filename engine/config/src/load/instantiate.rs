//! From definitions to modules: one for each call.

use std::collections::{BTreeMap, VecDeque};
use std::path::Path;
use std::sync::Arc;

use platoform_diagnostic::{Diagnostic, Span};
use rustc_hash::FxHashMap;

use super::computed::Known;
use super::definition::{Addressed, CallDefinition, Definition, Inputs, ProviderReference};
use super::place::{Enclosure, Identity, LoadedCall, Place, addressed, not_installed, nowhere};
use super::settings::check_backend;
use super::{Loader, MAX_MODULE_DEPTH, MAX_MODULES, naming, passing};
use crate::content::opening;
use crate::{Module, ModuleCall, ModuleId, ProviderId, ProviderName, Resource};

/// A module that is going to be made.
struct Pending {
    definition: Arc<Definition>,
    identity: Identity,
    enclosure: Option<Enclosure>,
    parent: Option<(ModuleId, Arc<str>)>,
    path: Vec<Arc<str>>,
    /// Provider configurations passed by the call, by their names in this module.
    passed: BTreeMap<ProviderName, ProviderId>,
}

/// What is needed of a module already made to find providers in it.
pub(super) struct Frame {
    pub(super) definition: Arc<Definition>,
    identity: Identity,
    enclosure: Option<Enclosure>,
    pub(super) parent: Option<ModuleId>,
    /// The caller's definition and the name of the call in it.
    called: Option<(Arc<Definition>, Arc<str>)>,
    passed: BTreeMap<ProviderName, ProviderId>,
}

impl Frame {
    /// The calling module and what it gives for variables; `None` for the root.
    pub(super) fn call(&self) -> Option<(ModuleId, &Inputs)> {
        Some((self.parent?, &self.block()?.inputs))
    }

    /// The block that calls the module; `None` for the root.
    pub(super) fn block(&self) -> Option<&CallDefinition> {
        let (caller, name) = self.called.as_ref()?;
        caller.calls.get(name)
    }
}

/// Reads the root directory and everything it calls. A caller comes before what it calls.
pub(super) fn all(loader: &mut Loader<'_>, root: &Path) -> Vec<Module> {
    let definition = loader.definition(root, None).unwrap_or_default();
    // What is wrong in the root module comes before what others say.
    let alone = loader.diagnostics.has_errors();
    let mut tree =
        Tree { loader, alone, modules: Vec::new(), frames: Vec::new(), queue: VecDeque::new() };
    tree.queue.push_back(Pending {
        identity: Identity { package: None, path: root.into() },
        enclosure: None,
        definition,
        parent: None,
        path: Vec::new(),
        passed: BTreeMap::new(),
    });
    while let Some(pending) = tree.queue.pop_front() {
        tree.make(pending);
    }
    let Tree { modules, frames, .. } = tree;
    for frame in &frames {
        misplaced(frame, loader);
    }
    if !loader.diagnostics.has_errors() {
        let versions = frames.iter().flat_map(|frame| &frame.definition.versions);
        loader.diagnostics.extend(versions.cloned());
    }
    // What is passed on is looked at even where the modules that get it are wrong.
    if !alone {
        let whole = !loader.diagnostics.has_errors();
        for frame in &frames {
            loader.diagnostics.extend(frame.definition.warnings.clone());
            naming::check(&frame.definition, &mut loader.diagnostics);
        }
        let found = passing::check(&frames, &loader.sources, whole);
        loader.diagnostics.extend(found);
    }
    modules
}

/// Reports what only the root module can have, or cannot have as it is.
fn misplaced(frame: &Frame, loader: &mut Loader<'_>) {
    let definition = &frame.definition;
    if frame.parent.is_none() {
        if !loader.diagnostics.has_errors() {
            loader.diagnostics.extend(definition.backend.as_ref().and_then(check_backend));
        }
        return;
    }
    if let Some(backend) = &definition.backend {
        let what = if &*backend.kind == "cloud" { "Cloud" } else { "Backend" };
        loader.diagnostics.push(
            Diagnostic::warning(
                format!("{what} configuration ignored"),
                "Where the state is kept is said in the root module, for the whole configuration",
            )
            .at(backend.header),
        );
    }
    for import in &definition.imported {
        let detail = "Only the root module can have `import` blocks";
        loader
            .diagnostics
            .push(Diagnostic::error("Invalid import configuration", detail).at(*import));
    }
}

struct Tree<'l, 'a> {
    loader: &'l mut Loader<'a>,
    /// Calls are not followed.
    alone: bool,
    modules: Vec<Module>,
    frames: Vec<Frame>,
    queue: VecDeque<Pending>,
}

impl Tree<'_, '_> {
    fn make(&mut self, pending: Pending) {
        let Pending { definition, identity, enclosure, parent, path, passed } = pending;
        let id = module_id(self.modules.len());
        let called = parent.as_ref().map(|(caller, name)| {
            (self.frames[caller.0 as usize].definition.clone(), name.clone())
        });
        self.frames.push(Frame {
            definition: definition.clone(),
            identity,
            enclosure,
            parent: parent.as_ref().map(|(caller, _)| *caller),
            called,
            passed,
        });
        let mut known = FxHashMap::default();
        let resources = definition.resources.values().map(|resource| {
            let made = Resource {
                id: resource.id.clone(),
                repetition: resource.repetition.clone(),
                provider: self.provider(id, &resource.provider, &mut known),
                depends_on: resource.depends_on.clone(),
                lifecycle: resource.lifecycle.clone(),
                content: resource.content.clone(),
                connection: resource.connection.clone(),
                provisioners: resource.provisioners.clone(),
                check: resource.check.clone(),
                kind_span: resource.kind_span,
                header: resource.header,
            };
            (resource.id.clone(), made)
        });
        let resources = resources.collect();
        let mut calls = BTreeMap::new();
        let alone = self.alone;
        // What a call is wrong about, its module is not there.
        let broken =
            definition.called.iter().filter(|(name, _)| !definition.calls.contains_key(*name));
        for (_, header) in broken.filter(|_| !alone) {
            self.loader.diagnostics.push(nowhere(*header));
        }
        for (name, call) in definition.calls.iter().filter(|_| !alone) {
            if let Some(module) = self.call(id, &path, call) {
                let loaded = self.loader.calls.last();
                calls.extend(loaded.map(|loaded| (name.clone(), made_call(call, loaded, module))));
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
            checks: definition.checks.clone(),
            moved: definition.moved.as_slice().into(),
            removed: definition.removed.as_slice().into(),
            imports: definition.imports.as_slice().into(),
            providers: definition.providers.clone(),
            requirements: definition.requirements.clone(),
        });
    }

    /// Queues the module of a call; `None` when it cannot be made.
    fn call(
        &mut self,
        caller: ModuleId,
        above: &[Arc<str>],
        call: &CallDefinition,
    ) -> Option<ModuleId> {
        // The queue is not yet in `modules`, and neither is the caller itself.
        let next = self.modules.len() + 1 + self.queue.len();
        let addressed = match &call.addressed {
            Some(addressed) => addressed.clone(),
            None => self.compute(caller, call)?,
        };
        let mut path = above.to_vec();
        path.push(call.name.name.clone());
        let frame = &self.frames[caller.0 as usize];
        let beside = (&*frame.definition.directory, frame.enclosure.as_ref());
        let placed = self.loader.place(&path, beside, call, &addressed);
        let (place, locked) = self.loader.diagnostics.take(placed)?;
        let directory = place.as_ref().map(|place| place.directory.clone()).unwrap_or_default();
        self.loader.calls.push(LoadedCall {
            path: path.clone(),
            source: addressed.source,
            constraint: addressed.constraint,
            version: locked.as_ref().and_then(|locked| locked.version.clone()),
            hash: locked.map(|locked| locked.hash),
            directory: directory.clone(),
            installed: false,
            header: call.header,
            span: call.written.source.span,
        });
        let Some(Place { identity, enclosure, .. }) = place else {
            self.loader.diagnostics.push(not_installed(call, None));
            return None;
        };
        if let Some(error) = self.endless(caller, &path, &identity, next) {
            self.loader.diagnostics.push(error.at(call.header));
            return None;
        }
        let definition = self.read(&directory, call, enclosure.as_ref())?;
        if let Some(loaded) = self.loader.calls.last_mut() {
            loaded.installed = true;
        }
        let mut passed = BTreeMap::new();
        for (inside, outside) in &call.providers {
            let (mut found, mut undeclared) = resolve(&self.frames, caller, outside.key());
            // What is passed on is not inherited.
            if self.inherits(caller, &outside.key()) {
                let source = self.frames[caller.0 as usize].definition.source(&outside.name);
                found =
                    ProviderId { module: caller, name: outside.name.clone(), alias: None, source };
                undeclared = true;
            }
            if undeclared {
                let mut error = not_declared(outside);
                error.summary = format!("missing provider {}", found.address(above));
                self.loader.absent.push(error);
            }
            passed.insert(inside.key(), found);
        }
        let parent = Some((caller, call.name.name.clone()));
        self.queue.push_back(Pending { definition, identity, enclosure, parent, path, passed });
        Some(module_id(next))
    }

    /// Whether a module has a configuration only by the name that those around it have it by.
    fn inherits(&self, module: ModuleId, name: &ProviderName) -> bool {
        let frame = &self.frames[module.0 as usize];
        frame.parent.is_some()
            && name.1.is_none()
            && !frame.passed.contains_key(name)
            && !frame.definition.providers.contains_key(name)
    }

    /// The definition of a module; `None` when it is not there.
    fn read(
        &mut self,
        directory: &Path,
        call: &CallDefinition,
        enclosure: Option<&Enclosure>,
    ) -> Option<Arc<Definition>> {
        let fetched = enclosure.filter(|package| package.hash.is_some());
        let absent = |package: &Enclosure| self.loader.files.kind(&package.directory).is_none();
        if fetched.is_some_and(absent) {
            self.loader.diagnostics.push(not_installed(call, None));
            return None;
        }
        if matches!(self.loader.definitions.get(directory), Some(None)) {
            self.loader.diagnostics.push(not_installed(call, Some(directory)));
            return None;
        }
        self.loader.definition(directory, Some(call))
    }

    /// What a call asks for, where that depends on variables.
    fn compute(&mut self, caller: ModuleId, call: &CallDefinition) -> Option<Addressed> {
        let known = Known::new(&self.frames, self.loader.variables);
        let source = known.text(caller, "source", &call.written.source);
        let version = call.written.version.as_deref();
        let version = version.map(|version| known.text(caller, "version", version)).transpose();
        let asked = known.asked.take();
        self.loader.asks_for_variables |= asked;
        let found = match (source, version) {
            (Ok(source), Ok(version)) => {
                let version_span = call.written.version.as_ref().map(|version| version.span);
                let spans = (call.written.source.span, version_span);
                match addressed(&source, version.as_deref(), spans) {
                    Ok(addressed) => return Some(addressed),
                    Err(found) => found,
                }
            }
            (source, version) => source.err().into_iter().chain(version.err()).flatten().collect(),
        };
        self.loader.diagnostics.extend(found);
        None
    }

    /// The error for calls that never end, or end too late.
    fn endless(
        &self,
        caller: ModuleId,
        path: &[Arc<str>],
        identity: &Identity,
        count: usize,
    ) -> Option<Diagnostic> {
        let mut above = Some(caller);
        let mut chain = Vec::new();
        while let Some(frame) = above.map(|id| &self.frames[id.0 as usize]) {
            if frame.identity == *identity {
                return Some(calls_itself(path, path.len() - 1 - chain.len(), &chain));
            }
            chain.extend(frame.block().map(|block| block.header));
            above = frame.parent;
        }
        let limit = if path.len() > MAX_MODULE_DEPTH {
            format!("calls are nested more than {MAX_MODULE_DEPTH} deep")
        } else if count >= MAX_MODULES {
            format!("there are more than {MAX_MODULES} modules")
        } else {
            return None;
        };
        Some(Diagnostic::error("Too many module calls", format!("This one is too much: {limit}")))
    }

    /// The configuration that a provider's name means in a module, of which some are known.
    fn provider(
        &mut self,
        module: ModuleId,
        reference: &ProviderReference,
        known: &mut FxHashMap<ProviderName, (ProviderId, bool)>,
    ) -> ProviderId {
        let key = reference.key();
        let found = || resolve(&self.frames, module, key.clone());
        let (found, undeclared) = known.entry(key.clone()).or_insert_with(found).clone();
        if undeclared {
            self.loader.absent.push(not_declared(reference));
        }
        found
    }
}

/// The error for a module that is among those that call it. The chain of calls that led to it is
/// given from the innermost to that of the module itself.
fn calls_itself(path: &[Arc<str>], depth: usize, chain: &[Span]) -> Diagnostic {
    let address = |path: &[Arc<str>]| match path {
        [] => "the root module".into(),
        path => {
            let names: Vec<String> = path.iter().map(|name| format!("module.{name}")).collect();
            format!("`{}`", names.join("."))
        }
    };
    let steps: Vec<String> = (depth..=path.len()).map(|end| address(&path[..end])).collect();
    let detail = format!(
        "These calls have no end: {}, which is the first of them again",
        steps.join(" calls ")
    );
    let mut error = Diagnostic::error("Module calls itself", detail);
    for span in chain.iter().rev() {
        error = error.label(*span, "called here");
    }
    error
}

fn not_declared(reference: &ProviderReference) -> Diagnostic {
    Diagnostic::error(
        "Provider configuration not present",
        format!("There is no provider configuration `{reference}` in this module"),
    )
    .label(reference.span, "it is chosen here")
    .help(format!("declare it in a `provider` block with `alias`, or pass it as `{reference}`"))
}

/// Finds a configuration: that of the module, or one that was passed or is inherited. Says also
/// whether an alias was asked for that nobody declares.
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
            let undeclared = !declared && alias.is_some();
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

fn made_call(call: &CallDefinition, loaded: &LoadedCall, module: ModuleId) -> ModuleCall {
    ModuleCall {
        name: call.name.clone(),
        module,
        source: loaded.source.clone(),
        version: loaded.constraint.as_ref().map(|constraint| constraint.to_string().into()),
        repetition: call.repetition.clone(),
        inputs: call.inputs.clone(),
        depends_on: call.depends_on.clone(),
        foreign: call.blocks.clone(),
        header: call.header,
        opening: opening(call.body),
    }
}
