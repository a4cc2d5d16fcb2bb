//! A cloud that does not exist, for tests, simulations and measurements.
//!
//! A [`Cloud`] is a deterministic model with a seed, a clock and a plan of [`Faults`]: lists and
//! reads that lag behind writes, pages, refusals to be tried again, errors after the effect,
//! objects that take their time to go, quotas, names that are taken. The kinds are written against
//! its API as those of a real cloud are, and come through the general trait: [`factory`] makes
//! the provider as configurations use it, [`with_cloud`] one for a cloud of the caller's. This
//! crate opens connections to this machine only.

mod client;
mod cloud;
mod http;
mod kind;
mod provider;

pub use cloud::{
    Answer, Attributes, Call, Cloud, Collection, Conditions, Created, Fault, Faults, LAG_LIMIT,
    LINGER_LIMIT, Mark, Request, Shown, Status,
};
pub use provider::{factory, with_cloud};
