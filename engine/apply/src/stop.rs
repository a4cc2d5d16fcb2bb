//! How a user stops an apply.

use std::sync::atomic::{AtomicU8, Ordering};

use tokio::sync::Notify;

/// Counts the user's requests to stop. The first: start nothing new, finish what runs and save.
/// The second: stop waiting for what runs, but save.
#[derive(Debug, Default)]
pub struct Stop {
    requests: AtomicU8,
    changed: Notify,
}

impl Stop {
    /// The user asks to stop.
    pub fn request(&self) {
        let count = |requests: u8| Some(requests.saturating_add(1));
        let _ = self.requests.fetch_update(Ordering::SeqCst, Ordering::SeqCst, count);
        self.changed.notify_one();
    }

    /// How often the user has asked.
    #[must_use]
    pub fn requests(&self) -> u8 {
        self.requests.load(Ordering::SeqCst)
    }

    /// Returns when the user has asked again.
    pub async fn changed(&self) {
        self.changed.notified().await;
    }
}
