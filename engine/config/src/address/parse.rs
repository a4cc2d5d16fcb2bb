//! Reading addresses, in one pass over the text.

use std::str::FromStr;
use std::sync::Arc;

use platoform_schema::Mode;

use super::{
    AddressError, InstanceAddress, InstanceKey, ModuleInstance, ResourceAddress, ResourceId, Target,
};

impl FromStr for Target {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let mut reader = Reader { text, rest: text };
        let module = reader.module()?;
        if reader.rest.is_empty() {
            return if module.is_root() {
                Err(reader.error("it is empty"))
            } else {
                Ok(Self::Module(module))
            };
        }
        let resource = ResourceAddress { module, id: reader.resource()? };
        match reader.end()? {
            InstanceKey::None => Ok(Self::Resource(resource)),
            key => Ok(Self::Instance(InstanceAddress::new(resource, key))),
        }
    }
}

impl FromStr for InstanceAddress {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let mut reader = Reader { text, rest: text };
        let resource = ResourceAddress::read(&mut reader)?;
        Ok(Self::new(resource, reader.end()?))
    }
}

impl FromStr for ResourceAddress {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let mut reader = Reader { text, rest: text };
        let resource = Self::read(&mut reader)?;
        match reader.end()? {
            InstanceKey::None => Ok(resource),
            _ => Err(reader.error("it names one instance, not a resource")),
        }
    }
}

impl FromStr for ModuleInstance {
    type Err = AddressError;

    /// The empty text is the root module.
    fn from_str(text: &str) -> Result<Self, AddressError> {
        let mut reader = Reader { text, rest: text };
        let module = reader.module()?;
        if reader.rest.is_empty() {
            Ok(module)
        } else {
            Err(reader.error("something follows the module"))
        }
    }
}

impl ResourceAddress {
    fn read(reader: &mut Reader<'_>) -> Result<Self, AddressError> {
        Ok(Self { module: reader.module()?, id: reader.resource()? })
    }
}

struct Reader<'a> {
    text: &'a str,
    rest: &'a str,
}

impl Reader<'_> {
    fn error(&self, reason: &'static str) -> AddressError {
        AddressError { text: self.text.to_owned(), reason }
    }

    /// `module.NAME[KEY].` any number of times; the last dot may be missing at the end.
    fn module(&mut self) -> Result<ModuleInstance, AddressError> {
        let mut calls = Vec::new();
        while let Some(rest) = self.rest.strip_prefix("module.") {
            self.rest = rest;
            calls.push((self.name()?, self.key()?));
            if self.rest.is_empty() {
                break;
            }
            self.dot()?;
        }
        Ok(ModuleInstance(Arc::new(calls)))
    }

    /// `KIND.NAME` with or without `data.` or `ephemeral.` before it.
    fn resource(&mut self) -> Result<ResourceId, AddressError> {
        let mut mode = Mode::Managed;
        for (prefix, meaning) in [("data.", Mode::Data), ("ephemeral.", Mode::Ephemeral)] {
            if let Some(rest) = self.rest.strip_prefix(prefix) {
                self.rest = rest;
                mode = meaning;
                break;
            }
        }
        let kind = self.name()?;
        self.dot()?;
        Ok(ResourceId { mode, kind, name: self.name()? })
    }

    fn dot(&mut self) -> Result<(), AddressError> {
        self.rest = self.rest.strip_prefix('.').ok_or_else(|| {
            self.error("a resource is named by its kind and its name, with a dot between them")
        })?;
        Ok(())
    }

    fn name(&mut self) -> Result<Arc<str>, AddressError> {
        let end = self.rest.find(['.', '[']).unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        if !is_identifier(name) {
            return Err(self.error("a name has letters, digits, `_` and `-`, not a digit first"));
        }
        self.rest = rest;
        Ok(name.into())
    }

    /// `[0]`, `["name"]` or nothing.
    fn key(&mut self) -> Result<InstanceKey, AddressError> {
        let Some(rest) = self.rest.strip_prefix('[') else {
            return Ok(InstanceKey::None);
        };
        if let Some(quoted) = rest.strip_prefix('"') {
            return self.quoted(quoted);
        }
        let end = rest.find(']').ok_or_else(|| self.error("the `[` is never closed"))?;
        let index = rest[..end].parse().map_err(|_| {
            self.error("a key is a whole number or text in double quotes (mind the shell)")
        })?;
        self.rest = &rest[end + 1..];
        Ok(InstanceKey::Index(index))
    }

    fn quoted(&mut self, text: &str) -> Result<InstanceKey, AddressError> {
        let mut name = String::new();
        let mut characters = text.char_indices();
        while let Some((offset, character)) = characters.next() {
            match character {
                '"' => {
                    let from = self.rest.len() - text.len() + offset + 1;
                    self.rest = self.rest[from..]
                        .strip_prefix(']')
                        .ok_or_else(|| self.error("`]` must follow the quoted key"))?;
                    return Ok(InstanceKey::Name(name.into()));
                }
                '\\' => match characters.next().map(|(_, escaped)| escaped) {
                    Some('n') => name.push('\n'),
                    Some('r') => name.push('\r'),
                    Some('t') => name.push('\t'),
                    Some(escaped @ ('"' | '\\')) => name.push(escaped),
                    _ => return Err(self.error("there is no such escape")),
                },
                other => name.push(other),
            }
        }
        Err(self.error("the quotes are never closed"))
    }

    fn end(&mut self) -> Result<InstanceKey, AddressError> {
        let key = self.key()?;
        if self.rest.is_empty() { Ok(key) } else { Err(self.error("something follows it")) }
    }
}

