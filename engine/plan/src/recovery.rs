//! What became of calls that a run began and did not live to see the end of.

use std::sync::Arc;

use crate::{Record, RecordKey, Verb};

/// An open intent with what was found out about it. The command records it, then plans again.
#[derive(Clone, Debug)]
pub struct Recovery {
    /// The intent.
    pub owner: Arc<str>,
    /// The object.
    pub key: RecordKey,
    /// What was being done to it.
    pub verb: Verb,
    /// What is there now.
    pub resolution: Resolution,
}

/// What became of an open intent.
#[derive(Clone, Debug)]
pub enum Resolution {
    /// The object exists: the record is to be written.
    Exists(Box<Record>),
    /// There is no such object: a record of it is to be removed.
    Gone,
}
