//! The state of the configuration at hand, and the commands that work with several of them.

mod delete;
mod list;
mod new;
mod select;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use platoform_config::Topology;
use platoform_diagnostic::{Diagnostic, Environment};
use platoform_plan::{Seal, SealError};
use platoform_state::{KeySource, OpenOptions, Process, StateError, Store};
use zeroize::Zeroizing;

use super::selection;
use crate::args;
use crate::error::{Failure, Outcome};
use crate::settings::Settings;

/// Works with workspaces.
pub async fn run(settings: &Settings, arguments: args::Workspace) -> Result<Outcome, Failure> {
    match arguments {
        args::Workspace::List => list::run(settings),
        args::Workspace::Show => {
            settings.output.data(&format!("{}\n", settings.workspace))?;
            Ok(Outcome::Done)
        }
        args::Workspace::New(arguments) => new::run(settings, &arguments).await,
        args::Workspace::Select(arguments) => select::run(settings, &arguments).await,
        args::Workspace::Delete(arguments) => delete::run(settings, &arguments).await,
    }
}

/// The file that holds the state of the workspace.
pub fn path(settings: &Settings, topology: &Topology) -> PathBuf {
    selection::path(settings, topology, &settings.workspace)
}

/// Opens the state for reading; `None` when there is none.
///
/// # Errors
/// When it cannot be read.
pub async fn look(settings: &Settings, path: &Path) -> Result<Option<Store>, Failure> {
    let store = Store::open_read_only(path, options(&settings.environment)?).await;
    let store = store.map_err(|error| failure(&error))?;
    if let Some(store) = &store {
        tell(settings, store);
    }
    Ok(store)
}

/// What is to be heard about the opening.
fn tell(settings: &Settings, store: &Store) {
    let paint = settings.output.note;
    for notice in store.notices() {
        settings.output.note(&format!("{}: {notice}\n", paint.cyan("Note")));
    }
}

/// Opens the state for writing, and makes it when there is none.
///
/// # Errors
/// When it cannot be opened.
pub async fn open(settings: &Settings, path: &Path) -> Result<Store, Failure> {
    if *settings.workspace != *selection::DEFAULT {
        selection::make_room(path)?;
    }
    let store = Store::open(path, options(&settings.environment)?)
        .await
        .map_err(|error| failure(&error))?;
    tell(settings, &store);
    Ok(store)
}

/// Takes the right to write the state, and says what an earlier run left behind.
///
/// # Errors
/// When somebody else has it.
pub async fn lock(
    settings: &Settings,
    store: &Store,
    command: &str,
    wait: Duration,
) -> Result<(), Failure> {
    let environment = &settings.environment;
    let user = environment.get("USER").or(environment.get("LOGNAME")).unwrap_or("unknown");
    let process = Process::current(user, format!("platoform {command}"));
    let takeover = store.lock(process, wait).await.map_err(|error| failure(&error))?;
    if let Some(takeover) = takeover.filter(|takeover| takeover.run.is_some()) {
        let calls = takeover.open.len();
        let plural = if calls == 1 { "" } else { "s" };
        settings.output.note(&format!(
            "{}: {} did not live to see its end, with {calls} call{plural} under way. What became \
             of them is looked up now.\n",
            settings.output.note.yellow("Note"),
            takeover.holder,
        ));
    }
    Ok(())
}

/// Variables that say where the state's key is.
pub const KEY_VARIABLES: [&str; 3] =
    ["PLATOFORM_STATE_KEY", "PLATOFORM_STATE_KEY_FILE", "PLATOFORM_STATE_PASSPHRASE"];

/// Where the state's key is: in the environment, else beside the state. A variable that is set to
/// nothing is an error: a secret that went missing must not turn into a key file.
pub fn options(environment: &Environment) -> Result<OpenOptions, Failure> {
    let key = key(environment, &KEY_VARIABLES)?;
    Ok(OpenOptions { key: key.unwrap_or_default() })
}

/// Where variables of these names say that a key is: as text, in a file, as a passphrase.
///
/// # Errors
/// When one is set to nothing.
pub fn key(environment: &Environment, names: &[&str; 3]) -> Result<Option<KeySource>, Failure> {
    let empty = |name: &&&str| environment.variables.get(**name).is_some_and(String::is_empty);
    if let Some(name) = names.iter().find(empty) {
        let detail = format!("`{name}` is set, but to nothing");
        return Err(Diagnostic::error("The state's key is missing", detail)
            .help("unset it to keep the key in a file beside the state")
            .into());
    }
    let [text, file, passphrase] = names.map(|name| environment.get(name));
    let secret = |text: &str| Zeroizing::new(text.to_owned());
    let text = text.map(|text| KeySource::Text(secret(text)));
    let file = file.map(|file| KeySource::File(environment.directory.join(file)));
    let passphrase = passphrase.map(|text| KeySource::Passphrase(secret(text)));
    Ok(text.or(file).or(passphrase))
}

/// What is wrong with the state, in words.
pub fn failure(error: &StateError) -> Failure {
    let detail = capitalized(&with_causes(error));
    let summary = match error {
        StateError::Locked { .. } | StateError::Silent { .. } => "State is locked",
        StateError::Alive { .. } => "Lock is held",
        StateError::Unlocked { .. } => "State is not locked",
        StateError::OtherLease { .. } => "Another lock",
        StateError::NoHistory { .. } => "No such run",
        StateError::Sql(_) => "Question cannot be answered",
        StateError::Stale(_) => "Saved plan is stale",
        StateError::Applied { .. } => "Plan was applied before",
        _ => "State cannot be used",
    };
    let mut diagnostic = Diagnostic::error(summary, detail);
    let hints = error.hints();
    if !hints.is_empty() {
        diagnostic = diagnostic.help(hints.join("\n"));
    }
    diagnostic.into()
}

/// An error and what it came from, in one line.
pub fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

fn capitalized(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map(char::to_uppercase).into_iter().flatten().chain(characters).collect()
}

/// The error of commands that need a state.
pub fn missing(path: &Path) -> Failure {
    Diagnostic::error("No state", format!("There is no state at `{}` yet", path.display()))
        .help("`platoform apply` makes one")
        .into()
}

/// The seal of a state that does not exist: there is nothing to open, and nothing may be stored.
#[derive(Debug, Default)]
pub struct NoSeal {
    /// Chance, so that digests of secrets tell nothing.
    key: std::hash::RandomState,
}

impl Seal for NoSeal {
    fn seal(&self, _plain: &[u8]) -> Result<String, SealError> {
        Err(SealError("there is no state yet".into()))
    }

    fn open(&self, _sealed: &str) -> Result<Vec<u8>, SealError> {
        Err(SealError("there is no state yet".into()))
    }

    fn mac(&self, plain: &[u8]) -> String {
        use std::hash::BuildHasher as _;
        format!("{:016x}", self.key.hash_one(plain))
    }
}

/// The seal to plan with.
pub fn seal(store: Option<&Store>) -> Arc<dyn Seal> {
    match store {
        Some(store) => Arc::new(store.sealer().clone()),
        None => Arc::new(NoSeal::default()),
    }
}
