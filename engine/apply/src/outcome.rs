//! What follows from the end of a call.

use std::collections::BTreeMap;

use platoform_diagnostic::{Diagnostic, Diagnostics};
use platoform_plan::{Action, Plan, StepId, Verb};
use platoform_provider::{ApplyResponse, Failure, FailureClass, Problem, Severity};

use crate::call::{Ended, note};
use crate::run::{Run, Signal};
use crate::{Event, IntentClass, JournalError, Outcome, Write};

/// What remains to be done once the outcome of a call is durable.
pub(crate) struct Recorded {
    pub succeeded: bool,
}

impl Run {
    /// A call ended: works out what to record.
    pub fn called(&mut self, step: StepId, ended: Ended) {
        let Some(calling) = self.calling.get_mut(&step) else { return };
        calling.ended = true;
        let work = calling.work;
        let delete = calling.verb == Some(Verb::Delete);
        match ended {
            Ended::Journal(error) => {
                self.journal_error(error);
                self.finished(step, false, None);
            }
            Ended::Failed(failure) => self.call_failed(step, work, failure),
            Ended::Done(response) if delete => {
                let key = self.calling[&step].key.clone();
                self.report(work, &response.problems);
                let failed = has_errors(&response.problems);
                let writes = if failed { Vec::new() } else { vec![Write::Remove(key)] };
                let class = if failed { IntentClass::Failed } else { IntentClass::Done };
                self.record(step, class, writes, note(&response.problems), !failed);
            }
            Ended::Done(response) => self.call_done(step, work, response),
        }
    }

    fn call_done(&mut self, step: StepId, work: usize, response: ApplyResponse) {
        let verb = self.calling[&step].verb;
        let mut failed = has_errors(&response.problems);
        self.report(work, &response.problems);
        if !response.current.is_wholly_known() {
            let detail = "After the apply it still calls parts of the object unknown: this is a bug \
                          in the provider";
            let address = self.session.change(work).key.address.to_string();
            let summary = "Provider returned an invalid result";
            self.diagnostics.push(Diagnostic::error(summary, detail).within(address));
            failed = true;
        }
        let Some(verb) = verb else {
            let found = self.session.complete(work, &response.current);
            failed |= found.has_errors();
            self.diagnostics.extend(found);
            return self.finished(step, !failed, None);
        };
        let tainted = failed && verb == Verb::Create;
        let template = self.session.record_template(work);
        let record = template.record(&response.current, response.private, tainted);
        let found = self.session.complete(work, &response.current);
        let succeeded = !failed && !found.has_errors();
        self.diagnostics.extend(found);
        match record {
            Ok(record) => {
                let writes = vec![Write::Put(Box::new(record))];
                let note = note(&response.problems);
                self.record(step, IntentClass::Done, writes, note, succeeded);
            }
            Err(error) => {
                self.seal_error(work, &error);
                self.finished(step, false, None);
            }
        }
    }

    fn call_failed(&mut self, step: StepId, work: usize, failure: Failure) {
        self.report(work, &failure.problems);
        let calling = &self.calling[&step];
        let class = match failure.class {
            FailureClass::Unknown => IntentClass::Unknown,
            FailureClass::Fail | FailureClass::Retry(_) => IntentClass::Failed,
        };
        let mut writes = Vec::new();
        let restores = self.session.change(work).action == Action::CreateThenDelete
            && calling.verb == Some(Verb::Create)
            && class == IntentClass::Failed;
        if restores && let Some(deposed) = self.deposed.remove(&work) {
            let mut old = calling.key.clone();
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

    /// Records what came of a call; the step is over once that is durable.
    fn record(
        &mut self,
        step: StepId,
        class: IntentClass,
        writes: Vec<Write>,
        note: Option<String>,
        succeeded: bool,
    ) {
        let calling = &self.calling[&step];
        if !calling.intent {
            if !writes.is_empty() {
                self.write(writes);
            }
            return self.finished(step, succeeded, None);
        }
        let outcome = Outcome { owner: calling.owner.clone(), class, writes, note };
        let journal = self.ports.journal.clone();
        self.running.spawn(async move {
            let result = journal.outcome(outcome).await.map(|()| Recorded { succeeded });
            Signal::Recorded(step, result)
        });
    }

    /// The outcome of a call is durable, or cannot be made so.
    pub fn recorded(&mut self, step: StepId, result: Result<Recorded, JournalError>) {
        match result {
            Ok(recorded) => self.finished(step, recorded.succeeded, None),
            Err(error) => self.finished(step, false, Some(error)),
        }
    }

    /// A call is over, with everything that belongs to it.
    fn finished(&mut self, step: StepId, succeeded: bool, error: Option<JournalError>) {
        if let Some(error) = error {
            self.journal_error(error);
        }
        let Some(calling) = self.calling.remove(&step) else { return };
        let took = self.ports.clock.now().saturating_sub(calling.begun);
        let (key, verb) = (&calling.key, calling.verb);
        if succeeded {
            match verb {
                Some(Verb::Create) => self.summary.add += 1,
                Some(Verb::Update) => self.summary.change += 1,
                Some(Verb::Delete) => self.summary.destroy += 1,
                None => {}
            }
            let value = self.session.current(calling.work);
            let id = value.as_ref().and_then(|value| value.get("id"));
            let id = id.filter(|id| id.marks().is_empty()).and_then(|id| id.as_str());
            self.ports.observer.event(&Event::Finished { key, verb, id, took });
        } else {
            self.ports.observer.event(&Event::Failed { key, verb, took });
        }
        self.pass(step, succeeded);
    }

    fn report(&mut self, work: usize, problems: &[Problem]) {
        let found: Diagnostics = self.session.problems(work, problems);
        self.diagnostics.extend(found);
    }

    /// Writes the root outputs that the plan changes, as far as their values are known now.
    pub fn write_outputs(&mut self, plan: &Plan) {
        if plan.mode == platoform_plan::PlanMode::Destroy
            && (plan.targeted || self.diagnostics.has_errors())
        {
            return;
        }
        let records = match self.session.output_records() {
            Ok(records) => records,
            Err(error) => {
                let summary = "The state cannot be written";
                self.diagnostics.push(Diagnostic::error(summary, error.to_string()));
                return;
            }
        };
        let mut records: BTreeMap<_, _> = records.into_iter().collect();
        let done =
            |name: &str| self.session.output_step(name).is_none_or(|step| self.is_done(step));
        let changed = plan.outputs.iter().filter(|output| output.is_change() && done(&output.name));
        let only_found = plan.mode == platoform_plan::PlanMode::RefreshOnly;
        let mut writes = Vec::new();
        for output in changed {
            let known =
                output.after.as_ref().is_none_or(platoform_provider::value::Value::is_wholly_known);
            if only_found && !known {
                continue;
            }
            match (&output.after, records.remove(&output.name)) {
                (None, _) => writes.push(Write::Output(output.name.clone(), None)),
                (Some(_), Some(record)) => {
                    writes.push(Write::Output(output.name.clone(), Some(record)));
                }
                // Known by now, and null: there is no such output.
                (Some(_), None) => writes.push(Write::Output(output.name.clone(), None)),
            }
        }
        if !writes.is_empty() {
            self.write(writes);
        }
    }
}

fn has_errors(problems: &[Problem]) -> bool {
    problems.iter().any(|problem| problem.severity == Severity::Error)
}
