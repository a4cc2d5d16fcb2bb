//! The real planner, apply and state against a cloud that does not exist, in a time that nobody
//! waits for: killed at every point, failed at every point, in pairs.
//!
//! Everything is drawn from seeds, which a failure names. `PLATOFORM_SEED` begins with another
//! seed, `PLATOFORM_POINTS` goes on until so many distinct crash points were met.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on panics")]

mod bug;
mod check;
mod human;
mod laws;
mod scenario;
mod sweep;
mod tap;
mod two;
mod world;

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use bug::Bug;
use sweep::{Sweep, Way};

/// Distinct crash points in continuous integration.
const POINTS: usize = 120;

/// A runtime in which no time goes by but what somebody waits for.
pub fn simulate<T>(test: impl Future<Output = T>) -> T {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_time().start_paused(true).build().unwrap().block_on(test)
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Waits for a future without letting any other go on, nor time go by.
pub fn wait<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(value) => return value,
            Poll::Pending => thread::park(),
        }
    }
}

fn number(name: &str) -> Option<usize> {
    std::env::var(name).ok().map(|text| text.parse().expect("a number"))
}

fn seed() -> u64 {
    number("PLATOFORM_SEED").unwrap_or(1) as u64
}

fn points() -> Option<usize> {
    number("PLATOFORM_POINTS")
}

/// Figures, which are seen with `--nocapture`.
pub fn print(text: &str) {
    #[allow(clippy::print_stdout, reason = "these are the figures")]
    {
        println!("{text}");
    }
}

/// So many points, or as many as are asked for.
fn sweep(share: usize, way: Way) {
    let points = points().map_or(share, |points| points * share / POINTS);
    let mut sweep = Sweep::new(seed(), None);
    sweep.until(points, way);
    sweep.print();
    assert_eq!(sweep.findings, Vec::<String>::new());
}

#[test]
fn killed_at_every_point_nothing_is_lost_and_nothing_made_twice() {
    sweep(POINTS, Way::Kill);
}

#[test]
fn killed_again_while_it_recovers_nothing_is_lost_and_nothing_made_twice() {
    sweep(POINTS / 2, Way::KillTwice);
}

#[test]
fn power_lost_while_it_writes_nothing_is_lost_and_nothing_made_twice() {
    sweep(POINTS / 2, Way::PowerLoss);
}

#[test]
fn failed_at_every_point_nothing_is_lost_and_nothing_made_twice() {
    sweep(POINTS / 2, Way::Fail);
}

#[test]
fn planted_bugs_are_found() {
    for bug in Bug::ALL {
        let way = if bug == Bug::RetryWithoutFind { Way::Fail } else { Way::Kill };
        let mut sweep = Sweep::new(seed(), Some(bug));
        sweep.until(20 * POINTS, way);
        assert!(!sweep.findings.is_empty(), "{bug:?} is not found");
        print(&format!("{bug:?}: found after {} points: {}", sweep.met(), sweep.findings[0]));
    }
}
