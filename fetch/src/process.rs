//! Running a program to its end, or until it has taken too long.

use std::io::Read;
use std::os::unix::process::CommandExt as _;
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};

/// How often to look whether it has ended.
const POLL: Duration = Duration::from_millis(5);
/// Bytes of output that are kept.
const KEPT: u64 = 1 << 20;

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
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let stdout = thread::spawn(move || read(stdout));
    let stderr = thread::spawn(move || read(stderr));
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
    let text = |reader: thread::JoinHandle<String>| reader.join().unwrap_or_default();
    if status.is_none() && !apart {
        // What it started may hold the pipes open.
        return Ok(Ended { status, stdout: String::new(), stderr: String::new() });
    }
    Ok(Ended { status, stdout: text(stdout), stderr: text(stderr) })
}

/// Reads all, keeps the beginning.
fn read(pipe: Option<impl Read>) -> String {
    let mut bytes = Vec::new();
    if let Some(mut pipe) = pipe {
        // What cannot be read was not printed.
        let _ = pipe.by_ref().take(KEPT).read_to_end(&mut bytes);
        let _ = std::io::copy(&mut pipe, &mut std::io::sink());
    }
    String::from_utf8_lossy(&bytes).into_owned()
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
}
