//! The tests that every provider's kinds must pass: what is applied is what was planned and what
//! is read, a second plan is empty, and a crash at the worst moment loses nothing.
//!
//! Behind the feature `harness`, for tests. Needs no runtime of its own: run it on whichever the
//! provider needs.
//!
//! ```ignore
//! let harness = Harness::new(provider(), config, environment).await?;
//! let config = harness.config("local_file", [("filename", "a".into())])?;
//! harness.cycle("local_file", &config).await?;
//! ```

mod cycle;
mod schema;
mod sink;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use platoform_diagnostic::Environment;
use platoform_schema::{Block, Mode, ResourceSchema};
use platoform_value::Value;

use crate::plan::propose;
use crate::{
    ApplyRequest, ApplyResponse, ConfigureRequest, Failure, FindRequest, Found, Owner, PlanRequest,
    PlanResponse, Problem, Provider, ReadRequest, ReadyRequest, Severity, Sink,
};

pub use schema::check_schema;
pub use sink::{Event, Recorder};

/// What did not hold.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{step}: {detail}")]
pub struct Fault {
    /// What was being done.
    pub step: String,
    /// What is wrong.
    pub detail: String,
}

impl Fault {
    fn new(step: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { step: step.into(), detail: detail.into() }
    }

    fn check(holds: bool, step: &str, detail: impl FnOnce() -> String) -> Result<(), Fault> {
        if holds { Ok(()) } else { Err(Self::new(step, detail())) }
    }
}

/// A configured provider, called as the engine would call it.
pub struct Harness {
    provider: Arc<dyn Provider>,
    created: AtomicU64,
    lineage: String,
    key_prefix: String,
    /// What was there before each create, by its owner key.
    surveys: Mutex<BTreeMap<Arc<str>, Vec<u8>>>,
}

impl Harness {
    /// Configures a provider with a whole `provider` block.
    ///
    /// # Errors
    /// When it refuses.
    pub async fn new(
        provider: Arc<dyn Provider>,
        config: Value,
        environment: Environment,
    ) -> Result<Self, Fault> {
        no_errors("validate the provider", &provider.validate_provider(&config))?;
        let request = ConfigureRequest { config, environment: Arc::new(environment) };
        let configured = provider.configure(request).await;
        configured.map_err(|failure| failed("configure", &failure))?;
        let (created, lineage, key_prefix) = (AtomicU64::new(0), "lineage".into(), "key".into());
        Ok(Self { provider, created, lineage, key_prefix, surveys: Mutex::default() })
    }

    /// The same harness with another lineage and beginning of its owner keys. Needed where several
    /// harnesses, or several runs, work on one real service.
    #[must_use]
    pub fn with_owner(mut self, lineage: impl Into<String>, key_prefix: impl Into<String>) -> Self {
        (self.lineage, self.key_prefix) = (lineage.into(), key_prefix.into());
        self
    }

    /// The provider itself.
    #[must_use]
    pub fn provider(&self) -> &dyn Provider {
        &*self.provider
    }

    /// A configuration of a kind with some attributes and blocks set.
    ///
    /// # Errors
    /// When there is no such kind or attribute, or a value is of another type.
    pub fn config<'a>(
        &self,
        kind: &str,
        set: impl IntoIterator<Item = (&'a str, Value)>,
    ) -> Result<Value, Fault> {
        config_of(&self.resource(kind)?.schema.block, set)
    }

    /// An owner that no other call got.
    pub fn owner(&self) -> Owner {
        let number = self.created.fetch_add(1, Ordering::Relaxed);
        let key = format!("{}-{number}", self.key_prefix);
        Owner { key: key.into(), lineage: self.lineage.as_str().into() }
    }

    /// Validates and plans; both must be without errors, and keep what the configuration says.
    ///
    /// # Errors
    /// When they do not.
    pub async fn plan(
        &self,
        kind: &str,
        prior: &Value,
        config: &Value,
    ) -> Result<PlanResponse, Fault> {
        let response = self.plan_with_problems(kind, prior, config).await?;
        no_errors("plan", &response.problems)?;
        let expected = self.resource(kind)?.schema.block.implied_type();
        let conforms = response.planned.kind().conforms_to(&expected);
        Fault::check(conforms, "plan", || format!("{:?} is no {expected}", response.planned))?;
        let block = &self.resource(kind)?.schema.block;
        for (name, config) in config.as_entries().into_iter().flat_map(|entries| entries.iter()) {
            let planned = response.planned.get(name);
            let plain = block.attributes.get(name).is_some_and(|attribute| !attribute.write_only);
            let kept = !plain || config.is_null() || planned == Some(config);
            Fault::check(kept, "plan", || format!("`{name}` is {config:?}, planned {planned:?}"))?;
        }
        Ok(response)
    }

    /// Plans, whatever is found.
    ///
    /// # Errors
    /// When the configuration is invalid, or no answer comes.
    pub async fn plan_with_problems(
        &self,
        kind: &str,
        prior: &Value,
        config: &Value,
    ) -> Result<PlanResponse, Fault> {
        if !config.is_null() {
            no_errors("validate", &self.provider.validate(Mode::Managed, kind, config))?;
        }
        let block = &self.resource(kind)?.schema.block;
        let request = PlanRequest {
            kind: kind.into(),
            prior: prior.clone(),
            proposed: propose(block, prior, config),
            config: config.clone(),
            private: Vec::new(),
        };
        let mut responses = self.provider.plan(&[request]).await;
        responses.pop().ok_or_else(|| Fault::new("plan", "no answer"))
    }

