//! `apply` and `destroy`

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use platoform_diagnostic::{Diagnostic, Diagnostics, Sources};
use platoform_plan::{Asking, Later, LaterReason, OutputChange, PlanMode, Planned};
use platoform_state::Store;

use super::configuration::{glance, warn};
use super::{perform, plan, planning, reviewed, workspace};
use crate::args;
use crate::confirm::{Question, confirm};
use crate::error::{Failure, Outcome};
use crate::providers::Registry;
use crate::report::json::stream;
use crate::settings::Settings;

/// Makes the world as planned.
pub async fn run(settings: &Settings, arguments: args::Apply) -> Result<Outcome, Failure> {
    let approved = arguments.plan.is_some() || arguments.reviewed.is_some();
    if settings.output.stream && !approved && !arguments.auto_approve {
        let detail = "Nobody can be asked for approval when `-json` is set";
        return Err(Diagnostic::error("Plan file or auto-approve required", detail)
            .help("apply a saved plan, or add `-auto-approve`")
            .into());
    }
    let registry = Arc::new(Registry::default());
    if let Some(digest) = &arguments.reviewed {
        return reviewed::run(settings, &registry, &arguments, digest).await;
    }
    match &arguments.plan {
        Some(file) => saved(settings, &registry, &arguments, file).await,
        None => fresh(settings, &registry, &arguments).await,
    }
}

/// Applies a saved plan: it was reviewed, so nobody is asked.
async fn saved(
    settings: &Settings,
    registry: &Arc<Registry>,
    arguments: &args::Apply,
    file: &Path,
) -> Result<Outcome, Failure> {
    let given = arguments.planning.given();
    if !given.is_empty() {
        let options = given.join("`, `");
        return Err(Diagnostic::error(
            "Options that a saved plan has decided",
            format!("`{options}` cannot be given together with a saved plan, which settles them"),
        )
        .help("make a new plan with these options")
        .into());
    }
    let path = workspace::path(settings, &glance(settings, registry));
    let store = open(settings, &path, "apply", arguments.running.lock_timeout).await?;
    let seal = workspace::seal(Some(&store));
    let planned = planning::reopen(settings, registry, &settings.path(file), seal).await?;
    if planned.plan.diagnostics.has_errors() {
        let sources = planned.session.sources().clone();
        return Err(Failure::new(planned.plan.diagnostics, sources));
    }
    if settings.output.stream {
        settings.output.data(&stream::planned_changes(&planned.plan))?;
    }
    let nothing = planned.plan.mode == PlanMode::RefreshOnly && !planned.plan.has_changes();
    if nothing && planned.plan.outputs.iter().any(OutputChange::is_change) {
        let detail = "What it shows cannot be written to the state by looking alone";
        return Err(Diagnostic::error("Cannot apply non-applyable plan", detail)
            .help("plan without `-refresh-only`")
            .into());
    }
    to_the_next_stage(settings, arguments, store, planned).await
}

/// Performs a plan that was reviewed. What it leaves for a next stage was not.
pub async fn to_the_next_stage(
    settings: &Settings,
    arguments: &args::Apply,
    store: Store,
    planned: Planned,
) -> Result<Outcome, Failure> {
    let later = planned.plan.later.clone();
    let outcome = finish(settings, arguments, store, planned).await?;
    if later.is_empty() {
        return Ok(outcome);
    }
    let blocks: Vec<String> = later.iter().map(|later| format!("`{}`", later.address)).collect();
    let detail = format!(
        "What the plan shows was done. It left {} for a next stage, which nobody has seen yet",
        blocks.join(", ")
    );
    let rest = Diagnostic::warning("There is another stage", detail)
        .help("`platoform plan` shows it, `platoform apply` goes on with it");
    settings.output.diagnostics([&rest], &Sources::default());
    Ok(Outcome::Unfinished)
}

