//! Recording what came of calls.

use std::collections::BTreeMap;

use platoform_diagnostic::Diagnostic;
use platoform_plan::{Plan, PlanMode, StepId, Verb};
use platoform_provider::value::Value;

use crate::calling::Phase;
use crate::run::{Run, Saved};
use crate::{Event, IntentClass, JournalError, Outcome, Write};

impl Run<'_> {
    /// Records what came of a call. Those that depend on it go on at once: what they are about to
    /// do is recorded after this, so it is not done before this is durable.
    pub fn record(
        &mut self,
        step: StepId,
        class: IntentClass,
        writes: Vec<Write>,
        note: Option<String>,
        succeeded: bool,
    ) {
        let Some(calling) = self.calling.get_mut(&step) else { return };
        if !calling.attempt.intent {
            if !writes.is_empty() {
                self.write(writes);
            }
            return self.finished_now(step, succeeded);
        }
        calling.phase = Phase::Recording;
        let owner = calling.attempt.owner.key.clone();
        let recorded = self.journal.outcome(Outcome { owner, class, writes, note });
        self.saving.push(Box::pin(async move { Saved::Outcome(step, succeeded, recorded.await) }));
        self.pass(step, succeeded);
    }

    /// Something has become durable, or has not.
    pub async fn saved(&mut self, saved: Saved) {
        match saved {
            Saved::Intent(step, result) => self.intended(step, result).await,
            Saved::Kept(step, provisioners, Ok(())) if provisioners => self.kept(step),
            Saved::Kept(_, _, Ok(())) => {}
            Saved::Kept(step, provisioners, Err(error)) => {
                self.journal_error(error);
                if provisioners {
                    self.finished_now(step, false);
                }
            }
            Saved::Outcome(step, succeeded, Ok(())) => self.ended(step, succeeded),
            Saved::Outcome(step, _, Err(error)) => {
                self.journal_error(error);
                self.ended(step, false);
            }
        }
    }

    /// A call is over, and nothing of it is left to be recorded by anybody else.
    pub fn finished_now(&mut self, step: StepId, succeeded: bool) {
        if self.calling.contains_key(&step) {
            self.ended(step, succeeded);
            self.pass(step, succeeded);
        }
    }

    /// A call could not even begin, because the journal failed.
    pub fn unrecorded(&mut self, step: StepId, error: JournalError) {
        self.journal_error(error);
        self.finished_now(step, false);
    }

    /// Tells how a call ended, and counts it.
    fn ended(&mut self, step: StepId, succeeded: bool) {
        self.announce(step);
        let Some(calling) = self.calling.remove(&step) else { return };
        let took = self.ports.clock.now().saturating_sub(calling.begun);
        let (key, verb) = (&calling.key, calling.verb);
        if !succeeded {
            return self.ports.observer.event(&Event::Failed { key, verb, took });
        }
        match verb {
            Some(Verb::Create) => self.summary.add += 1,
            Some(Verb::Update) => self.summary.change += 1,
            Some(Verb::Delete) => self.summary.destroy += 1,
            None => {}
        }
        let value = self.session.current(calling.work);
        let id = value.as_ref().and_then(shown_id);
        self.ports.observer.event(&Event::Finished { key, verb, id, took });
    }

    /// Writes the root outputs that the plan changes, as far as their values are known now.
    pub fn write_outputs(&mut self, plan: &Plan) {
        if plan.mode == PlanMode::Destroy && (plan.targeted || self.diagnostics.has_errors()) {
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
            let known = output.after.as_ref().is_none_or(Value::is_wholly_known);
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

/// The `id` attribute of an object, unless it is sensitive.
pub(crate) fn shown_id(value: &Value) -> Option<&str> {
    value.get("id").filter(|id| id.marks().is_empty()).and_then(Value::as_str)
}
