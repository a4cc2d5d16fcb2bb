//! What the state says, next to what is really there.

use std::collections::BTreeMap;

use platoform_config::{InstanceKey, ResourceAddress};
use platoform_value::Value;
use rustc_hash::FxHashMap;

use crate::Record;
use crate::sensitive::{mark_paths, marked_paths};

/// A recorded object.
pub(crate) struct Existing {
    pub record: Record,
    /// Number of its provider configuration.
    pub provider: Option<usize>,
    /// What the state says, marks included; null until it is decoded.
    pub stored: Value,
    /// What is there, without marks; null when it is gone.
    pub current: Value,
    /// The provider's own bytes.
    pub private: Vec<u8>,
    /// It could be decoded, and read if reading was asked for.
    pub usable: bool,
    /// A block in the configuration stands for it.
    pub claimed: bool,
}

impl Existing {
    /// What is there, with the marks that the state recorded.
    pub fn marked(&self) -> Value {
        mark_paths(self.current.clone(), &marked_paths(&self.stored))
    }

    /// Whether what is there is not what the state says.
    pub fn drifted(&self) -> bool {
        self.usable && self.current != self.stored.clone().unmark_deep()
    }
}

/// The current objects of each resource by key, as numbers of records.
pub(crate) type Current = FxHashMap<ResourceAddress, BTreeMap<InstanceKey, usize>>;

/// Numbers the records.
pub(crate) fn index(records: Vec<Record>) -> (Vec<Existing>, Current) {
    let mut current = Current::default();
    let mut existing = Vec::with_capacity(records.len());
    for (number, record) in records.into_iter().enumerate() {
        if record.key.deposed.is_none() {
            let address = &record.key.address;
            let instances = current.entry(address.resource.clone()).or_default();
            instances.insert(address.key.clone(), number);
        }
        existing.push(Existing {
            private: record.private.clone(),
            record,
            provider: None,
            stored: Value::null(platoform_value::Type::Dynamic),
            current: Value::null(platoform_value::Type::Dynamic),
            usable: false,
            claimed: false,
        });
    }
    (existing, current)
}
