//! The objects, and the ways to find them without looking at all of them.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::object::{Collection, Object};

/// All objects.
#[derive(Clone, Debug, Default)]
pub(crate) struct Objects {
    by_id: BTreeMap<(Collection, String), Object>,
    /// Ids by name.
    names: BTreeMap<(Collection, String), String>,
    /// Ids of what belongs to a machine, by its id.
    belonging: BTreeSet<(String, Collection, String)>,
    /// When objects are gone.
    leaving: BTreeSet<(Duration, Collection, String)>,
}

impl Objects {
    /// All of them, in the order of collections and ids.
    pub fn iter(&self) -> impl Iterator<Item = &Object> {
        self.by_id.values()
    }

    /// Those of a collection, in the order of their ids.
    pub fn all(&self, collection: Collection) -> impl Iterator<Item = &Object> {
        let objects = self.by_id.range((collection, String::new())..);
        objects.take_while(move |((of, _), _)| *of == collection).map(|(_, object)| object)
    }

    /// One of them.
    pub fn get(&self, collection: Collection, id: &str) -> Option<&Object> {
        self.by_id.get(&(collection, id.to_owned()))
    }

    /// The one with a name.
    pub fn named(&self, collection: Collection, name: &str) -> Option<&Object> {
        self.get(collection, self.names.get(&(collection, name.to_owned()))?)
    }

    /// Ids of what belongs to a machine.
    pub fn belonging(&self, machine: &str, collection: Collection) -> Vec<String> {
        let from = (machine.to_owned(), collection, String::new());
        let found = self.belonging.range(from..);
        found
            .take_while(|(to, of, _)| to == machine && *of == collection)
            .map(|(_, _, id)| id.clone())
            .collect()
    }

    /// Adds an object, or puts it in the place of what it was.
    pub fn put(&mut self, object: Object) {
        self.remove(object.collection, &object.id);
        if let Some(name) = object.unique_name() {
            self.names.insert((object.collection, name.to_owned()), object.id.clone());
        }
        if let Some(machine) = object.attribute("machine") {
            self.belonging.insert((machine.to_owned(), object.collection, object.id.clone()));
        }
        if let Some(gone) = object.gone_from {
            self.leaving.insert((gone, object.collection, object.id.clone()));
        }
        self.by_id.insert((object.collection, object.id.clone()), object);
    }

    /// Takes an object out.
    pub fn remove(&mut self, collection: Collection, id: &str) -> Option<Object> {
        let object = self.by_id.remove(&(collection, id.to_owned()))?;
        if let Some(name) = object.unique_name() {
            self.names.remove(&(collection, name.to_owned()));
        }
        if let Some(machine) = object.attribute("machine") {
            self.belonging.remove(&(machine.to_owned(), collection, id.to_owned()));
        }
        if let Some(gone) = object.gone_from {
            self.leaving.remove(&(gone, collection, id.to_owned()));
        }
        Some(object)
    }

    /// Takes out what is gone by now.
    pub fn forget_the_gone(&mut self, now: Duration) {
        while let Some((gone, collection, id)) = self.leaving.first().cloned()
            && gone <= now
        {
            self.remove(collection, &id);
        }
    }
}
