//! A run to be.

use std::env;
use std::ffi::OsStr;
use std::io::{Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::{Run, Running, program};

/// Variables that are passed on: where programs are, and where the Docker Engine is.
const PASSED: [&str; 3] = ["PATH", "DOCKER_HOST", "TMPDIR"];

/// The program with its arguments and environment.
#[derive(Debug)]
pub struct Invocation {
    command: Command,
    root: PathBuf,
}

impl Invocation {
    /// The program in a directory, without anything of the caller's environment.
    pub(crate) fn new(root: &Path, home: &Path) -> Self {
        let mut command = Command::new(program());
        command.current_dir(root).env_clear().stdin(Stdio::null());
        for name in PASSED {
            if let Some(value) = env::var_os(name) {
                command.env(name, value);
            }
        }
        command.env("HOME", home).env("NO_COLOR", "1").env("USER", "tester");
        Self { command, root: root.to_owned() }
    }

    /// More arguments.
    #[must_use]
    pub fn args<I: IntoIterator<Item: AsRef<OsStr>>>(mut self, arguments: I) -> Self {
        self.command.args(arguments);
        self
    }

    /// A variable of its environment.
    #[must_use]
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// What it reads from its standard input.
    #[must_use]
    pub fn input(mut self, text: &str) -> Self {
        let mut file = tempfile::tempfile().expect("there is room");
        file.write_all(text.as_bytes()).and_then(|()| file.rewind()).expect("there is room");
        self.command.stdin(file);
        self
    }

    /// Another working directory, below the project's.
    #[must_use]
    pub fn directory(mut self, path: &str) -> Self {
        self.command.current_dir(self.root.join(path));
        self
    }

    /// No file may grow beyond so many blocks of a kilobyte, or of half of one, as the shell has it:
    /// writing more fails.
    #[must_use]
    pub fn file_limit(self, blocks: u32) -> Self {
        let mut command = Command::new("sh");
        command.arg("-c").arg(format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\""));
        command.arg(self.command.get_program()).args(self.command.get_args());
        command.current_dir(&self.root).env_clear().stdin(Stdio::null());
        for (name, value) in self.command.get_envs() {
            command.env(name, value.unwrap_or_default());
        }
        Self { command, root: self.root }
    }

    /// Runs it to its end.
    pub fn run(mut self) -> Run {
        let output = self.command.output().expect("the program starts");
        let line = self.line();
        Run::new(output, self.root, line)
    }

    /// Starts it, with its output going nowhere.
    pub fn start(mut self) -> Running {
        let child = self.command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        Running::new(child.expect("the program starts"))
    }

    /// Starts it, with its progress to be read.
    pub fn start_watched(mut self) -> Running {
        let child = self.command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn();
        Running::new(child.expect("the program starts"))
    }

    /// What is run, and where its paths begin.
    pub fn into_parts(self) -> (Command, PathBuf) {
        (self.command, self.root)
    }

    fn line(&self) -> String {
        let words = self.command.get_args().map(|word| word.to_string_lossy().into_owned());
        format!("platoform {}", words.collect::<Vec<_>>().join(" "))
    }
}
