//! `completions`

use clap::CommandFactory as _;

use crate::args::{self, Arguments};
use crate::error::{Failure, Outcome};
use crate::settings::Settings;

/// Writes a completion script.
pub fn run(settings: &Settings, arguments: &args::Completions) -> Result<Outcome, Failure> {
    let mut script = Vec::new();
    let mut grammar = Arguments::command();
    clap_complete::generate(arguments.shell, &mut grammar, "platoform", &mut script);
    settings.output.data(&String::from_utf8_lossy(&script))?;
    Ok(Outcome::Done)
}
