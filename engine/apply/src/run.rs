//! Runs the action graph.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use platoform_diagnostic::{Diagnostic, Diagnostics};
use platoform_plan::{Action, Planned, RecordKey, Session, StepId, StepKind, Steps, Summary, Verb};
use platoform_provider::{Owner, schema::Effect, schema::Mode};
use tokio::task::JoinSet;

use crate::call::{Ended, Pending};
use crate::outcome::Recorded;
use crate::{Event, Intent, JournalError, Ports, RunStart, Stop, Write};

/// How to apply.
#[derive(Clone)]
pub struct ApplyOptions {
    /// How many calls may run at once.
    pub parallelism: usize,
    /// How the user stops it.
    pub stop: Arc<Stop>,
}

/// What an apply came to.
pub struct Applied {
    /// Findings; with errors among them not everything was done.
    pub diagnostics: Diagnostics,
    /// What was done.
    pub summary: Summary,
    /// The user stopped it before everything was done.
    pub stopped: bool,
    /// The evaluation with its real values.
    pub session: Session,
}

/// Performs a plan's actions. Errors do not end it: what does not depend on a failed action is
/// still done, and everything that was done is recorded.
pub async fn apply(planned: Planned, ports: Ports, options: ApplyOptions) -> Applied {
    let Planned { plan, mut session, versions, .. } = planned;
    session.admit(ports.volatile.clone());
    session.begin();
    let start = RunStart { plan: plan.id.clone(), digest: plan.digest.clone(), versions };
    let (steps, disorder) = match session.steps() {
        Ok(steps) => (steps, None),
        Err(diagnostic) => (Steps::default(), Some(diagnostic)),
    };
    let mut run = Run {
        waits: steps.waits().to_vec(),
        blocked: vec![false; steps.len()],
        done: vec![false; steps.len()],
        steps,
        session,
        ports,
        options,
        ready: VecDeque::new(),
        queued: VecDeque::new(),
        running: JoinSet::new(),
        calling: BTreeMap::new(),
        deposed: BTreeMap::new(),
        diagnostics: Diagnostics::default(),
        summary: Summary::default(),
        journal_failed: false,
        stopping: false,
    };
    match disorder {
        Some(diagnostic) => run.diagnostics.push(diagnostic),
        None => match run.ports.journal.begin(start).await {
            Ok(()) => run.perform(&plan).await,
            Err(error) => run.refused(error),
        },
    }
    let stopped = run.stopping;
    Applied { diagnostics: run.diagnostics, summary: run.summary, stopped, session: run.session }
}

/// What a background task came to.
pub(crate) enum Signal {
    /// A call ended.
    Called(StepId, Ended),
    /// What came of a call is durable.
    Recorded(StepId, Result<Recorded, JournalError>),
}

/// A call that is being made.
pub(crate) struct Calling {
    pub work: usize,
    pub verb: Option<Verb>,
    pub owner: Arc<str>,
    /// Whether an intent was recorded.
    pub intent: bool,
    pub begun: Duration,
    pub key: RecordKey,
    /// Its outcome is being recorded.
    pub ended: bool,
}

pub(crate) struct Run {
    pub steps: Steps,
    pub session: Session,
    pub ports: Ports,
    pub options: ApplyOptions,
    /// For each step how many others it still waits for.
    waits: Vec<u32>,
    /// Steps that cannot be done because another failed or was not started.
    blocked: Vec<bool>,
    /// Steps that have been done.
    done: Vec<bool>,
    ready: VecDeque<StepId>,
    /// Calls that wait for their turn.
    queued: VecDeque<StepId>,
    pub running: JoinSet<Signal>,
    pub calling: BTreeMap<StepId, Calling>,
    /// Deposed keys of the old objects of create-before-destroy replacements.
    pub deposed: BTreeMap<usize, Arc<str>>,
    pub diagnostics: Diagnostics,
    pub summary: Summary,
    journal_failed: bool,
    stopping: bool,
}

impl Run {
    async fn perform(&mut self, plan: &platoform_plan::Plan) {
        self.ports.observer.event(&Event::Begin { total: self.steps.actions() });
        self.refresh_records();
        self.summary.import = plan.summary().import;
        for (number, wait) in self.waits.iter().enumerate() {
            if *wait == 0 {
                self.ready.push_back(StepId(u32::try_from(number).unwrap_or(u32::MAX)));
            }
        }
        loop {
            while let Some(step) = self.ready.pop_front() {
                self.step(step).await;
            }
            self.start_queued().await;
            if !self.ready.is_empty() {
                continue;
            }
            // Tasks of calls that were let go are no longer waited for.
            if self.running.is_empty() || self.calling.is_empty() {
                break;
            }
            self.wait().await;
        }
        self.write_outputs(plan);
        let succeeded = !self.diagnostics.has_errors() && !self.stopping;
        if let Err(error) = self.ports.journal.finish(succeeded).await {
            self.journal_error(error);
        }
    }

