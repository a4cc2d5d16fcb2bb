//! What is running and what is done, and the lines that say so.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use platoform_apply::{Event, ProvisionStage};
use platoform_plan::{RecordKey, Verb};

use super::words::{noun, running, seconds, some_of};
use crate::report::literal::line;
use crate::report::paint::Paint;
use crate::report::plan::object_name;

/// The state of the display.
pub struct Board {
    paint: Paint,
    /// Actions in all.
    pub total: usize,
    /// Actions that ended.
    pub done: usize,
    /// The user asked to stop.
    pub stopping: bool,
    /// Beginnings are lines, too: where what is running cannot be shown otherwise.
    beginnings: bool,
    calls: BTreeMap<RecordKey, Call>,
    lines: Vec<String>,
}

/// A call that is running.
struct Call {
    verb: Option<Verb>,
    since: Instant,
    status: Option<String>,
}

impl Board {
    /// Nothing has happened.
    pub fn new(paint: Paint, beginnings: bool) -> Self {
        Self {
            paint,
            beginnings,
            total: 0,
            done: 0,
            stopping: false,
            calls: BTreeMap::new(),
            lines: Vec::new(),
        }
    }

    /// Something happens.
    pub fn event(&mut self, event: &Event<'_>) {
        match *event {
            Event::Begin { total } => self.total = total,
            Event::Started { key, verb, id } => {
                let call = Call { verb, since: Instant::now(), status: None };
                self.calls.insert(key.clone(), call);
                if self.beginnings {
                    let id = id.map(|id| format!(" [id={}]", line(id))).unwrap_or_default();
                    self.line(key, &format!("{}...{id}", running(verb)));
                }
            }
            Event::Progress { key, status } => {
                let status = line(status);
                if let Some(call) = self.calls.get_mut(key) {
                    call.status = Some(status.clone());
                }
                if self.beginnings {
                    self.line(key, &status);
                }
            }
            Event::Finished { key, verb, id, took } => {
                let id = id.map(|id| format!(" [id={}]", line(id))).unwrap_or_default();
                self.end(key, &format!("{} complete after {}{id}", noun(verb), seconds(took)));
            }
            Event::Failed { key, verb, took } => {
                let text = format!("{} failed after {}", noun(verb), seconds(took));
                self.end(key, &self.paint.red(text));
            }
            Event::Provisioning { key, provisioner, stage } => {
                self.provisioning(key, provisioner, stage);
            }
            Event::Stopping { running, keys } => {
                self.stopping = true;
                let mut text = format!(
                    "Stopping: what runs ({running}) is finished and saved, nothing new is started. \
                     Interrupt again to stop waiting.\n"
                );
                if let Some(names) = some_of(keys) {
                    text.push_str(&format!("Waiting for {names}.\n"));
                }
                self.lines.push(self.paint.yellow(text));
            }
        }
    }

    fn provisioning(&mut self, key: &RecordKey, provisioner: &str, stage: ProvisionStage<'_>) {
        match stage {
            ProvisionStage::Started => {
                self.line(key, &format!("Provisioning with '{provisioner}'..."));
            }
            ProvisionStage::Line(text) => {
                let name = self.paint.bold(format!("{} ({provisioner}):", object_name(key)));
                self.lines.push(format!("{name} {}\n", line(text)));
            }
            ProvisionStage::Finished | ProvisionStage::Failed => {}
        }
    }

    fn end(&mut self, key: &RecordKey, text: &str) {
        self.calls.remove(key);
        self.done += 1;
        self.line(key, text);
    }

    fn line(&mut self, key: &RecordKey, text: &str) {
        let name = self.paint.bold(format!("{}:", object_name(key)));
        self.lines.push(format!("{name} {text}\n"));
    }

    /// Lines that were not taken yet.
    pub fn take_lines(&mut self) -> Vec<String> {
        std::mem::take(&mut self.lines)
    }

    /// A line for each call that has been running for at least this long.
    pub fn reminders(&self, least: Duration) -> Vec<String> {
        let long = self.calls.iter().filter(|(_, call)| call.since.elapsed() >= least);
        long.map(|(key, call)| {
            let elapsed = seconds(call.since.elapsed());
            let verb = running(call.verb).to_lowercase();
            format!("{}: Still {verb}... [{elapsed} elapsed]\n", object_name(key))
        })
        .collect()
    }

    /// The calls that have been running longest, each with what is known about it.
    pub fn longest(&self, most: usize) -> Vec<String> {
        let mut calls: Vec<_> = self.calls.iter().collect();
        calls.sort_by_key(|(_, call)| call.since);
        let row = |(key, call): &(&RecordKey, &Call)| {
            let name = self.paint.bold(object_name(key));
            let verb = running(call.verb).to_lowercase();
            let status = call.status.as_deref().map(|status| format!(": {status}"));
            let elapsed = self.paint.dim(seconds(call.since.elapsed()));
            format!("{name} {verb}{} {elapsed}", status.unwrap_or_default())
        };
        let mut rows: Vec<String> = calls.iter().take(most).map(row).collect();
        if calls.len() > most {
            rows.push(self.paint.dim(format!("and {} more", calls.len() - most)));
        }
        rows
    }
}
