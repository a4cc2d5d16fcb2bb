//! What happens while applying, for whoever shows it.

use std::time::Duration;

use platoform_plan::{RecordKey, Verb};

/// One thing that happened.
#[derive(Clone, Debug)]
pub enum Event<'a> {
    /// `total` actions will be performed.
    Begin {
        /// How many.
        total: usize,
    },
    /// A call begins.
    Started {
        /// On which object.
        key: &'a RecordKey,
        /// To do what; `None` for reading a data source.
        verb: Option<Verb>,
        /// The `id` attribute of the object that is changed or destroyed, where it has one that is
        /// not sensitive.
        id: Option<&'a str>,
    },
    /// The provider says what is going on.
    Progress {
        /// With which object.
        key: &'a RecordKey,
        /// In a few words.
        status: &'a str,
    },
    /// A call succeeded.
    Finished {
        /// On which object.
        key: &'a RecordKey,
        /// What was done.
        verb: Option<Verb>,
        /// The object's `id` attribute, where it has one that is not sensitive.
        id: Option<&'a str>,
        /// How long it took.
        took: Duration,
    },
    /// A call failed; its diagnostics come with the result of the whole.
    Failed {
        /// On which object.
        key: &'a RecordKey,
        /// What was tried.
        verb: Option<Verb>,
        /// How long it took.
        took: Duration,
    },
    /// A provisioner of an object is being run.
    Provisioning {
        /// Of which object.
        key: &'a RecordKey,
        /// Its type: `local-exec`.
        provisioner: &'a str,
        /// How far it is.
        stage: ProvisionStage<'a>,
    },
    /// The user asked to stop: nothing new is started, what runs is finished and saved.
    Stopping {
        /// How many calls are still running.
        running: usize,
        /// On which objects, those that began first first.
        keys: &'a [RecordKey],
    },
}

/// How far a provisioner is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProvisionStage<'a> {
    /// It begins.
    Started,
    /// It wrote a line.
    Line(&'a str),
    /// It succeeded.
    Finished,
    /// It failed.
    Failed,
}

/// Shows events.
pub trait Observer: Send + Sync {
    /// Called in the order in which things happen, from one thread.
    fn event(&self, event: &Event<'_>);
}
