//! What the state says before a run.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use platoform_config::{InstanceAddress, ProviderSource};

use crate::Stored;

/// The state as one run finds it: plain data, read in one go.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Prior {
    /// The state's identity: random, given at its first opening, never changed.
    pub lineage: Arc<str>,
    /// Grows by one with every change of the state.
    pub serial: u64,
    /// All objects.
    pub records: Vec<Record>,
    /// Root module outputs by name.
    pub outputs: BTreeMap<Arc<str>, OutputRecord>,
    /// Calls that were begun by a run that did not live to see their end.
    pub open: Vec<OpenIntent>,
}

/// Which object a record is of: an instance's current object, or one that a failed or unfinished
/// replacement left behind (deposed).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RecordKey {
    /// The instance.
    pub address: InstanceAddress,
    /// Random key of a deposed object, 8 hexadecimal digits; `None` for the current one.
    pub deposed: Option<Arc<str>>,
}

/// One object.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Which object.
    pub key: RecordKey,
    /// Provider that made it.
    pub provider: ProviderSource,
    /// Its provider configuration as `[module path.]provider["source"][.alias]`.
    pub provider_config: Arc<str>,
    /// Schema version the attributes were written under.
    pub schema_version: u64,
    /// Its attributes; sensitive parts are sealed.
    pub attributes: Stored,
    /// The provider's own bytes.
    pub private: Vec<u8>,
    /// Making it did not end well: the next plan replaces it.
    pub tainted: bool,
    /// It is replaced by making the new one first.
    pub create_before_destroy: bool,
    /// Destroying it is refused (`prevent_destroy`), also when its block is gone.
    pub protected: bool,
    /// It is forgotten where it would be destroyed (`destroy = false`), also when its block is gone.
    pub retained: bool,
    /// Addresses (of resources or instances) it was made from: it is destroyed before them.
    pub dependencies: Vec<Arc<str>>,
    /// Grows with every change of this record; a saved plan pins it.
    pub version: u64,
}

/// A root module output.
#[derive(Clone, Debug, PartialEq)]
pub struct OutputRecord {
    /// Its value with its type; sealed whole when sensitive.
    pub value: Stored,
    /// Type of the value in its JSON form.
    pub kind: String,
    /// Whether it is a secret.
    pub sensitive: bool,
}

/// What a call does to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verb {
    /// Makes it.
    Create,
    /// Changes it in place.
    Update,
    /// Destroys it.
    Delete,
}

impl Verb {
    /// As it is stored and shown: `create`, `update`, `delete`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
        }
    }

    /// The verb with this name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Create, Self::Update, Self::Delete].into_iter().find(|verb| verb.as_str() == text)
    }
}

/// An intent without an outcome.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenIntent {
    /// The owner key: identifies the intent, and marks the object where its kind can carry a mark.
    pub owner: Arc<str>,
    /// The run it belongs to.
    pub run: Arc<str>,
    /// The object.
    pub key: RecordKey,
    /// What was going to be done to it.
    pub verb: Verb,
    /// When, in RFC 3339.
    pub begun: Arc<str>,
    /// How long ago that was when the state was read.
    pub age: Duration,
    /// The record as it was to become; its attributes are the planned ones (unknown parts null).
    pub planned: Record,
}