/// Whether a text can name a block: a letter or underscore first, then also digits and dashes.
#[must_use]
pub(crate) fn is_identifier(text: &str) -> bool {
    platoform_lang::is_identifier(text)
}

impl Target {
    /// Whether an instance is meant. A step or resource without a key means all its instances.
    #[must_use]
    pub fn covers(&self, address: &InstanceAddress) -> bool {
        let resource = &address.resource;
        match self {
            Self::Module(module) => module.covers(&resource.module),
            Self::Resource(target) => target.covers(resource),
            Self::Instance(target) => target.resource.covers(resource) && target.key == address.key,
        }
    }
}

impl ResourceAddress {
    fn covers(&self, other: &ResourceAddress) -> bool {
        self.id == other.id
            && self.module.0.len() == other.module.0.len()
            && self.module.covers(&other.module)
    }
}

impl ModuleInstance {
    /// Whether `other` is this instance or inside it; a call without a key here stands for all its
    /// instances.
    #[must_use]
    pub fn covers(&self, other: &ModuleInstance) -> bool {
        self.0.len() <= other.0.len()
            && self.0.iter().zip(&*other.0).all(|((name, key), (other_name, other_key))| {
                name == other_name && (*key == InstanceKey::None || key == other_key)
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instance(text: &str) -> InstanceAddress {
        text.parse().unwrap_or_else(|error| panic!("{error}"))
    }

    fn covers(target: &str, address: &str) -> bool {
        let target: Target = target.parse().unwrap_or_else(|error| panic!("{error}"));
        target.covers(&instance(address))
    }

    #[test]
    fn addresses_survive_a_round_trip() {
        for text in [
            "a_b.c",
            "data.a_b.c[0]",
            "ephemeral.a.b",
            "module.m.a_b.c-d",
            r#"module.m["x.y]\"\\"].module.n[3].data.a_b.c["é\n"]"#,
            r#"a.b[""]"#,
        ] {
            assert_eq!(instance(text).to_string(), text);
        }
    }

    #[test]
    fn what_is_no_address_says_why() {
        for text in [
            "",
            ".",
            "a",
            "a.",
            "a.b.c",
            "a.b[",
            "a.b[]",
            "a.b[-1]",
            "a.b[x]",
            "a.b[\"x]",
            "1.b",
            "a.b[\"x\"",
            "a.b[0]x",
            "module.",
            "module.m",
            "data.a",
            "a.b[\"\\x\"]",
            "a b.c",
            "a.b[99999999999999999999]",
        ] {
            assert!(text.parse::<InstanceAddress>().is_err(), "{text}");
        }
        let error = "a.b[x]".parse::<Target>().map_err(|error| error.to_string());
        assert_eq!(
            error.err().as_deref().unwrap_or_default(),
            "`a.b[x]` is not an address: a key is a whole number or text in double quotes (mind \
             the shell)"
        );
    }

    #[test]
    fn targets_cover_what_is_in_them() {
        assert!(covers("module.m", "module.m[1].module.n.a.b"));
        assert!(covers("module.m[1]", "module.m[1].a.b"));
        assert!(!covers("module.m[1]", "module.m[2].a.b"));
        assert!(!covers("module.m", "a.b"));
        assert!(covers("a.b", "a.b[\"x\"]"));
        assert!(!covers("a.b", "module.m.a.b"));
        assert!(!covers("a.b[0]", "a.b"));
        assert!(covers("module.m.a.b[0]", "module.m[\"k\"].a.b[0]"));
    }
}
