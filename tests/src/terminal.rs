//! A terminal to type on.

use std::fs::File;
use std::io::{Read, Write};
use std::process::{Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

use crate::{Invocation, Run, Running};

/// Longest wait for a text.
const PATIENCE: Duration = Duration::from_secs(60);

/// A process that reads from a terminal. Its two outputs are read as from pipes, and come back
/// together as the run's `stderr`.
#[derive(Debug)]
pub struct Terminal {
    /// The process.
    pub process: Running,
    keys: File,
    output: Receiver<Vec<u8>>,
    seen: Vec<u8>,
    root: std::path::PathBuf,
}

impl Terminal {
    /// Starts a process on a new terminal.
    pub fn start(invocation: Invocation) -> Self {
        let (mut command, root) = invocation.into_parts();
        let keys = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("there are terminals");
        grantpt(&keys).unwrap();
        unlockpt(&keys).unwrap();
        let name = ptsname(&keys, Vec::new()).unwrap();
        let flags = OFlags::RDWR | OFlags::NOCTTY;
        let screen = rustix::fs::open(&*name, flags, Mode::empty()).expect("it is ours");
        command.stdin(Stdio::from(screen)).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let (sender, output) = channel();
        let pipes: [Box<dyn Read + Send>; 2] = [
            Box::new(child.stdout.take().expect("it is a pipe")),
            Box::new(child.stderr.take().expect("it is a pipe")),
        ];
        for mut pipe in pipes {
            let sender = sender.clone();
            thread::spawn(move || {
                let mut buffer = [0; 4096];
                while let Ok(length @ 1..) = pipe.read(&mut buffer) {
                    if sender.send(buffer[..length].to_vec()).is_err() {
                        return;
                    }
                }
            });
        }
        Self { process: Running::new(child), keys: keys.into(), output, seen: Vec::new(), root }
    }

    /// Waits until a text was printed.
    ///
    /// # Panics
    /// When the process ends without it, or takes a minute.
    #[track_caller]
    pub fn wait_for(&mut self, text: &str) {
        self.wait_for_times(text, 1);
    }

    /// Waits until a text was printed so many times.
    ///
    /// # Panics
    /// When the process ends without it, or takes a minute.
    #[track_caller]
    pub fn wait_for_times(&mut self, text: &str, times: usize) {
        let end = Instant::now() + PATIENCE;
        while self.text().matches(text).count() < times {
            let left = end.saturating_duration_since(Instant::now());
            match self.output.recv_timeout(left) {
                Ok(bytes) => self.seen.extend(bytes),
                Err(_) => panic!("`{text}` is not in\n{}", self.text()),
            }
        }
    }

    /// Types a line.
    pub fn types(&mut self, line: &str) {
        writeln!(self.keys, "{line}").expect("the terminal is open");
    }

    /// Presses keys, without the one that ends a line.
    pub fn press(&mut self, keys: &str) {
        write!(self.keys, "{keys}").expect("the terminal is open");
    }

    /// Whether what is typed appears on the screen.
    pub fn echoes(&self) -> bool {
        let modes = rustix::termios::tcgetattr(&self.keys).expect("the terminal is open");
        modes.local_modes.contains(rustix::termios::LocalModes::ECHO)
    }

    /// Waits for the process's end.
    pub fn end(mut self) -> Run {
        let status = self.process.wait();
        while let Ok(bytes) = self.output.recv_timeout(PATIENCE) {
            self.seen.extend(bytes);
        }
        let output = Output { status, stdout: Vec::new(), stderr: self.seen };
        Run::new(output, self.root, "platoform on a terminal".into())
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.seen).into_owned()
    }
}