/// Plans and applies, stage by stage: each is shown and approved like a plan of its own.
async fn fresh(
    settings: &Settings,
    registry: &Arc<Registry>,
    arguments: &args::Apply,
) -> Result<Outcome, Failure> {
    let configuration = planning::read(settings, registry, &arguments.planning)?;
    warn(settings, &configuration.warnings, &configuration.topology.sources);
    let options = planning::options(&arguments.planning)?;
    let path = workspace::path(settings, &configuration.topology);
    let command = if arguments.planning.destroy { "destroy" } else { "apply" };
    let (mut stage, mut before) = (1, Vec::new());
    loop {
        let store = open(settings, &path, command, arguments.running.lock_timeout).await?;
        let asking = &Asking::Ask;
        let planned =
            planning::settled(settings, &configuration, registry, &options, &store, asking).await?;
        let later = planned.plan.later.clone();
        if !later.is_empty() && later == before {
            return Err(Failure::new(still_unknown(&later), planned.session.sources().clone()));
        }
        if stage > 1 {
            let paint = settings.output.note;
            settings.output.note(&format!("\n{}\n\n", paint.bold(format!("Stage {stage}"))));
        }
        plan::show(settings, &planned)?;
        let asks = planned.plan.has_changes() && !arguments.auto_approve;
        if asks && !confirm(settings, question(options.mode))? {
            store.close().await.map_err(|error| workspace::failure(&error))?;
            return Err(cancelled(stage).into());
        }
        let outcome = finish(settings, arguments, store, planned).await?;
        if later.is_empty() {
            return Ok(outcome);
        }
        (stage, before) = (stage + 1, later);
    }
}

/// The user did not approve.
fn cancelled(stage: usize) -> Diagnostic {
    let detail = match stage {
        1 => "The answer was not `yes`; nothing was changed",
        _ => "The answer was not `yes`; what the stages before did is saved",
    };
    Diagnostic::error("Apply cancelled", detail)
}

/// What is wrong with blocks that wait for values which no stage makes known.
fn still_unknown(later: &[Later]) -> Diagnostics {
    let found = later.iter().filter_map(|later| match &later.reason {
        LaterReason::Instances(found) => Some(found.clone()),
        LaterReason::Needs(_) => None,
    });
    found.collect()
}

fn question(mode: PlanMode) -> Question<'static> {
    match mode {
        PlanMode::Normal => Question {
            title: "Do you want to perform these actions?",
            detail: "platoform will perform the actions described above.",
        },
        PlanMode::RefreshOnly => Question {
            title: "Would you like to update the state to reflect these detected changes?",
            detail: "platoform will write these changes to the state without modifying any real \
                     infrastructure.\nThere is no undo.",
        },
        PlanMode::Destroy => Question {
            title: "Do you really want to destroy all resources?",
            detail: "platoform will destroy everything shown above.\nThere is no undo.",
        },
    }
}

/// Opens the state and takes the right to write it.
///
/// # Errors
/// When it cannot be opened, or somebody else has it.
pub async fn open(
    settings: &Settings,
    path: &Path,
    command: &str,
    wait: Duration,
) -> Result<Store, Failure> {
    let store = workspace::open(settings, path).await?;
    workspace::lock(settings, &store, command, wait).await?;
    Ok(store)
}

async fn finish(
    settings: &Settings,
    arguments: &args::Apply,
    store: Store,
    planned: Planned,
) -> Result<Outcome, Failure> {
    let shown = match &arguments.plan {
        Some(_) => Diagnostics::default(),
        None => planned.plan.diagnostics.clone(),
    };
    let manner = perform::Manner {
        parallelism: arguments.running.parallelism,
        destroys: arguments.planning.destroy,
    };
    perform::perform(settings, store, planned, manner, &shown).await
}

impl From<args::Refresh> for args::Apply {
    fn from(refresh: args::Refresh) -> Self {
        let args::Refresh { target, variables, running } = refresh;
        let planning =
            args::Planning { refresh_only: true, target, variables, ..args::Planning::default() };
        Self { plan: None, auto_approve: true, reviewed: None, planning, running }
    }
}

impl From<args::Destroy> for args::Apply {
    fn from(destroy: args::Destroy) -> Self {
        let args::Destroy { auto_approve, mut planning, running } = destroy;
        planning.destroy = true;
        Self { plan: None, auto_approve, reviewed: None, planning, running }
    }
}
