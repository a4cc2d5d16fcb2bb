//! From topology and prior state to a plan.
//!
//! Planning is evaluation with unknowns, in the order of the graph. Everything read from outside
//! (files, prior state, provider answers) is kept in the plan's [`Document`], from which the same
//! plan can be made again without asking anybody: that is how a saved plan is applied, and why the
//! plan that is applied is the one that was reviewed.
//!
//! *Invariants:* the planner performs no action. Equal inputs give equal plans. Nothing here knows
//! a concrete provider, or where the state is kept.

mod change;
mod check;
mod dependencies;
mod digest;
mod document;
mod ephemeral;
mod ignore;
mod input;
mod later;
mod moves;
mod pattern;
mod perform;
mod planner;
mod prior;
mod recorder;
mod recovery;
mod redact;
mod sensitive;
mod session;
mod steps;
mod stored;
mod validate;
mod verdict;

pub use change::{
    Action, ActionReason, Cause, Drift, KeptOutput, OutputChange, Plan, PlanMode, ResourceChange,
    Summary,
};
pub use check::{CheckInput, check};
pub use document::{Answers, Document, DocumentError};
pub use input::{Asking, PlanInput, PlanOptions, Providers};
pub use later::{Later, LaterReason};
pub use pattern::{Pattern, Selector};
pub use perform::{Call, Owned, Provision, RecordTemplate, agrees};
pub use planner::found::FoundObject;
pub use planner::{Planned, evaluate, plan};
pub use platoform_lang::Volatile;
pub use prior::{OpenIntent, OutputRecord, Prior, Record, RecordKey, Verb};
pub use recorder::Recorder;
pub use recovery::{Recovery, Resolution};
pub use session::Session;
pub use steps::{StepId, StepKind, Steps};
pub use stored::{Seal, SealError, Stored, StoredError};
pub use verdict::{CheckInstance, CheckResult, CheckStatus, CheckSubject};
