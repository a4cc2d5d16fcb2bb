//! What Terraform makes of an expression.
//!
//! A console on a terminal goes on after an error, so one process answers thousands of lines.

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

use super::ours::Answer;

/// What the console sends when it waits for the next line.
const PROMPT: &[u8] = b"\x1b[J\x1b[2K\r>  \x08";
/// What it sends before each repetition of the line that is being typed.
const ECHO: &[u8] = b"\x1b[2K\r> ";

/// A console that runs.
pub struct Console {
    process: Child,
    terminal: File,
}

impl Console {
    /// Starts one in a directory.
    pub fn start(directory: &Path) -> Self {
        let terminal =
            openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("there are terminals");
        grantpt(&terminal).unwrap();
        unlockpt(&terminal).unwrap();
        let size = Winsize { ws_row: 50, ws_col: 30_000, ws_xpixel: 0, ws_ypixel: 0 };
        tcsetwinsize(&terminal, size).unwrap();
        let name = ptsname(&terminal, Vec::new()).unwrap();
        let open = || {
            let flags = OFlags::RDWR | OFlags::NOCTTY;
            Stdio::from(rustix::fs::open(&*name, flags, Mode::empty()).expect("it is ours"))
        };
        let process = Command::new("terraform")
            .arg("console")
            .current_dir(directory)
            .env("TERM", "dumb")
            .env("CHECKPOINT_DISABLE", "1")
            .env("TF_CLI_CONFIG_FILE", "/dev/null")
            .stdin(open())
            .stdout(open())
            .stderr(open())
            .spawn()
            .expect("there is terraform");
        let mut console = Self { process, terminal: terminal.into() };
        console.output().expect("the console starts");
        console
    }

    /// What is printed until the next prompt; `None` when the process ends.
    fn output(&mut self) -> Option<Vec<u8>> {
        let mut seen = Vec::new();
        let mut buffer = [0; 1 << 16];
        while !seen.ends_with(PROMPT) {
            match self.terminal.read(&mut buffer) {
                Ok(length @ 1..) => seen.extend(&buffer[..length]),
                _ => return None,
            }
        }
        seen.truncate(seen.len() - PROMPT.len());
        Some(seen)
    }

    /// What it prints for a line; `None` when it crashed over it.
    pub fn ask(&mut self, line: &str) -> Option<Answer> {
        writeln!(self.terminal, "{line}").ok()?;
        let output = self.output()?;
        let echo = output.windows(ECHO.len()).rposition(|window| window == ECHO)?;
        let text = String::from_utf8_lossy(&output[echo..]).replace("\r\n", "\n");
        let text = without_colours(text.split_once('\n')?.1);
        Some(match text.strip_prefix('╷') {
            Some(report) => Answer::Errors(errors(report)),
            None => Answer::Value(text.strip_suffix('\n').unwrap_or(&text).to_owned()),
        })
    }
}

impl Drop for Console {
    fn drop(&mut self) {
        // Either it is there to be killed, or it ended on its own.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn without_colours(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\x1b[") {
        plain.push_str(before);
        rest =
            after.split_once(|next: char| next.is_ascii_alphabetic()).map_or("", |(_, rest)| rest);
    }
    plain + rest
}

/// Summaries and details in a report.
fn errors(report: &str) -> Vec<(String, String)> {
    let mut errors: Vec<(String, String)> = Vec::new();
    for line in report.lines() {
        let Some(line) = line.strip_prefix("│ ") else { continue };
        if let Some(summary) = line.strip_prefix("Error: ") {
            errors.push((summary.to_owned(), String::new()));
        } else if let Some((_, detail)) = errors.last_mut()
            && !line.starts_with("  on <console-input>")
            && !line.starts_with("  (source code not available)")
        {
            if !detail.is_empty() {
                detail.push('\n');
            }
            detail.push_str(line);
        }
    }
    for (_, detail) in &mut errors {
        *detail = detail.trim().to_owned();
    }
    errors
}
