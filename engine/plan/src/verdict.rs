//! What became of the conditions of a configuration, object by object.

use std::collections::BTreeMap;
use std::sync::Arc;

use platoform_config::{InstanceKey, ModuleInstance, ResourceId};

/// Whether conditions hold; of several the worst counts, which comes last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum CheckStatus {
    /// They do.
    #[default]
    Pass,
    /// It cannot be told yet.
    Unknown,
    /// One does not.
    Fail,
    /// One could not be evaluated.
    Error,
}

/// What conditions are written in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CheckSubject {
    /// A resource or data source with preconditions or postconditions.
    Resource(ResourceId),
    /// An output with preconditions.
    Output(Arc<str>),
    /// A `check` block.
    Check(Arc<str>),
    /// A variable with validation rules.
    Variable(Arc<str>),
}

/// Something with conditions, in all its instances.
#[derive(Clone, Debug)]
pub struct CheckResult {
    /// Path of its module.
    pub module: Vec<Arc<str>>,
    /// What it is.
    pub subject: CheckSubject,
    /// The worst of its instances.
    pub status: CheckStatus,
    /// Its instances, as far as they are known.
    pub instances: Vec<CheckInstance>,
}

/// One instance of something with conditions.
#[derive(Clone, Debug)]
pub struct CheckInstance {
    /// The instance of its module.
    pub module: ModuleInstance,
    /// Its own key.
    pub key: InstanceKey,
    /// Whether its conditions hold.
    pub status: CheckStatus,
    /// Messages of those that do not.
    pub problems: Vec<Arc<str>>,
}

/// What became of the conditions of one instance.
#[derive(Clone, Debug, Default)]
pub(crate) struct Verdict {
    pub status: CheckStatus,
    pub problems: Vec<Arc<str>>,
}

impl Verdict {
    pub fn merge(&mut self, other: Self) {
        self.status = self.status.max(other.status);
        self.problems.extend(other.problems);
    }
}

/// Verdicts by what they are about.
#[derive(Default)]
pub(crate) struct Verdicts(BTreeMap<Subject, BTreeMap<Instance, Verdict>>);

/// Path of its module, and what it is.
type Subject = (Vec<Arc<str>>, CheckSubject);
type Instance = (ModuleInstance, InstanceKey);

impl Verdicts {
    /// Adds to what is known of an instance.
    pub fn add(
        &mut self,
        module: &ModuleInstance,
        subject: CheckSubject,
        key: InstanceKey,
        verdict: Verdict,
    ) {
        let path = module.0.iter().map(|(name, _)| name.clone()).collect();
        let instances = self.0.entry((path, subject)).or_default();
        instances.entry((module.clone(), key)).or_default().merge(verdict);
    }

    /// Names something with conditions of which no instance is known. Without any it passes, unless
    /// it was not looked at.
    pub fn name(&mut self, path: &[Arc<str>], subject: CheckSubject) {
        self.0.entry((path.to_vec(), subject)).or_default();
    }

    /// Everything in order; `looked_at` tells whether something without instances has none.
    pub fn results(
        self,
        looked_at: impl Fn(&[Arc<str>], &CheckSubject) -> bool,
    ) -> Vec<CheckResult> {
        let result = |((path, subject), instances): (Subject, BTreeMap<Instance, Verdict>)| {
            let worst = instances.values().map(|verdict| verdict.status).max();
            let none = || match looked_at(&path, &subject) {
                true => CheckStatus::Pass,
                false => CheckStatus::Unknown,
            };
            let status = worst.unwrap_or_else(none);
            let instances = instances.into_iter().map(|((module, key), verdict)| CheckInstance {
                module,
                key,
                status: verdict.status,
                problems: verdict.problems,
            });
            CheckResult { status, instances: instances.collect(), module: path, subject }
        };
        self.0.into_iter().map(result).collect()
    }
}
