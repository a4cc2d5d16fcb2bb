//! Patterns in `-target` and `-exclude`: addresses with `*` and `?`, and the files that blocks are in.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use globset::{Glob, GlobMatcher};
use platoform_config::{
    AddressError, InstanceKey, ModuleInstance, Resource, ResourceAddress, Target, Topology,
};

use crate::Record;

/// What goes before a pattern of files.
const FILE: &str = "file:";

/// Several addresses at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern(String);

/// What an option that narrows a plan names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selector {
    /// One address.
    Address(Target),
    /// All that fit.
    Pattern(Pattern),
}

impl FromStr for Selector {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let wild = text.starts_with(FILE) || text.contains(['*', '?']);
        match text.parse() {
            Ok(target) => Ok(Self::Address(target)),
            Err(_) if wild => {
                let without_keys = text.replace("[*]", "");
                if !text.starts_with(FILE) && without_keys.contains('[') {
                    let reason = "the only pattern for a key is `[*]`";
                    return Err(AddressError { text: text.to_owned(), reason });
                }
                Ok(Self::Pattern(Pattern(text.to_owned())))
            }
            Err(error) => Err(error),
        }
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(target) => target.fmt(formatter),
            Self::Pattern(pattern) => formatter.write_str(&pattern.0),
        }
    }
}

impl Selector {
    /// The addresses that are meant, of resources in the configuration and the state. A pattern that
    /// nothing fits means none.
    pub(crate) fn targets(&self, topology: &Topology, records: &[Record]) -> Vec<Target> {
        let pattern = match self {
            Self::Address(target) => return vec![target.clone()],
            Self::Pattern(pattern) => pattern,
        };
        let named = |path: &[Arc<str>], resource: &Resource| {
            let calls = path.iter().map(|name| (name.clone(), InstanceKey::None));
            let module = ModuleInstance(Arc::new(calls.collect()));
            ResourceAddress { module, id: resource.id.clone() }
        };
        let modules = topology.modules.iter();
        let blocks = modules.flat_map(|module| {
            module.resources.values().map(move |resource| (&module.path, resource))
        });
        let found: BTreeSet<ResourceAddress> = match pattern.0.strip_prefix(FILE) {
            Some(files) => {
                let Some(files) = matcher(files) else { return Vec::new() };
                let root = topology.modules.first().map(|module| module.directory.as_path());
                let inside = |resource: &Resource| {
                    let source = topology.sources.get(resource.header.file)?;
                    let path = std::path::Path::new(&*source.name);
                    let path = root.and_then(|root| path.strip_prefix(root).ok()).unwrap_or(path);
                    Some(files.is_match(path))
                };
                let here = blocks.filter(|(_, resource)| inside(resource) == Some(true));
                here.map(|(path, resource)| named(path, resource)).collect()
            }
            None => {
                let Some(names) = matcher(&pattern.0.replace("[*]", "")) else {
                    return Vec::new();
                };
                let blocks = blocks.map(|(path, resource)| named(path, resource));
                let recorded =
                    records.iter().map(|record| without_keys(&record.key.address.resource));
                let all = blocks.chain(recorded);
                all.filter(|address| names.is_match(address.to_string())).collect()
            }
        };
        found.into_iter().map(Target::Resource).collect()
    }
}

/// `*` stands for any text, dots and slashes included.
fn matcher(pattern: &str) -> Option<GlobMatcher> {
    Glob::new(pattern).ok().map(|glob| glob.compile_matcher())
}

fn without_keys(address: &ResourceAddress) -> ResourceAddress {
    let calls = address.module.0.iter().map(|(name, _)| (name.clone(), InstanceKey::None));
    let module = ModuleInstance(Arc::new(calls.collect()));
    ResourceAddress { module, id: address.id.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(pattern: &str, names: &[&str]) -> Vec<String> {
        let record = |name: &&str| -> Record {
            let key = crate::RecordKey { address: name.parse().unwrap(), deposed: None };
            Record {
                key,
                provider: platoform_config::ProviderSource("p".into()),
                provider_config: "p".into(),
                schema_version: 0,
                attributes: crate::Stored("{}".into()),
                private: Vec::new(),
                tainted: false,
                create_before_destroy: false,
                protected: false,
                retained: false,
                dependencies: Vec::new(),
                version: 1,
            }
        };
        let records: Vec<Record> = names.iter().map(record).collect();
        let selector: Selector = pattern.parse().unwrap();
        let found = selector.targets(&Topology::default(), &records);
        found.iter().map(Target::to_string).collect()
    }

    #[test]
    fn patterns_name_resources_with_all_their_instances() {
        let names = ["a.x[0]", "a.x[1]", "b.x", "module.m[\"k\"].a.y", "module.n.b.z"];
        assert_eq!(fits("a.*", &names), ["a.x"]);
        assert_eq!(fits("a.x[*]", &names), ["a.x"]);
        assert_eq!(fits("*.x", &names), ["a.x", "b.x"]);
        assert_eq!(fits("module.m.*", &names), ["module.m.a.y"]);
        assert_eq!(fits("module.?.b.*", &names), ["module.n.b.z"]);
        assert!(fits("c.*", &names).is_empty());
    }

    #[test]
    fn what_is_no_pattern_is_an_address() {
        assert!(matches!("a.b[\"*\"]".parse(), Ok(Selector::Address(Target::Instance(_)))));
        assert!(matches!("file:net.tf".parse(), Ok(Selector::Pattern(_))));
        assert!("a.b[\"x*\"".parse::<Selector>().is_err());
        assert!("a".parse::<Selector>().is_err());
    }
}
