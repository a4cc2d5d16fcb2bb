//! An address that becomes another, and what that means for addresses in it.

use std::sync::Arc;

use platoform_config::{InstanceAddress, ModuleInstance, ResourceAddress, Target};

/// What is moved, and where it goes.
#[derive(Clone, Debug)]
pub enum Rename {
    /// A module instance with the objects right in it; those in it have moves of their own.
    Module(ModuleInstance, ModuleInstance),
    /// All instances of a resource.
    Resource(ResourceAddress, ResourceAddress),
    /// One instance.
    Instance(InstanceAddress, InstanceAddress),
}

impl Rename {
    /// Where it comes from, as it is written.
    pub fn from(&self) -> String {
        match self {
            Self::Module(from, _) => from.to_string(),
            Self::Resource(from, _) => from.to_string(),
            Self::Instance(from, _) => from.to_string(),
        }
    }

    /// Where it goes.
    pub fn to(&self) -> String {
        match self {
            Self::Module(_, to) => to.to_string(),
            Self::Resource(_, to) => to.to_string(),
            Self::Instance(_, to) => to.to_string(),
        }
    }

    /// The new address of an instance that moves.
    pub fn address(&self, address: &InstanceAddress) -> Option<InstanceAddress> {
        let resource = &address.resource;
        match self {
            Self::Module(from, to) if resource.module == *from => {
                let resource = ResourceAddress { module: to.clone(), id: resource.id.clone() };
                Some(InstanceAddress::new(resource, address.key.clone()))
            }
            Self::Resource(from, to) if **resource == *from => {
                Some(InstanceAddress::new(to.clone(), address.key.clone()))
            }
            Self::Instance(from, to) if address == from => Some(to.clone()),
            _ => None,
        }
    }

    /// The new text of an address in the list of what an object was made from.
    pub fn text(&self, text: &str) -> Option<Arc<str>> {
        if text == self.from() {
            return Some(self.to().into());
        }
        match (text.parse().ok()?, self) {
            (Target::Instance(instance), _) => self.address(&instance).map(|it| text_of(&it)),
            (Target::Resource(resource), Self::Module(from, to)) if resource.module == *from => {
                Some(text_of(&ResourceAddress { module: to.clone(), id: resource.id }))
            }
            _ => None,
        }
    }
}

fn text_of(address: &impl ToString) -> Arc<str> {
    address.to_string().into()
}
