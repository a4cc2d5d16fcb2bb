//! Runs the action graph.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use platoform_diagnostic::{Diagnostic, Diagnostics};
use platoform_plan::{Plan, Planned, Session, StepId, StepKind, Steps, Summary};
use platoform_provider::{ApplyResponse, BoxFuture, Failure};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::{Id, JoinSet};

use crate::call::Ended;
use crate::calling::Calling;
use crate::queue::Queue;
use crate::{Event, Journal, JournalError, Ports, RunStart, Stop, Write, chain};

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
    // Taken apart where it stands: what was only of use for showing it ends here.
    let (plan, mut session, versions) = {
        let Planned { plan, session, versions, .. } = planned;
        (plan, session, versions)
    };
    session.admit(ports.volatile.clone());
    session.begin();
    let start = RunStart { plan: plan.id.clone(), digest: plan.digest.clone(), versions };
    let (steps, disorder) = match session.steps() {
        Ok(steps) => (steps, None),
        Err(diagnostic) => (Steps::default(), Some(diagnostic)),
    };
    let journal = ports.journal.clone();
    let mut run = Run::new(steps, session, ports, options, &*journal);
    match disorder {
        Some(diagnostic) => run.diagnostics.push(diagnostic),
        None => match journal.begin(start).await {
            Ok(()) => run.perform(&plan).await,
            Err(error) => run.refused(error),
        },
    }
    let stopped = run.stopping;
    Applied { diagnostics: run.diagnostics, summary: run.summary, stopped, session: run.session }
}

/// What a background task came to.
pub(crate) enum Signal {
    /// The provider said what is there before a create.
    Surveyed(StepId, Result<Vec<u8>, Failure>),
    /// A call ended.
    Called(StepId, Ended),
    /// A pause before another attempt is over.
    Paused(StepId),
    /// The provisioners of an object ended, with what they found.
    Provisioned(StepId, Diagnostics),
}

/// What has become durable, or has not.
pub(crate) enum Saved {
    /// What is about to be done.
    Intent(StepId, Result<(), JournalError>),
    /// What is there before more is done to it. Provisioners come next if this says so.
    Kept(StepId, bool, Result<(), JournalError>),
    /// What came of a call, and whether it succeeded.
    Outcome(StepId, bool, Result<(), JournalError>),
}

pub(crate) struct Run<'a> {
    pub steps: Steps,
    pub session: Session,
    pub ports: Ports,
    pub options: ApplyOptions,
    /// Calls go to it in the order in which things happen; nobody else but providers' sinks calls.
    pub journal: &'a dyn Journal,
    /// What is on its way to the disk.
    pub saving: FuturesUnordered<BoxFuture<'a, Saved>>,
    /// For each step how many others it still waits for.
    waits: Vec<u32>,
    /// For each step the number of calls on the longest way to the end.
    pub lengths: Vec<u32>,
    /// Steps that cannot be done because another failed or was not started.
    blocked: Vec<bool>,
    /// Steps that have been done.
    done: Vec<bool>,
    pub ready: VecDeque<StepId>,
    /// Calls that wait for their turn.
    pub queue: Queue,
    /// The lane in which a step holds a slot.
    pub slots: BTreeMap<StepId, usize>,
    pub tasks: JoinSet<Signal>,
    pub of_task: HashMap<Id, StepId>,
    /// Answers of providers whose objects cannot be used yet.
    pub answers: UnboundedReceiver<(StepId, ApplyResponse)>,
    pub answered: UnboundedSender<(StepId, ApplyResponse)>,
    pub calling: BTreeMap<StepId, Calling>,
    /// Deposed keys of the old objects of create-before-destroy replacements.
    pub deposed: BTreeMap<usize, Arc<str>>,
    pub diagnostics: Diagnostics,
    pub summary: Summary,
    pub journal_failed: bool,
    pub stopping: bool,
    /// Nothing is waited for any more but the disk.
    pub given_up: bool,
}

impl<'a> Run<'a> {
    fn new(
        steps: Steps,
        session: Session,
        ports: Ports,
        options: ApplyOptions,
        journal: &'a dyn Journal,
    ) -> Self {
        let (answered, answers) = unbounded_channel();
        Self {
            waits: steps.waits().to_vec(),
            lengths: chain::longest(&steps),
            blocked: vec![false; steps.len()],
            done: vec![false; steps.len()],
            queue: Queue::new(options.parallelism, session.configurations()),
            steps,
            session,
            ports,
            options,
            journal,
            saving: FuturesUnordered::new(),
            ready: VecDeque::new(),
            slots: BTreeMap::new(),
            tasks: JoinSet::new(),
            of_task: HashMap::new(),
            answers,
            answered,
            calling: BTreeMap::new(),
            deposed: BTreeMap::new(),
            diagnostics: Diagnostics::default(),
            summary: Summary::default(),
            journal_failed: false,
            stopping: false,
            given_up: false,
        }
    }

    async fn perform(&mut self, plan: &Plan) {
        self.ports.observer.event(&Event::Begin { total: self.steps.actions() });
        self.refresh_records();
        self.summary.import = plan.summary().import;
        let all = (0..).map(StepId).take(self.steps.len());
        self.ready.extend(all.filter(|step| self.waits[step.0 as usize] == 0));
        loop {
            while let Some(step) = self.ready.pop_front() {
                self.step(step).await;
            }
            let again_at = self.start_queued().await;
            if !self.ready.is_empty() {
                continue;
            }
            if self.calling.is_empty() && self.saving.is_empty() && again_at.is_none() {
                break;
            }
            self.wait(again_at).await;
        }
        self.write_outputs(plan);
        let succeeded = !self.diagnostics.has_errors() && !self.stopping;
        if let Err(error) = self.journal.finish(succeeded).await {
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
            StepKind::Up(work) | StepKind::Destroy(work) => self.enqueue(step, work),
        }
    }

    /// Waits for something to end, for the moment at which something may begin, or for the user.
    async fn wait(&mut self, again_at: Option<Duration>) {
        let stop = self.options.stop.clone();
        let clock = self.ports.clock.clone();
        let pause = again_at.map(|at| clock.sleep(at.saturating_sub(clock.now())));
        let turn = async {
            match pause {
                Some(pause) => pause.await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            Some(result) = self.tasks.join_next_with_id() => {
                if let Some(signal) = self.task_ended(result) {
                    self.signal(signal).await;
                }
            }
            Some(saved) = self.saving.next() => self.saved(saved).await,
            Some((step, response)) = self.answers.recv() => self.answered(step, response),
            () = stop.changed() => self.stop_requested().await,
            () = turn => {}
        }
        if self.options.stop.requests() > 0 && !self.stopping {
            self.stop_requested().await;
        }
    }

    /// A step is over: lets those go that waited for nothing else.
    pub fn pass(&mut self, step: StepId, succeeded: bool) {
        self.release(step);
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

    /// Gives back the slot that a step holds, if it does.
    pub fn release(&mut self, step: StepId) {
        if let Some(lane) = self.slots.remove(&step) {
            self.queue.release(lane);
        }
    }

    /// Whether a step was done.
    pub fn is_done(&self, step: StepId) -> bool {
        self.done[step.0 as usize]
    }

    /// Queues writes that nobody waits for.
    pub fn write(&mut self, writes: Vec<Write>) {
        if let Err(error) = self.journal.write(writes) {
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
