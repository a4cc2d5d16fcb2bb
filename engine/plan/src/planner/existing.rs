//! What the state says, next to what is really there.

use std::collections::BTreeMap;
use std::sync::Arc;

use platoform_config::{InstanceAddress, InstanceKey, ResourceAddress};
use platoform_value::Value;
use rustc_hash::FxHashMap;

use crate::moves::Moves;
use crate::sensitive::{mark_paths, marked_paths};
use crate::{PlanMode, Record, RecordKey};

/// A recorded object.
pub(crate) struct Existing {
    pub record: Record,
    /// The key that the state has it under, where it has moved since.
    pub moved: Option<RecordKey>,
    /// The id by which it comes into the state with this plan.
    pub imported: Option<Arc<str>>,
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
    /// The key that the state has it under.
    pub fn stored_key(&self) -> &RecordKey {
        self.moved.as_ref().unwrap_or(&self.record.key)
    }

    /// Where it was before it moved.
    pub fn former(&self) -> Option<InstanceAddress> {
        self.moved.as_ref().map(|key| key.address.clone())
    }

    /// Where it was before it moved, as a plan tells it. One that destroys everything does not.
    pub fn previous(&self, mode: PlanMode) -> Option<InstanceAddress> {
        self.former().filter(|_| mode != PlanMode::Destroy)
    }

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
pub(crate) type Current = FxHashMap<Arc<ResourceAddress>, BTreeMap<InstanceKey, usize>>;

/// Numbers the records.
pub(crate) fn index(records: Vec<Record>, moves: &Moves) -> (Vec<Existing>, Current) {
    let mut current = Current::default();
    let mut existing = Vec::with_capacity(records.len());
    for (number, record) in records.into_iter().enumerate() {
        if record.key.deposed.is_none() {
            let address = &record.key.address;
            let instances = current.entry(address.resource.clone()).or_default();
            instances.insert(address.key.clone(), number);
        }
        let moved = moves.from.get(&record.key.address).map(|address| RecordKey {
            address: address.clone(),
            deposed: record.key.deposed.clone(),
        });
        existing.push(Existing {
            moved,
            imported: None,
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
