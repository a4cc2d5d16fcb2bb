//! What goes on while applying, as lines of the stream.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use platoform_apply::{Event, Observer, ProvisionStage};
use platoform_plan::{RecordKey, Verb};
use serde_json::{Value as Json, json};

use super::resource::event_name;
use super::stream::line;
use crate::report::progress::{Sink, Ticker, Watch, noun, running, seconds, some_of};

/// How often a line says that something is still running.
const REMINDER: Duration = Duration::from_secs(10);

type Calls = BTreeMap<RecordKey, (Option<Verb>, Instant)>;

/// Writes events as they come, and reminders of what takes long.
pub struct Stream {
    calls: Arc<Mutex<Calls>>,
    sink: Arc<Sink>,
    ticker: Ticker,
}

impl Stream {
    /// Writes to a sink.
    ///
    /// # Errors
    /// When the thread for reminders cannot be started.
    pub fn new(sink: Sink) -> io::Result<Self> {
        let (calls, sink) = (Arc::new(Mutex::new(Calls::new())), Arc::new(sink));
        let (known, write) = (calls.clone(), sink.clone());
        let ticker = Ticker::start(REMINDER, move |last| {
            let reminders = if last { Vec::new() } else { reminders(&lock(&known)) };
            reminders.iter().for_each(|line| write(line));
        })?;
        Ok(Self { calls, sink, ticker })
    }

    fn text(&self, event: &Event<'_>) -> Option<String> {
        Some(match *event {
            Event::Begin { .. } => return None,
            Event::Started { key, verb, id } => {
                lock(&self.calls).insert(key.clone(), (verb, Instant::now()));
                let doing = if verb.is_none() { "Refreshing" } else { running(verb) };
                let (mut rest, mut message) = (json!({}), format!("{doing}..."));
                identify(id, &mut rest, &mut message);
                hook("apply_start", key, verb, &message, rest)
            }
            Event::Progress { key, status } => {
                let calls = lock(&self.calls);
                let (verb, since) = *calls.get(key)?;
                let elapsed = json!({ "elapsed_seconds": since.elapsed().as_secs() });
                hook("apply_progress", key, verb, status, elapsed)
            }
            Event::Finished { key, verb, id, took } => {
                lock(&self.calls).remove(key);
                let mut rest = json!({ "elapsed_seconds": took.as_secs() });
                let mut message = format!("{} complete after {}", done(verb), seconds(took));
                identify(id.filter(|_| verb != Some(Verb::Delete)), &mut rest, &mut message);
                hook("apply_complete", key, verb, &message, rest)
            }
            Event::Failed { key, verb, took } => {
                lock(&self.calls).remove(key);
                let message = format!("{} errored after {}", done(verb), seconds(took));
                let rest = json!({ "elapsed_seconds": took.as_secs() });
                hook("apply_errored", key, verb, &message, rest)
            }
            Event::Provisioning { key, provisioner, stage } => provision(key, provisioner, stage),
            Event::Stopping { keys, .. } => {
                let names = some_of(keys).map(|names| format!(". Waiting for {names}"));
                let names = names.unwrap_or_default();
                super::stream::log(&format!("Stopping: what runs is finished and saved{names}"))
            }
        })
    }
}

impl Observer for Stream {
    fn event(&self, event: &Event<'_>) {
        if let Some(text) = self.text(event) {
            (self.sink)(&text);
        }
    }
}

impl Watch for Stream {
    fn finish(&self) {
        self.ticker.stop();
    }
}

/// Tells the object's id.
fn identify(id: Option<&str>, rest: &mut Json, message: &mut String) {
    if let Some(id) = id {
        rest["id_key"] = "id".into();
        rest["id_value"] = id.into();
        message.push_str(&format!(" [id={id}]"));
    }
}

fn lock(calls: &Mutex<Calls>) -> MutexGuard<'_, Calls> {
    calls.lock().unwrap_or_else(PoisonError::into_inner)
}

fn done(verb: Option<Verb>) -> &'static str {
    if verb.is_none() { "Refresh" } else { noun(verb) }
}

fn reminders(calls: &Calls) -> Vec<String> {
    let long = calls.iter().filter(|(_, (_, since))| since.elapsed() >= REMINDER);
    let lines = long.map(|(key, (verb, since))| {
        let elapsed = since.elapsed();
        let verb_now = running(*verb).to_lowercase();
        let message = format!("Still {verb_now}... [{} elapsed]", seconds(elapsed));
        let rest = json!({ "elapsed_seconds": elapsed.as_secs() });
        hook("apply_progress", key, *verb, &message, rest)
    });
    lines.collect()
}

fn provision(key: &RecordKey, provisioner: &str, stage: ProvisionStage<'_>) -> String {
    let mut hook = json!({ "resource": event_name(&key.address), "provisioner": provisioner });
    let (kind, message) = match stage {
        ProvisionStage::Started => {
            ("provision_start", format!("Provisioning with '{provisioner}'..."))
        }
        ProvisionStage::Line(text) => {
            hook["output"] = text.into();
            ("provision_progress", format!("({provisioner}): {text}"))
        }
        ProvisionStage::Finished => {
            ("provision_complete", format!("({provisioner}) Provisioning complete"))
        }
        ProvisionStage::Failed => {
            ("provision_errored", format!("({provisioner}) Provisioning errored"))
        }
    };
    line(kind, &format!("{}: {message}", key.address), json!({ "hook": hook }))
}

fn hook(kind: &str, key: &RecordKey, verb: Option<Verb>, message: &str, mut rest: Json) -> String {
    rest["resource"] = event_name(&key.address);
    rest["action"] = verb.map_or("read", Verb::as_str).into();
    line(kind, &format!("{}: {message}", key.address), json!({ "hook": rest }))
}