    /// Applies, without any check; a create after its survey.
    ///
    /// # Errors
    /// When the provider fails.
    pub async fn apply(
        &self,
        kind: &str,
        change: (&Value, &Value, &Value),
        owner: &Owner,
        sink: &dyn Sink,
    ) -> Result<ApplyResponse, Failure> {
        let (prior, planned, config) = change;
        let request = ApplyRequest {
            kind: kind.into(),
            prior: prior.clone(),
            planned: planned.clone(),
            config: config.clone(),
            private: Vec::new(),
            owner: owner.clone(),
        };
        if prior.is_null() {
            let survey = self.provider.survey(kind, planned).await?;
            self.surveys().insert(owner.key.clone(), survey);
        }
        self.provider.apply(request, sink).await
    }

    /// What an object really is; null when it is gone.
    ///
    /// # Errors
    /// When nothing can be learned.
    pub async fn read(&self, kind: &str, current: &Value) -> Result<Value, Fault> {
        let request =
            ReadRequest { kind: kind.into(), current: current.clone(), private: Vec::new() };
        let answer = self.provider.read(&[request]).await.pop();
        let answer = answer.ok_or_else(|| Fault::new("read", "no answer"))?;
        no_errors("read", &answer.problems)?;
        Ok(answer.current)
    }

    /// Waits until an object can be used; null when it is gone.
    ///
    /// # Errors
    /// When it never can.
    pub async fn ready(&self, kind: &str, current: &Value) -> Result<Value, Fault> {
        let (kind, current, private) = (kind.into(), current.clone(), Vec::new());
        let request = ReadyRequest { kind, current, private, timeout: None };
        let answer = self.provider.ready(&[request]).await.pop();
        let answer = answer.ok_or_else(|| Fault::new("ready", "no answer"))?;
        no_errors("ready", &answer.problems)?;
        Ok(answer.current)
    }

    /// Looks for what a create may have made, so long ago that there is nothing to wait for.
    ///
    /// # Errors
    /// When the provider fails.
    pub async fn find(&self, kind: &str, planned: &Value, owner: &Owner) -> Result<Found, Fault> {
        self.find_after(kind, planned, owner, Duration::MAX).await
    }

    /// Looks for what a create may have made that was begun this long ago.
    ///
    /// # Errors
    /// When the provider fails.
    pub async fn find_after(
        &self,
        kind: &str,
        planned: &Value,
        owner: &Owner,
        age: Duration,
    ) -> Result<Found, Fault> {
        let request = FindRequest {
            kind: kind.into(),
            planned: planned.clone(),
            owner: owner.clone(),
            survey: self.surveys().get(&owner.key).cloned().unwrap_or_default(),
            recorded: Vec::new(),
            age,
        };
        let found = self.provider.find(request).await;
        found.map_err(|failure| failed("find", &failure))
    }

    fn surveys(&self) -> MutexGuard<'_, BTreeMap<Arc<str>, Vec<u8>>> {
        self.surveys.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn resource(&self, kind: &str) -> Result<ResourceSchema, Fault> {
        let resource = self.provider.schema().resources.get(kind).cloned();
        resource.ok_or_else(|| Fault::new("schema", format!("there is no kind `{kind}`")))
    }
}

/// A value of a block with some attributes and nested blocks set, the others as if the
/// configuration had none.
///
/// # Errors
/// When there is none of a name, or a value is of another type.
pub fn config_of<'a>(
    block: &Block,
    set: impl IntoIterator<Item = (&'a str, Value)>,
) -> Result<Value, Fault> {
    let mut entries = block.empty_value().as_entries().cloned().unwrap_or_default();
    for (name, value) in set {
        let attribute = block.attributes.get(name).map(platoform_schema::Attribute::implied_type);
        let kind = attribute.or_else(|| block.blocks.get(name).map(|nested| nested.implied_type()));
        let conforms = kind.is_some_and(|kind| value.kind().conforms_to(&kind));
        Fault::check(conforms, "config", || format!("`{name}` cannot be {value:?}"))?;
        entries.insert(name.into(), value);
    }
    Ok(Value::object(entries))
}

fn no_errors(step: &str, problems: &[Problem]) -> Result<(), Fault> {
    let mut errors = problems.iter().filter(|problem| problem.severity == Severity::Error);
    match errors.next() {
        None => Ok(()),
        Some(error) => Err(Fault::new(step, describe(error))),
    }
}

fn failed(step: &str, failure: &Failure) -> Fault {
    let problems: Vec<String> = failure.problems.iter().map(describe).collect();
    Fault::new(step, format!("{:?}: {}", failure.class, problems.join("; ")))
}

fn describe(problem: &Problem) -> String {
    let Problem { summary, detail, path, .. } = problem;
    if path.0.is_empty() {
        format!("{summary}: {detail}")
    } else {
        format!("{summary} (at {path}): {detail}")
    }
}
