//! Fetching modules, and writing the lock.

use std::collections::BTreeMap;
use std::io::{self, IsTerminal as _};
use std::path::Path;
use std::sync::Arc;

use platoform_config::lock::{LOCK_FILE, Lock, LockedModule};
use platoform_config::{Loaded, LoadedCall, ModuleSource, VariableArgument};
use platoform_diagnostic::{Diagnostic, Diagnostics};
use platoform_fetch::{Cache, Fetcher, Limits, Request};

use super::lock_file;
use super::{Reading, cache, locked};
use crate::command::configuration::malformed;
use crate::error::Failure;
use crate::providers::Registry;
use crate::settings::Settings;

/// How modules are fetched.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Whether at all.
    pub get: bool,
    /// Whether to move to the newest versions that may be chosen.
    pub upgrade: bool,
    /// Whether the lock must stay as it is.
    pub readonly: bool,
}

/// What goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A package is being fetched for a call.
    Downloading {
        /// Its address.
        package: String,
        /// The name of the call from the root.
        call: String,
    },
    /// A module is there.
    Installed {
        /// The name of the call from the root.
        call: String,
        /// Where its files are.
        directory: String,
    },
}

impl std::fmt::Display for Event {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Downloading { package, call } => {
                write!(formatter, "Downloading {package} for {call}...")
            }
            Self::Installed { call, directory } => write!(formatter, "- {call} in {directory}"),
        }
    }
}

/// A configuration whose modules are there.
pub struct Installation {
    /// The configuration, without errors.
    pub loaded: Loaded,
    /// How many packages were fetched.
    pub fetched: usize,
    /// Whether the lock was written.
    pub locked: bool,
}

/// Fetches the modules that are missing, and writes the lock. `tell` hears what goes on.
///
/// # Errors
/// When a module cannot be fetched, or the configuration has errors.
pub fn install(
    settings: &Settings,
    registry: &Registry,
    arguments: &[VariableArgument],
    options: Options,
    tell: &(dyn Fn(&Event) + Sync),
) -> Result<Installation, Failure> {
    let files = settings.files();
    let mut previous = lock_file::read(&files)?;
    let lock = start(&previous, options);
    let terminal = settings.input && io::stdin().is_terminal();
    let fetcher = Fetcher::new(settings.environment.clone(), terminal, Limits::default());
    let mut run = Run { cache: cache(settings), fetcher, options, lock, done: BTreeMap::new() };
    let mut reading = Reading { settings, files: &files, registry, arguments, variables: None };
    let (mut fetched, mut guard) = (0, None);
    let loaded = loop {
        let loaded = reading.load(&run.lock);
        let wanted = if options.get { run.wanted(&loaded.calls) } else { Vec::new() };
        if wanted.is_empty() {
            break loaded;
        }
        if guard.is_none() {
            guard = Some(run.cache.lock().map_err(|error| cannot_keep(&error))?);
            let now = lock_file::read(&files)?;
            if now != previous {
                // Another run has locked something while this one waited for it.
                run.lock = start(&now, options);
                previous = now;
                continue;
            }
        }
        let before = run.fetch(&wanted, tell);
        fetched += before.map_err(|found| Failure::new(found, loaded.topology.sources.clone()))?;
    };
    let machine = settings.output.stream;
    if loaded.structure.has_errors() || (!machine && loaded.diagnostics.has_errors()) {
        let calls = loaded.calls.clone();
        let mut failure = malformed(machine, loaded);
        failure.diagnostics = unreadable(&failure, &calls);
        return Err(failure);
    }
    for call in loaded.calls.iter().filter(|_| options.get) {
        let directory = call.directory.display().to_string();
        tell(&Event::Installed { call: call.key(), directory });
    }
    let locked = run.finish(settings, &previous, &loaded)?;
    Ok(Installation { loaded, fetched, locked })
}

/// What stays of a lock at the beginning of a run.
fn start(previous: &Lock, options: Options) -> Lock {
    let mut lock = previous.clone();
    if options.upgrade {
        lock.retain(|_| false, |_| true);
    }
    lock
}

/// Findings where directories that are not there count as such: nothing can be installed there.
fn unreadable(failure: &Failure, calls: &[LoadedCall]) -> Diagnostics {
    let missing = |found: &Diagnostic| {
        let local = |call: &&LoadedCall| matches!(call.source, ModuleSource::Local(_));
        let mut calls = calls.iter().filter(|call| !call.installed).filter(local);
        calls
            .find(|call| Some(call.header) == found.span && found.summary == "Module not installed")
    };
    let all = failure.diagnostics.iter().map(|found| match missing(found) {
        Some(call) => {
            let (directory, name) = (call.directory.display(), call.key());
            let place = failure.sources.place(call.header).unwrap_or_default();
            let detail = format!(
                "The directory `{directory}` of the module `{name}` ({place}) cannot be read"
            );
            Diagnostic::error("Unreadable module directory", detail)
        }
        None => found.clone(),
    });
    all.collect()
}

