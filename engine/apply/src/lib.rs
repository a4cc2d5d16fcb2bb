//! Performs the actions of a plan, and nothing else.
//!
//! Steps run as soon as what they depend on is done. Before each call that changes something
//! outside, an [`Intent`] is durable in the [`Journal`]; what came of it is durable before anything
//! that depends on it starts. What happens is told as [`Event`]s. This crate knows neither SQLite
//! nor how events are shown, and takes time and chance from its [`Ports`].
//!
//! *Invariants:* no call without a committed intent, unless its kind has no effect outside. A
//! failed journal ends the run: nothing further is attempted outside. Independent branches go on
//! after an error.

mod bucket;
mod call;
mod calling;
mod chain;
mod ended;
mod event;
mod halt;
mod journal;
mod look;
mod outcome;
mod ports;
mod provision;
mod provisioning;
mod queue;
mod retry;
mod run;
mod settle;
mod start;
mod stop;
mod timeout;

pub use event::{Event, Observer, ProvisionStage};
pub use journal::{Intent, IntentClass, Journal, JournalError, Outcome, RunStart, Write};
pub use ports::{Clock, Ports, Random};
pub use provision::{Lines, ProvisionError, Provisioner};
pub use run::{Applied, ApplyOptions, apply};
pub use settle::settle;
pub use stop::Stop;
