//! What is in the cloud.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

/// Attributes as the API speaks of them.
pub type Attributes = Map<String, Json>;

/// Objects of one sort.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Collection {
    /// Machines, which take a while to boot.
    Machines,
    /// Volumes, which may belong to a machine.
    Volumes,
    /// Reserved addresses, which carry neither a name nor a mark.
    Addresses,
}

impl Collection {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Machines, Self::Volumes, Self::Addresses];

    /// As it stands in a path.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Machines => "machines",
            Self::Volumes => "volumes",
            Self::Addresses => "addresses",
        }
    }

    /// The collection of this name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|collection| collection.as_str() == text)
    }

    /// Whether no two objects have the same name.
    #[must_use]
    pub fn has_unique_names(self) -> bool {
        self == Self::Volumes
    }

    /// Whether objects can carry the mark of their owner.
    #[must_use]
    pub fn is_marked(self) -> bool {
        self != Self::Addresses
    }
}

/// Who made an object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// The action.
    pub key: String,
    /// The state.
    pub lineage: String,
}

/// How an object does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It cannot be used yet.
    Booting,
    /// It can be used.
    Running,
    /// It will be gone soon.
    Deleting,
}

/// An object as an answer tells it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shown {
    /// Given by the cloud, never twice.
    pub id: String,
    /// Grows with every change.
    pub version: u64,
    /// How it does.
    pub status: Status,
    /// Who made it, if that can be seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<Mark>,
    /// Everything else.
    pub attributes: Attributes,
}

/// What an object was from some change on, and when others see it so.
#[derive(Clone, Debug)]
pub(crate) struct Revision {
    pub version: u64,
    pub attributes: Attributes,
    /// From when on reads tell it.
    pub read_from: Duration,
    /// From when on lists tell it.
    pub listed_from: Duration,
}

/// An object.
#[derive(Clone, Debug)]
pub(crate) struct Object {
    pub id: String,
    pub collection: Collection,
    pub mark: Option<Mark>,
    /// When it can be used.
    pub runs_from: Duration,
    /// When it is gone.
    pub gone_from: Option<Duration>,
    /// Oldest first, never empty.
    pub revisions: Vec<Revision>,
}

impl Object {
    /// As it really is.
    pub fn now(&self, time: Duration) -> Option<Shown> {
        self.revisions.last().map(|revision| self.shown(revision, time))
    }

    /// As a read tells it.
    pub fn read(&self, time: Duration) -> Option<Shown> {
        self.seen(time, |revision| revision.read_from)
    }

    /// As a list tells it.
    pub fn listed(&self, time: Duration) -> Option<Shown> {
        self.seen(time, |revision| revision.listed_from)
    }

    fn seen(&self, time: Duration, from: impl Fn(&Revision) -> Duration) -> Option<Shown> {
        let seen = self.revisions.iter().rev().find(|revision| from(revision) <= time);
        seen.map(|revision| self.shown(revision, time))
    }

    fn shown(&self, revision: &Revision, time: Duration) -> Shown {
        Shown {
            id: self.id.clone(),
            version: revision.version,
            status: self.status(time),
            mark: self.mark.clone(),
            attributes: self.told(&revision.attributes, time),
        }
    }

    /// What the API never tells, and what it tells only later, taken out.
    fn told(&self, attributes: &Attributes, time: Duration) -> Attributes {
        let mut told = attributes.clone();
        told.remove("password");
        if time < self.runs_from {
            told.remove("address");
        }
        told
    }

    /// A text that it really has.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.revisions.last()?.attributes.get(name)?.as_str()
    }

    /// Its name, where no other has it.
    pub fn unique_name(&self) -> Option<&str> {
        self.attribute("name").filter(|_| self.collection.has_unique_names())
    }

    /// How it does.
    pub fn status(&self, time: Duration) -> Status {
        match self.gone_from {
            Some(_) => Status::Deleting,
            None if time < self.runs_from => Status::Booting,
            None => Status::Running,
        }
    }
}
