//! How fast calls may follow each other.

use std::collections::VecDeque;
use std::time::Duration;

use platoform_provider::{Allowance, Rate};

/// A rate that is kept to: never more calls than it allows in any span of its length, nor more
/// than the provider said are left.
pub(crate) struct Bucket {
    rate: Rate,
    /// When calls were started that still count, oldest first.
    started: VecDeque<Duration>,
    /// How many the provider said are left, and when it counts anew.
    left: Option<(u64, Duration)>,
}

impl Bucket {
    pub fn new(rate: Rate) -> Self {
        Self { rate, started: VecDeque::new(), left: None }
    }

    /// Takes what the provider said into account. Calls that still run are not in it yet.
    pub fn told(&mut self, allowance: &Allowance, running: usize, now: Duration) {
        if allowance.per == self.rate.per {
            let left = allowance.remaining.saturating_sub(running as u64);
            self.left = Some((left, now.saturating_add(allowance.resets_in)));
        }
    }

    /// When the next call may start.
    pub fn opens(&mut self, now: Duration) -> Duration {
        let per = self.rate.per;
        while self.started.front().is_some_and(|start| start.saturating_add(per) <= now) {
            self.started.pop_front();
        }
        self.left = self.left.filter(|(_, until)| *until > now);
        let full = self.started.len() >= self.rate.requests.max(1);
        let free = self.started.front().filter(|_| full).map(|start| start.saturating_add(per));
        let counted = self.left.filter(|(left, _)| *left == 0).map(|(_, until)| until);
        free.max(counted).unwrap_or(now)
    }

    /// A call is started.
    pub fn take(&mut self, now: Duration) {
        self.started.push_back(now);
        if let Some((left, _)) = &mut self.left {
            *left = left.saturating_sub(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn no_span_sees_more_than_the_rate() {
        let mut bucket = Bucket::new(Rate { requests: 3, per: SECOND });
        let (mut now, mut starts) = (Duration::ZERO, Vec::new());
        while starts.len() < 10 {
            now = bucket.opens(now);
            bucket.take(now);
            starts.push(now);
            now += Duration::from_millis(100);
        }
        assert!(starts.windows(4).all(|four| four[3] - four[0] >= SECOND), "{starts:?}");
        assert_eq!(starts[9], Duration::from_secs(3));
    }

    #[test]
    fn what_the_provider_says_counts() {
        let mut bucket = Bucket::new(Rate { requests: 100, per: SECOND });
        let told = Allowance { per: SECOND, remaining: 3, resets_in: 2 * SECOND };
        // One of the three belongs to the call that runs.
        bucket.told(&told, 1, Duration::ZERO);
        for _ in 0..2 {
            assert_eq!(bucket.opens(Duration::ZERO), Duration::ZERO);
            bucket.take(Duration::ZERO);
        }
        assert_eq!(bucket.opens(Duration::ZERO), 2 * SECOND);
        assert_eq!(bucket.opens(2 * SECOND), 2 * SECOND);
        bucket.told(&Allowance { per: 60 * SECOND, ..told }, 3, 2 * SECOND);
        assert_eq!(bucket.opens(2 * SECOND), 2 * SECOND, "another rate's");
    }
}
