//! Who may start next: calls wait in one lane for each provider configuration, the one with the
//! most to come after it first.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;
use std::time::Duration;

use platoform_plan::StepId;
use platoform_provider::Provider;

use crate::bucket::Bucket;

/// What waits for its turn.
pub(crate) struct Queue {
    lanes: Vec<Lane>,
    /// How many calls may run at once.
    slots: usize,
    running: usize,
}

/// What waits for one provider configuration.
#[derive(Default)]
struct Lane {
    waiting: BinaryHeap<(u32, Reverse<StepId>)>,
    provider: Option<Arc<dyn Provider>>,
    in_flight: Option<usize>,
    buckets: Vec<Bucket>,
    running: usize,
}

/// Whose turn it is.
pub(crate) enum Turn {
    /// This one's. It holds a slot from now on.
    Step(StepId),
    /// Nobody's before this moment.
    At(Duration),
    /// Nobody's before something ends.
    Later,
}

impl Queue {
    /// An empty queue for so many calls at once to so many provider configurations.
    pub fn new(slots: usize, lanes: usize) -> Self {
        let lanes = std::iter::repeat_with(Lane::default).take(lanes).collect();
        Self { lanes, slots: slots.max(1), running: 0 }
    }

    /// Lets a step wait for its turn with a provider.
    pub fn push(&mut self, number: usize, provider: &Arc<dyn Provider>, length: u32, step: StepId) {
        let lane = &mut self.lanes[number];
        if lane.provider.is_none() {
            let limits = provider.limits();
            lane.in_flight = limits.in_flight;
            lane.buckets = limits.rates.into_iter().map(Bucket::new).collect();
            lane.provider = Some(provider.clone());
        }
        lane.waiting.push((length, Reverse(step)));
    }

    /// Takes out whose turn it is.
    pub fn next(&mut self, now: Duration) -> Turn {
        if self.running >= self.slots {
            return Turn::Later;
        }
        let mut earliest: Option<Duration> = None;
        let mut best: Option<(u32, Reverse<StepId>, usize)> = None;
        for (number, lane) in self.lanes.iter_mut().enumerate() {
            let Some(&(length, step)) = lane.waiting.peek() else { continue };
            match lane.opens(now) {
                Some(at) if at > now => earliest = earliest.into_iter().chain([at]).min(),
                Some(_) => best = best.max(Some((length, step, number))),
                None => {}
            }
        }
        let Some((_, Reverse(step), number)) = best else {
            return earliest.map_or(Turn::Later, Turn::At);
        };
        let lane = &mut self.lanes[number];
        lane.waiting.pop();
        lane.running += 1;
        lane.buckets.iter_mut().for_each(|bucket| bucket.take(now));
        self.running += 1;
        Turn::Step(step)
    }

    /// Gives a slot back.
    pub fn release(&mut self, number: usize) {
        self.lanes[number].running -= 1;
        self.running -= 1;
    }

    /// Takes out everything that waits.
    pub fn clear(&mut self) -> Vec<StepId> {
        let lanes = self.lanes.iter_mut();
        lanes.flat_map(|lane| lane.waiting.drain().map(|(_, Reverse(step))| step)).collect()
    }
}

impl Lane {
    /// When the next call may start; `None` while as many run as may.
    fn opens(&mut self, now: Duration) -> Option<Duration> {
        if self.in_flight.is_some_and(|most| self.running >= most.max(1)) {
            return None;
        }
        let told = self.provider.as_ref().map(|provider| provider.allowances());
        for allowance in told.into_iter().flatten() {
            for bucket in &mut self.buckets {
                bucket.told(&allowance, self.running, now);
            }
        }
        let opens = self.buckets.iter_mut().map(|bucket| bucket.opens(now)).max();
        Some(opens.unwrap_or(now))
    }
}
