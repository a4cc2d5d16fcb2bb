//! What is being done to one object, from its turn to its record.

use std::time::Duration;

use platoform_plan::{RecordKey, Verb};
use platoform_provider::{ApplyResponse, Failure};

use crate::Intent;
use crate::call::Attempt;

/// A call with everything that belongs to it.
pub(crate) struct Calling {
    pub work: usize,
    pub key: RecordKey,
    pub verb: Option<Verb>,
    /// When its turn came.
    pub begun: Duration,
    /// What is called, again and again if need be.
    pub attempt: Attempt,
    /// How often it was.
    pub tries: u32,
    /// What is recorded before the first attempt, until it is.
    pub intent: Option<Intent>,
    /// It was told that it begins.
    pub announced: bool,
    /// How the last attempt failed.
    pub failure: Option<Failure>,
    /// What the provider answered, while provisioners are still to run.
    pub response: Option<ApplyResponse>,
    pub phase: Phase,
}

/// How far a call is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// The provider looks what is there before a create.
    Surveying,
    /// Its intent is on its way to the disk.
    Intending,
    /// The provider is working.
    Calling,
    /// The provider answered; the object cannot be used yet. No slot is held.
    Settling,
    /// Another attempt comes later. No slot is held.
    Pausing,
    /// What the provider answered is on its way to the disk; provisioners come next.
    Keeping,
    /// Provisioners wait for their turn.
    Due,
    /// Provisioners run.
    Provisioning,
    /// What came of it is on its way to the disk. Those that depend on it go on.
    Recording,
}
