//! Objects: how they are named, and what they are.

use platoform_config::{InstanceAddress, InstanceKey, Target};
use platoform_plan::RecordKey;
use platoform_schema::Mode;
use platoform_value::Value;
use serde_json::{Map, Value as Json, json};

use super::value::{known, sensitive};

/// An object with its values, as states and planned values list it.
pub struct Object<'a> {
    /// Which.
    pub key: &'a RecordKey,
    /// Global name of its provider.
    pub provider: &'a str,
    /// Version of the schema that the values have.
    pub schema_version: u64,
    /// Its attributes.
    pub values: &'a Value,
    /// Making it did not end well.
    pub tainted: bool,
    /// What it was made from.
    pub depends_on: &'a [std::sync::Arc<str>],
}

impl Object<'_> {
    /// The entry.
    pub fn json(&self) -> Json {
        let mut json = name(&self.key.address, self.provider);
        json.insert("schema_version".into(), self.schema_version.into());
        json.insert("values".into(), known(self.values).unwrap_or_default());
        json.insert("sensitive_values".into(), sensitive(self.values));
        if self.tainted {
            json.insert("tainted".into(), true.into());
        }
        if let Some(deposed) = &self.key.deposed {
            json.insert("deposed_key".into(), (**deposed).into());
        }
        let depends_on = blocks(self.depends_on);
        if !depends_on.is_empty() {
            json.insert("depends_on".into(), depends_on.into());
        }
        json.into()
    }
}

/// The blocks of recorded dependencies: addresses without keys, as the formats have them. They have
/// none on whole modules.
pub fn blocks(dependencies: &[std::sync::Arc<str>]) -> Vec<String> {
    let mut blocks: Vec<String> = dependencies.iter().filter_map(|on| block(on)).collect();
    blocks.sort_unstable();
    blocks.dedup();
    blocks
}

fn block(address: &str) -> Option<String> {
    let resource = match address.parse::<Target>().ok()? {
        Target::Instance(instance) => instance.resource,
        Target::Resource(resource) => resource.into(),
        Target::Module(_) => return None,
    };
    let calls = resource.module.0.iter().map(|(name, _)| format!("module.{name}."));
    Some(calls.collect::<String>() + &resource.id.to_string())
}

/// What tells an object apart: address, mode, type, name, index and provider.
pub fn name(address: &InstanceAddress, provider: &str) -> Map<String, Json> {
    let id = &address.resource.id;
    let mut json = Map::new();
    json.insert("address".into(), address.to_string().into());
    json.insert("mode".into(), mode(id.mode).into());
    json.insert("type".into(), (*id.kind).into());
    json.insert("name".into(), (*id.name).into());
    if address.key != InstanceKey::None {
        json.insert("index".into(), index(&address.key));
    }
    json.insert("provider_name".into(), provider.into());
    json
}

/// A mode in a word.
pub fn mode(mode: Mode) -> &'static str {
    match mode {
        Mode::Managed => "managed",
        Mode::Data => "data",
        Mode::Ephemeral => "ephemeral",
    }
}

/// An instance key: null, a number or a text.
pub fn index(key: &InstanceKey) -> Json {
    match key {
        InstanceKey::None => Json::Null,
        InstanceKey::Index(index) => (*index).into(),
        InstanceKey::Name(name) => (**name).into(),
    }
}

/// How events name an object.
pub fn event_name(address: &InstanceAddress) -> Json {
    let id = &address.resource.id;
    let module = address.resource.module.to_string();
    let whole = address.to_string();
    let inside = whole.strip_prefix(&format!("{module}.")).unwrap_or(&whole);
    json!({
        "addr": whole,
        "module": module,
        "resource": inside,
        "implied_provider": id.kind.split('_').next(),
        "resource_type": &*id.kind,
        "resource_name": &*id.name,
        "resource_key": index(&address.key),
    })
}
