//! `log show`

use std::fmt::Write as _;

use platoform_plan::{OutputChange, OutputRecord, Record, RecordKey, Seal};
use platoform_schema::Block;
use platoform_state::{FailedCall, Run, RunChanges};
use platoform_value::Value;
use serde_json::Value as Json;

use super::super::show::contents;
use super::super::{output, state, workspace};
use crate::error::{Failure, Outcome};
use crate::providers::Registry;
use crate::report::json::log;
use crate::report::paint::Paint;
use crate::report::plan::{object_name, outputs, write_change};
use crate::settings::Settings;

/// Shows what a run changed; secrets are hidden.
pub async fn run(settings: &Settings, number: i64, json: bool) -> Result<Outcome, Failure> {
    let store = state::look(settings, None).await?;
    let failure = |error| workspace::failure(&error);
    let changes = store.changes(number).await.map_err(failure)?;
    let runs = store.runs(usize::MAX).await.map_err(failure)?;
    let run = runs.into_iter().find(|run| run.number == number);
    let outputs = output_changes(&changes, store.sealer())?;
    let objects: Vec<Object<'_>> =
        changes.objects.iter().map(|(key, pair)| Object::new(key, pair, store.sealer())).collect();
    let shown = Shown { run: run.as_ref(), objects, outputs, failures: &changes.failures };
    let text =
        if json { format!("{:#}\n", shown.document()) } else { shown.text(settings.output.data) };
    settings.output.data(&text)?;
    Ok(Outcome::Done)
}

/// What is shown of a run.
struct Shown<'a> {
    run: Option<&'a Run>,
    objects: Vec<Object<'a>>,
    outputs: Vec<OutputChange>,
    failures: &'a [FailedCall],
}

/// An object before and after.
struct Object<'a> {
    key: &'a RecordKey,
    records: (Option<&'a Record>, Option<&'a Record>),
    before: Option<(Block, Value)>,
    after: Option<(Block, Value)>,
}

impl Shown<'_> {
    fn text(&self, paint: Paint) -> String {
        let mut out = self.run.map(|run| head(run, paint)).unwrap_or_default();
        for object in &self.objects {
            out.push('\n');
            object.write(&mut out, paint);
        }
        let outputs = outputs(&self.outputs, paint);
        if !outputs.is_empty() {
            let _ = write!(out, "\n{outputs}");
        }
        for (index, call) in self.failures.iter().enumerate() {
            let _ = write!(out, "{}{}", if index == 0 { "\n" } else { "" }, failed(call, paint));
        }
        if self.objects.is_empty() && outputs.is_empty() && self.failures.is_empty() {
            out.push_str("\nNothing in the state was changed.\n");
        }
        out
    }

    fn document(&self) -> Json {
        let objects: Vec<log::Object<'_>> = self.objects.iter().map(Object::described).collect();
        let run = self.run.map(log::run).unwrap_or_default();
        log::changes(run, &objects, &self.outputs, self.failures)
    }
}

impl<'a> Object<'a> {
    fn new(
        key: &'a RecordKey,
        (before, after): &'a (Option<Record>, Option<Record>),
        seal: &dyn Seal,
    ) -> Self {
        let (before, after) = (before.as_ref(), after.as_ref());
        let read = |it: Option<&Record>| it.map(|it| contents(it, &Registry::default(), seal));
        Self { key, records: (before, after), before: read(before), after: read(after) }
    }

    fn values(&self) -> (Option<&Value>, Option<&Value>) {
        (self.before.as_ref().map(|it| &it.1), self.after.as_ref().map(|it| &it.1))
    }

    fn write(&self, out: &mut String, paint: Paint) {
        let Some((block, _)) = self.after.as_ref().or(self.before.as_ref()) else { return };
        let title = format!("{} {}", paint.bold(object_name(self.key)), self.verdict());
        write_change(out, &title, &self.key.address, block, self.values(), paint);
    }

    /// What became of the record.
    fn verdict(&self) -> &'static str {
        match self.records {
            (None, _) => "was added",
            (_, None) => "was removed",
            (Some(before), Some(after)) => match (before.tainted, after.tainted) {
                (false, true) => "was changed, and is tainted since",
                (true, false) => "was changed, and is not tainted any more",
                _ => "was changed",
            },
        }
    }

    fn described(&self) -> log::Object<'_> {
        let (before, after) = self.values();
        let tainted = self.records.1.map(|record| record.tainted);
        log::Object { key: self.key, before, after, tainted }
    }
}

fn head(run: &Run, paint: Paint) -> String {
    let process = &run.process;
    let title = paint.bold(format!("Run {}: `{}`", run.number, process.command));
    let ended = run.ended.as_deref().unwrap_or("nobody saw when");
    let mut out = format!(
        "{title}\n  Who:     {}@{}, pid {}\n  Begun:   {}\n  Ended:   {ended}\n  Outcome: {}\n",
        process.user,
        process.host,
        process.pid,
        run.begun,
        super::outcome(run),
    );
    if !run.digest.is_empty() {
        let _ = writeln!(out, "  Plan:    {}", run.digest);
    }
    let _ = writeln!(out, "  Objects: {}", super::counts(run));
    out
}

fn failed(call: &FailedCall, paint: Paint) -> String {
    let how = match &*call.class {
        "failed" => "failed",
        _ => "ended nobody knows how",
    };
    let note = call.note.as_ref().map(|note| format!(": {note}")).unwrap_or_default();
    format!("{}: {} {how}{note}\n", paint.bold(&call.address), call.verb)
}

fn output_changes(changes: &RunChanges, seal: &dyn Seal) -> Result<Vec<OutputChange>, Failure> {
    let read = |name: &str, record: &Option<OutputRecord>| -> Result<Option<Value>, Failure> {
        record.as_ref().map(|record| output::decode(name, record, seal)).transpose()
    };
    let change = |(name, (before, after)): (&std::sync::Arc<str>, &(Option<_>, Option<_>))| {
        let is_secret =
            |record: &Option<OutputRecord>| record.as_ref().is_some_and(|record| record.sensitive);
        Ok(OutputChange {
            name: name.clone(),
            before: read(name, before)?,
            after: read(name, after)?,
            sensitive: is_secret(before) || is_secret(after),
            declared: after.is_some(),
        })
    };
    changes.outputs.iter().map(change).collect()
}
