//! Running a program to its end, or until it has taken too long.

use std::io::Read;
use std::os::unix::process::CommandExt as _;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};

/// How often to look whether it has ended.
const POLL: Duration = Duration::from_millis(5);
/// Bytes of output that are kept.
const KEPT: usize = 1 << 20;
/// How long to wait for the rest of the output when the program has ended.
const GRACE: Duration = Duration::from_millis(500);

/// How a program ended.
#[derive(Debug)]
pub struct Ended {
    /// `None` when it took too long and was ended.
    pub status: Option<ExitStatus>,
    /// What it printed.
    pub stdout: String,
    /// What it complained of.
    pub stderr: String,
}

/// Runs a program. It gets a process group of its own where `apart`, so that what it started ends
/// with it; on a terminal it could then not ask.
///
/// # Errors
/// When it cannot be started.
pub fn run(command: &mut Command, apart: bool, deadline: Instant) -> std::io::Result<Ended> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    if apart {
        command.process_group(0);
    }
    let mut child = command.spawn()?;
    let stdout = Output::read(child.stdout.take());
    let stderr = Output::read(child.stderr.take());
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break Some(status);
        }
        if Instant::now() >= deadline {
            let group = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
            if let Some(group) = group.filter(|_| apart) {
                // It may have ended this very moment.
                let _ = kill_process_group(group, Signal::KILL);
            }
            let _ = child.kill();
            child.wait()?;
            break None;
        }
        thread::sleep(POLL);
    };
    let until = Instant::now() + GRACE;
    Ok(Ended { status, stdout: stdout.text(until), stderr: stderr.text(until) })
}

/// What comes through a pipe.
struct Output {
    kept: Arc<Mutex<Vec<u8>>>,
    reader: JoinHandle<()>,
}

impl Output {
    /// Reads all, keeps the beginning.
    fn read(pipe: Option<impl Read + Send + 'static>) -> Self {
        let kept = Arc::new(Mutex::new(Vec::new()));
        let out = kept.clone();
        let reader = thread::spawn(move || {
            let (Some(mut pipe), mut buffer) = (pipe, [0; 8 * 1024]) else { return };
            // What cannot be read was not printed.
            while let Ok(read @ 1..) = pipe.read(&mut buffer) {
                let Ok(mut kept) = out.lock() else { return };
                let room = KEPT.saturating_sub(kept.len()).min(read);
                kept.extend_from_slice(&buffer[..room]);
            }
        });
        Self { kept, reader }
    }

    /// What has come. A connection that `ssh` shares outlives the program and holds the pipe open,
    /// so its end is not waited for any longer than that.
    fn text(self, until: Instant) -> String {
        while !self.reader.is_finished() && Instant::now() < until {
            thread::sleep(POLL);
        }
        let kept = self.kept.lock();
        kept.map(|kept| String::from_utf8_lossy(&kept).into_owned()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_takes_too_long_is_ended_with_what_it_started() {
        let started = Instant::now();
        let mut command = Command::new("sh");
        command.args(["-c", "echo out; sleep 60 & sleep 60"]);
        let ended = run(&mut command, true, started + Duration::from_millis(200)).unwrap();
        assert!(ended.status.is_none());
        assert_eq!(ended.stdout, "out\n");
        assert!(started.elapsed() < Duration::from_secs(10));
    }

    #[test]
    fn what_a_program_leaves_running_is_not_waited_for() {
        let started = Instant::now();
        let mut command = Command::new("sh");
        command.args(["-c", "echo out; sleep 20 & echo why >&2"]);
        let ended = run(&mut command, true, started + Duration::from_secs(60)).unwrap();
        assert!(ended.status.unwrap().success());
        assert_eq!((&*ended.stdout, &*ended.stderr), ("out\n", "why\n"));
        assert!(started.elapsed() < Duration::from_secs(10));
    }
}