    /// Brings records up to date where nothing else is done to their objects: those that moved,
    /// were imported or forgotten, or of which a read found that they are not what is there.
    fn refresh_records(&mut self) {
        let moved = self.session.moved_records();
        // What moves may take the place of something else that moves.
        let left = moved.iter().map(|(key, _)| Write::Remove(key.clone()));
        let mut writes: Vec<Write> = left.collect();
        writes.extend(moved.iter().map(|(_, record)| Write::Put(Box::new(record.clone()))));
        let (stale, gone) = self.session.stale_records();
        writes.extend(gone.into_iter().map(Write::Remove));
        for work in stale {
            let change = self.session.change(work);
            let (after, private) = (change.after.clone(), change.private.clone());
            match self.session.record_template(work).record(&after, private, false) {
                Ok(record) => writes.push(Write::Put(Box::new(record))),
                Err(error) => self.seal_error(work, &error),
            }
        }
        if !writes.is_empty() {
            self.write(writes);
        }
    }

    /// Does a step whose turn has come, or queues it.
    async fn step(&mut self, step: StepId) {
        if self.blocked[step.0 as usize] {
            return self.pass(step, false);
        }
        match self.steps.kind(step) {
            StepKind::Join => self.pass(step, true),
            StepKind::Evaluate(node) => {
                let found = self.session.evaluate(node).await;
                let succeeded = !found.has_errors();
                self.diagnostics.extend(found);
                self.pass(step, succeeded);
            }
            StepKind::Check(work) => {
                let found = self.session.check(work);
                let succeeded = !found.has_errors();
                self.diagnostics.extend(found);
                self.pass(step, succeeded);
            }
            StepKind::Up(_) | StepKind::Destroy(_) => self.queued.push_back(step),
        }
    }

    /// Starts queued calls as far as there is room for them.
    async fn start_queued(&mut self) {
        while self.calling.len() < self.options.parallelism.max(1) {
            let Some(step) = self.queued.pop_front() else { return };
            if self.stopping || self.journal_failed {
                self.pass(step, false);
                continue;
            }
            match self.steps.kind(step) {
                StepKind::Up(work) => self.start_up(step, work).await,
                StepKind::Destroy(work) => self.start_destroy(step, work).await,
                _ => {}
            }
        }
    }

    async fn start_up(&mut self, step: StepId, work: usize) {
        let call = match self.session.up_call(work).await {
            Ok(call) => call,
            Err(diagnostics) => {
                self.diagnostics.extend(diagnostics);
                return self.pass(step, false);
            }
        };
        let verb = match (call.mode, call.prior.is_null()) {
            (Mode::Managed, true) => Some(Verb::Create),
            (Mode::Managed, false) => Some(Verb::Update),
            _ => None,
        };
        if self.session.change(work).action == Action::CreateThenDelete {
            let deposed = self.ports.random.deposed_key();
            let key = call.key.clone();
            self.deposed.insert(work, deposed.clone());
            self.write(vec![Write::Depose(key, deposed)]);
        }
        let record =
            self.session.record_template(work).record(&call.planned, call.private.clone(), true);
        self.start(step, work, call, verb, record).await;
    }

    async fn start_destroy(&mut self, step: StepId, work: usize) {
        let mut call = self.session.destroy_call(work);
        if let Some(deposed) = self.deposed.get(&work) {
            call.key.deposed = Some(deposed.clone());
        }
        let record = self.session.prior_record(work).map(|mut record| {
            record.key = call.key.clone();
            record
        });
        self.start(step, work, call, Some(Verb::Delete), record).await;
    }

