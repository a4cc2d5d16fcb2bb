//! How a cloud behaves when nothing goes wrong.

use std::collections::BTreeMap;
use std::time::Duration;

use super::object::Collection;

/// Longest that reads and lists may lag behind writes. Kinds do not believe that something is not
/// there before so much time has gone by.
pub const LAG_LIMIT: Duration = Duration::from_millis(500);

/// Longest that a request goes on after whoever sent it has died.
pub const LINGER_LIMIT: Duration = Duration::from_millis(300);

/// How a cloud behaves.
#[derive(Clone, Debug)]
pub struct Conditions {
    /// Where chance begins: equal seeds and equal calls give equal answers.
    pub seed: u64,
    /// Least and greatest time that a call takes.
    pub latency: (Duration, Duration),
    /// Longest time until reads and lists tell of a write; at most [`LAG_LIMIT`].
    pub lag: Duration,
    /// How long a machine takes to boot.
    pub boot: Duration,
    /// How long an object that is deleted is still shown.
    pub deletion: Duration,
    /// Objects on a page of a list.
    pub page: usize,
    /// Most objects of a sort, those that are being deleted among them.
    pub quota: BTreeMap<Collection, usize>,
}

impl Default for Conditions {
    /// A cloud that answers at once and forgets nothing.
    fn default() -> Self {
        Self {
            seed: 0,
            latency: (Duration::ZERO, Duration::ZERO),
            lag: Duration::ZERO,
            boot: Duration::ZERO,
            deletion: Duration::ZERO,
            page: 100,
            quota: BTreeMap::new(),
        }
    }
}
