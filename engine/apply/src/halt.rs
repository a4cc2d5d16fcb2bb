//! Coming to an end before everything is done.

use platoform_diagnostic::Diagnostic;
use platoform_plan::{RecordKey, StepId};
use platoform_provider::{Failure, Problem};
use tokio::task::{Id, JoinError};

use crate::calling::Phase;
use crate::run::{Run, Signal};
use crate::{Event, IntentClass};

impl Run<'_> {
    /// A background task came to its end.
    pub fn task_ended(&mut self, result: Result<(Id, Signal), JoinError>) -> Option<Signal> {
        match result {
            Ok((id, signal)) => {
                self.of_task.remove(&id);
                Some(signal)
            }
            Err(error) => {
                let step = self.of_task.remove(&error.id())?;
                if !error.is_cancelled() {
                    self.panicked(step, &error.to_string());
                }
                None
            }
        }
    }

    /// Goes on with what a background task came to.
    pub async fn signal(&mut self, signal: Signal) {
        match signal {
            Signal::Surveyed(step, survey) => self.surveyed(step, survey),
            Signal::Called(step, ended) => self.called(step, ended),
            Signal::Paused(step) => {
                let calling = self.calling.get(&step);
                let paused = calling.filter(|calling| calling.phase == Phase::Pausing);
                if let Some(work) = paused.map(|calling| calling.work) {
                    self.enqueue(step, work);
                }
            }
            Signal::Provisioned(step, found) => self.provisioned(step, found).await,
        }
    }

    /// The user asks to stop, or to stop waiting.
    pub async fn stop_requested(&mut self) {
        if !self.stopping {
            self.stopping = true;
            let paused = self.calling.iter().filter(|(_, calling)| calling.phase == Phase::Pausing);
            let paused: Vec<StepId> = paused.map(|(step, _)| *step).collect();
            let over = [Phase::Recording, Phase::Pausing];
            let mut running: Vec<_> =
                self.calling.values().filter(|calling| !over.contains(&calling.phase)).collect();
            running.sort_by_key(|calling| calling.begun);
            let keys: Vec<RecordKey> = running.iter().map(|calling| calling.key.clone()).collect();
            self.ports.observer.event(&Event::Stopping { running: keys.len(), keys: &keys });
            for step in paused {
                self.give_up(step);
            }
        }
        if self.options.stop.requests() > 1 && !self.given_up {
            self.abandon().await;
        }
    }

    /// Lets go of what still runs. What has ended by now is recorded; of the rest intents stay
    /// open, so that the next run finds out what became of it.
    async fn abandon(&mut self) {
        self.given_up = true;
        self.tasks.abort_all();
        while let Some(result) = self.tasks.join_next_with_id().await {
            if let Some(signal) = self.task_ended(result) {
                self.signal(signal).await;
            }
        }
        while let Ok((step, response)) = self.answers.try_recv() {
            self.answered(step, response);
        }
        self.queue.clear();
        let steps: Vec<StepId> = self.calling.keys().copied().collect();
        for step in steps {
            self.give_up(step);
        }
    }

    /// Goes no further with a call. What is on its way to the disk still gets there.
    pub fn give_up(&mut self, step: StepId) {
        let Some(calling) = self.calling.get_mut(&step) else { return };
        let address = calling.key.address.to_string();
        match calling.phase {
            // Told of once it is durable.
            Phase::Recording | Phase::Keeping => {}
            // Nothing was done yet, or nothing that had an effect.
            Phase::Surveying | Phase::Intending | Phase::Pausing => {
                let unsaid =
                    || Failure::fail(Problem::error("Not done", "The run was stopped before"));
                let failure = calling.failure.take().unwrap_or_else(unsaid);
                self.failed(step, failure, IntentClass::Failed);
            }
            Phase::Calling => {
                let detail = "The run was stopped before the provider answered. The next run finds \
                              out what became of it";
                self.let_go(step, Diagnostic::error("Not waited for", detail).within(address));
            }
            Phase::Settling => {
                let detail = "It was made or changed, but the run was stopped before it could be \
                              used";
                self.let_go(step, Diagnostic::error("Not waited for", detail).within(address));
            }
            Phase::Due | Phase::Provisioning => {
                let detail = "The run was stopped before its provisioners had done their part";
                self.let_go(step, Diagnostic::error("Not provisioned", detail).within(address));
            }
        }
    }

    fn let_go(&mut self, step: StepId, why: Diagnostic) {
        self.diagnostics.push(why);
        self.finished_now(step, false);
    }

    /// A provider panicked. Nobody knows what it did.
    fn panicked(&mut self, step: StepId, message: &str) {
        self.stopping = true;
        let detail = format!("It came to an unexpected end: {message}");
        let failure = Failure::unknown(Problem::error("The provider failed", detail));
        self.failed(step, failure, IntentClass::Unknown);
    }
}
