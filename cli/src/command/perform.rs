//! Performing a plan: progress, interruption, and what came of it.

use std::future::Future;
use std::sync::Arc;
use std::time::Instant;

use platoform_apply::{Applied, ApplyOptions, Ports, Random as _, Stop, apply};
use platoform_diagnostic::{Diagnostic, Diagnostics};
use platoform_plan::{KeptOutput, Planned};
use platoform_provisioners::Programs;
use platoform_state::Store;
use platoform_value::Marks;
use tokio::signal::unix::{SignalKind, signal};

use super::workspace::failure;
use crate::error::{Failure, Outcome};
use crate::ports::{Chance, Stopwatch};
use crate::report::json::progress::Stream;
use crate::report::json::stream;
use crate::report::progress::{Progress, Watch};
use crate::report::value::{Output, outputs_block};
use crate::settings::Settings;

/// Interruptions after which not even what is under way is saved.
const PATIENCE: u8 = 3;

/// How a plan is performed and told about.
#[derive(Clone, Copy, Debug)]
pub struct Manner {
    /// Calls at a time.
    pub parallelism: usize,
    /// The user said `destroy`.
    pub destroys: bool,
}

/// Performs a plan and tells how it went, but not again what was `shown` with the plan.
///
/// # Errors
/// When not everything was done.
pub async fn perform(
    settings: &Settings,
    store: Store,
    planned: Planned,
    manner: Manner,
    shown: &Diagnostics,
) -> Result<Outcome, Failure> {
    let targeted = planned.plan.targeted;
    let kept = planned.plan.kept_outputs.clone();
    let store = Arc::new(store);
    let progress = progress(settings)?;
    let stop = Arc::new(Stop::default());
    let ports = Ports {
        journal: store.clone(),
        observer: progress.clone(),
        clock: Arc::new(Stopwatch(Instant::now())),
        random: Arc::new(Chance),
        volatile: Arc::new(Chance),
        provisioner: Arc::new(Programs {
            directory: settings.directory().to_owned(),
            agent: settings.environment.get("SSH_AUTH_SOCK").map(Into::into),
            name: || Chance.owner_key().to_string(),
        }),
    };
    let options = ApplyOptions { parallelism: manner.parallelism, stop: stop.clone() };
    let applied = tokio::select! {
        applied = apply(planned, ports, options) => Some(applied),
        error = interruptions(&stop) => match error {
            Ok(()) => None,
            Err(failure) => return Err(failure),
        },
    };
    progress.finish();
    let saved = close(store).await;
    let Some(mut applied) = applied else {
        return Err(Diagnostic::error("Interrupted", "The run was given up with calls under way")
            .help("the next run looks up what became of them")
            .into());
    };
    let told = |found: &Diagnostic| shown.iter().any(|known| known == found);
    applied.diagnostics = applied.diagnostics.into_iter().filter(|found| !told(found)).collect();
    if targeted {
        let detail = "The plan was narrowed: there may be more to do";
        applied.diagnostics.push(
            Diagnostic::warning("Applied changes may be incomplete", detail)
                .help("`platoform plan` shows what is left"),
        );
    }
    finish(settings, applied, manner.destroys, kept, saved)
}

fn progress(settings: &Settings) -> Result<Arc<dyn Watch>, Failure> {
    let output = settings.output;
    let progress = if output.stream {
        Stream::new(Box::new(move |line| output.event(line))).map(|it| Arc::new(it) as Arc<_>)
    } else if output.interactive {
        Progress::on_terminal(output.note).map(|it| Arc::new(it) as Arc<_>)
    } else {
        let lines = Progress::lines(Box::new(move |line| output.note(line)));
        lines.map(|it| Arc::new(it) as Arc<_>)
    };
    progress
        .map_err(|error| Diagnostic::error("Progress cannot be shown", error.to_string()).into())
}

