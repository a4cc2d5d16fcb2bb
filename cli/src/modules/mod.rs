//! Modules of the configuration: reading them as the lock says, and fetching them.

mod install;
mod lock_file;
mod locked;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use platoform_config::lock::{self, Lock};
use platoform_config::{
    LoadOptions, Loaded, LoadedCall, MODULES_DIRECTORY, RootVariable, VariableArgument,
    VariableInputs, load_with, resolve_variables,
};
use platoform_diagnostic::{Diagnostic, Diagnostics, Files};
use platoform_fetch::{Cache, CacheError};

use crate::command::configuration::ROOT;
use crate::error::Failure;
use crate::providers::Registry;
use crate::settings::Settings;

pub use install::{Event, Installation, Options, install};
pub use locked::used;

/// Reads the configuration with its modules, which have to be there as they were locked.
///
/// # Errors
/// When the lock cannot be read, or what is there is something else. What is wrong with the
/// configuration itself is in the answer.
pub fn load(
    settings: &Settings,
    files: &dyn Files,
    registry: &Registry,
    arguments: &[VariableArgument],
) -> Result<Loaded, Failure> {
    let lock = lock_file::read(files)?;
    let cache = cache(settings);
    let mut reading = Reading { settings, files, registry, arguments, variables: None };
    let mut loaded = reading.load(&lock);
    // Another revision of the configuration may have locked other packages that are still there.
    while relink(&cache, &loaded.calls) {
        loaded = reading.load(&lock);
    }
    let mut found = verify(&cache, &loaded.calls);
    found.extend(locked::compare(&lock, &loaded.topology));
    if found.is_empty() { Ok(loaded) } else { Err(Failure::new(found, loaded.topology.sources)) }
}

/// What a configuration is read from.
struct Reading<'a> {
    settings: &'a Settings,
    files: &'a dyn Files,
    registry: &'a Registry,
    arguments: &'a [VariableArgument],
    /// Values of variables, once the address of a module has asked for them.
    variables: Option<BTreeMap<Arc<str>, RootVariable>>,
}

impl Reading<'_> {
    fn load(&mut self, lock: &Lock) -> Loaded {
        let loaded = self.load_once(lock);
        if !loaded.asks_for_variables {
            return loaded;
        }
        self.variables = Some(self.values(&loaded));
        self.load_once(lock)
    }

    fn load_once(&self, lock: &Lock) -> Loaded {
        let options = LoadOptions { lock: Some(lock), variables: self.variables.as_ref() };
        load_with(self.files, Path::new(ROOT), self.registry, options)
    }

    /// Values of those variables that have one. What is wrong with them is found again when the
    /// configuration as a whole is there.
    fn values(&self, loaded: &Loaded) -> BTreeMap<Arc<str>, RootVariable> {
        let mut topology = loaded.topology.clone();
        let (environment, arguments) = (&self.settings.environment, self.arguments);
        let sources = &mut topology.sources;
        let (inputs, _) =
            VariableInputs::gather(self.files, Path::new(ROOT), environment, arguments, sources);
        resolve_variables(&mut topology, &inputs).0
    }
}

/// The cache beside the configuration.
fn cache(settings: &Settings) -> Cache {
    Cache::new(settings.path(Path::new(MODULES_DIRECTORY)))
}

/// Leads calls to the packages that are locked for them, where these are there. Whether anything
/// changed.
fn relink(cache: &Cache, calls: &[LoadedCall]) -> bool {
    let mut changed = false;
    for (call, hash) in packages(calls) {
        if !cache.is_linked(&call.key(), hash) && cache.package(hash).is_dir() {
            // Where that is not possible, the call is found not to lead there.
            changed |= cache.link(&call.key(), hash).is_ok();
        }
    }
    changed
}

type Package<'a> = (&'a LoadedCall, &'a lock::TreeHash);

fn packages(calls: &[LoadedCall]) -> impl Iterator<Item = Package<'_>> {
    calls.iter().filter_map(|call| Some((call, call.hash.as_ref()?)))
}

/// What is not as it was locked. Each package is looked at once.
fn verify(cache: &Cache, calls: &[LoadedCall]) -> Diagnostics {
    let installed = || packages(calls).filter(|(call, _)| call.installed);
    let mut hashes: Vec<_> = installed().map(|(_, hash)| hash).collect();
    hashes.sort();
    hashes.dedup();
    let results: BTreeMap<_, _> = std::thread::scope(|scope| {
        let handles: Vec<_> =
            hashes.iter().map(|hash| (*hash, scope.spawn(|| cache.verify(hash)))).collect();
        let join = |(hash, handle): (_, std::thread::ScopedJoinHandle<'_, _>)| {
            (hash, handle.join().unwrap_or(Err(CacheError::Missing)))
        };
        handles.into_iter().map(join).collect()
    });
    let mut found = Diagnostics::default();
    for (call, hash) in installed() {
        let error = if !cache.is_linked(&call.key(), hash) {
            let detail = "What is installed for this module is not what is locked";
            Diagnostic::error("Module not installed", detail).help("run `platoform init`")
        } else if let Some(Err(error)) = results.get(hash) {
            Diagnostic::error("Module is not as locked", error.to_string())
                .help("find out who changed it; `platoform init` fetches it as it was")
        } else {
            continue;
        };
        found.push(error.at(call.header));
    }
    found
}
