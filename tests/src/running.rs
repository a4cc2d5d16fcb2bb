//! A process that runs.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

/// How often to look whether it has ended.
const POLL: Duration = Duration::from_micros(500);

/// A process that runs in the background, and is killed when this is dropped.
#[derive(Debug)]
pub struct Running {
    child: Child,
}

impl Running {
    pub(crate) fn new(child: Child) -> Self {
        Self { child }
    }

    /// Starts any program, with its output going nowhere.
    ///
    /// # Panics
    /// When there is no such program.
    pub fn start(mut command: Command) -> Self {
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        Self::new(child.expect("the program starts"))
    }

    /// Its number.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Halts it where it is.
    pub fn stop(&self) {
        self.signal(Signal::STOP);
    }

    /// Asks it to come to an end, as Ctrl-C does.
    pub fn interrupt(&self) {
        self.signal(Signal::INT);
    }

    /// Ends it where it is (`kill -9`). Whether it was still running.
    pub fn kill(mut self) -> bool {
        let running = self.ended().is_none();
        if running {
            self.signal(Signal::KILL);
        }
        self.wait();
        running
    }

    /// Ends it after a time, unless it has ended before. Whether it was still running.
    pub fn kill_after(mut self, time: Duration) -> bool {
        let end = Instant::now() + time;
        while Instant::now() < end && self.ended().is_none() {
            sleep(POLL);
        }
        self.kill()
    }

    /// Ends it a time after it has told so much of its progress, unless it has ended before.
    /// Whether it was still running. It must have been started with
    /// [`Invocation::start_watched`](crate::Invocation::start_watched).
    pub fn kill_after_lines(mut self, lines: usize, time: Duration) -> bool {
        let progress = self.child.stderr.take().expect("it is watched");
        // Kept open: a process that nobody listens to may take another path.
        let mut progress = BufReader::new(progress);
        let mut line = Vec::new();
        for _ in 0..lines {
            line.clear();
            if progress.read_until(b'\n', &mut line).is_ok_and(|length| length == 0) {
                break;
            }
        }
        self.kill_after(time)
    }

    /// How it ended; `None` while it runs.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("it is our child")
    }

    /// Waits for its end.
    pub fn wait(&mut self) -> ExitStatus {
        self.child.wait().expect("it is our child")
    }

    fn signal(&self, signal: Signal) {
        let pid = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        // One that has just ended cannot be reached any more.
        let _ = kill_process(pid.expect("it is a process's number"), signal);
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.ended().is_none() {
            self.signal(Signal::KILL);
            self.wait();
        }
    }
}
