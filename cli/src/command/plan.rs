//! `plan`

use std::path::Path;
use std::sync::Arc;

use platoform_apply::RunStart;
use platoform_plan::{Asking, Plan, PlanInput, PlanOptions, Planned, Prior, plan};
use platoform_state::Store;

use super::configuration::{Configuration, glance, warn};
use super::{planning, workspace};
use crate::args;
use crate::error::{Failure, Outcome};
use crate::providers::Registry;
use crate::report;
use crate::report::json::stream;
use crate::settings::Settings;

/// Shows what applying would change, and saves it where asked to.
pub async fn run(settings: &Settings, arguments: args::Plan) -> Result<Outcome, Failure> {
    let registry = Arc::new(Registry::default());
    if let Some(file) = &arguments.check_fresh {
        return fresh(settings, &registry, file).await;
    }
    let configuration = planning::read(settings, &registry, &arguments.planning)?;
    warn(settings, &configuration.warnings, &configuration.topology.sources);
    let options = planning::options(&arguments.planning)?;
    let mut made = make(settings, &arguments, &configuration, &registry, &options).await?;
    let prior = made.prior.filter(|_| !made.planned.plan.void);
    let made_from = prior.zip(made.planned.answers.take());
    if let (Some(out), Some(made_from)) = (&arguments.out, made_from) {
        let plan = &made.planned.plan;
        let document = planning::document(settings, &configuration, plan, options, made_from);
        planning::save(&settings.path(out), &document, &*workspace::seal(made.store.as_ref()))?;
    }
    show(settings, &made.planned)?;
    if !settings.output.stream {
        advise(settings, &made.planned.plan, arguments.out.as_deref());
    }
    if let Some(store) = made.store {
        store.close().await.map_err(|error| workspace::failure(&error))?;
    }
    let changes = arguments.detailed_exitcode && made.planned.plan.has_changes();
    Ok(if changes { Outcome::Changes } else { Outcome::Done })
}

/// Tells whether a saved plan could be applied now.
async fn fresh(
    settings: &Settings,
    registry: &Arc<Registry>,
    file: &Path,
) -> Result<Outcome, Failure> {
    let path = workspace::path(settings, &glance(settings, registry));
    let Some(store) = workspace::look(settings, &path).await? else {
        return Err(workspace::missing(&path));
    };
    let seal = workspace::seal(Some(&store));
    let planned = planning::reopen(settings, registry, &settings.path(file), seal).await?;
    if planned.plan.diagnostics.has_errors() {
        let sources = planned.session.sources().clone();
        return Err(Failure::new(planned.plan.diagnostics, sources));
    }
    let Planned { plan, versions, .. } = planned;
    let start = RunStart { plan: plan.id, digest: plan.digest, versions };
    let checked = store.check(start).await;
    store.close().await.map_err(|error| workspace::failure(&error))?;
    checked.map_err(|error| workspace::failure(&error))?;
    settings.output.data(&format!(
        "{}: nothing that `{}` was made from has changed since.\n",
        settings.output.data.green("Fresh"),
        file.display()
    ))?;
    Ok(Outcome::Done)
}

/// A plan and the state it was made from.
struct Made {
    planned: Planned,
    store: Option<Store>,
    /// What the state said, where the plan is to be saved.
    prior: Option<Prior>,
}

/// Makes the plan. Looking changes nothing, so nothing is locked, unless an earlier run left calls
/// open whose end has to be recorded.
async fn make(
    settings: &Settings,
    arguments: &args::Plan,
    configuration: &Configuration,
    registry: &Arc<Registry>,
    options: &PlanOptions,
) -> Result<Made, Failure> {
    let path = workspace::path(settings, &configuration.topology);
    let save = arguments.out.is_some();
    let asking = if save { Asking::Keep } else { Asking::Ask };
    let store = if save {
        Some(workspace::open(settings, &path).await?)
    } else {
        workspace::look(settings, &path).await?
    };
    let now = match &store {
        Some(store) => read(store).await?,
        None => Prior::default(),
    };
    if now.open.is_empty() {
        let prior = save.then(|| now.clone());
        let seal = workspace::seal(store.as_ref());
        let input = planning::input(settings, configuration, registry, options.clone(), now, seal);
        let planned = plan(PlanInput { asking, ..input }).await;
        return Ok(Made { planned, store, prior });
    }
    let store = match store.filter(|_| save) {
        Some(store) => store,
        None => workspace::open(settings, &path).await?,
    };
    workspace::lock(settings, &store, "plan", arguments.running.lock_timeout).await?;
    let planned =
        planning::settled(settings, configuration, registry, options, &store, &asking).await?;
    let prior = if save { Some(read(&store).await?) } else { None };
    Ok(Made { planned, store: Some(store), prior })
}

async fn read(store: &Store) -> Result<Prior, Failure> {
    store.prior().await.map_err(|error| workspace::failure(&error))
}

/// A plan as text, or as lines of the stream.
pub fn text(settings: &Settings, planned: &Planned) -> String {
    if settings.output.stream {
        return stream::plan(&planned.plan);
    }
    let (sources, paint) = (planned.session.sources(), settings.output.data);
    format!("{}\n", report::plan::plan(&planned.plan, sources, settings.length, paint).trim_end())
}

/// Shows a plan and what was found while making it.
///
/// # Errors
/// When the plan has errors.
pub fn show(settings: &Settings, planned: &Planned) -> Result<(), Failure> {
    let sources = planned.session.sources();
    let output = &settings.output;
    if planned.plan.diagnostics.has_errors() {
        return Err(Failure::new(planned.plan.diagnostics.clone(), sources.clone()));
    }
    output.data(&text(settings, planned))?;
    output.diagnostics(&planned.plan.diagnostics, sources);
    Ok(())
}

fn advise(settings: &Settings, plan: &Plan, out: Option<&Path>) {
    let paint = settings.output.note;
    let text = match out {
        Some(out) => {
            let command = paint.cyan(format!("platoform apply {}", out.display()));
            format!(
                "\nSaved as `{}`. This does exactly what it says:\n  {command}\n\nIts digest, \
                 equal for plans that mean the same:\n  {}\n",
                out.display(),
                plan.digest,
            )
        }
        None if plan.has_changes() => format!(
            "\n{}: the plan was not saved; `apply` makes a new one and asks. With {} it does just \
             what was shown.\n",
            paint.cyan("Note"),
            paint.cyan("-out=FILE"),
        ),
        None => return,
    };
    settings.output.note(&text);
}
