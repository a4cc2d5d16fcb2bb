//! The cloud itself: a model that answers requests.
//!
//! Its clock is tokio's: in a runtime whose time is paused, it is virtual and nobody waits. Equal
//! seeds, conditions, faults and calls give equal answers.

mod conditions;
mod fault;
mod index;
mod object;
mod request;
mod rules;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

pub use conditions::{Conditions, LAG_LIMIT};
pub use fault::{Fault, Faults};
use index::Objects;
pub use object::{Attributes, Collection, Mark, Shown, Status};
pub use request::{Answer, Created, Request};

/// A call that was made.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// When, since the cloud began.
    pub at: Duration,
    /// What was asked.
    pub request: Request,
    /// What was wrong with it.
    pub fault: Option<Fault>,
    /// The answer's status, whoever heard it; `None` when there was no effect to answer.
    pub status: Option<u16>,
    /// The object that was made, changed or deleted.
    pub object: Option<String>,
}

/// A cloud. Clones of the `Arc` around it are the same one.
#[derive(Debug)]
pub struct Cloud {
    conditions: Conditions,
    begun: Instant,
    model: Mutex<Model>,
    silenced: Notify,
}

/// What changes.
#[derive(Debug)]
pub(crate) struct Model {
    pub objects: Objects,
    pub random: fastrand::Rng,
    pub made: u64,
    pub version: u64,
    faults: Faults,
    calls: Vec<Call>,
}

impl Cloud {
    /// An empty cloud.
    #[must_use]
    pub fn new(conditions: Conditions) -> Arc<Self> {
        let model = Model {
            objects: Objects::default(),
            random: fastrand::Rng::with_seed(conditions.seed),
            made: 0,
            version: 0,
            faults: Faults::default(),
            calls: Vec::new(),
        };
        let (begun, silenced) = (Instant::now(), Notify::new());
        Arc::new(Self { conditions, begun, model: Mutex::new(model), silenced })
    }

    /// From now on this goes wrong, and nothing else.
    pub fn plan_faults(&self, faults: Faults) {
        self.model().faults = faults;
    }

    /// Answers a request; `None` when the connection ends without an answer.
    pub async fn serve(&self, request: &Request) -> Option<Answer> {
        let (number, fault, latency) = self.begin(request);
        if !latency.is_zero() {
            tokio::time::sleep(latency).await;
        }
        let effect = fault.is_none_or(Fault::has_effect);
        let answer = effect.then(|| self.perform(number, request));
        match fault {
            None => answer,
            Some(Fault::Throttled(pause)) => Some(Answer {
                retry_after: Some(pause),
                ..Answer::refusal(429, "throttled", "too many requests")
            }),
            Some(Fault::Broken | Fault::Lost) => {
                Some(Answer::refusal(500, "broken", "something went wrong"))
            }
            Some(Fault::CutOff) => None,
            Some(Fault::SilentBefore | Fault::SilentAfter) => {
                self.silenced.notify_one();
                std::future::pending().await
            }
        }
    }

    fn begin(&self, request: &Request) -> (usize, Option<Fault>, Duration) {
        let at = self.now();
        let mut model = self.model();
        let model = &mut *model;
        let number = model.calls.len();
        let fault = model.faults.of(number as u64, &mut model.random);
        let request = request.clone();
        model.calls.push(Call { at, request, fault, status: None, object: None });
        let (least, greatest) = self.conditions.latency;
        let latency = between(&mut model.random, least, greatest);
        (number, fault, latency)
    }

    fn perform(&self, number: usize, request: &Request) -> Answer {
        let now = self.now();
        let mut model = self.model();
        model.objects.forget_the_gone(now);
        let (answer, object) = model.perform(&self.conditions, now, request);
        let call = &mut model.calls[number];
        (call.status, call.object) = (Some(answer.status), object);
        answer
    }

    /// Returns once a call met [`Fault::SilentBefore`] or [`Fault::SilentAfter`].
    pub async fn silenced(&self) {
        self.silenced.notified().await;
    }

    /// How long the cloud has been there.
    #[must_use]
    pub fn now(&self) -> Duration {
        self.begun.elapsed()
    }

    /// Every call so far.
    #[must_use]
    pub fn calls(&self) -> Vec<Call> {
        self.model().calls.clone()
    }

    /// How many calls there were so far: the number of the next one.
    #[must_use]
    pub fn call_count(&self) -> u64 {
        self.model().calls.len() as u64
    }

    /// What really is there, without what is being deleted.
    #[must_use]
    pub fn objects(&self) -> BTreeMap<Collection, Vec<Shown>> {
        let now = self.now();
        let mut found: BTreeMap<Collection, Vec<Shown>> = BTreeMap::new();
        for object in self.model().objects.iter() {
            if object.gone_from.is_none()
                && let Some(shown) = object.now(now)
            {
                found.entry(object.collection).or_default().push(shown);
            }
        }
        found
    }

    fn model(&self) -> MutexGuard<'_, Model> {
        self.model.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A time between two, both included.
pub(crate) fn between(random: &mut fastrand::Rng, least: Duration, greatest: Duration) -> Duration {
    let nanoseconds = |time: Duration| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
    let (least, greatest) = (nanoseconds(least), nanoseconds(greatest));
    Duration::from_nanos(if greatest > least { random.u64(least..=greatest) } else { least })
}
