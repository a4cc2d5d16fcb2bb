//! When to try again.

use std::time::Duration;

use platoform_plan::StepId;
use platoform_provider::Failure;

use crate::calling::Phase;
use crate::run::{Run, Signal};
use crate::{Event, IntentClass};

/// Pause before the second attempt; each further one is twice as long, …
const FIRST: Duration = Duration::from_millis(500);

/// … up to this.
const LONGEST: Duration = Duration::from_secs(30);

impl Run<'_> {
    /// Nothing was changed, and another attempt may succeed: after a pause, as long as there is
    /// time for it.
    pub fn again(&mut self, step: StepId, failure: Failure, asked: Duration) {
        let fraction = self.ports.random.fraction();
        let now = self.ports.clock.now();
        let Some(calling) = self.calling.get_mut(&step) else { return };
        let pause = pause(calling.tries, asked, fraction);
        let timeout = calling.attempt.timeout;
        if self.stopping || self.journal_failed || !timeout.allows(now, pause) {
            let tries = calling.tries;
            let spent = humantime::format_duration(whole(timeout.spent(now)));
            let failure = if tries > 1 || !self.stopping {
                after(failure, &format!("tried {tries} times in {spent}"))
            } else {
                failure
            };
            return self.failed(step, failure, IntentClass::Failed);
        }
        calling.phase = Phase::Pausing;
        let why = failure.problems.first().map(|problem| problem.summary.as_str());
        let status = format!(
            "{}; trying again in {}",
            why.unwrap_or("It did not succeed"),
            humantime::format_duration(rounded(pause)),
        );
        self.ports.observer.event(&Event::Progress { key: &calling.key, status: &status });
        calling.failure = Some(failure);
        let clock = self.ports.clock.clone();
        self.spawn(step, async move {
            clock.sleep(pause).await;
            Signal::Paused(step)
        });
    }
}

/// How long to wait before the next attempt: at least as long as the provider asked for.
fn pause(tries: u32, asked: Duration, fraction: f64) -> Duration {
    let doubled = FIRST.saturating_mul(1 << tries.saturating_sub(1).min(16)).min(LONGEST);
    asked.max(doubled / 2) + (doubled / 2).mul_f64(fraction)
}

/// A failure whose explanation ends with how it went.
fn after(mut failure: Failure, how: &str) -> Failure {
    if let Some(problem) = failure.problems.first_mut() {
        let detail = problem.detail.trim_end_matches('.');
        problem.detail =
            if detail.is_empty() { how.to_owned() } else { format!("{detail} ({how})") };
    }
    failure
}

/// For reading: whole seconds.
fn whole(duration: Duration) -> Duration {
    Duration::from_secs(duration.as_secs())
}

/// For reading: whole seconds, tenths of a second where it is less than one.
fn rounded(duration: Duration) -> Duration {
    let tenths = Duration::from_millis(duration.as_millis().div_ceil(100) as u64 * 100);
    if duration < Duration::from_secs(1) { tenths } else { whole(duration) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_up_to_a_limit_and_heed_what_was_asked_for() {
        let at = |tries, fraction| pause(tries, Duration::ZERO, fraction);
        assert_eq!(at(1, 0.0), Duration::from_millis(250));
        assert_eq!(at(1, 1.0), FIRST);
        assert_eq!(at(3, 1.0), 4 * FIRST);
        assert_eq!(at(40, 1.0), LONGEST);
        let asked = Duration::from_secs(90);
        assert!(pause(1, asked, 0.5) >= asked);
        assert_ne!(pause(1, asked, 0.1), pause(1, asked, 0.9));
    }
}
