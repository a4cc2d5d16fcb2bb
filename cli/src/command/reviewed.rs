//! `apply -reviewed`

use std::sync::Arc;

use platoform_diagnostic::Diagnostic;
use platoform_plan::{Asking, Planned};
use platoform_state::Store;

use super::configuration::warn;
use super::{apply, plan, planning, workspace};
use crate::args;
use crate::error::{Failure, Outcome};
use crate::providers::Registry;
use crate::report::literal::line;
use crate::report::review::compare::differences;
use crate::settings::Settings;

/// Makes a new plan and applies it if it means the same as the one that was reviewed. That is the
/// approval, so nobody is asked.
pub async fn run(
    settings: &Settings,
    registry: &Arc<Registry>,
    arguments: &args::Apply,
    digest: &str,
) -> Result<Outcome, Failure> {
    let configuration = planning::read(settings, registry, &arguments.planning)?;
    warn(settings, &configuration.warnings, &configuration.topology.sources);
    let options = planning::options(&arguments.planning)?;
    let path = workspace::path(settings, &configuration.topology);
    let store = apply::open(settings, &path, "apply", arguments.running.lock_timeout).await?;
    let reviewed = reviewed(settings, registry, arguments, &store, digest).await?;
    let planned =
        planning::settled(settings, &configuration, registry, &options, &store, &Asking::Ask)
            .await?;
    let same = *planned.plan.digest == *digest;
    if same || planned.plan.diagnostics.has_errors() || reviewed.is_none() {
        plan::show(settings, &planned)?;
    }
    if !same {
        store.close().await.map_err(|error| workspace::failure(&error))?;
        return Err(another(settings, &planned, reviewed.as_ref(), digest)?.into());
    }
    apply::to_the_next_stage(settings, arguments, store, planned).await
}

/// The plan that was reviewed, where its file is given.
async fn reviewed(
    settings: &Settings,
    registry: &Arc<Registry>,
    arguments: &args::Apply,
    store: &Store,
    digest: &str,
) -> Result<Option<Planned>, Failure> {
    let Some(file) = &arguments.plan else { return Ok(None) };
    let seal = workspace::seal(Some(store));
    let planned = planning::reopen(settings, registry, &settings.path(file), seal).await?;
    if *planned.plan.digest != *digest {
        let detail = format!(
            "`{}` has the digest {}, and {digest} was reviewed",
            file.display(),
            planned.plan.digest
        );
        return Err(Diagnostic::error("This is not the plan that was reviewed", detail).into());
    }
    Ok(Some(planned))
}

/// Says that the plan is another one by now, and how it differs where that can be told.
fn another(
    settings: &Settings,
    now: &Planned,
    reviewed: Option<&Planned>,
    digest: &str,
) -> Result<Diagnostic, Failure> {
    let detail = format!(
        "The plan has the digest {} by now, and {digest} was reviewed; nothing was changed",
        now.plan.digest
    );
    let error = Diagnostic::error("The plan is not the one that was reviewed", detail);
    let Some(reviewed) = reviewed else {
        return Ok(error.help(
            "review it as it is above; `apply -reviewed=DIGEST FILE`, with the file of the plan \
             that was reviewed, shows how the two differ",
        ));
    };
    let paint = settings.output.data;
    let title = paint.bold("How it differs from the plan that was reviewed:");
    let mut text = format!("{title}\n\n");
    for (name, phrase) in differences(&reviewed.plan, &now.plan) {
        text.push_str(&format!("  {}: {phrase}\n", paint.bold(line(&name))));
    }
    if settings.output.stream {
        settings.output.note(&text);
    } else {
        settings.output.data(&text)?;
    }
    Ok(error.help("review the plan as it is now: `plan -out=FILE`, `show -markdown FILE`"))
}
