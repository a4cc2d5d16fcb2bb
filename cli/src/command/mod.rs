//! What each command does, one file each.

mod apply;
mod completions;
pub mod configuration;
mod console;
mod fmt;
mod force_unlock;
mod get;
mod graph;
mod init;
mod lock;
mod log;
mod metadata;
mod modules;
mod orphans;
mod output;
mod perform;
mod plan;
mod planning;
mod providers;
mod recover;
pub mod reference;
pub mod remote_state;
mod reviewed;
pub mod selection;
mod show;
mod state;
mod taint;
mod validate;
mod version;
mod workspace;

use std::future::Future;

use platoform_diagnostic::Diagnostic;

use crate::args::{Arguments, Command};
use crate::error::{Failure, Outcome};
use crate::report::json::stream;
use crate::settings::Settings;

/// Does what the arguments say.
///
/// # Errors
/// Whatever kept it from being done.
pub fn run(arguments: Arguments, settings: &Settings) -> Result<Outcome, Failure> {
    if settings.output.stream {
        settings.output.event(&stream::version());
    }
    match arguments.command {
        Command::Init(arguments) => {
            let fetched = init::fetch(settings, &arguments)?;
            block_on(init::run(settings, &arguments, fetched))
        }
        Command::Get(arguments) => get::run(settings, &arguments),
        Command::Validate(arguments) => validate::run(settings, &arguments),
        Command::Fmt(arguments) => fmt::run(settings, &arguments),
        Command::Console(arguments) => block_on(console::run(settings, arguments)),
        Command::Plan(arguments) => block_on(plan::run(settings, arguments)),
        Command::Apply(arguments) => block_on(apply::run(settings, arguments)),
        Command::Destroy(arguments) => block_on(apply::run(settings, arguments.into())),
        Command::Refresh(arguments) => block_on(apply::run(settings, arguments.into())),
        Command::Show(arguments) => block_on(show::run(settings, arguments)),
        Command::Output(arguments) => block_on(output::run(settings, arguments)),
        Command::Recover(arguments) => block_on(recover::run(settings, arguments)),
        Command::State(arguments) => block_on(state::run(settings, arguments)),
        Command::Taint(arguments) => block_on(taint::run(settings, &arguments, true)),
        Command::Untaint(arguments) => block_on(taint::run(settings, &arguments, false)),
        Command::Log(arguments) => block_on(log::run(settings, arguments)),
        Command::Workspace(arguments) => block_on(workspace::run(settings, arguments)),
        Command::Lock(arguments) => block_on(lock::run(settings, &arguments)),
        Command::ForceUnlock(arguments) => block_on(force_unlock::run(settings, &arguments)),
        Command::Graph(arguments) => block_on(graph::run(settings, arguments)),
        Command::Metadata(arguments) => metadata::run(settings, &arguments),
        Command::Providers => providers::run(settings),
        Command::Modules(arguments) => modules::run(settings, &arguments),
        Command::Version(arguments) => version::run(settings, &arguments),
        Command::Completions(arguments) => completions::run(settings, &arguments),
        Command::Reference(arguments) => reference::run(settings, &arguments),
    }
}

/// Runs a command that makes calls. Calls run side by side, but all on this thread: the engine's
/// own work is not worth more, and providers wait rather than compute.
fn block_on(command: impl Future<Output = Result<Outcome, Failure>>) -> Result<Outcome, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    match runtime {
        Ok(runtime) => runtime.block_on(command),
        Err(error) => Err(Diagnostic::error("The run cannot be started", error.to_string()).into()),
    }
}