/// Hands the user's interruptions on; ends when patience does.
async fn interruptions(stop: &Stop) -> Result<(), Failure> {
    let listen = |kind| {
        signal(kind).map_err(|error| {
            Failure::from(Diagnostic::error("Signals cannot be received", error.to_string()))
        })
    };
    let mut interrupt = listen(SignalKind::interrupt())?;
    let mut terminate = listen(SignalKind::terminate())?;
    let mut hang_up = listen(SignalKind::hangup())?;
    while stop.requests() + 1 < PATIENCE {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hang_up.recv() => {}
        }
        stop.request();
    }
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
        _ = hang_up.recv() => {}
    }
    Ok(())
}

/// Writes what is queued. Calls that were given up may still hold the store: dropping it writes,
/// too.
fn close(store: Arc<Store>) -> impl Future<Output = Result<(), Failure>> {
    let store = Arc::into_inner(store);
    async move {
        match store {
            Some(store) => store.close().await.map_err(|error| failure(&error)),
            None => Ok(()),
        }
    }
}

fn finish(
    settings: &Settings,
    applied: Applied,
    destroys: bool,
    kept: Vec<KeptOutput>,
    saved: Result<(), Failure>,
) -> Result<Outcome, Failure> {
    let paint = settings.output.data;
    let counts = applied.summary;
    let (add, change, destroy) = (counts.add, counts.change, counts.destroy);
    let imported = match counts.import {
        0 => String::new(),
        count => format!("{count} imported, "),
    };
    let failed = applied.diagnostics.has_errors() || applied.stopped;
    if !failed {
        let summary = if destroys {
            format!("Destroy complete! Resources: {destroy} destroyed.")
        } else {
            format!(
                "Apply complete! Resources: {imported}{add} added, {change} changed, {destroy} \
                 destroyed."
            )
        };
        let outputs = outputs(&applied, kept);
        if settings.output.stream {
            let operation = if destroys { "destroy" } else { "apply" };
            let lines = stream::summary(counts, operation, &summary) + &stream::outputs(&outputs);
            settings.output.data(&lines)?;
        } else {
            settings.output.data(&format!("\n{}\n", paint.bold(paint.green(summary))))?;
            let outputs = outputs_block(&outputs, paint, settings.output.printer());
            if !outputs.is_empty() {
                settings.output.data(&format!("\n{outputs}"))?;
            }
        }
        settings.output.diagnostics(&applied.diagnostics, applied.session.sources());
        return saved.map(|()| Outcome::Done);
    }
    if add + change + destroy > 0 {
        settings.output.note(&format!(
            "\n{}: {add} added, {change} changed, {destroy} destroyed before it ended.\n",
            settings.output.note.yellow("Not complete"),
        ));
    }
    let mut diagnostics = applied.diagnostics;
    if applied.stopped {
        let detail = "It was asked to stop before everything was done; what was done is saved";
        diagnostics.push(Diagnostic::error("Stopped", detail).help("run it again to go on"));
    }
    if let Err(failure) = saved {
        diagnostics.extend(failure.diagnostics);
    }
    Err(Failure::new(diagnostics, applied.session.sources().clone()))
}

/// The outputs of the state: those whose values are known now, and those that were kept.
fn outputs(applied: &Applied, kept: Vec<KeptOutput>) -> Vec<Output> {
    let known =
        applied.session.outputs().filter(|(_, value)| value.is_wholly_known() && !value.is_null());
    let mut outputs: Vec<Output> = known
        .map(|(name, value)| Output {
            name: name.clone(),
            value: value.clone(),
            sensitive: value.deep_marks().contains(Marks::SENSITIVE),
        })
        .collect();
    let kept = kept.into_iter();
    outputs.extend(kept.map(|KeptOutput { name, value, sensitive }| Output {
        name,
        value,
        sensitive,
    }));
    outputs.sort_by(|left, right| left.name.cmp(&right.name));
    outputs
}
