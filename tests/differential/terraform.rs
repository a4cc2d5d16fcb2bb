//! The other side.

use std::env;
use std::path::Path;
use std::process::{Command, Stdio};

/// Variable that says what the run's random numbers begin with.
const SEED: &str = "PLATOFORM_SEED";
/// Variable that says how many cases a trial makes up.
const CASES: &str = "PLATOFORM_CASES";

/// A file of settings that sets nothing.
const NOTHING: &str = "/dev/null";

/// Terraform with these arguments in a directory.
pub fn command(directory: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("terraform");
    command
        .args(arguments)
        .current_dir(directory)
        .env("TF_CLI_CONFIG_FILE", NOTHING)
        .env("CHECKPOINT_DISABLE", "1")
        .stdin(Stdio::null());
    command
}

/// What the run's random numbers begin with: another number each time unless it is given.
pub fn seed() -> u64 {
    number(SEED).unwrap_or_else(|| fastrand::u64(..))
}

/// How many cases to make up.
pub fn cases(default: u64) -> u64 {
    number(CASES).unwrap_or(default)
}

fn number(name: &str) -> Option<u64> {
    let text = env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text}")))
}
