//! Module instances and the values they hold.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use platoform_config::{InstanceKey, ModuleId, ModuleInstance, ResourceId};
use platoform_value::Value;
use rustc_hash::FxHashMap;

use super::nodes::NodeId;

/// A value and the node that stands for it.
#[derive(Clone, Debug)]
pub(crate) struct Slot {
    pub value: Value,
    pub node: NodeId,
    /// A condition could not be checked yet.
    pub unchecked: bool,
}

/// Whether a block has keys, and of which sort.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Single,
    Count,
    ForEach,
}

/// What `count` and `each` mean in an instance.
#[derive(Clone, Debug, Default)]
pub(crate) struct Each {
    pub key: InstanceKey,
    /// `each.value`.
    pub value: Option<Value>,
}

/// One instance of a resource.
#[derive(Clone, Debug)]
pub(crate) struct InstanceSlot {
    pub value: Value,
    pub node: NodeId,
}

/// The instances of a resource in one module instance.
#[derive(Clone, Debug)]
pub(crate) struct Expansion {
    pub form: Form,
    /// Stands for the set of keys.
    pub node: NodeId,
    /// Stands for all instances together.
    pub all: NodeId,
    pub instances: BTreeMap<InstanceKey, InstanceSlot>,
    /// The value of the whole, made when it is first asked for.
    pub whole: OnceCell<Value>,
}

impl Expansion {
    /// The value of the whole: the object itself, a tuple, or an object by key.
    pub fn whole(&self) -> Value {
        self.whole
            .get_or_init(|| {
                let mut values = self.instances.iter();
                match self.form {
                    Form::Single => values.next().map_or_else(
                        || Value::null(platoform_value::Type::Dynamic),
                        |(_, slot)| slot.value.clone(),
                    ),
                    Form::Count => {
                        Value::tuple(values.map(|(_, slot)| slot.value.clone()).collect())
                    }
                    Form::ForEach => {
                        let entries = values.filter_map(|(key, slot)| match key {
                            InstanceKey::Name(name) => Some((name.clone(), slot.value.clone())),
                            _ => None,
                        });
                        Value::object(entries.collect())
                    }
                }
            })
            .clone()
    }

    /// Replaces the value of an instance.
    pub fn set(&mut self, key: &InstanceKey, value: Value) {
        if let Some(slot) = self.instances.get_mut(key) {
            slot.value = value;
            self.whole = OnceCell::new();
        }
    }
}

/// The instances of a module call in one module instance.
#[derive(Clone, Debug)]
pub(crate) struct CallExpansion {
    pub form: Form,
    pub node: NodeId,
    /// Stands for everything in all its instances.
    pub all: NodeId,
    /// Numbers of the module instances by key.
    pub instances: BTreeMap<InstanceKey, usize>,
}

/// One instance of a module with everything that was evaluated in it.
#[derive(Clone, Debug)]
pub(crate) struct ModuleState {
    pub module: ModuleId,
    pub address: ModuleInstance,
    /// Number of the calling module instance.
    pub parent: Option<usize>,
    pub each: Each,
    /// Stands for everything in it.
    pub all: NodeId,
    /// Stands for the keys of the call; `None` for the root.
    pub origin: Option<NodeId>,
    /// What `depends_on` of the calls above says must be done first.
    pub after: Vec<NodeId>,
    pub variables: FxHashMap<Arc<str>, Slot>,
    pub locals: FxHashMap<Arc<str>, Slot>,
    pub outputs: FxHashMap<Arc<str>, Slot>,
    pub resources: FxHashMap<ResourceId, Expansion>,
    pub calls: FxHashMap<Arc<str>, CallExpansion>,
}

impl ModuleState {
    pub fn new(
        module: ModuleId,
        address: ModuleInstance,
        parent: Option<usize>,
        each: Each,
        all: NodeId,
    ) -> Self {
        Self {
            module,
            address,
            parent,
            each,
            all,
            origin: None,
            after: Vec::new(),
            variables: FxHashMap::default(),
            locals: FxHashMap::default(),
            outputs: FxHashMap::default(),
            resources: FxHashMap::default(),
            calls: FxHashMap::default(),
        }
    }
}
