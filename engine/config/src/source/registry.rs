//! Addresses of modules in a registry.

use std::fmt;
use std::sync::Arc;

use super::text;

/// The registry of addresses that name none.
pub const DEFAULT_REGISTRY: &str = "registry.terraform.io";

/// Hosts of repositories, which addresses of other forms begin with.
const RESERVED_HOSTS: [&str; 2] = ["github.com", "bitbucket.org"];
/// Longest name of any part.
const NAME_LIMIT: usize = 64;

/// `[HOST/]NAMESPACE/NAME/TARGET[//SUBDIRECTORY]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegistrySource {
    /// The registry, in lower case, with its port unless that is 443.
    pub host: Arc<str>,
    /// Who publishes it.
    pub namespace: Arc<str>,
    /// Its name.
    pub name: Arc<str>,
    /// The system it is for.
    pub target: Arc<str>,
    /// What followed `//`.
    pub subdirectory: Option<Arc<str>>,
}

impl RegistrySource {
    /// Reads an address; the error says why it is none.
    pub(super) fn parse(address: &str) -> Result<Self, String> {
        let (package, subdirectory) = text::split(address).map_err(|error| error.to_string())?;
        let parts: Vec<&str> = package.split('/').collect();
        let (host, namespace, name, target) = match parts.as_slice() {
            [namespace, name, target] => (DEFAULT_REGISTRY.into(), namespace, name, target),
            [host, namespace, name, target] => (registry_host(host)?, namespace, name, target),
            _ => return Err("it must have three or four parts with slashes between them".into()),
        };
        if RESERVED_HOSTS.contains(&&*host) {
            return Err(format!("`{host}` is no registry: repositories are fetched from it"));
        }
        check_name("namespace", namespace)?;
        check_name("module name", name)?;
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        if target.is_empty() || target.len() > NAME_LIMIT || !target.bytes().all(plain) {
            return Err(format!(
                "the target system `{target}` must have 1 to {NAME_LIMIT} small letters or digits"
            ));
        }
        Ok(Self {
            host,
            namespace: (*namespace).into(),
            name: (*name).into(),
            target: (*target).into(),
            subdirectory: subdirectory.map(Into::into),
        })
    }

    /// The address without the subdirectory, with the registry.
    #[must_use]
    pub fn package(&self) -> String {
        format!("{}/{}/{}/{}", self.host, self.namespace, self.name, self.target)
    }
}

impl fmt::Display for RegistrySource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.package())?;
        self.subdirectory.as_ref().map_or(Ok(()), |path| write!(formatter, "//{path}"))
    }
}

fn registry_host(host: &str) -> Result<Arc<str>, String> {
    let (name, port) = host.split_once(':').map_or((host, None), |(name, port)| (name, Some(port)));
    let label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|character| character.is_alphanumeric() || character == '-')
    };
    let valid_port = port.is_none_or(|port| port.parse::<u16>().is_ok());
    if !name.split('.').all(label) || !valid_port {
        return Err(format!("`{host}` is not the name of a host"));
    }
    if !name.contains('.') {
        return Err(format!("the host `{host}` must have a dot in its name"));
    }
    let name = name.to_lowercase();
    Ok(match port {
        None | Some("443") => name.into(),
        Some(port) => format!("{name}:{port}").into(),
    })
}

fn check_name(what: &str, name: &str) -> Result<(), String> {
    let edge = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric());
    let inner = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    let valid = name.len() <= NAME_LIMIT
        && edge(name.bytes().next())
        && edge(name.bytes().last())
        && name.bytes().all(inner);
    if valid {
        return Ok(());
    }
    Err(format!(
        "the {what} `{name}` must have 1 to {NAME_LIMIT} letters, digits, dashes or underscores, and \
         begin and end with a letter or digit"
    ))
}
