//! Objects that have another address now: what `moved` blocks say, and what follows from a block
//! that has a `count` now or has none any more.
//!
//! Moves are made before anything is planned, in an order in which each statement comes after those
//! it builds upon. Whether the statements make sense is checked after the plan, when it is known
//! which instances there are.

mod check;
mod implied;
mod order;
mod statement;

use std::collections::BTreeMap;
use std::sync::Arc;

use platoform_config::{
    InstanceAddress, InstanceKey, ModuleInstance, ResourceAddress, ResourceId, Topology,
};
use rustc_hash::FxHashMap;

use crate::Record;
use statement::{Object, Statement};

/// What moved, and why.
#[derive(Default)]
pub(crate) struct Moves {
    statements: Vec<Statement>,
    /// Where each instance that moved was before, by where it is now.
    pub from: FxHashMap<InstanceAddress, InstanceAddress>,
    /// What could not move because something else has its address: where it should be, and is.
    pub blocked: BTreeMap<String, String>,
}

impl Moves {
    /// Gives records their new addresses.
    pub fn apply(topology: &Topology, records: &mut [Record]) -> Self {
        let mut statements = statement::explicit(topology);
        let implied = implied::statements(topology, records, &statements);
        statements.extend(implied);
        let mut moves = Self { statements, ..Self::default() };
        if moves.statements.is_empty() {
            return moves;
        }
        // A cycle is reported once the plan is made.
        let Ok(order) = order::order(&moves.statements) else { return moves };
        let mut state = State::new(records);
        for number in order {
            let statement = moves.statements[number].clone();
            moves.make(&statement, &mut state);
        }
        for (address, numbers) in state.instances() {
            for number in numbers {
                records[number].key.address = address.clone();
            }
        }
        moves
    }

    fn make(&mut self, statement: &Statement, state: &mut State) {
        for module in state.modules() {
            match &statement.from.object {
                Object::Module | Object::Call(_) => {
                    if let Some(to) = statement.module_destination(&module) {
                        self.move_module(&module, &to, state);
                    }
                }
                Object::Resource(id) => {
                    if let Some((to, to_id)) = statement.resource_destination(&module) {
                        let from = ResourceAddress { module, id: id.clone() };
                        self.move_resource(
                            &from,
                            &ResourceAddress { module: to, id: to_id },
                            state,
                        );
                    }
                }
                Object::Instance(id, key) => {
                    let Some((to, to_id, to_key)) = statement.instance_destination(&module) else {
                        continue;
                    };
                    let address = |module, id: &ResourceId, key: &InstanceKey| {
                        let resource = ResourceAddress { module, id: id.clone() };
                        InstanceAddress::new(resource, key.clone())
                    };
                    let from = address(module, id, key);
                    self.move_instance(&from, &address(to, &to_id, &to_key), state);
                }
            }
        }
    }

    fn move_module(&mut self, from: &ModuleInstance, to: &ModuleInstance, state: &mut State) {
        if state.has_module(to) {
            self.blocked.insert(to.to_string(), from.to_string());
            return;
        }
        for id in state.resources(from) {
            let address = |module: &ModuleInstance| ResourceAddress {
                module: module.clone(),
                id: id.clone(),
            };
            self.move_resource(&address(from), &address(to), state);
        }
    }

    fn move_resource(&mut self, from: &ResourceAddress, to: &ResourceAddress, state: &mut State) {
        let keys = state.keys(from);
        if keys.is_empty() {
            return;
        }
        if !state.keys(to).is_empty() {
            self.blocked.insert(to.to_string(), from.to_string());
            return;
        }
        for key in keys {
            let address =
                |resource: &ResourceAddress| InstanceAddress::new(resource.clone(), key.clone());
            self.move_instance(&address(from), &address(to), state);
        }
    }

    fn move_instance(&mut self, from: &InstanceAddress, to: &InstanceAddress, state: &mut State) {
        if !state.has(from) {
            return;
        }
        if state.has(to) {
            self.blocked.insert(to.to_string(), from.to_string());
            return;
        }
        state.rename(from, to);
        // What moves twice came from where it was first.
        let origin = self.from.remove(from).unwrap_or_else(|| from.clone());
        self.from.insert(to.clone(), origin);
    }
}

type Instances = BTreeMap<InstanceKey, Vec<usize>>;

/// The addresses of all records while they change.
struct State(BTreeMap<ModuleInstance, BTreeMap<ResourceId, Instances>>);

impl State {
    fn new(records: &[Record]) -> Self {
        let mut state = Self(BTreeMap::new());
        for (number, record) in records.iter().enumerate() {
            state.add(&record.key.address, vec![number]);
        }
        state
    }

    fn add(&mut self, address: &InstanceAddress, mut numbers: Vec<usize>) {
        let resource = &address.resource;
        let module = self.0.entry(resource.module.clone()).or_default();
        let instances = module.entry(resource.id.clone()).or_default();
        instances.entry(address.key.clone()).or_default().append(&mut numbers);
    }

    fn rename(&mut self, from: &InstanceAddress, to: &InstanceAddress) {
        let Some(module) = self.0.get_mut(&from.resource.module) else { return };
        let Some(instances) = module.get_mut(&from.resource.id) else { return };
        let Some(numbers) = instances.remove(&from.key) else { return };
        if instances.is_empty() {
            module.remove(&from.resource.id);
        }
        if module.is_empty() {
            self.0.remove(&from.resource.module);
        }
        self.add(to, numbers);
    }

    fn modules(&self) -> Vec<ModuleInstance> {
        self.0.keys().cloned().collect()
    }

    fn has_module(&self, module: &ModuleInstance) -> bool {
        self.0.contains_key(module)
    }

    fn resources(&self, module: &ModuleInstance) -> Vec<ResourceId> {
        self.0.get(module).into_iter().flat_map(|resources| resources.keys().cloned()).collect()
    }

    fn keys(&self, resource: &ResourceAddress) -> Vec<InstanceKey> {
        let module = self.0.get(&resource.module);
        let instances = module.and_then(|resources| resources.get(&resource.id));
        instances.into_iter().flat_map(|instances| instances.keys().cloned()).collect()
    }

    fn has(&self, address: &InstanceAddress) -> bool {
        let module = self.0.get(&address.resource.module);
        let instances = module.and_then(|resources| resources.get(&address.resource.id));
        instances.is_some_and(|instances| instances.contains_key(&address.key))
    }

    fn instances(self) -> impl Iterator<Item = (InstanceAddress, Vec<usize>)> {
        self.0.into_iter().flat_map(|(module, resources)| {
            resources.into_iter().flat_map(move |(id, instances)| {
                let resource = Arc::new(ResourceAddress { module: module.clone(), id });
                instances.into_iter().map(move |(key, numbers)| {
                    (InstanceAddress { resource: resource.clone(), key }, numbers)
                })
            })
        })
    }
}
