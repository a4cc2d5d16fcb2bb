//! `local-exec`: a program on this machine.

use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::process::{ExitStatus, Stdio};

use platoform_apply::{Lines, ProvisionError};
use platoform_plan::Provision;
use platoform_value::{Value, quoted};
use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::AsyncReadExt as _;
use tokio::net::unix::pipe::Receiver;
use tokio::process::{Child, Command};

use crate::arguments::{flag, text, texts};
use crate::lines::Splitter;

/// What runs a command where the block does not say.
const SHELL: [&str; 2] = ["/bin/sh", "-c"];

/// How much of what a program wrote last is part of the error about it, in bytes.
const REMEMBERED: usize = 8 * 1024;

/// Runs the command of a block to its end.
pub(crate) async fn run(
    provision: &Provision,
    directory: &Path,
    lines: Lines<'_>,
) -> Result<(), ProvisionError> {
    let arguments = &provision.arguments;
    let command = text(arguments, "command").unwrap_or_default();
    if command.is_empty() {
        return Err(ProvisionError {
            summary: "Invalid local-exec provisioner command".into(),
            detail: "The command must not be empty".into(),
        });
    }
    let mut words = texts(arguments, "interpreter");
    if words.is_empty() {
        words.extend(SHELL);
    }
    words.push(command);
    if flag(arguments, "quiet") == Some(true) {
        lines("local-exec: Executing: Suppressed by quiet=true");
    } else {
        let words: Vec<String> = words.iter().map(|word| quoted(word)).collect();
        lines(&format!("Executing: [{}]", words.join(" ")));
    }
    let mut output = Vec::new();
    let ended = start(&words, arguments, directory);
    let ended = match ended {
        Ok((group, pipe)) => group.wait(pipe, lines, &mut output).await,
        Err(error) => Err(error),
    };
    let failure = match ended {
        Ok(status) if status.success() => return Ok(()),
        Ok(status) => {
            status.code().map_or_else(|| status.to_string(), |code| format!("exit status {code}"))
        }
        Err(error) => format!("{}: {error}", quoted(words[0])),
    };
    let detail = match provision.suppressed {
        Some(kind) => format!(
            "Error running the command: {failure}. Neither it nor its output is shown, because of \
             a value in its configuration that is {kind}"
        ),
        None => {
            let output = String::from_utf8_lossy(&output);
            format!("Error running command '{command}': {failure}. Output: {output}")
        }
    };
    Err(ProvisionError { summary: "local-exec provisioner error".into(), detail })
}

/// Starts a program. What it writes, to stdout or stderr, comes out of one pipe.
fn start(words: &[&str], arguments: &Value, directory: &Path) -> io::Result<(Group, OwnedFd)> {
    let (pipe, end) = io::pipe()?;
    let mut command = Command::new(words[0]);
    let directory = directory.join(text(arguments, "working_dir").unwrap_or_default());
    if !directory.is_dir() {
        let missing = format!("there is no directory `{}`", directory.display());
        return Err(io::Error::new(io::ErrorKind::NotFound, missing));
    }
    command.args(&words[1..]).current_dir(directory);
    let environment = arguments.get("environment").and_then(Value::as_entries);
    for (name, value) in environment.into_iter().flat_map(|entries| entries.iter()) {
        if let Some(value) = value.as_str() {
            command.env(&**name, value);
        }
    }
    command.stdin(Stdio::null()).stdout(end.try_clone()?).stderr(end);
    // In a group of its own: what interrupts this program does not interrupt it, and it can be
    // ended with everything that it has started.
    let child = command.process_group(0).spawn()?;
    Ok((Group { child, ended: false }, pipe.into()))
}

/// A program and everything that it has started, which ends when this is dropped.
struct Group {
    child: Child,
    ended: bool,
}

impl Group {
    /// Reads what it writes until nobody writes any more.
    async fn wait(
        mut self,
        pipe: OwnedFd,
        lines: Lines<'_>,
        output: &mut Vec<u8>,
    ) -> io::Result<ExitStatus> {
        let mut pipe = Receiver::from_owned_fd(pipe)?;
        let mut splitter = Splitter::default();
        let mut buffer = [0; 4096];
        loop {
            let length = pipe.read(&mut buffer).await?;
            if length == 0 {
                break;
            }
            splitter.add(&buffer[..length], lines);
            output.extend(&buffer[..length]);
            output.drain(..output.len().saturating_sub(REMEMBERED));
        }
        splitter.finish(lines);
        let status = self.child.wait().await;
        self.ended = true;
        status
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        let leader = self.child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        if let Some(leader) = leader.filter(|_| !self.ended) {
            // One that has just ended needs no ending.
            let _ = kill_process_group(leader, Signal::KILL);
        }
    }
}
