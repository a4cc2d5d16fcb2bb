//! Making a plan, saving it, and reading a saved one.

use std::fs;
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

use platoform_apply::{Random as _, settle};
use platoform_config::{AddressError, InstanceAddress, LoadOptions, load_with};
use platoform_diagnostic::{Diagnostic, Environment};
use platoform_plan::{
    Answers, Asking, Document, Plan, PlanInput, PlanMode, PlanOptions, Planned, Prior, Seal,
    Selector, plan,
};
use platoform_schema::Mode;
use platoform_state::Store;

use super::configuration::{Configuration, Purpose, ROOT};
use super::workspace::{failure, seal, with_causes};
use crate::args::Planning;
use crate::error::Failure;
use crate::ports::Chance;
use crate::providers::Registry;
use crate::settings::Settings;

/// What every saved plan begins with.
const PLAN_START: &[u8; 18] = b"{\"platoform_plan\":";

/// Reads what is to be planned.
///
/// # Errors
/// When anything is wrong with it.
pub fn read(
    settings: &Settings,
    registry: &Arc<Registry>,
    planning: &Planning,
) -> Result<Configuration, Failure> {
    let purpose = if planning.destroy { Purpose::Destroy } else { Purpose::Create };
    Configuration::read(settings, registry, &planning.variables.inputs, purpose)
}

/// What the arguments ask to plan for.
///
/// # Errors
/// When a target, or what is to be replaced, is no address.
pub fn options(planning: &Planning) -> Result<PlanOptions, Failure> {
    let allowed = planning.allow_destroy.iter().map(|text| target(text));
    let replace = planning.replace.iter().map(|text| replaced(text));
    Ok(PlanOptions {
        replace: replace.collect::<Result<_, _>>()?,
        mode: mode(planning)?,
        allow_destroy: allowed.collect::<Result<_, _>>()?,
        refresh: planning.refresh.unwrap_or(true),
        targets: selectors(&planning.target)?,
        exclude: selectors(&planning.exclude)?,
        adopt: Vec::new(),
    })
}

fn selectors(texts: &[String]) -> Result<Vec<Selector>, Diagnostic> {
    texts.iter().map(|text| target(text)).collect()
}

fn target<T: FromStr<Err = AddressError>>(text: &str) -> Result<T, Diagnostic> {
    text.parse().map_err(|error: AddressError| {
        Diagnostic::error(format!("Invalid target \"{text}\""), error.to_string())
            .help("a target is a module, a resource or an instance: `docker_container.web[0]`")
    })
}

/// What is planned for, and that the options go together.
fn mode(planning: &Planning) -> Result<PlanMode, Diagnostic> {
    let wrong = |summary: &str, detail: &str| Err(Diagnostic::error(summary, detail));
    let mode = match (planning.destroy, planning.refresh_only) {
        (true, true) => {
            let detail = "`-destroy` and `-refresh-only` ask for different plans";
            return wrong("Incompatible plan mode options", detail);
        }
        (true, false) => PlanMode::Destroy,
        (false, true) => PlanMode::RefreshOnly,
        (false, false) => PlanMode::Normal,
    };
    if planning.refresh_only && planning.refresh == Some(false) {
        let detail = "With `-refresh=false`, a plan of `-refresh-only` has nothing to do";
        return wrong("Incompatible refresh options", detail);
    }
    if !planning.replace.is_empty() && mode != PlanMode::Normal {
        let detail = "`-replace` goes neither with `-destroy` nor with `-refresh-only`";
        return wrong("Unsupported plan mode", detail);
    }
    Ok(mode)
}

/// The instance that is to be replaced.
fn replaced(text: &str) -> Result<InstanceAddress, Diagnostic> {
    let wrong = |detail: String| {
        Diagnostic::error(format!("Invalid force-replace address \"{text}\""), detail)
            .help("it is the address of an instance: `docker_container.web[0]`")
    };
    let address: InstanceAddress = text.parse().map_err(|error| wrong(format!("{error}")))?;
    if address.resource.id.mode != Mode::Managed {
        return Err(wrong("Only managed resources can be replaced".into()));
    }
    Ok(address)
}

/// Puts together what a plan is made from.
pub fn input(
    settings: &Settings,
    configuration: &Configuration,
    registry: &Arc<Registry>,
    options: PlanOptions,
    prior: Prior,
    seal: Arc<dyn Seal>,
) -> PlanInput {
    PlanInput {
        topology: configuration.topology.clone(),
        variables: configuration.variables.clone(),
        files: configuration.files.clone(),
        environment: settings.environment.clone(),
        providers: registry.clone(),
        prior,
        seal,
        timestamp: configuration.timestamp.clone(),
        workspace: settings.workspace.clone(),
        id: Chance.owner_key(),
        options,
        asking: Asking::Ask,
    }
}

