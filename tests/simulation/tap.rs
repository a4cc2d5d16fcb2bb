//! A journal in front of the real one: it takes time, counts what is written, and lets the process
//! die before or after a commit.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::future::pending;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use fastrand::Rng;
use platoform_apply::{Intent, IntentClass, Journal, JournalError, Outcome, RunStart, Write};
use platoform_fake::Cloud;
use platoform_plan::Verb;
use platoform_provider::BoxFuture;
use platoform_state::Store;

use crate::bug::Bug;
use crate::wait;

/// Longest time that a commit takes.
const COMMIT: u64 = 8;

/// What happens at a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Hit {
    /// The process dies before it is on the disk.
    KillBefore,
    /// The process dies when it is on the disk, and nobody has heard of it.
    KillAfter,
    /// The machine loses its power while it is written: this much of it is on the disk.
    PowerLoss(Tear),
    /// It cannot be written.
    Refuse,
}

/// What is left of a commit that nobody knows to be on the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tear {
    /// Nothing.
    Nothing,
    /// Its beginning.
    Beginning,
    /// Everything but its last byte.
    AllButAByte,
    /// Everything but one sector in its middle, which holds zeros.
    Hole,
    /// As much as there was, but something else.
    Noise,
}

impl Tear {
    pub const ALL: [Self; 5] =
        [Self::Nothing, Self::Beginning, Self::AllButAByte, Self::Hole, Self::Noise];

    /// What is left of a log whose first bytes were on the disk before.
    pub fn apply(self, log: &mut Vec<u8>, before: usize) {
        let before = before.min(log.len());
        let middle = before + (log.len() - before) / 2;
        match self {
            Self::Nothing => log.truncate(before),
            Self::Beginning => log.truncate(middle),
            Self::AllButAByte => log.truncate(log.len().saturating_sub(1).max(before)),
            Self::Hole => {
                let end = log.len().min(middle + 512);
                log[middle..end].fill(0);
            }
            Self::Noise => {
                for (index, byte) in log[before..].iter_mut().enumerate() {
                    *byte = byte.wrapping_mul(31).wrapping_add(index.to_le_bytes()[0]);
                }
            }
        }
    }
}

/// A write somebody waits for.
#[derive(Clone, Debug)]
enum Durable {
    Begin(RunStart),
    Intent(Box<Intent>),
    Outcome(Box<Outcome>),
    Finish(bool),
}

impl Durable {
    fn name(&self) -> &'static str {
        match self {
            Self::Begin(_) => "begin",
            Self::Intent(intent) => match intent.verb {
                Verb::Create => "intent to create",
                Verb::Update => "intent to update",
                Verb::Delete => "intent to delete",
            },
            Self::Outcome(outcome) => match outcome.class {
                IntentClass::Created => "outcome: it exists",
                IntentClass::Done => "outcome: done",
                IntentClass::Failed => "outcome: failed",
                IntentClass::Unknown => "outcome: unknown",
            },
            Self::Finish(_) => "finish",
        }
    }
}

enum Entry {
    Writes(Vec<Write>),
    Durable(u64, Durable),
}

#[derive(Default)]
struct Inner {
    /// What was asked for and is not on the disk, in its order.
    queue: VecDeque<Entry>,
    next: u64,
    answers: BTreeMap<u64, Result<(), JournalError>>,
    /// Names of the writes somebody waited for, in the order of their commits.
    log: Vec<&'static str>,
    /// Owners of intents that a planted bug swallowed.
    swallowed: BTreeSet<Arc<str>>,
    failed: Option<JournalError>,
    /// How long SQLite's log was before the last write.
    logged: usize,
}

/// The journal.
pub struct Tap {
    store: Arc<Store>,
    /// SQLite's log.
    path: PathBuf,
    inner: Mutex<Inner>,
    random: Mutex<Rng>,
    hit: Option<(usize, Hit)>,
    bug: Option<Bug>,
    cloud: Arc<Cloud>,
}

impl Tap {
    pub fn new(
        store: Arc<Store>,
        path: PathBuf,
        seed: u64,
        hit: Option<(usize, Hit)>,
        bug: Option<Bug>,
        cloud: Arc<Cloud>,
    ) -> Self {
        let random = Mutex::new(Rng::with_seed(seed));
        Self { store, path, inner: Mutex::default(), random, hit, bug, cloud }
    }

