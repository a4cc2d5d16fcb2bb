//! platoform's command line: reads arguments, environment and files, lets the engine work, and
//! shows what comes of it.
//!
//! Commands ([`command`]) know what to do, reports ([`report`]) how it looks; only [`output`]
//! prints, only [`settings`] reads the environment, only [`main`] ends the process.

mod args;
mod command;
mod confirm;
mod error;
mod files;
mod modules;
mod output;
mod ports;
mod prompt;
mod providers;
mod report;
mod settings;

use std::process::ExitCode;

use error::Failure;
use output::Output;
use settings::Settings;

fn main() -> ExitCode {
    let arguments = match args::parse(std::env::args_os()) {
        Ok(arguments) => arguments,
        Err(error) => return refuse(&error),
    };
    let fallback = Output::detect(!arguments.global.no_color, false);
    let fallback = fallback.streaming(arguments.command.streams());
    let outcome = match Settings::collect(&arguments) {
        Ok(settings) => {
            let outcome = command::run(arguments, &settings);
            outcome.map_err(|failure| (failure, settings.output))
        }
        Err(failure) => Err((failure, fallback)),
    };
    match outcome {
        Ok(outcome) => outcome.into(),
        Err((failure, output)) => {
            output.diagnostics(&failure.diagnostics, &failure.sources);
            ExitCode::from(failure.exit_code)
        }
    }
}

/// Arguments that make no sense, or ask for help.
fn refuse(error: &clap::Error) -> ExitCode {
    let text = error.render().to_string();
    let output = Output::detect(false, false);
    if error.use_stderr() {
        output.note(&text);
        return ExitCode::from(Failure::EXIT_CODE);
    }
    match output.data(&text) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::from(Failure::EXIT_CODE),
    }
}
