//! Provider answers and the prior state as they stand in a saved plan.

use std::collections::BTreeMap;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use platoform_config::{InstanceAddress, ProviderSource};
use platoform_diagnostic::Severity;
use platoform_provider::Problem;
use platoform_value::Path;
use serde::{Deserialize, Serialize};

use super::PlanAnswer;
use super::values::{Saved, SavedStep};
use crate::{OutputRecord, Prior, Record, RecordKey, Stored};

/// A provider's answer to a plan request.
#[derive(Serialize, Deserialize)]
pub(super) struct SavedPlan {
    address: String,
    deposed: Option<Arc<str>>,
    replacing: bool,
    planned: Saved,
    replace: Vec<Vec<SavedStep>>,
    private: String,
    #[serde(default)]
    problems: Vec<SavedProblem>,
}

/// What a provider found.
#[derive(Serialize, Deserialize)]
struct SavedProblem {
    error: bool,
    summary: String,
    detail: String,
    path: Vec<SavedStep>,
}

impl From<&Problem> for SavedProblem {
    fn from(problem: &Problem) -> Self {
        Self {
            error: problem.severity == Severity::Error,
            summary: problem.summary.clone(),
            detail: problem.detail.clone(),
            path: problem.path.0.iter().map(SavedStep::from).collect(),
        }
    }
}

impl SavedProblem {
    fn restore(self) -> Result<Problem, String> {
        let steps: Result<_, String> = self.path.into_iter().map(SavedStep::restore).collect();
        Ok(Problem {
            severity: if self.error { Severity::Error } else { Severity::Warning },
            summary: self.summary,
            detail: self.detail,
            path: Path(steps?),
        })
    }
}

impl From<(&(RecordKey, bool), &PlanAnswer)> for SavedPlan {
    fn from(((key, replacing), answer): (&(RecordKey, bool), &PlanAnswer)) -> Self {
        let path = |path: &Path| path.0.iter().map(SavedStep::from).collect();
        Self {
            address: key.address.to_string(),
            deposed: key.deposed.clone(),
            replacing: *replacing,
            planned: Saved::from(&answer.planned),
            replace: answer.replace.iter().map(path).collect(),
            private: bytes(&answer.private),
            problems: answer.problems.iter().map(SavedProblem::from).collect(),
        }
    }
}

impl SavedPlan {
    /// The answer and what it was about.
    pub fn restore(self) -> Result<((RecordKey, bool), PlanAnswer), String> {
        let key = RecordKey { address: address(&self.address)?, deposed: self.deposed };
        let replace = self.replace.into_iter().map(|steps| {
            let steps: Result<_, String> = steps.into_iter().map(SavedStep::restore).collect();
            steps.map(Path)
        });
        let answer = PlanAnswer {
            planned: self.planned.restore()?,
            replace: replace.collect::<Result<_, String>>()?,
            private: from_bytes(&self.private)?,
            problems: self
                .problems
                .into_iter()
                .map(SavedProblem::restore)
                .collect::<Result<_, String>>()?,
        };
        Ok(((key, self.replacing), answer))
    }
}

/// The prior state.
#[derive(Serialize, Deserialize)]
pub(super) struct SavedPrior {
    lineage: Arc<str>,
    serial: u64,
    records: Vec<SavedRecord>,
    outputs: BTreeMap<Arc<str>, (Arc<str>, String, bool)>,
}

#[derive(Serialize, Deserialize)]
struct SavedRecord {
    address: String,
    deposed: Option<Arc<str>>,
    provider: Arc<str>,
    provider_config: Arc<str>,
    schema_version: u64,
    attributes: Arc<str>,
    private: String,
    tainted: bool,
    create_before_destroy: bool,
    protected: bool,
    retained: bool,
    dependencies: Vec<Arc<str>>,
    version: u64,
}

impl From<&Prior> for SavedPrior {
    fn from(prior: &Prior) -> Self {
        let outputs = prior.outputs.iter().map(|(name, output)| {
            (name.clone(), (output.value.0.clone(), output.kind.clone(), output.sensitive))
        });
        Self {
            lineage: prior.lineage.clone(),
            serial: prior.serial,
            records: prior.records.iter().map(SavedRecord::from).collect(),
            outputs: outputs.collect(),
        }
    }
}

impl SavedPrior {
    /// The state again; open intents are not part of a plan.
    pub fn restore(self) -> Result<Prior, String> {
        let records = self.records.into_iter().map(SavedRecord::restore);
        let outputs = self.outputs.into_iter().map(|(name, (value, kind, sensitive))| {
            (name, OutputRecord { value: Stored(value), kind, sensitive })
        });
        Ok(Prior {
            lineage: self.lineage,
            serial: self.serial,
            records: records.collect::<Result<_, String>>()?,
            outputs: outputs.collect(),
            open: Vec::new(),
        })
    }
}

impl From<&Record> for SavedRecord {
    fn from(record: &Record) -> Self {
        Self {
            address: record.key.address.to_string(),
            deposed: record.key.deposed.clone(),
            provider: record.provider.0.clone(),
            provider_config: record.provider_config.clone(),
            schema_version: record.schema_version,
            attributes: record.attributes.0.clone(),
            private: bytes(&record.private),
            tainted: record.tainted,
            create_before_destroy: record.create_before_destroy,
            protected: record.protected,
            retained: record.retained,
            dependencies: record.dependencies.clone(),
            version: record.version,
        }
    }
}

impl SavedRecord {
    fn restore(self) -> Result<Record, String> {
        Ok(Record {
            key: RecordKey { address: address(&self.address)?, deposed: self.deposed },
            provider: ProviderSource(self.provider),
            provider_config: self.provider_config,
            schema_version: self.schema_version,
            attributes: Stored(self.attributes),
            private: from_bytes(&self.private)?,
            tainted: self.tainted,
            create_before_destroy: self.create_before_destroy,
            protected: self.protected,
            retained: self.retained,
            dependencies: self.dependencies,
            version: self.version,
        })
    }
}

/// Bytes as text.
pub(super) fn bytes(content: &[u8]) -> String {
    STANDARD.encode(content)
}

/// Bytes from text.
pub(super) fn from_bytes(text: &str) -> Result<Vec<u8>, String> {
    STANDARD.decode(text).map_err(|error| error.to_string())
}

/// An address from text.
pub(super) fn address(text: &str) -> Result<InstanceAddress, String> {
    text.parse().map_err(|error: platoform_config::AddressError| error.to_string())
}
