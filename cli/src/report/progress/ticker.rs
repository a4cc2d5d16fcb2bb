//! Doing something again and again beside what goes on.

use std::io;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// A thread that does something at intervals, and a last time when it is stopped or dropped.
pub struct Ticker(Mutex<Option<(Sender<()>, JoinHandle<()>)>>);

impl Ticker {
    /// Starts it. `tick` is told whether it is called for the last time.
    ///
    /// # Errors
    /// When the thread cannot be started.
    pub fn start(every: Duration, mut tick: impl FnMut(bool) + Send + 'static) -> io::Result<Self> {
        let (sender, receiver) = mpsc::channel();
        let thread = thread::Builder::new().name("progress".into()).spawn(move || {
            while receiver.recv_timeout(every) == Err(RecvTimeoutError::Timeout) {
                tick(false);
            }
            tick(true);
        })?;
        Ok(Self(Mutex::new(Some((sender, thread)))))
    }

    /// Ends it, after the last time.
    pub fn stop(&self) {
        let running = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some((stop, thread)) = running {
            drop(stop);
            // A thread that panicked has nothing more to do.
            let _ = thread.join();
        }
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.stop();
    }
}