    async fn start(
        &mut self,
        step: StepId,
        work: usize,
        call: platoform_plan::Call,
        verb: Option<Verb>,
        planned: Result<platoform_plan::Record, platoform_plan::StoredError>,
    ) {
        let planned = match planned {
            Ok(planned) => planned,
            Err(error) => {
                self.seal_error(work, &error);
                return self.pass(step, false);
            }
        };
        let owner =
            Owner { key: self.ports.random.owner_key(), lineage: self.session.lineage().clone() };
        let outside = call.effect == Effect::Outside;
        let intent = verb.filter(|_| outside).map(|verb| Intent {
            owner: owner.key.clone(),
            key: call.key.clone(),
            verb,
            planned,
        });
        self.ports.observer.event(&Event::Started { key: &call.key, verb });
        let calling = Calling {
            work,
            verb,
            owner: owner.key.clone(),
            intent: intent.is_some(),
            begun: self.ports.clock.now(),
            key: call.key.clone(),
            ended: false,
        };
        self.calling.insert(step, calling);
        let template = self.session.record_template(work);
        let ports = self.ports.clone();
        let pending = Pending { call, verb, owner, intent, template, ports };
        if outside || verb.is_none() {
            self.running.spawn(async move { Signal::Called(step, pending.run().await) });
        } else {
            // Nothing to wait for: no task, and nobody waits for the record to be durable.
            let ended = pending.run().await;
            self.called(step, ended);
        }
    }

    /// Waits for something to end, or for the user.
    async fn wait(&mut self) {
        let stop = self.options.stop.clone();
        tokio::select! {
            Some(result) = self.running.join_next() => match result {
                Ok(Signal::Called(step, ended)) => self.called(step, ended),
                Ok(Signal::Recorded(step, result)) => self.recorded(step, result),
                Err(error) if error.is_cancelled() => {}
                Err(error) => self.panicked(&error.to_string()),
            },
            () = stop.changed() => self.stop_requested(),
        }
        if self.options.stop.requests() > 0 && !self.stopping {
            self.stop_requested();
        }
    }

    fn stop_requested(&mut self) {
        let calls = self.calling.values().filter(|calling| !calling.ended).count();
        if !self.stopping {
            self.stopping = true;
            self.ports.observer.event(&Event::Stopping { running: calls });
        }
        if self.options.stop.requests() > 1 && calls > 0 {
            // Their intents stay open: the next run finds out what became of them. Recording is
            // not aborted, it is short.
            self.abandon();
        }
    }

    /// A provider panicked. Its intent stays open.
    fn panicked(&mut self, message: &str) {
        let detail = format!("A provider came to an unexpected end: {message}");
        self.diagnostics.push(Diagnostic::error("Internal error", detail));
        self.stopping = true;
        if self.running.is_empty() {
            self.abandon();
        }
    }

    /// Lets go of calls that still run.
    fn abandon(&mut self) {
        let open: Vec<StepId> = self
            .calling
            .iter()
            .filter(|(_, calling)| !calling.ended)
            .map(|(step, _)| *step)
            .collect();
        for step in open {
            let Some(calling) = self.calling.remove(&step) else { continue };
            let address = calling.key.address.to_string();
            let detail = "The run was stopped before the provider answered. The next run finds out \
                          what became of it";
            self.diagnostics.push(Diagnostic::error("Not waited for", detail).within(address));
            self.pass(step, false);
        }
    }

    /// A step is over: lets those go that waited for nothing else.
    pub fn pass(&mut self, step: StepId, succeeded: bool) {
        self.done[step.0 as usize] = succeeded;
        for next in 0..self.steps.dependents(step).len() {
            let next = self.steps.dependents(step)[next];
            let index = next.0 as usize;
            self.blocked[index] |= !succeeded;
            self.waits[index] -= 1;
            if self.waits[index] == 0 {
                self.ready.push_back(next);
            }
        }
    }

    /// Whether a step was done.
    pub fn is_done(&self, step: StepId) -> bool {
        self.done[step.0 as usize]
    }

    /// Queues writes that nobody waits for.
    pub fn write(&mut self, writes: Vec<Write>) {
        if let Err(error) = self.ports.journal.write(writes) {
            self.journal_error(error);
        }
    }

    /// The run cannot begin: its plan was applied before, or what it was made from has moved on.
    fn refused(&mut self, error: JournalError) {
        let mut diagnostic = Diagnostic::error("The plan cannot be applied", error.message);
        diagnostic.help = error.help;
        self.diagnostics.push(diagnostic);
    }

    /// The state cannot be kept: nothing further is started.
    pub fn journal_error(&mut self, error: JournalError) {
        if self.journal_failed {
            return;
        }
        self.journal_failed = true;
        let mut diagnostic = Diagnostic::error("The state cannot be written", error.message);
        diagnostic.help = error.help;
        self.diagnostics.push(diagnostic);
    }

    pub fn seal_error(&mut self, work: usize, error: &platoform_plan::StoredError) {
        let address = self.session.change(work).key.address.to_string();
        let diagnostic = Diagnostic::error("The state cannot be written", error.to_string());
        self.diagnostics.push(diagnostic.within(address));
    }
}
