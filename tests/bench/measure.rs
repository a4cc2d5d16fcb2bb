//! Running a process and measuring what it takes.

use std::fs::{File, read_to_string};
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use wait4::Wait4 as _;

/// What one run took.
#[derive(Clone, Copy, Debug)]
pub struct Taken {
    /// From start to end.
    pub time: Duration,
    /// Memory at the peak, in bytes.
    pub memory: u64,
}

/// How a measured run ended.
pub enum Ended {
    /// Well, with what it printed.
    Well(Taken, String),
    /// Not well, with what it printed.
    Badly(String),
    /// Not within its time.
    Late,
}

/// Runs a command to its end, with what it prints going into a file, or until its time is over.
pub fn run(command: &mut Command, limit: Duration) -> Ended {
    let output = tempfile::NamedTempFile::new().expect("there is room");
    let write = || Stdio::from(File::options().append(true).open(output.path()).expect("a file"));
    command.stdin(Stdio::null()).stdout(write()).stderr(write());
    let begun = Instant::now();
    let mut child = command.spawn().expect("the program starts");
    let process = rustix::process::Pid::from_child(&child);
    let (ended, ends) = mpsc::channel::<()>();
    let guard = thread::spawn(move || {
        let late = ends.recv_timeout(limit) == Err(RecvTimeoutError::Timeout);
        if late {
            // It may have ended just now.
            let _ = rustix::process::kill_process(process, rustix::process::Signal::KILL);
        }
        late
    });
    let usage = child.wait4().expect("a child");
    let time = begun.elapsed();
    drop(ended);
    let late = guard.join().expect("no panic");
    let text = read_to_string(output.path()).expect("text");
    match usage.status.success() {
        true => Ended::Well(Taken { time, memory: usage.rusage.maxrss }, text),
        false if late => Ended::Late,
        false => Ended::Badly(text),
    }
}
