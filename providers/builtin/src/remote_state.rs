//! `terraform_remote_state`: the outputs of another configuration, from its state.

mod backend;
mod file;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use platoform_provider::value::{Path as Place, Value};
use platoform_provider::{Block, BoxFuture, DataSource, Environment, Failure, Field, Problem};

/// Names and values of outputs.
pub type Outputs = Vec<(Arc<str>, Value)>;

/// Reads the states that this program keeps itself. The provider does not know how.
pub trait States: Send + Sync {
    /// The outputs in a database; `None` when there is none at this path. `Err` says why it cannot
    /// be read.
    fn outputs<'a>(
        &'a self,
        path: &'a Path,
        environment: &'a Environment,
    ) -> BoxFuture<'a, Result<Option<Outputs>, String>>;
}

/// Where states are looked for.
pub(crate) struct Surroundings {
    pub environment: Arc<Environment>,
    pub states: Arc<dyn States>,
}

/// Reads the outputs of another configuration from its state: one of platoform's, or a state file
/// of Terraform's (format 4).
#[derive(Clone, Debug, Default, PartialEq, Block)]
pub(crate) struct State {
    /// How that state is kept: `local`.
    #[attribute(required)]
    backend: Field<String>,
    /// Where it is: `path`, the file, or `workspace_dir`, the directory of the states of other
    /// workspaces. By default `platoform.db`, else `terraform.tfstate`, in the working directory.
    #[attribute(optional)]
    config: Field<Value>,
    /// Values for outputs that the state does not have.
    #[attribute(optional)]
    defaults: Field<Value>,
    /// The outputs, an object.
    #[attribute(computed)]
    outputs: Field<Value>,
    /// The workspace: `default` when not set.
    #[attribute(optional)]
    workspace: Field<String>,
}

/// The data source.
pub(crate) struct RemoteState;

impl DataSource for RemoteState {
    type Client = Surroundings;
    type State = State;
    const NAME: &'static str = "terraform_remote_state";

    fn validate(&self, config: &State) -> Vec<Problem> {
        let mut found = Vec::new();
        if let Some(name) = config.backend.get() {
            let at = |problem: Problem, name: &str| problem.at(Place::attribute(name));
            found.extend(backend::refused(name).map(|problem| at(problem, "backend")));
            if let Some(value) = config.config.get().filter(|_| found.is_empty()) {
                found.extend(backend::misconfigured(value).map(|it| at(it, "config")));
            }
        }
        if config.defaults.get().is_some_and(|value| value.as_entries().is_none()) {
            let problem = Problem::error(
                "Invalid default values",
                "Default values are an object or a map: one value for the name of each output",
            );
            found.push(problem.at(Place::attribute("defaults")));
        }
        found
    }

    async fn read(&self, client: &Surroundings, mut config: State) -> Result<State, Failure> {
        let workspace = config.workspace.get().cloned();
        let workspace = workspace.unwrap_or_else(|| "default".to_owned());
        let candidates = backend::candidates(config.config.get(), &workspace);
        let outputs = client.first(&candidates).await?.ok_or_else(|| missing(&candidates))?;
        let mut entries: Vec<(Arc<str>, Value)> = Vec::new();
        let defaults = config.defaults.get().and_then(Value::as_entries);
        for (name, value) in defaults.into_iter().flat_map(|defaults| defaults.iter()) {
            entries.push((name.clone(), value.clone()));
        }
        entries.extend(outputs);
        config.outputs = Field::Known(Value::object_of(entries));
        Ok(config)
    }
}

impl Surroundings {
    /// The outputs of the first of these states that exists.
    async fn first(&self, candidates: &[PathBuf]) -> Result<Option<Outputs>, Failure> {
        for candidate in candidates {
            let path = self.environment.directory.join(candidate);
            let unreadable = |summary: &str, why: String| {
                Failure::fail(Problem::error(summary, format!("`{}`: {why}", candidate.display())))
            };
            let found = if file::is_database(&path) {
                let outputs = self.states.outputs(&path, &self.environment).await;
                outputs.map_err(|why| unreadable("State cannot be read", why))?
            } else {
                file::outputs(&path)
                    .map_err(|why| unreadable("Unsupported state file format", why))?
            };
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }
}

fn missing(candidates: &[PathBuf]) -> Failure {
    let places = candidates.iter().map(|path| format!("`{}`", path.display()));
    let places: Vec<String> = places.collect();
    let detail = format!("There is no state at {}", places.join(" or "));
    let problem = Problem::error("Unable to find remote state", detail);
    Failure::fail(problem.at(Place::attribute("workspace")))
}
