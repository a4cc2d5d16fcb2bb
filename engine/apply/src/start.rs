//! Starting calls whose turn has come.

use std::sync::Arc;
use std::time::Duration;

use platoform_config::When;
use platoform_plan::{Action, Call, Record, RecordTemplate, StepId, StepKind, StoredError, Verb};
use platoform_provider::{Failure, Owner, schema::Effect, schema::Mode};

use crate::call::Attempt;
use crate::calling::{Calling, Phase};
use crate::outcome::shown_id;
use crate::queue::Turn;
use crate::run::{Run, Saved, Signal};
use crate::timeout::Timeout;
use crate::{Event, Intent, IntentClass, JournalError, Write};

impl Run<'_> {
    /// Lets a step wait for its turn.
    pub fn enqueue(&mut self, step: StepId, work: usize) {
        let (lane, provider) = self.session.provider(work);
        let provider = provider.clone();
        self.queue.push(lane, &provider, self.lengths[step.0 as usize], step);
    }

    /// Starts queued calls as far as there is room for them. Gives the moment at which there will
    /// be room for more, where that is known.
    pub async fn start_queued(&mut self) -> Option<Duration> {
        if self.stopping || self.journal_failed {
            for step in self.queue.clear() {
                self.not_started(step);
            }
        }
        loop {
            match self.queue.next(self.ports.clock.now()) {
                Turn::Step(step) => self.turn(step).await,
                Turn::At(moment) => return Some(moment),
                Turn::Later => return None,
            }
        }
    }

    /// Nothing new is started. What was made is still provisioned.
    fn not_started(&mut self, step: StepId) {
        match self.calling.get(&step).map(|calling| calling.phase) {
            None => self.pass(step, false),
            Some(Phase::Due) if !self.journal_failed => self.provision(step),
            Some(_) => self.give_up(step),
        }
    }

    async fn turn(&mut self, step: StepId) {
        let (StepKind::Up(work) | StepKind::Destroy(work)) = self.steps.kind(step) else { return };
        self.slots.insert(step, self.session.provider(work).0);
        match self.calling.get(&step).map(|calling| calling.phase) {
            Some(Phase::Due) => self.provision(step),
            Some(_) => self.attempt(step).await,
            None if matches!(self.steps.kind(step), StepKind::Up(_)) => {
                self.start_up(step, work).await;
            }
            None => self.start_destroy(step, work).await,
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
        let template = self.session.record_template(work);
        let planned = match verb.filter(|_| call.effect == Effect::Outside) {
            Some(_) => template.record(&call.planned, call.private.clone(), true).map(Some),
            None => Ok(None),
        };
        if self.admit(step, work, call, verb, (template, planned)) {
            self.open(step).await;
        }
    }

    async fn start_destroy(&mut self, step: StepId, work: usize) {
        let mut call = self.session.destroy_call(work);
        if let Some(deposed) = self.deposed.get(&work) {
            call.key.deposed = Some(deposed.clone());
        }
        let planned = match call.effect {
            Effect::Outside => self.session.prior_record(work).map(|mut record| {
                record.key = call.key.clone();
                Some(record)
            }),
            Effect::StateOnly => Ok(None),
        };
        let tainted = self.session.is_tainted(work);
        let template = self.session.record_template(work);
        if !self.admit(step, work, call, Some(Verb::Delete), (template, planned)) {
            return;
        }
        if !tainted && self.session.has_provisions(work, When::Destroy) {
            self.announce(step);
            self.provision(step);
        } else {
            self.open(step).await;
        }
    }

    /// Takes a call in, with what its record is made from and the record that goes into its intent,
    /// where there is to be one; false when it cannot be made.
    fn admit(
        &mut self,
        step: StepId,
        work: usize,
        call: Call,
        verb: Option<Verb>,
        (template, planned): (RecordTemplate, Result<Option<Record>, StoredError>),
    ) -> bool {
        let planned = match planned {
            Ok(planned) => planned,
            Err(error) => {
                self.seal_error(work, &error);
                self.pass(step, false);
                return false;
            }
        };
        let key = call.key.clone();
        let owner =
            Owner { key: self.ports.random.owner_key(), lineage: self.session.lineage().clone() };
        let intent = verb.zip(planned).map(|(verb, planned)| Intent {
            owner: owner.key.clone(),
            key: key.clone(),
            verb,
            planned,
        });
        let begun = self.ports.clock.now();
        let attempt = Attempt {
            step,
            timeout: Timeout::of(&call, verb, begun),
            call: Arc::new(call),
            verb,
            owner,
            intent: false,
            survey: Vec::new(),
            template: Arc::new(template),
            answered: self.answered.clone(),
            ports: self.ports.clone(),
        };
        let calling = Calling {
            work,
            key,
            verb,
            begun,
            attempt,
            tries: 0,
            intent,
            announced: false,
            failure: None,
            response: None,
            phase: Phase::Intending,
        };
        self.calling.insert(step, calling);
        true
    }

    /// Looks what is there and records what is about to be done, where that has an effect outside;
    /// then the call is made.
    pub async fn open(&mut self, step: StepId) {
        let Some(calling) = self.calling.get_mut(&step) else { return };
        if calling.intent.is_none() {
            return self.attempt(step).await;
        }
        if calling.verb != Some(Verb::Create) {
            return self.intend(step);
        }
        calling.phase = Phase::Surveying;
        let attempt = calling.attempt.clone();
        self.spawn(step, async move { Signal::Surveyed(step, attempt.survey().await) });
    }

    /// What is there before a create is known, or cannot be.
    pub fn surveyed(&mut self, step: StepId, survey: Result<Vec<u8>, Failure>) {
        let Some(calling) = self.calling.get_mut(&step) else { return };
        match survey {
            Ok(survey) => {
                if !survey.is_empty()
                    && let Some(intent) = &mut calling.intent
                {
                    intent.planned.private.clone_from(&survey);
                }
                calling.attempt.survey = survey;
                self.intend(step);
            }
            Err(failure) => self.failed(step, failure, IntentClass::Failed),
        }
    }

    fn intend(&mut self, step: StepId) {
        let Some(calling) = self.calling.get_mut(&step) else { return };
        let Some(intent) = calling.intent.take() else { return };
        calling.attempt.intent = true;
        calling.phase = Phase::Intending;
        let recorded = self.journal.intent(intent);
        self.saving.push(Box::pin(async move { Saved::Intent(step, recorded.await) }));
    }

    /// The intent of a call is durable, or cannot be made so.
    pub async fn intended(&mut self, step: StepId, result: Result<(), JournalError>) {
        match result {
            Ok(()) if self.given_up || self.journal_failed => self.give_up(step),
            Ok(()) => self.attempt(step).await,
            Err(error) => self.unrecorded(step, error),
        }
    }

    /// Tells that something begins, once what it waited for has been told to be over.
    pub fn announce(&mut self, step: StepId) {
        let Some(calling) = self.calling.get_mut(&step) else { return };
        if !std::mem::replace(&mut calling.announced, true) {
            let (key, verb) = (&calling.key, calling.verb);
            let changes = matches!(verb, Some(Verb::Update | Verb::Delete));
            let before = &self.session.change(calling.work).before;
            let id = shown_id(before).filter(|_| changes);
            self.ports.observer.event(&Event::Started { key, verb, id });
        }
    }

    /// Makes the call, for the first time or once more.
    pub async fn attempt(&mut self, step: StepId) {
        self.announce(step);
        let Some(calling) = self.calling.get_mut(&step) else { return };
        calling.phase = Phase::Calling;
        calling.tries += 1;
        let attempt = calling.attempt.clone();
        if attempt.intent || attempt.verb.is_none() {
            self.spawn(step, async move { Signal::Called(step, attempt.run().await) });
        } else {
            // Nothing to wait for: no task.
            let ended = attempt.work().await;
            self.called(step, ended);
        }
    }

    /// Lets something go on beside the run.
    pub fn spawn(&mut self, step: StepId, work: impl Future<Output = Signal> + Send + 'static) {
        let task = self.tasks.spawn(work);
        self.of_task.insert(task.id(), step);
    }
}
