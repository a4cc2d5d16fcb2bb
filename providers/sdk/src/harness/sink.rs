//! A sink that remembers, and one that never returns.

use std::future::pending;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use platoform_value::Value;

use crate::{BoxFuture, Sink, SinkError};

/// What a provider reported.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// [`Sink::created`] with this object.
    Created(Value),
    /// [`Sink::progress`] with this text.
    Progress(String),
}

/// A sink that remembers what it was told.
#[derive(Debug, Default)]
pub struct Recorder(Mutex<Vec<Event>>);

impl Recorder {
    /// What it was told so far, in order.
    pub fn events(&self) -> Vec<Event> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The objects that were reported to exist, in order.
    pub fn created(&self) -> Vec<Value> {
        let created = self.events().into_iter().filter_map(|event| match event {
            Event::Created(value) => Some(value),
            Event::Progress(_) => None,
        });
        created.collect()
    }

    fn push(&self, event: Event) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(event);
    }
}

impl Sink for Recorder {
    fn created<'a>(&'a self, partial: Value, _: Vec<u8>) -> BoxFuture<'a, Result<(), SinkError>> {
        self.push(Event::Created(partial));
        Box::pin(std::future::ready(Ok(())))
    }

    fn progress(&self, status: &str) {
        self.push(Event::Progress(status.to_owned()));
    }
}

/// A sink in which the program ends when it hears that the object exists.
#[derive(Default)]
pub(super) struct Crash(AtomicBool);

impl Crash {
    pub(super) fn has_happened(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

impl Sink for Crash {
    fn created<'a>(&'a self, _: Value, _: Vec<u8>) -> BoxFuture<'a, Result<(), SinkError>> {
        self.0.store(true, Ordering::SeqCst);
        Box::pin(pending())
    }

    fn progress(&self, _: &str) {}
}
