//! Where a module is: the addresses that `source` in a `module` block takes.
//!
//! They are read as Terraform 1.11 reads them, shorthands included. Reading is text only: nothing
//! is looked up.

use std::fmt;
use std::sync::Arc;

use platoform_diagnostic::Diagnostic;

mod detect;
mod getter;
mod registry;
#[cfg(test)]
mod tests;
mod text;

pub use getter::{ArchiveFormat, Checksum, Getter};
pub use registry::{DEFAULT_REGISTRY, RegistrySource};

/// Where a module is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ModuleSource {
    /// `./x` or `../x`, a path from the calling module, cleaned.
    Local(Arc<str>),
    /// `[HOST/]NAMESPACE/NAME/TARGET[//SUBDIRECTORY]`.
    Registry(RegistrySource),
    /// Anything else.
    Remote(RemoteSource),
}

/// A package that is fetched from its own address, and the directory of the module in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemoteSource {
    /// The package.
    pub package: Package,
    /// What followed `//`.
    pub subdirectory: Option<Arc<str>>,
}

/// What is fetched as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// How it is fetched. Holds secrets that its address had.
    pub getter: Getter,
    /// The address in full, without secrets: what names it in the lock and in messages.
    pub address: Arc<str>,
}

/// Why an address cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    /// It is none of the forms there are.
    #[error("There is no way to fetch `{0}` that this program knows of")]
    Unknown(String),
    /// It leads out of the package.
    #[error("The subdirectory `{0}` leads out of the package of the module")]
    Outside(String),
    /// It has the form of something that cannot be fetched.
    #[error("{what} are not fetched by this program, so `{address}` cannot be used")]
    Unsupported {
        /// What is not fetched.
        what: &'static str,
        /// The address.
        address: String,
    },
    /// It is wrong in itself.
    #[error("The module source address cannot be read: {0}")]
    Invalid(String),
    /// It has a version, but is not in a registry.
    #[error("The module registry address cannot be read: {0}")]
    NotRegistry(String),
}

impl SourceError {
    /// The finding, without a place.
    #[must_use]
    pub fn diagnostic(&self) -> Diagnostic {
        let detail = self.to_string();
        let invalid = |detail| Diagnostic::error("Invalid module source address", detail);
        match self {
            Self::Unknown(address) => {
                let address = address.trim_start_matches("./");
                invalid(detail).help(format!(
                    "write `./{address}` when it is a path from this module's directory"
                ))
            }
            Self::Unsupported { .. } => invalid(detail)
                .help("git, `https://` archives, registries and paths are; or copy the module"),
            Self::Outside(_) | Self::Invalid(_) => invalid(detail),
            Self::NotRegistry(_) => {
                Diagnostic::error("Invalid registry module source address", detail).help(
                    "`version` chooses among the versions of a registry: leave it out elsewhere",
                )
            }
        }
    }
}

impl ModuleSource {
    /// Reads the address of a call without a `version`.
    ///
    /// # Errors
    /// When it is no address, or one that cannot be fetched.
    pub fn parse(text: &str) -> Result<Self, SourceError> {
        if is_local(text) {
            return Ok(Self::Local(local(text)));
        }
        check_characters(text)?;
        // What is not quite the address of a registry may still be something else.
        if let Ok(registry) = RegistrySource::parse(text) {
            return Ok(Self::Registry(registry));
        }
        RemoteSource::parse(text).map(Self::Remote)
    }

    /// Reads the address of a call with a `version`, which only registries have.
    ///
    /// # Errors
    /// When it is not that of a registry.
    pub fn parse_registry(text: &str) -> Result<Self, SourceError> {
        if is_local(text) {
            let why = format!("`{text}` is a directory, which has no versions");
            return Err(SourceError::NotRegistry(why));
        }
        check_characters(text)?;
        RegistrySource::parse(text).map(Self::Registry).map_err(SourceError::NotRegistry)
    }

    /// What names the package in the lock; `None` where there is nothing to lock: the module is in
    /// the caller's package, or a directory that is used where it is.
    #[must_use]
    pub fn package(&self) -> Option<Arc<str>> {
        match self {
            Self::Local(_) => None,
            Self::Registry(registry) => Some(registry.package().into()),
            Self::Remote(remote) if remote.package.in_place().is_some() => None,
            Self::Remote(remote) => Some(remote.package.address.clone()),
        }
    }

    /// The directory of the module in its package.
    #[must_use]
    pub fn subdirectory(&self) -> Option<&str> {
        match self {
            Self::Local(_) => None,
            Self::Registry(registry) => registry.subdirectory.as_deref(),
            Self::Remote(remote) => remote.subdirectory.as_deref(),
        }
    }
}

impl RemoteSource {
    /// Reads any address but that of a local path or a registry.
    ///
    /// # Errors
    /// When it is no address, or one that cannot be fetched.
    pub fn parse(text: &str) -> Result<Self, SourceError> {
        check_characters(text)?;
        let (address, subdirectory) = text::split(text)?;
        let (address, detected) = detect::normalize(&address)?;
        let subdirectory = match (detected, subdirectory) {
            (Some(outer), Some(inner)) => Some(text::inside(&format!("{outer}/{inner}"))?),
            (outer, inner) => outer.or(inner),
        };
        let package = Package::parse(&address)?;
        Ok(Self { package, subdirectory: subdirectory.map(Into::into) })
    }
}

impl fmt::Display for ModuleSource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Local(path) => formatter.write_str(path),
            Self::Registry(registry) => registry.fmt(formatter),
            Self::Remote(remote) => remote.fmt(formatter),
        }
    }
}

impl fmt::Display for RemoteSource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let address = &self.package.address;
        let Some(subdirectory) = &self.subdirectory else { return formatter.write_str(address) };
        match address.split_once('?') {
            Some((address, query)) => write!(formatter, "{address}//{subdirectory}?{query}"),
            None => write!(formatter, "{address}//{subdirectory}"),
        }
    }
}

/// Addresses come from other people's modules and from servers, and are shown on terminals.
fn check_characters(text: &str) -> Result<(), SourceError> {
    if text.contains(char::is_control) {
        let why = format!("{text:?} has control characters in it");
        return Err(SourceError::Invalid(why));
    }
    Ok(())
}

fn is_local(text: &str) -> bool {
    ["./", "../", ".\\", "..\\"].iter().any(|prefix| text.starts_with(prefix))
}

/// The path in one spelling: slashes only, no needless steps, `./` or `../` before it.
fn local(text: &str) -> Arc<str> {
    let clean = text::clean(&text.replace('\\', "/"));
    if clean == ".." || clean.starts_with("../") {
        clean.into()
    } else {
        format!("./{clean}").into()
    }
}
