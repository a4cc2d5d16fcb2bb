//! Records as rows and as JSON. The only place that knows both forms.

use std::borrow::Cow;
use std::sync::Arc;

use platoform_config::{InstanceAddress, InstanceKey, ProviderSource, ResourceAddress};
use platoform_plan::{Record, RecordKey, Seal, Stored};
use platoform_schema::Mode;
use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

/// A record with its columns as JSON fields: the form in which planned records are stored.
#[derive(Serialize, Deserialize)]
pub(crate) struct RecordRow<'a> {
    pub(crate) address: Cow<'a, str>,
    pub(crate) deposed: Cow<'a, str>,
    pub(crate) provider: Cow<'a, str>,
    pub(crate) provider_config: Cow<'a, str>,
    pub(crate) schema_version: u64,
    pub(crate) attributes: Cow<'a, str>,
    pub(crate) private: Cow<'a, str>,
    pub(crate) tainted: bool,
    pub(crate) create_before_destroy: bool,
    pub(crate) dependencies: Cow<'a, [Arc<str>]>,
    pub(crate) version: u64,
    #[serde(default)]
    pub(crate) protected: bool,
    #[serde(default)]
    pub(crate) retained: bool,
}

/// All columns of a record, on their way into the table.
#[derive(Serialize)]
pub(crate) struct Columns<'a> {
    #[serde(flatten)]
    row: RecordRow<'a>,
    #[serde(flatten)]
    parts: Parts<'a>,
}

/// The parts of an address, for queries.
#[derive(Serialize)]
struct Parts<'a> {
    module: String,
    mode: &'static str,
    kind: &'a str,
    name: &'a str,
    key: Option<Key<'a>>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Key<'a> {
    Index(u64),
    Name(&'a str),
}

/// Why a record cannot be written or read.
pub(crate) type Reason = String;

impl<'a> RecordRow<'a> {
    /// For storing: the provider's bytes are sealed, because nobody knows what is in them.
    pub(crate) fn new(record: &'a Record, seal: &dyn Seal) -> Result<Self, Reason> {
        let private = match record.private.as_slice() {
            [] => String::new(),
            bytes => seal.seal(bytes).map_err(|error| error.to_string())?,
        };
        Ok(Self {
            address: record.key.address.to_string().into(),
            deposed: record.key.deposed.as_deref().unwrap_or_default().into(),
            provider: (&*record.provider.0).into(),
            provider_config: (&*record.provider_config).into(),
            schema_version: record.schema_version,
            attributes: (&*record.attributes.0).into(),
            private: private.into(),
            tainted: record.tainted,
            create_before_destroy: record.create_before_destroy,
            dependencies: (&*record.dependencies).into(),
            version: record.version,
            protected: record.protected,
            retained: record.retained,
        })
    }

    /// The record, with what others have, too, shared.
    pub(crate) fn record(self, seal: &dyn Seal, shared: &mut Shared) -> Result<Record, Reason> {
        let private = match &*self.private {
            "" => Vec::new(),
            sealed => seal.open(sealed).map_err(|error| error.to_string())?,
        };
        Ok(Record {
            key: shared.key(record_key(&self.address, &self.deposed)?),
            provider: ProviderSource(shared.text(&self.provider)),
            provider_config: shared.text(&self.provider_config),
            schema_version: self.schema_version,
            attributes: Stored((&*self.attributes).into()),
            private,
            tainted: self.tainted,
            create_before_destroy: self.create_before_destroy,
            dependencies: self.dependencies.iter().map(|text| shared.text(text)).collect(),
            version: self.version,
            protected: self.protected,
            retained: self.retained,
        })
    }
}

impl<'a> Columns<'a> {
    /// A record for the table.
    pub(crate) fn new(record: &'a Record, seal: &dyn Seal) -> Result<Self, Reason> {
        Ok(Self { row: RecordRow::new(record, seal)?, parts: Parts::new(&record.key) })
    }
}

impl<'a> Parts<'a> {
    fn new(key: &'a RecordKey) -> Self {
        let resource = &key.address.resource;
        Self {
            module: resource.module.to_string(),
            mode: match resource.id.mode {
                Mode::Managed => "managed",
                Mode::Data => "data",
                Mode::Ephemeral => "ephemeral",
            },
            kind: &resource.id.kind,
            name: &resource.id.name,
            key: match &key.address.key {
                InstanceKey::None => None,
                InstanceKey::Index(index) => Some(Key::Index(*index)),
                InstanceKey::Name(name) => Some(Key::Name(name)),
            },
        }
    }
}

/// A key from its columns.
pub(crate) fn record_key(address: &str, deposed: &str) -> Result<RecordKey, Reason> {
    let address =
        address.parse().map_err(|error: platoform_config::AddressError| error.to_string())?;
    Ok(RecordKey { address, deposed: (!deposed.is_empty()).then(|| deposed.into()) })
}

/// What many rows have in common, each kept once.
#[derive(Default)]
pub(crate) struct Shared {
    texts: FxHashSet<Arc<str>>,
    resources: FxHashSet<Arc<ResourceAddress>>,
}

impl Shared {
    /// The one copy of a text.
    pub(crate) fn text(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.texts.get(text) {
            return known.clone();
        }
        let text: Arc<str> = text.into();
        self.texts.insert(text.clone());
        text
    }

    /// A key with the one copy of its resource's address.
    fn key(&mut self, key: RecordKey) -> RecordKey {
        let InstanceAddress { resource, key: instance } = key.address;
        let resource = match self.resources.get(&resource) {
            Some(known) => known.clone(),
            None => {
                self.resources.insert(resource.clone());
                resource
            }
        };
        RecordKey { address: InstanceAddress { resource, key: instance }, deposed: key.deposed }
    }
}
