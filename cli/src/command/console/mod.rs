//! `console`: evaluates expressions, one after the other.

mod complete;
mod interactive;
mod piped;
mod session;
mod types;

use std::io::{self, IsTerminal as _};
use std::sync::Arc;

use platoform_diagnostic::{Diagnostic, Diagnostics, Sources};
use platoform_plan::{PlanOptions, Prior, evaluate, plan};

use super::configuration::{Configuration, Purpose, warn};
use super::{planning, workspace};
use crate::args;
use crate::error::{Failure, Outcome};
use crate::ports::Chance;
use crate::providers::Registry;
use crate::settings::Settings;

use session::Console;

/// Evaluates what is typed, or comes through a pipe.
pub async fn run(settings: &Settings, arguments: args::Console) -> Result<Outcome, Failure> {
    let console = open(settings, &arguments).await?;
    if io::stdin().is_terminal() {
        interactive::run(settings, &console)
    } else {
        piped::run(settings, &console)
    }
}

/// Evaluates the configuration against the state, or against a plan. Nothing is changed.
async fn open(settings: &Settings, arguments: &args::Console) -> Result<Console, Failure> {
    let registry = Arc::new(Registry::default());
    let inputs = &arguments.variables.inputs;
    let configuration = Configuration::read(settings, &registry, inputs, Purpose::Evaluate)?;
    warn(settings, &configuration.warnings, &configuration.topology.sources);
    let path = workspace::path(settings, &configuration.topology);
    let store = workspace::look(settings, &path).await?;
    let prior = match &store {
        Some(store) => store.prior().await.map_err(|error| workspace::failure(&error))?,
        None => Prior::default(),
    };
    let options = PlanOptions { refresh: true, ..PlanOptions::default() };
    let seal = workspace::seal(store.as_ref());
    let input = planning::input(settings, &configuration, &registry, options, prior, seal);
    let (session, found) = if arguments.plan {
        let mut planned = plan(input).await;
        planned.session.admit(Arc::new(Chance));
        (planned.session, planned.plan.diagnostics)
    } else {
        evaluate(input, Arc::new(Chance))
            .await
            .map_err(|found| Failure::new(found, configuration.topology.sources.clone()))?
    };
    show(settings, &found, session.sources());
    Ok(Console::new(session))
}

/// Shows what was found while evaluating the configuration. It keeps nobody from looking at the
/// rest.
fn show(settings: &Settings, found: &Diagnostics, sources: &Sources) {
    warn(settings, found, sources);
    if found.has_errors() {
        let detail = "What could not be evaluated counts as not known yet";
        let warning = Diagnostic::warning(
            "Due to the problems above, some expressions may produce unexpected results",
            detail,
        );
        settings.output.diagnostics([&warning], sources);
    }
}
