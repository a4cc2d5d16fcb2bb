//! What follows from the end of a call.

use platoform_diagnostic::Diagnostic;
use platoform_plan::{Action, StepId, Verb};
use platoform_provider::{ApplyResponse, Failure, Problem, value::Value};

use crate::call::{Ended, has_errors, note};
use crate::calling::Phase;
use crate::run::{Run, Saved};
use crate::{IntentClass, Outcome, Write};
use platoform_config::When;

impl Run<'_> {
    /// A call ended.
    pub fn called(&mut self, step: StepId, ended: Ended) {
        self.release(step);
        match ended {
            Ended::Done(response) => self.call_done(step, response),
            Ended::Failed(failure) => self.failed(step, failure, IntentClass::Failed),
            Ended::Again(failure, pause) => self.again(step, failure, pause),
            Ended::Unknown(failure) => self.failed(step, failure, IntentClass::Unknown),
            Ended::Found(failure, current, private) => self.found(step, failure, current, private),
        }
    }

    /// The provider answered, and the object cannot be used yet: that holds no slot, and what is
    /// there is recorded.
    pub fn answered(&mut self, step: StepId, response: ApplyResponse) {
        let Some(calling) = self.calling.get_mut(&step) else { return };
        if calling.phase != Phase::Calling {
            return;
        }
        calling.phase = Phase::Settling;
        self.release(step);
        let calling = &self.calling[&step];
        let unfinished = calling.verb == Some(Verb::Create);
        let template = &calling.attempt.template;
        match template.record(&response.current, response.private, unfinished) {
            Ok(record) => self.keep(step, Write::Put(Box::new(record)), false),
            Err(error) => self.seal_error(self.calling[&step].work, &error),
        }
    }

    fn call_done(&mut self, step: StepId, response: ApplyResponse) {
        let Some(calling) = self.calling.get(&step) else { return };
        let (work, verb, key) = (calling.work, calling.verb, calling.key.clone());
        self.report(work, &response.problems);
        let mut failed = has_errors(&response.problems);
        if verb == Some(Verb::Delete) {
            let writes = if failed { Vec::new() } else { vec![Write::Remove(key)] };
            let class = if failed { IntentClass::Failed } else { IntentClass::Done };
            return self.record(step, class, writes, note(&response.problems), !failed);
        }
        if !response.current.is_wholly_known() {
            self.diagnostics.push(invalid(key.address.to_string()));
            failed = true;
        }
        self.session.complete(work, &response.current);
        match verb {
            None => {
                let found = self.session.postconditions(work);
                failed |= found.has_errors();
                self.diagnostics.extend(found);
                self.finished_now(step, !failed);
            }
            Some(Verb::Create) if !failed && self.session.has_provisions(work, When::Create) => {
                self.keep_for_provisioners(step, response);
            }
            Some(_) => self.settle(step, response, failed),
        }
    }

    /// Records what is there now, whatever comes next.
    pub fn keep(&mut self, step: StepId, write: Write, provisioners: bool) {
        let attempt = &self.calling[&step].attempt;
        let kept = if attempt.intent {
            let owner = attempt.owner.key.clone();
            let class = IntentClass::Created;
            self.journal.outcome(Outcome { owner, class, writes: vec![write], note: None })
        } else {
            self.write(vec![write]);
            self.journal.sync()
        };
        self.saving.push(Box::pin(async move { Saved::Kept(step, provisioners, kept.await) }));
    }

    /// Records an object that was made or changed, and checks what it has become.
    pub fn settle(&mut self, step: StepId, response: ApplyResponse, failed: bool) {
        let calling = &self.calling[&step];
        let work = calling.work;
        let tainted = failed && calling.verb == Some(Verb::Create);
        let template = &calling.attempt.template;
        let record = template.record(&response.current, response.private, tainted);
        let found = self.session.postconditions(work);
        let succeeded = !failed && !found.has_errors();
        self.diagnostics.extend(found);
        match record {
            Ok(record) => {
                let writes = vec![Write::Put(Box::new(record))];
                self.record(step, IntentClass::Done, writes, note(&response.problems), succeeded);
            }
            Err(error) => {
                self.seal_error(work, &error);
                self.finished_now(step, false);
            }
        }
    }

    /// A call failed for good.
    pub fn failed(&mut self, step: StepId, failure: Failure, class: IntentClass) {
        let Some(calling) = self.calling.get(&step) else { return };
        let (work, verb) = (calling.work, calling.verb);
        let mut old = calling.key.clone();
        self.report(work, &failure.problems);
        let mut writes = Vec::new();
        let restores = self.session.change(work).action == Action::CreateThenDelete
            && verb == Some(Verb::Create)
            && class == IntentClass::Failed;
        if restores && let Some(deposed) = self.deposed.remove(&work) {
            old.deposed = Some(deposed);
            match self.session.prior_record(work) {
                Ok(record) => {
                    writes.push(Write::Remove(old));
                    writes.push(Write::Put(Box::new(record)));
                }
                Err(error) => self.seal_error(work, &error),
            }
        }
        self.record(step, class, writes, note(&failure.problems), false);
    }

    /// A call failed, but something is there: it is recorded as it is. Nobody saw the making of a
    /// new object end well.
    fn found(&mut self, step: StepId, failure: Failure, current: Value, private: Vec<u8>) {
        let Some(calling) = self.calling.get(&step) else { return };
        let (work, created) = (calling.work, calling.verb == Some(Verb::Create));
        let (key, template) = (calling.key.clone(), calling.attempt.template.clone());
        self.report(work, &failure.problems);
        let detail = if created {
            "The object was made all the same; it is recorded, and replaced by the next run, \
             because nobody knows whether it is whole"
        } else {
            "The object was changed all the same; it is recorded as it is now"
        };
        let address = key.address.to_string();
        let found = Diagnostic::warning("A failed call had an effect", detail);
        self.diagnostics.push(found.within(address));
        let write = if current.is_null() {
            Ok(Write::Remove(key))
        } else {
            let tainted = created || self.session.is_tainted(work);
            let record = template.record(&current, private, tainted);
            record.map(|record| Write::Put(Box::new(record)))
        };
        match write {
            Ok(write) => {
                let note = note(&failure.problems);
                self.record(step, IntentClass::Done, vec![write], note, false);
            }
            Err(error) => {
                self.seal_error(work, &error);
                self.finished_now(step, false);
            }
        }
    }

    fn report(&mut self, work: usize, problems: &[Problem]) {
        let found = self.session.problems(work, problems);
        self.diagnostics.extend(found);
    }
}

fn invalid(address: String) -> Diagnostic {
    let detail = "After the apply it still calls parts of the object unknown: this is a bug in the \
                  provider";
    Diagnostic::error("Provider returned an invalid result", detail).within(address)
}