    /// Names of the writes that somebody waited for, in the order of their commits.
    pub fn log(&self) -> Vec<&'static str> {
        self.inner().log.clone()
    }

    /// What happens to SQLite's log when the power goes now, and how long it certainly is.
    pub fn tear(&self) -> Option<(Tear, usize)> {
        match self.hit {
            Some((_, Hit::PowerLoss(tear))) => Some((tear, self.inner().logged)),
            _ => None,
        }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().expect("nobody panics with it")
    }

    fn queue(&self, durable: Durable) -> u64 {
        let mut inner = self.inner();
        let ticket = inner.next;
        inner.next += 1;
        inner.queue.push_back(Entry::Durable(ticket, durable));
        ticket
    }

    fn durable(&self, durable: Durable) -> BoxFuture<'_, Result<(), JournalError>> {
        let ticket = self.queue(durable);
        Box::pin(async move {
            let pause = self.random.lock().expect("nobody panics with it").u64(..COMMIT);
            tokio::time::sleep(Duration::from_millis(pause)).await;
            loop {
                if let Some(answer) = self.inner().answers.remove(&ticket) {
                    return answer;
                }
                self.commit_next().await;
            }
        })
    }

    /// Puts the next write that somebody waits for on the disk, with everything before it.
    async fn commit_next(&self) {
        if self.cloud.is_cut_off() {
            return pending().await;
        }
        let (number, failed) = {
            let inner = self.inner();
            (inner.log.len(), inner.failed.clone())
        };
        let hit = self.hit.filter(|(at, _)| *at == number).map(|(_, hit)| hit);
        if hit == Some(Hit::KillBefore) {
            self.die().await;
        }
        let mut writes = Vec::new();
        let (ticket, durable) = loop {
            match self.inner().queue.pop_front() {
                Some(Entry::Writes(more)) => writes.push(more),
                Some(Entry::Durable(ticket, durable)) => break (ticket, durable),
                None => return,
            }
        };
        {
            let mut inner = self.inner();
            inner.log.push(durable.name());
            let length = std::fs::metadata(&self.path).map_or(0, |file| file.len());
            inner.logged = usize::try_from(length).expect("it fits into memory");
        }
        let answer = match (hit, failed) {
            (_, Some(failed)) => Err(failed),
            (Some(Hit::Refuse), None) => {
                let error = JournalError { message: "the disk is full".into(), help: None };
                self.inner().failed = Some(error.clone());
                Err(error)
            }
            _ => self.write_through(writes, durable),
        };
        if matches!(hit, Some(Hit::KillAfter | Hit::PowerLoss(_))) {
            self.die().await;
        }
        self.inner().answers.insert(ticket, answer);
    }

    async fn die(&self) {
        self.cloud.cut_off();
        pending::<()>().await;
    }

    /// Hands everything to the real journal, and waits as this one thread does: no time goes by.
    fn write_through(&self, writes: Vec<Vec<Write>>, durable: Durable) -> Result<(), JournalError> {
        for writes in writes {
            self.store.write(self.bugged_writes(writes))?;
        }
        match durable {
            Durable::Begin(run) => wait(self.store.begin(run)),
            Durable::Intent(intent) if self.swallows(&intent) => {
                self.inner().swallowed.insert(intent.owner.clone());
                Ok(())
            }
            Durable::Intent(intent) => wait(self.store.intent(*intent)),
            Durable::Outcome(mut outcome) => {
                outcome.writes = self.bugged_writes(outcome.writes);
                let swallowed = self.inner().swallowed.contains(&outcome.owner);
                match (self.bug, outcome.class) {
                    (Some(Bug::OutcomeDropped), IntentClass::Done) => Ok(()),
                    _ if swallowed => self.store.write(outcome.writes),
                    _ => wait(self.store.outcome(*outcome)),
                }
            }
            Durable::Finish(succeeded) => wait(self.store.finish(succeeded)),
        }
    }

    fn swallows(&self, intent: &Intent) -> bool {
        self.bug == Some(Bug::IntentSkipped) && intent.verb == Verb::Create
    }

    fn bugged_writes(&self, mut writes: Vec<Write>) -> Vec<Write> {
        if self.bug == Some(Bug::EdgeLeftOut) {
            for write in &mut writes {
                if let Write::Put(record) = write {
                    record.dependencies.clear();
                }
            }
        }
        writes
    }
}

impl Journal for Tap {
    fn begin(&self, run: RunStart) -> BoxFuture<'_, Result<(), JournalError>> {
        self.durable(Durable::Begin(run))
    }

    fn intent(&self, intent: Intent) -> BoxFuture<'_, Result<(), JournalError>> {
        self.durable(Durable::Intent(Box::new(intent)))
    }

    fn outcome(&self, outcome: Outcome) -> BoxFuture<'_, Result<(), JournalError>> {
        self.durable(Durable::Outcome(Box::new(outcome)))
    }

    fn write(&self, writes: Vec<Write>) -> Result<(), JournalError> {
        let mut inner = self.inner();
        inner.queue.push_back(Entry::Writes(writes));
        inner.failed.clone().map_or(Ok(()), Err)
    }

    fn finish(&self, succeeded: bool) -> BoxFuture<'_, Result<(), JournalError>> {
        self.durable(Durable::Finish(succeeded))
    }
}
