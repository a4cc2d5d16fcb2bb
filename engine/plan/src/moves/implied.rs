//! Moves that nobody has to write: the only instance of a block becomes the first one when it gets
//! a `count`, and the other way round.

use std::sync::Arc;

use platoform_config::{InstanceKey, Module, Repetition, Topology};
use platoform_schema::Mode;
use rustc_hash::FxHashMap;

use super::statement::Statement;
use crate::Record;

/// The statements that follow from records whose key does not fit their block any more. What
/// somebody wrote about a resource comes before that.
pub(super) fn statements(
    topology: &Topology,
    records: &[Record],
    written: &[Statement],
) -> Vec<Statement> {
    let candidates = records.iter().filter(|record| {
        let key = &record.key.address.key;
        let mode = record.key.address.resource.id.mode;
        mode == Mode::Managed && matches!(key, InstanceKey::None | InstanceKey::Index(0))
    });
    let mut found: Vec<Statement> = Vec::new();
    let mut modules: Option<FxHashMap<Vec<Arc<str>>, &Module>> = None;
    for record in candidates {
        let address = &record.key.address;
        let modules = modules.get_or_insert_with(|| by_path(topology));
        let path: Vec<Arc<str>> =
            address.resource.module.0.iter().map(|(name, _)| name.clone()).collect();
        let block =
            modules.get(&path).and_then(|module| module.resources.get(&address.resource.id));
        let Some(block) = block else { continue };
        let (key, header) = match (&block.repetition, &address.key) {
            (Repetition::Count(count), InstanceKey::None) => (InstanceKey::Index(0), count.span),
            (Repetition::Single | Repetition::Enabled(_), InstanceKey::Index(_)) => {
                (InstanceKey::None, block.header)
            }
            _ => continue,
        };
        let mentioned = written.iter().any(|statement| {
            [&statement.from, &statement.to]
                .into_iter()
                .any(|endpoint| statement.concerns(endpoint, &address.resource))
        });
        if !mentioned {
            found.push(Statement::implied(address, key, header));
        }
    }
    found
}

fn by_path(topology: &Topology) -> FxHashMap<Vec<Arc<str>>, &Module> {
    topology.modules.iter().map(|module| (module.path.clone(), module)).collect()
}
