//! How much a provider's API takes.

use std::time::Duration;

/// What is kept to when a provider is called. Without limits only `-parallelism` counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// How many calls may run at once.
    pub in_flight: Option<usize>,
    /// How many calls may be started in a span of time; all of them hold.
    pub rates: Vec<Rate>,
}

/// So many calls in any span of this length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// How many.
    pub requests: usize,
    /// The span.
    pub per: Duration,
}

/// What an API said in an answer about how much more it takes (`RateLimit-Remaining` and
/// `RateLimit-Reset`, or the like).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// Which of the rates it is about: the one of this span.
    pub per: Duration,
    /// Requests that are left.
    pub remaining: u64,
    /// How long until it counts anew.
    pub resets_in: Duration,
}
