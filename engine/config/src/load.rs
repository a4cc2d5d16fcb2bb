//! From files to a [`Topology`].
//!
//! A directory is read into a [`definition::Definition`] once, however often it is called;
//! [`instantiate`] then makes a module for each call. What is found comes in phases, each of which
//! ends with its errors: the files of the root module, those of the modules it calls, what is
//! passed between them, and whether there are the providers and provisioners that are used.
//! References and bodies are checked later, in the order of the graph.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use platoform_diagnostic::{Diagnostic, Diagnostics, Files, Sources};
use platoform_schema::ProviderSchema;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::{ProviderSource, RootVariable, Schemas, Topology};

mod call;
mod change;
mod checks;
mod computed;
pub(crate) mod constant;
mod declare;
mod definition;
mod directory;
mod endpoint;
mod fields;
mod instantiate;
pub(crate) mod json;
mod lifecycle;
pub mod lock;
#[cfg(test)]
mod module_tests;
mod naming;
mod overrides;
mod passing;
mod place;
mod provider;
mod provisioner;
mod repetition;
mod resource;
mod settings;
#[cfg(test)]
mod tests;
mod traversal;
mod value;
mod version;

pub use directory::is_configuration;
pub use place::{LoadedCall, MODULES_DIRECTORY};
pub use version::{Constraint, LANGUAGE_LEVEL, Version};

use definition::Definition;
pub(crate) use directory::{join, list, read};
use lock::Lock;

/// Most modules that a configuration may have, each call counted. Far above what is planned in
/// practice; reached when modules that call others twice are nested deeply.
pub(crate) const MAX_MODULES: usize = 100_000;
/// Deepest nesting of module calls.
pub(crate) const MAX_MODULE_DEPTH: usize = 100;

/// A configuration and what was found wrong with it.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The configuration. With errors it holds whatever could be made out; without, everything.
    pub topology: Topology,
    /// What was found.
    pub diagnostics: Diagnostics,
    /// What of that is wrong with files and blocks as such. The rest is about what they need and
    /// nobody has.
    pub structure: Diagnostics,
    /// A file could not be read or parsed whole: what it seems to hold may not be what is meant.
    pub is_broken: bool,
    /// Every `module` block that was come by, a caller before what it calls.
    pub calls: Vec<LoadedCall>,
    /// The address of a module depends on variables of the root module, and no values were given.
    pub asks_for_variables: bool,
}

/// What a configuration may be read with besides its files.
#[derive(Clone, Copy, Debug, Default)]
pub struct LoadOptions<'a> {
    /// Which packages of modules to use; without it the lock beside the root module says so.
    pub lock: Option<&'a Lock>,
    /// Values of the root module's variables, for addresses of modules that depend on them.
    pub variables: Option<&'a BTreeMap<Arc<str>, RootVariable>>,
}

/// Reads the configuration in a directory and all modules it calls.
///
/// The directory is the path shown in messages and in `path.module`: `.` for the working
/// directory. One without configuration files yields an empty root module.
#[must_use]
pub fn load(files: &dyn Files, directory: &Path, schemas: &dyn Schemas) -> Loaded {
    load_with(files, directory, schemas, LoadOptions::default())
}

/// Reads the configuration in a directory and all modules it calls, as [`load`] does.
#[must_use]
pub fn load_with(
    files: &dyn Files,
    directory: &Path,
    schemas: &dyn Schemas,
    options: LoadOptions<'_>,
) -> Loaded {
    let root = directory::clean(directory);
    let mut loader = Loader {
        files,
        schemas,
        root: root.clone(),
        lock: options.lock.cloned(),
        variables: options.variables,
        calls: Vec::new(),
        asks_for_variables: false,
        sources: Sources::default(),
        definitions: FxHashMap::default(),
        providers: FxHashMap::default(),
        names: FxHashSet::default(),
        diagnostics: Diagnostics::default(),
        missing: BTreeMap::new(),
        absent: Vec::new(),
        is_broken: false,
    };
    let modules = instantiate::all(&mut loader, &root);
    let definition = loader.definitions.get(&root);
    let backend = definition.and_then(|found| found.as_ref()?.backend.clone());
    let mut structure = loader.diagnostics;
    structure.sort();
    let mut diagnostics = structure.clone();
    if !loader.is_broken {
        diagnostics.extend(loader.missing.into_values());
        diagnostics.extend(provisioner::missing(&modules));
    }
    // Which configuration of a provider is meant is asked once there is the provider.
    if !diagnostics.has_errors() {
        diagnostics.extend(loader.absent);
    }
    diagnostics.sort();
    let topology = Topology { modules, sources: loader.sources, backend };
    let Loader { calls, asks_for_variables, is_broken, .. } = loader;
    Loaded { topology, diagnostics, structure, is_broken, calls, asks_for_variables }
}

/// What is shared while a configuration is read.
struct Loader<'a> {
    files: &'a dyn Files,
    schemas: &'a dyn Schemas,
    /// The root module's directory.
    root: PathBuf,
    /// `None` until it is read.
    lock: Option<Lock>,
    variables: Option<&'a BTreeMap<Arc<str>, RootVariable>>,
    calls: Vec<LoadedCall>,
    asks_for_variables: bool,
    sources: Sources,
    definitions: FxHashMap<PathBuf, Option<Arc<Definition>>>,
    providers: FxHashMap<ProviderSource, Option<Arc<ProviderSchema>>>,
    /// Local names of providers, each once.
    names: FxHashSet<Arc<str>>,
    /// What is wrong with the configuration as such.
    diagnostics: Diagnostics,
    /// Providers that nobody has, with the error that says so.
    missing: BTreeMap<ProviderSource, Diagnostic>,
    /// The errors for provider configurations that nobody declares.
    absent: Vec<Diagnostic>,
    is_broken: bool,
}

impl Loader<'_> {
    /// The one copy of a provider's local name.
    fn share(&mut self, name: &str) -> Arc<str> {
        if let Some(known) = self.names.get(name) {
            return known.clone();
        }
        let name: Arc<str> = name.into();
        self.names.insert(name.clone());
        name
    }

    fn provider(&mut self, source: &ProviderSource) -> Option<Arc<ProviderSchema>> {
        if let Some(known) = self.providers.get(source) {
            return known.clone();
        }
        let schema = self.schemas.provider(source);
        self.providers.insert(source.clone(), schema.clone());
        schema
    }
}
