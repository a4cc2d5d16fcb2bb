//! How much memory a very large configuration takes at its peak.
//!
//! `cargo bench -p platoform-tests --bench memory` makes a configuration of 100 MB in 32 files, or
//! of as many megabytes as are given after `--`, and validates it. Linux says what it took.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement prints, and one that cannot go on panics"
)]

use std::fmt::Write as _;
use std::fs;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use platoform_tests::program;

/// Files of the configuration.
const FILES: usize = 32;
/// How often it is asked for.
const PERIOD: Duration = Duration::from_millis(10);

fn main() {
    let given = std::env::args().find_map(|argument| argument.parse().ok());
    let megabytes: usize = given.unwrap_or(100);
    let directory = tempfile::tempdir().unwrap();
    let mut blocks = 0;
    for file in 0..FILES {
        let mut text = String::new();
        while text.len() < megabytes * 1_000_000 / FILES {
            let _ = writeln!(
                text,
                "resource \"terraform_data\" \"node{blocks}\" {{\n  \
                 input = {{ name = \"node-{blocks}\", size = {blocks} * 2 }}\n}}"
            );
            blocks += 1;
        }
        fs::write(directory.path().join(format!("part{file}.tf")), text).unwrap();
    }
    let begun = Instant::now();
    let mut process = Command::new(program())
        .arg("validate")
        .current_dir(directory.path())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut peak = 0;
    let status = loop {
        peak = peak.max(resident(process.id()).unwrap_or(0));
        if let Some(status) = process.try_wait().unwrap() {
            break status;
        }
        sleep(PERIOD);
    };
    let seconds = begun.elapsed().as_secs_f64();
    assert!(status.success(), "{status}");
    println!(
        "{megabytes} MB, {blocks} blocks: {seconds:.1} s, {peak} MB at the peak, {:.1} times the text",
        peak as f64 / megabytes as f64
    );
}

/// The most memory a process had so far, in megabytes; `None` when it is gone.
fn resident(process: u32) -> Option<usize> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: usize = peak.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kibibytes * 1024 / 1_000_000)
}
