//! Where the module of a call is.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use platoform_diagnostic::{Diagnostic, Diagnostics, Span};
use platoform_lang::tree::Expression;

use super::definition::{Addressed, CallDefinition};
use super::lock::{self, LOCK_FILE, Lock, LockedModule, TreeHash};
use super::version::{Constraint, Version};
use super::{Loader, directory};
use crate::ModuleSource;

const NOT_INSTALLED: &str = "Module not installed";

/// Where packages of modules are kept, in the root module's directory.
pub const MODULES_DIRECTORY: &str = ".platoform/modules";

/// A `module` block as it was carried out, or would have been.
#[derive(Clone, Debug)]
pub struct LoadedCall {
    /// Names of the calls from the root to this one.
    pub path: Vec<Arc<str>>,
    /// Where the module is to be found.
    pub source: ModuleSource,
    /// The versions that may be chosen.
    pub constraint: Option<Constraint>,
    /// The version that is locked.
    pub version: Option<Version>,
    /// What the package holds, where it is locked.
    pub hash: Option<TreeHash>,
    /// The directory of the module; where it is not installed, as far as that is known.
    pub directory: PathBuf,
    /// Whether the module could be read.
    pub installed: bool,
    /// The block's header.
    pub header: Span,
    /// The address in the block.
    pub span: Span,
}

impl LoadedCall {
    /// The name under which the package of the module is kept.
    #[must_use]
    pub fn key(&self) -> String {
        key(&self.path)
    }
}

/// Names cannot have dots in them.
fn key(path: &[Arc<str>]) -> String {
    path.join(".")
}

/// What makes one module the same as another: the files it is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Identity {
    /// The package; `None` for what is not locked.
    pub(super) package: Option<TreeHash>,
    /// The directory, within the package where there is one.
    pub(super) path: PathBuf,
}

/// The package that local paths must not lead out of.
#[derive(Clone, Debug)]
pub(super) struct Enclosure {
    pub(super) directory: PathBuf,
    pub(super) hash: Option<TreeHash>,
}

/// Where a module is.
pub(super) struct Place {
    pub(super) directory: PathBuf,
    pub(super) identity: Identity,
    pub(super) enclosure: Option<Enclosure>,
}

impl Place {
    fn new(directory: PathBuf, enclosure: Option<Enclosure>) -> Self {
        let package = enclosure.as_ref().and_then(|package| package.hash.clone());
        let within = enclosure.as_ref().filter(|_| package.is_some());
        let path = within.and_then(|package| directory.strip_prefix(&package.directory).ok());
        let path = path.unwrap_or(&directory).to_owned();
        Self { identity: Identity { package, path }, directory, enclosure }
    }
}

/// The address that was worked out for a call.
pub(super) fn addressed(
    source: &str,
    version: Option<&str>,
    spans: (Span, Option<Span>),
) -> Result<Addressed, Diagnostics> {
    let mut found = Diagnostics::default();
    let constraint = version.and_then(|text| {
        let constraint = Constraint::parse(text);
        if constraint.is_none() {
            let error = super::settings::invalid_constraint(spans.1.unwrap_or(spans.0));
            found.push(error);
        }
        constraint
    });
    let source = found.take(locate(source, version.is_some(), spans.0));
    match source {
        Some(source) if !found.has_errors() => Ok(Addressed { source, constraint }),
        _ => Err(found),
    }
}

/// The address in a source; only those in registries have versions.
pub(super) fn locate(
    source: &str,
    has_version: bool,
    at: Span,
) -> Result<ModuleSource, Diagnostic> {
    let parsed = if has_version {
        ModuleSource::parse_registry(source)
    } else {
        ModuleSource::parse(source)
    };
    parsed.map_err(|error| error.diagnostic().at(at))
}

/// `source` and `version` as they stand in a block.
#[derive(Clone, Debug)]
pub(super) struct Written {
    pub(super) source: Arc<Expression>,
    pub(super) version: Option<Arc<Expression>>,
}

impl Loader<'_> {
    /// Where the module of a call is, and what the lock says of it. The place is `None` for a
    /// package that is not locked.
    pub(super) fn place(
        &mut self,
        path: &[Arc<str>],
        caller: (&Path, Option<&Enclosure>),
        call: &CallDefinition,
        addressed: &Addressed,
    ) -> Result<(Option<Place>, Option<LockedModule>), Diagnostic> {
        let (above, enclosure) = caller;
        match &addressed.source {
            ModuleSource::Local(local) => {
                let directory = directory::clean(&above.join(&**local));
                if let Some(package) = enclosure
                    && !directory.starts_with(&package.directory)
                {
                    return Err(escapes(local, call));
                }
                Ok((Some(Place::new(directory, enclosure.cloned())), None))
            }
            ModuleSource::Remote(remote) if remote.package.in_place().is_some() => {
                let top = remote.package.in_place().unwrap_or(Path::new("/"));
                let top = directory::clean(top);
                let directory = inside(&top, [remote.subdirectory.as_deref()]);
                let package = Enclosure { directory: top, hash: None };
                Ok((Some(Place::new(directory, Some(package))), None))
            }
            source => {
                let locked = self.lock().module(source, addressed.constraint.as_ref()).cloned();
                let Some(locked) = locked else { return Ok((None, None)) };
                let top = directory::join(&self.root, MODULES_DIRECTORY).join(key(path));
                let parts = [locked.directory.as_deref(), source.subdirectory()];
                let directory = inside(&top, parts);
                let package = Enclosure { directory: top, hash: Some(locked.hash.clone()) };
                Ok((Some(Place::new(directory, Some(package))), Some(locked)))
            }
        }
    }

    /// The lock, which is read when the first package is asked for.
    fn lock(&mut self) -> &Lock {
        let Self { lock, files, root, sources, diagnostics, .. } = self;
        lock.get_or_insert_with(|| {
            let path = directory::join(root, LOCK_FILE);
            if files.kind(&path).is_none() {
                return Lock::default();
            }
            let Some(text) = diagnostics.take(directory::read(*files, &path)) else {
                return Lock::default();
            };
            let file = sources.add(path.to_string_lossy(), text.clone());
            lock::parse_file(file, &text).unwrap_or_else(|found| {
                diagnostics.extend(found);
                Lock::default()
            })
        })
    }
}

fn inside<const N: usize>(top: &Path, parts: [Option<&str>; N]) -> PathBuf {
    parts.into_iter().flatten().fold(top.to_owned(), |path, part| path.join(part))
}

fn escapes(local: &str, call: &CallDefinition) -> Diagnostic {
    Diagnostic::error(
        "Local module path escapes module package",
        format!("`{local}` leads out of the package that this module came in"),
    )
    .at(call.written.source.span)
    .help("only what is in the package comes along: give the other module's own address")
}

/// The error for a module that is not there.
pub(super) fn not_installed(call: &CallDefinition, directory: Option<&Path>) -> Diagnostic {
    match directory {
        Some(directory) => {
            let detail = format!("The directory `{}` cannot be read", directory.display());
            Diagnostic::error(NOT_INSTALLED, detail).at(call.header)
        }
        None => Diagnostic::error(NOT_INSTALLED, "This module is not installed yet")
            .at(call.header)
            .help("run `platoform init`"),
    }
}

/// The error for a module of which nobody can tell where it is.
pub(super) fn nowhere(header: Span) -> Diagnostic {
    Diagnostic::error(NOT_INSTALLED, "The call does not say where the module is").at(header)
}
