//! Why a package could not be fetched.

use platoform_diagnostic::Diagnostic;

use crate::cache::CacheError;
use crate::http::HttpError;

/// Why a package could not be fetched.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// A program failed, or could not be started.
    #[error("{0}")]
    Git(String),
    /// A server could not be reached, or refused.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// What came is no archive, or one that must not be unpacked.
    #[error("The archive cannot be unpacked: {0}")]
    Archive(String),
    /// What came must not be kept.
    #[error("The package cannot be used: {0}")]
    Content(String),
    /// What came is not what the address says it is.
    #[error("The {algorithm} checksum is {found}, not {expected} as the address says")]
    Checksum {
        /// The digest.
        algorithm: &'static str,
        /// What the address says.
        expected: String,
        /// What it is.
        found: String,
    },
    /// A page or registry led to something else that cannot be fetched.
    #[error("The server names an address that cannot be used: {0}")]
    Location(String),
    /// One address led to another without end.
    #[error("Addresses led to others more than {0} times")]
    Redirects(usize),
    /// The registry cannot be talked to.
    #[error("The registry `{host}` cannot be used: {why}")]
    Registry {
        /// Its name.
        host: String,
        /// What is wrong.
        why: String,
    },
    /// The registry does not have it.
    #[error("The registry `{host}` has no module `{module}`")]
    NotFound {
        /// Its name.
        host: String,
        /// What was asked for.
        module: String,
    },
    /// The registry has it, but nothing of it.
    #[error("The registry `{host}` has no versions of the module `{module}`")]
    NoVersions {
        /// Its name.
        host: String,
        /// What was asked for.
        module: String,
    },
    /// No version may be chosen.
    #[error("No version of `{module}` meets `{constraint}`; the newest one is {newest}")]
    NoMatch {
        /// What was asked for.
        module: String,
        /// Which versions were asked for.
        constraint: String,
        /// What there is.
        newest: String,
    },
    /// It is not what it was when it was locked.
    #[error(
        "What came has the hash `{found}`, where the lock has `{locked}`: it is not what it was \
         when it was locked"
    )]
    Changed {
        /// By the lock.
        locked: String,
        /// What came.
        found: String,
    },
    /// A directory of the package is not there.
    #[error("The package has no directory `{0}`")]
    NoDirectory(String),
    /// The files cannot be kept.
    #[error(transparent)]
    Cache(#[from] CacheError),
}

impl FetchError {
    /// The headline, as Terraform has it where it has one.
    #[must_use]
    pub fn summary(&self) -> &'static str {
        match self {
            Self::Git(_) | Self::Http(_) | Self::Archive(_) | Self::Content(_) => {
                "Failed to download module"
            }
            Self::Checksum { .. } | Self::Location(_) | Self::Redirects(_) => {
                "Failed to download module"
            }
            Self::Registry { .. } => "Error accessing remote module registry",
            Self::NotFound { .. } => "Module not found",
            Self::NoVersions { .. } => "Module has no versions",
            Self::NoMatch { .. } => "Unresolvable module version constraint",
            Self::Changed { .. } => "Module is not as locked",
            Self::NoDirectory(_) => "Unreadable module subdirectory",
            Self::Cache(_) => "Module cannot be kept",
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Changed { .. } => {
                Some("find out why; `platoform init -upgrade` takes what there is now")
            }
            Self::NoMatch { .. } => Some("change `version`"),
            _ => None,
        }
    }

    /// The finding about a package, without a place.
    #[must_use]
    pub fn diagnostic(&self, package: &str) -> Diagnostic {
        // Names in archives and answers of servers may hold what would move a terminal.
        let detail = format!("{self} (`{package}`)").replace(char::is_control, "\u{fffd}");
        let error = Diagnostic::error(self.summary(), detail);
        match self.hint() {
            Some(hint) => error.help(hint),
            None => error,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminals_are_not_sent_what_others_wrote() {
        let error = FetchError::Archive("the link `\u{1b}]0;x\u{7}` has no target".into());
        let detail = error.diagnostic("x").detail;
        assert_eq!(
            detail,
            "The archive cannot be unpacked: the link `\u{fffd}]0;x\u{fffd}` has no target (`x`)"
        );
    }
}
