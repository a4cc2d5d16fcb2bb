//! What there was before the plan: objects as they were found, and data sources that were read.

use std::sync::Arc;

use platoform_config::{InstanceAddress, ProviderSource};
use platoform_schema::Mode;
use platoform_value::Value;

use crate::planner::Planned;
use crate::sensitive::{mark_repeated, mark_schema};
use crate::session::nodes::NodeKind;
use crate::{Action, RecordKey};

/// An object, or a data source that was read, as it was before anything was done.
#[derive(Clone, Debug)]
pub struct FoundObject {
    /// Which, at the address it has by now.
    pub key: RecordKey,
    /// Its provider.
    pub provider: ProviderSource,
    /// Version of the schema that the value has.
    pub schema_version: u64,
    /// What it is. Sensitive parts are marked.
    pub value: Value,
    /// Making it did not end well.
    pub tainted: bool,
    /// What it was made from.
    pub dependencies: Vec<Arc<str>>,
}

impl Planned {
    /// Everything that the plan was made from, those objects included that it leaves out, in order
    /// of their addresses.
    #[must_use]
    pub fn found(&self) -> Vec<FoundObject> {
        let objects = self.existing.iter().filter_map(|existing| {
            let record = &existing.record;
            let value = if existing.usable { existing.marked() } else { existing.stored.clone() };
            // What was imported, or read for the first time, has no marks in the state yet.
            let provider = existing.provider.map(|number| &self.session.providers[number].schema);
            let kind = &record.key.address.resource.id.kind;
            let schema = provider.and_then(|provider| provider.resources.get(kind));
            let value = match schema.map(|kind| &kind.schema.block) {
                Some(block) => mark_repeated(block, mark_schema(block, value)),
                None => value,
            };
            (!value.is_null()).then(|| FoundObject {
                key: record.key.clone(),
                provider: record.provider.clone(),
                schema_version: record.schema_version,
                value,
                tainted: record.tainted,
                dependencies: record.dependencies.clone(),
            })
        });
        let mut all: Vec<FoundObject> = objects.chain(self.data()).collect();
        all.sort_by(|left, right| left.key.cmp(&right.key));
        all
    }

    fn data(&self) -> impl Iterator<Item = FoundObject> {
        self.session.instances.iter().flat_map(move |instance| {
            let module = self.session.topology.module(instance.module);
            let sources = module.resources.values().filter(|block| block.id.mode == Mode::Data);
            sources.flat_map(move |block| {
                let expansion = instance.resources.get(&block.id);
                let slots = expansion.into_iter().flat_map(|expansion| &expansion.instances);
                slots.filter_map(move |(key, slot)| {
                    let resource = platoform_config::ResourceAddress {
                        module: instance.address.clone(),
                        id: block.id.clone(),
                    };
                    let address = InstanceAddress::new(resource, key.clone());
                    let is_read = slot.value.is_known() && !self.is_read_later(slot.node);
                    is_read.then(|| FoundObject {
                        key: RecordKey { address, deposed: None },
                        provider: block.provider.source.clone(),
                        schema_version: block.content.schema().version,
                        value: slot.value.clone(),
                        tainted: false,
                        dependencies: Vec::new(),
                    })
                })
            })
        })
    }

    fn is_read_later(&self, node: crate::session::nodes::NodeId) -> bool {
        match self.session.nodes.get(node).kind {
            NodeKind::Instance(work) => self.session.work[work].change.action == Action::Read,
            _ => false,
        }
    }
}
