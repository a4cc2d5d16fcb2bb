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

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

pub use conditions::{Conditions, LAG_LIMIT, LINGER_LIMIT};
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
    /// How old the cloud was then.
    age: Duration,
    model: Mutex<Model>,
    dead: Notify,
}

/// What changes.
#[derive(Clone, Debug)]
pub(crate) struct Model {
    pub objects: Objects,
    pub random: fastrand::Rng,
    pub made: u64,
    pub version: u64,
    faults: Faults,
    calls: Vec<Call>,
    /// Numbers of calls that take effect when they are answered.
    in_flight: BTreeSet<usize>,
    /// Calls that take effect though nobody waits for them, and when.
    lingering: BTreeSet<(Duration, usize)>,
    /// Nobody is answered.
    cut_off: bool,
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
            in_flight: BTreeSet::new(),
            lingering: BTreeSet::new(),
            cut_off: false,
        };
        Arc::new(Self::from_parts(conditions, Duration::ZERO, model))
    }

    /// A second cloud that is as this one is now, and goes its own way. Nothing goes wrong in it
    /// until that is planned.
    #[must_use]
    pub fn fork(&self) -> Arc<Self> {
        let model = Model { faults: Faults::default(), ..self.model().clone() };
        Arc::new(Self::from_parts(self.conditions.clone(), self.now(), model))
    }

    fn from_parts(conditions: Conditions, age: Duration, model: Model) -> Self {
        let (begun, dead) = (Instant::now(), Notify::new());
        Self { conditions, begun, age, model: Mutex::new(model), dead }
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
        if self.model().cut_off {
            return std::future::pending().await;
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
            Some(Fault::DeadBefore | Fault::DeadAfter) => {
                self.cut_off();
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
        if fault.is_none() && request.changes() {
            model.in_flight.insert(number);
        }
        let request = request.clone();
        model.calls.push(Call { at, request, fault, status: None, object: None });
        let (least, greatest) = self.conditions.latency;
        let latency = between(&mut model.random, least, greatest);
        (number, fault, latency)
    }

    fn perform(&self, number: usize, request: &Request) -> Answer {
        let now = self.now();
        let mut model = self.model();
        model.catch_up(&self.conditions, now);
        model.answer(&self.conditions, now, number, request)
    }

    /// Whoever waits for an answer never gets one, as if they all had died. Of the requests under
    /// way some take effect at once, some a little later, some not at all.
    pub fn cut_off(&self) {
        let now = self.now();
        let mut model = self.model();
        let model = &mut *model;
        model.cut_off = true;
        for number in std::mem::take(&mut model.in_flight) {
            match model.random.u8(..3) {
                0 => {}
                1 => drop(model.lingering.insert((now, number))),
                _ => {
                    let later = between(&mut model.random, Duration::ZERO, LINGER_LIMIT);
                    model.lingering.insert((now + later, number));
                }
            }
        }
        self.dead.notify_one();
    }

    /// Whether everybody is cut off.
    #[must_use]
    pub fn is_cut_off(&self) -> bool {
        self.model().cut_off
    }

    /// Returns once everybody is cut off.
    pub async fn dead(&self) {
        self.dead.notified().await;
    }

    /// Answers again. Nothing goes wrong until that is planned.
    pub fn reconnect(&self) {
        let mut model = self.model();
        (model.cut_off, model.faults) = (false, Faults::default());
    }

    /// How long the cloud has been there.
    #[must_use]
    pub fn now(&self) -> Duration {
        self.age + self.begun.elapsed()
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
        let mut model = self.model();
        model.catch_up(&self.conditions, now);
        for object in model.objects.iter() {
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

impl Model {
    /// Brings everything up to this moment.
    fn catch_up(&mut self, conditions: &Conditions, now: Duration) {
        while let Some((then, number)) = self.lingering.first().copied()
            && then <= now
        {
            self.lingering.pop_first();
            self.objects.forget_the_gone(then);
            let request = self.calls[number].request.clone();
            self.answer(conditions, then, number, &request);
        }
        self.objects.forget_the_gone(now);
    }

    fn answer(
        &mut self,
        conditions: &Conditions,
        now: Duration,
        number: usize,
        request: &Request,
    ) -> Answer {
        self.in_flight.remove(&number);
        let (answer, object) = self.perform(conditions, now, request);
        let call = &mut self.calls[number];
        (call.status, call.object) = (Some(answer.status), object);
        answer
    }
}

/// A time between two, both included.
pub(crate) fn between(random: &mut fastrand::Rng, least: Duration, greatest: Duration) -> Duration {
    let nanoseconds = |time: Duration| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
    let (least, greatest) = (nanoseconds(least), nanoseconds(greatest));
    Duration::from_nanos(if greatest > least { random.u64(least..=greatest) } else { least })
}
