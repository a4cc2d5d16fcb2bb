//! What is written into the state.

use std::sync::Arc;

use platoform_config::ProviderSource;
use platoform_schema::Schema;
use platoform_value::{Type, Value};

use crate::planner::visible;
use crate::sensitive::mark_repeated;
use crate::session::Session;
use crate::{Action, OutputRecord, Record, RecordKey, Seal, StepId, Stored, StoredError};

impl Session {
    /// What it takes to write the record of an object after a call.
    #[must_use]
    pub fn record_template(&self, work: usize) -> RecordTemplate {
        let item = &self.work[work];
        let provider = &self.providers[item.provider];
        RecordTemplate {
            key: item.change.key.clone(),
            schema: item.change.schema.clone(),
            kind: self.kind(item),
            config: item.config.clone(),
            provider: provider.id.source.clone(),
            provider_config: provider.name.clone(),
            create_before_destroy: item.keep.create_first,
            protected: item.keep.protected,
            retained: item.keep.retained,
            dependencies: self.recorded_dependencies(work),
            seal: self.seal.clone(),
        }
    }

    /// Works without a call whose record is to change: the numbers of those to be written again,
    /// and the keys of those that are gone or forgotten.
    #[must_use]
    pub fn stale_records(&self) -> (Vec<usize>, Vec<RecordKey>) {
        let mut stale = Vec::new();
        let mut gone = Vec::new();
        for (index, work) in self.work.iter().enumerate() {
            match work.change.action {
                Action::Forget => gone.push(work.change.key.clone()),
                Action::NoOp if work.stale && work.prior.is_null() => {
                    gone.push(work.change.key.clone());
                }
                Action::NoOp if work.stale => stale.push(index),
                _ => {}
            }
        }
        (stale, gone)
    }

    /// Records of objects that have moved: where the state has them, and what they are now.
    #[must_use]
    pub fn moved_records(&self) -> &[(RecordKey, Record)] {
        &self.moved
    }

    /// The record of an object that is about to be destroyed, as it is.
    ///
    /// # Errors
    /// When a sensitive part cannot be sealed.
    pub fn prior_record(&self, work: usize) -> Result<Record, StoredError> {
        let item = &self.work[work];
        let schema = &item.change.schema;
        let provider = &self.providers[item.provider];
        let kind = self.kind(item);
        Ok(Record {
            key: item.change.key.clone(),
            provider: provider.id.source.clone(),
            provider_config: provider.name.clone(),
            schema_version: schema.version,
            attributes: Stored::encode(&item.change.before, &kind, &*self.seal)?,
            private: item.prior_private.clone(),
            tainted: item.tainted,
            create_before_destroy: item.recorded.create_first,
            protected: item.recorded.protected,
            retained: item.recorded.retained,
            dependencies: item.prior_dependencies.clone(),
            version: item.change.version,
        })
    }

    /// Root outputs as they are now, for the state.
    ///
    /// # Errors
    /// When a sensitive one cannot be sealed.
    pub fn output_records(&self) -> Result<Vec<(Arc<str>, OutputRecord)>, StoredError> {
        let outputs = self.instances[0]
            .outputs
            .iter()
            .filter(|(_, slot)| slot.value.is_wholly_known() && !slot.value.is_null());
        let records = outputs.map(|(name, slot)| {
            let kind = slot.value.kind();
            let sensitive = slot.value.deep_marks().contains(platoform_value::Marks::SENSITIVE);
            let value = Stored::encode(&slot.value, &kind, &*self.seal)?;
            let kind = kind.to_json().to_string();
            Ok((name.clone(), OutputRecord { value, kind, sensitive }))
        });
        let mut records: Vec<(Arc<str>, OutputRecord)> =
            records.collect::<Result<_, StoredError>>()?;
        records.sort_by(|left, right| left.0.cmp(&right.0));
        Ok(records)
    }

    /// The step after which a root output is up to date.
    #[must_use]
    pub fn output_step(&self, name: &str) -> Option<StepId> {
        self.instances[0].outputs.get(name).map(|slot| StepId(slot.node.0))
    }

    /// Root outputs as expressions see them.
    pub fn outputs(&self) -> impl Iterator<Item = (&Arc<str>, &Value)> {
        self.instances[0].outputs.iter().map(|(name, slot)| (name, &slot.value))
    }
}

/// Turns the value of an object into its record.
#[derive(Clone)]
pub struct RecordTemplate {
    key: RecordKey,
    schema: Arc<Schema>,
    kind: Type,
    config: Value,
    provider: ProviderSource,
    provider_config: Arc<str>,
    create_before_destroy: bool,
    protected: bool,
    retained: bool,
    dependencies: Vec<Arc<str>>,
    seal: Arc<dyn Seal>,
}

impl RecordTemplate {
    /// The record of an object with this value. Unknown parts, as planned values have them, become
    /// null.
    ///
    /// # Errors
    /// When a sensitive part cannot be sealed.
    pub fn record(
        &self,
        current: &Value,
        private: Vec<u8>,
        tainted: bool,
    ) -> Result<Record, StoredError> {
        let value = visible(&self.schema, &self.config, without_unknown(current));
        let value = mark_repeated(&self.schema.block, value);
        Ok(Record {
            key: self.key.clone(),
            provider: self.provider.clone(),
            provider_config: self.provider_config.clone(),
            schema_version: self.schema.version,
            attributes: Stored::encode(&value, &self.kind, &*self.seal)?,
            private,
            tainted,
            create_before_destroy: self.create_before_destroy,
            protected: self.protected,
            retained: self.retained,
            dependencies: self.dependencies.clone(),
            version: 0,
        })
    }
}

/// The value with null in place of every unknown part.
fn without_unknown(value: &Value) -> Value {
    if value.is_wholly_known() {
        return value.clone();
    }
    value.clone().map_deep(&mut |part| {
        if part.is_known() {
            return part;
        }
        match part.kind() {
            Type::Dynamic => Value::null(Type::Dynamic),
            kind => Value::null(kind),
        }
    })
}