fn cannot_keep(error: &platoform_fetch::CacheError) -> Diagnostic {
    Diagnostic::error("Module cannot be kept", error.to_string())
}

struct Run {
    cache: Cache,
    fetcher: Fetcher,
    options: Options,
    lock: Lock,
    /// What was settled in this run, by the names of the calls.
    done: BTreeMap<Vec<Arc<str>>, LockedModule>,
}

impl Run {
    /// Calls whose packages come next. What an unsettled module calls may be out of date.
    fn wanted<'a>(&self, calls: &'a [LoadedCall]) -> Vec<&'a LoadedCall> {
        let open: Vec<&LoadedCall> = calls
            .iter()
            .filter(|call| call.source.package().is_some() && !self.done.contains_key(&call.path))
            .collect();
        let inner = |call: &&LoadedCall| {
            !open.iter().any(|other| {
                other.path.len() < call.path.len() && call.path.starts_with(&other.path)
            })
        };
        open.iter().copied().filter(inner).collect()
    }

    /// Fetches what calls want, each package once; says how many had to come.
    fn fetch(
        &mut self,
        wanted: &[&LoadedCall],
        tell: &(dyn Fn(&Event) + Sync),
    ) -> Result<usize, Diagnostics> {
        let mut groups: BTreeMap<(Arc<str>, Option<String>), Vec<&LoadedCall>> = BTreeMap::new();
        for call in wanted {
            let Some(package) = call.source.package() else { continue };
            let constraint = call.constraint.as_ref().map(ToString::to_string);
            groups.entry((package, constraint)).or_default().push(call);
        }
        let groups: Vec<Vec<&LoadedCall>> = groups.into_values().collect();
        let requests: Vec<Request> = groups.iter().map(|calls| self.request(calls[0])).collect();
        let started = |index: usize| {
            let call: &LoadedCall = groups[index][0];
            let package = call.source.package().unwrap_or_default().to_string();
            tell(&Event::Downloading { package, call: call.key() });
        };
        let results = self.fetcher.fetch_all(&self.cache, &requests, &started);
        let (mut found, mut new) = (Diagnostics::default(), 0);
        for (calls, result) in groups.iter().zip(results) {
            match result {
                Ok(fetched) => {
                    new += usize::from(fetched.new);
                    for call in calls {
                        let linked = self.cache.link(&call.key(), &fetched.module.hash);
                        let linked = linked.map_err(|error| cannot_keep(&error).at(call.header));
                        found.take(linked);
                        self.done.insert(call.path.clone(), fetched.module.clone());
                    }
                    self.lock.set_module(fetched.module);
                }
                Err(error) => {
                    let package = calls[0].source.package().unwrap_or_default();
                    let error = error.diagnostic(&package);
                    found.extend(calls.iter().map(|call| error.clone().at(call.header)));
                }
            }
        }
        if found.has_errors() { Err(found) } else { Ok(new) }
    }

    fn request(&self, call: &LoadedCall) -> Request {
        let (source, constraint) = (call.source.clone(), call.constraint.clone());
        let locked = self.lock.module(&source, constraint.as_ref());
        // What was chosen for other versions in this run need not be the newest for these.
        let written = constraint.as_ref().map(ToString::to_string);
        let kept = |module: &&LockedModule| {
            !self.options.upgrade || module.constraints.as_deref() == written.as_deref()
        };
        let locked = locked.filter(kept).cloned();
        Request { source, constraint, locked }
    }

    /// Writes the lock where it changes, and removes what nobody needs any more.
    fn finish(
        mut self,
        settings: &Settings,
        previous: &Lock,
        loaded: &Loaded,
    ) -> Result<bool, Failure> {
        let providers = locked::providers(&loaded.topology);
        if !self.options.upgrade {
            let moved = locked::compare(previous, &loaded.topology);
            if !moved.is_empty() {
                return Err(moved.into());
            }
        }
        if self.options.get {
            let used: Vec<_> = self.done.values().map(LockedModule::key).collect();
            self.lock.retain(|module| used.contains(&module.key()), |_| false);
        }
        for provider in providers {
            self.lock.set_provider(provider);
        }
        let changed = self.lock != *previous;
        if changed && self.options.readonly {
            return Err(Diagnostic::error(
                "Lock file is out of date",
                format!("`{LOCK_FILE}` would have to change, but is to stay as it is"),
            )
            .help("run `platoform init` without `-lockfile=readonly`")
            .into());
        }
        if changed {
            lock_file::write(&settings.path(Path::new(LOCK_FILE)), &self.lock)?;
        }
        if self.options.get && self.cache.exists() {
            let hashes: Vec<_> = self.lock.modules().iter().map(|module| &module.hash).collect();
            let keys: Vec<String> = loaded.calls.iter().map(LoadedCall::key).collect();
            self.cache.prune(&hashes, &keys);
        }
        Ok(changed)
    }
}