/// Makes a plan from a state that this process holds. Calls that an earlier run left open are
/// resolved first, and recorded. What providers say is kept if `asking` says so.
///
/// # Errors
/// When the state cannot be read or written.
pub async fn settled(
    settings: &Settings,
    configuration: &Configuration,
    registry: &Arc<Registry>,
    options: &PlanOptions,
    store: &Store,
    asking: &Asking,
) -> Result<Planned, Failure> {
    loop {
        let prior = store.prior().await.map_err(|error| failure(&error))?;
        let input =
            input(settings, configuration, registry, options.clone(), prior, seal(Some(store)));
        let planned = plan(PlanInput { asking: asking.clone(), ..input }).await;
        if planned.recovered.is_empty() {
            return Ok(planned);
        }
        // Each round closes at least one open call, so this ends.
        settle(store, &planned.recovered).await.map_err(|error| {
            let diagnostic = Diagnostic::error("State cannot be written", error.message);
            error.help.into_iter().fold(diagnostic, Diagnostic::help)
        })?;
    }
}

/// The document that a plan is saved as.
pub fn document(
    settings: &Settings,
    configuration: &Configuration,
    plan: &Plan,
    options: PlanOptions,
    (prior, answers): (Prior, Answers),
) -> Document {
    Document {
        id: plan.id.clone(),
        digest: plan.digest.clone(),
        timestamp: configuration.timestamp.clone(),
        workspace: settings.workspace.clone(),
        directory: PathBuf::from(ROOT),
        working: settings.directory().to_owned(),
        files: configuration.files.captured(),
        variables: configuration.variables.clone(),
        options,
        answers,
        prior,
    }
}

/// Writes a document.
///
/// # Errors
/// When it cannot be sealed or written.
pub fn save(path: &Path, document: &Document, seal: &dyn Seal) -> Result<(), Failure> {
    let wrong = |detail: String| {
        Diagnostic::error("Plan cannot be saved", format!("`{}`: {detail}", path.display()))
    };
    if is_something_else(path) {
        return Err(wrong("there is a file of this name that is no plan".into())
            .help("choose another name, or remove the file")
            .into());
    }
    let content = document.encode(seal).map_err(|error| wrong(error.to_string()))?;
    write_private(path, &content).map_err(|error| wrong(error.to_string()))?;
    Ok(())
}

/// Whether there is anything at a path but a saved plan.
fn is_something_else(path: &Path) -> bool {
    let mut start = [0; PLAN_START.len()];
    match fs::File::open(path) {
        Ok(mut file) => file.read_exact(&mut start).is_err() || start != *PLAN_START,
        Err(error) => error.kind() != io::ErrorKind::NotFound,
    }
}

/// Writes a file that only its owner can read: whole, or not at all.
fn write_private(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().ok_or(io::ErrorKind::InvalidInput)?);
    name.push(format!(".{}", std::process::id()));
    let draft = path.with_file_name(name);
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
    let written = file.write_all(content).and_then(|()| file.sync_all());
    let placed = written.and_then(|()| fs::rename(&draft, path));
    if placed.is_err() {
        let _ = fs::remove_file(&draft);
    }
    placed
}

/// Makes the plan again that a file holds, from nothing but the file.
///
/// # Errors
/// When it is no plan of this state, or does not come out as it was saved.
pub async fn reopen(
    settings: &Settings,
    registry: &Arc<Registry>,
    path: &Path,
    seal: Arc<dyn Seal>,
) -> Result<Planned, Failure> {
    let wrong = |detail: String| {
        Diagnostic::error("Saved plan cannot be used", format!("`{}`: {detail}", path.display()))
    };
    let content = fs::read(path).map_err(|error| wrong(error.to_string()))?;
    let document = Document::decode(&content, &*seal).map_err(|error| {
        wrong(with_causes(&error)).help("it is damaged, or was made for another state: plan again")
    })?;
    let files = Arc::new(document.files);
    let known = LoadOptions { lock: None, variables: Some(&document.variables) };
    let loaded = load_with(&*files, &document.directory, &**registry, known);
    let environment =
        Environment { directory: document.working, ..(*settings.environment).clone() };
    let planned = plan(PlanInput {
        topology: Arc::new(loaded.topology),
        variables: document.variables,
        files,
        environment: Arc::new(environment),
        providers: registry.clone(),
        prior: document.prior,
        seal,
        timestamp: document.timestamp,
        workspace: document.workspace,
        id: document.id,
        options: document.options,
        asking: Asking::Replay(document.answers),
    })
    .await;
    if planned.plan.digest != document.digest {
        return Err(wrong("it does not come out as it was saved".into())
            .help("it was saved by another version: make a new plan")
            .into());
    }
    Ok(planned)
}
