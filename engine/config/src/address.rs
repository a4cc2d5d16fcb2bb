//! Addresses: how modules, resources and their instances are named. The only place that writes
//! or parses them.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use platoform_schema::Mode;

mod parse;

pub(crate) use parse::is_identifier;

/// A resource within its module.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ResourceId {
    /// Namespace of the kind.
    pub mode: Mode,
    /// Kind, e.g. `docker_container`.
    pub kind: Arc<str>,
    /// Name.
    pub name: Arc<str>,
}

/// What tells the instances of one block apart.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum InstanceKey {
    /// The only instance of a block without `count` and `for_each`.
    #[default]
    None,
    /// By `count`.
    Index(u64),
    /// By `for_each`.
    Name(Arc<str>),
}

/// A module instance: the calls from the root, each with its key. Empty for the root.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ModuleInstance(pub Arc<Vec<(Arc<str>, InstanceKey)>>);

/// A resource in a module instance.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ResourceAddress {
    /// The module instance.
    pub module: ModuleInstance,
    /// The resource in it.
    pub id: ResourceId,
}

/// An instance of a resource.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct InstanceAddress {
    /// The resource; shared by its instances.
    pub resource: Arc<ResourceAddress>,
    /// Which of its instances.
    pub key: InstanceKey,
}

/// What `-target` may name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A module instance with all that is in it; without a key on the last call, all its instances.
    Module(ModuleInstance),
    /// All instances of a resource.
    Resource(ResourceAddress),
    /// One instance.
    Instance(InstanceAddress),
}

impl fmt::Display for Target {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Module(module) => module.fmt(formatter),
            Self::Resource(resource) => resource.fmt(formatter),
            Self::Instance(instance) => instance.fmt(formatter),
        }
    }
}

/// A text that is no address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not an address: {reason}")]
pub struct AddressError {
    /// The text.
    pub text: String,
    /// What is wrong with it.
    pub reason: &'static str,
}

impl Ord for InstanceKey {
    /// No key, then numbers by value, then names.
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Index(left), Self::Index(right)) => left.cmp(right),
            (Self::Name(left), Self::Name(right)) => left.cmp(right),
            (left, right) => left.rank().cmp(&right.rank()),
        }
    }
}

impl InstanceAddress {
    /// The instance of a resource with this key.
    pub fn new(resource: impl Into<Arc<ResourceAddress>>, key: InstanceKey) -> Self {
        Self { resource: resource.into(), key }
    }
}

impl Ord for InstanceAddress {
    /// By resource, then by key.
    fn cmp(&self, other: &Self) -> Ordering {
        let resources = match Arc::ptr_eq(&self.resource, &other.resource) {
            true => Ordering::Equal,
            false => self.resource.cmp(&other.resource),
        };
        resources.then_with(|| self.key.cmp(&other.key))
    }
}

impl PartialOrd for InstanceAddress {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialOrd for InstanceKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl InstanceKey {
    fn rank(&self) -> u8 {
        match self {
            Self::None => 0,
            Self::Index(_) => 1,
            Self::Name(_) => 2,
        }
    }
}

impl ModuleInstance {
    /// The instance of a call in this one.
    #[must_use]
    pub fn child(&self, name: Arc<str>, key: InstanceKey) -> Self {
        let mut calls = Vec::with_capacity(self.0.len() + 1);
        calls.extend_from_slice(&self.0);
        calls.push((name, key));
        Self(Arc::new(calls))
    }

    /// Whether it is the root.
    #[must_use]
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for InstanceKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => Ok(()),
            Self::Index(index) => write!(formatter, "[{index}]"),
            Self::Name(name) => {
                formatter.write_str("[\"")?;
                for character in name.chars() {
                    match character {
                        '"' | '\\' => write!(formatter, "\\{character}")?,
                        '\n' => formatter.write_str("\\n")?,
                        '\r' => formatter.write_str("\\r")?,
                        '\t' => formatter.write_str("\\t")?,
                        other => write!(formatter, "{other}")?,
                    }
                }
                formatter.write_str("\"]")
            }
        }
    }
}

impl fmt::Display for ModuleInstance {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (name, key)) in self.0.iter().enumerate() {
            write!(formatter, "{}module.{name}{key}", if index > 0 { "." } else { "" })?;
        }
        Ok(())
    }
}

impl fmt::Display for ResourceId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let prefix = match self.mode {
            Mode::Managed => "",
            Mode::Data => "data.",
            Mode::Ephemeral => "ephemeral.",
        };
        write!(formatter, "{prefix}{}.{}", self.kind, self.name)
    }
}

impl fmt::Display for ResourceAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.module.is_root() {
            write!(formatter, "{}.", self.module)?;
        }
        write!(formatter, "{}", self.id)
    }
}

impl fmt::Display for InstanceAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}{}", self.resource, self.key)
    }
}
