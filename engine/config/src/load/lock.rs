//! The lock: which version of each module and provider a configuration uses.
//!
//! It is a file of blocks in the language itself, kept beside the root module under version
//! control. Equal locks are equal texts, and a change of one module changes its block only.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::version::{Constraint, Version};
use crate::ModuleSource;

mod read;
#[cfg(test)]
mod tests;
mod write;

pub use read::{parse, parse_file};

/// Name of the file, in the root module's directory.
pub const LOCK_FILE: &str = ".platoform.lock.hcl";

/// What is locked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    modules: Vec<LockedModule>,
    providers: Vec<LockedProvider>,
}

/// A package of modules as it was when it was locked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockedModule {
    /// What was asked for: the address without the subdirectory.
    pub source: Arc<str>,
    /// The versions that may be chosen, for a package of a registry.
    pub constraints: Option<Arc<str>>,
    /// The version that was chosen.
    pub version: Option<Version>,
    /// The address that the registry, or a page, named instead, without secrets.
    pub location: Option<Arc<str>>,
    /// The commit, for a git repository.
    pub revision: Option<Arc<str>>,
    /// The directory of the package that its modules are counted from, where it is not the top.
    pub directory: Option<Arc<str>>,
    /// What it holds.
    pub hash: TreeHash,
}

/// A provider as it was when it was locked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockedProvider {
    /// Its source in full.
    pub source: Arc<str>,
    /// The version it stands for.
    pub version: Version,
    /// The versions that modules ask for.
    pub constraints: Option<Arc<str>>,
}

/// A digest over all files of a directory, `h1:` and the base64 form of a SHA-256.
///
/// It is taken of a text with a line for each file in order of their paths: the SHA-256 of the
/// content in hexadecimal digits, two spaces, the path from the directory with `/`. This is how
/// `golang.org/x/mod/sumdb/dirhash` does it. A symbolic link has `link:` and the SHA-256 of its
/// target instead.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TreeHash(Arc<str>);

impl TreeHash {
    /// The hash whose text has this digest.
    #[must_use]
    pub fn new(digest: &[u8; 32]) -> Self {
        Self(format!("h1:{}", STANDARD.encode(digest)).into())
    }

    /// Reads `h1:…`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digest = STANDARD.decode(text.strip_prefix("h1:")?).ok()?;
        <[u8; 32]>::try_from(digest).ok().map(|digest| Self::new(&digest))
    }

    /// As it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A name for a directory that holds this.
    #[must_use]
    pub fn directory_name(&self) -> String {
        let digest = STANDARD.decode(self.0.trim_start_matches("h1:")).unwrap_or_default();
        digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
    }
}

impl Lock {
    /// Packages of modules in order of their sources.
    #[must_use]
    pub fn modules(&self) -> &[LockedModule] {
        &self.modules
    }

    /// Providers in order of their sources.
    #[must_use]
    pub fn providers(&self) -> &[LockedProvider] {
        &self.providers
    }

    /// Whether nothing is locked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.modules.is_empty() && self.providers.is_empty()
    }

    /// What is locked for a call: what was chosen for the same versions, else what may be chosen
    /// for these.
    #[must_use]
    pub fn module(
        &self,
        source: &ModuleSource,
        constraint: Option<&Constraint>,
    ) -> Option<&LockedModule> {
        let package = source.package()?;
        let written = constraint.map(Constraint::to_string);
        let of_package = || self.modules.iter().filter(|module| module.source == package);
        let same = |module: &&LockedModule| module.constraints.as_deref() == written.as_deref();
        let fits = |module: &&LockedModule| match (&module.version, constraint) {
            (Some(version), Some(constraint)) => constraint.chooses(version),
            (_, constraint) => constraint.is_none(),
        };
        let by_version = |module: &&LockedModule| module.version.clone();
        of_package()
            .filter(fits)
            .find(same)
            .or_else(|| of_package().filter(fits).max_by_key(by_version))
    }

    /// Adds a package in the place of the one with the same source and constraints.
    pub fn set_module(&mut self, module: LockedModule) {
        self.modules.retain(|other| other.key() != module.key());
        let place = self.modules.partition_point(|other| other.key() < module.key());
        self.modules.insert(place, module);
    }

    /// Adds a provider in the place of the one with the same source.
    pub fn set_provider(&mut self, provider: LockedProvider) {
        self.providers.retain(|other| other.source != provider.source);
        let place = self.providers.partition_point(|other| other.source < provider.source);
        self.providers.insert(place, provider);
    }

    /// Keeps only what is still in use.
    pub fn retain(
        &mut self,
        module: impl FnMut(&LockedModule) -> bool,
        provider: impl FnMut(&LockedProvider) -> bool,
    ) {
        self.modules.retain(module);
        self.providers.retain(provider);
    }
}

impl LockedModule {
    /// What there is one of in a lock.
    #[must_use]
    pub fn key(&self) -> (&str, Option<&str>) {
        (&self.source, self.constraints.as_deref())
    }
}
