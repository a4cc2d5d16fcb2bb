//! Reading the configuration.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use platoform_config::{
    Names, Topology, VariableArgument, VariableInputs, VariableText, load, resolve_variables,
};
use platoform_diagnostic::{Diagnostic, Diagnostics, Sources};
use platoform_plan::Recorder;
use platoform_value::Value;

use super::workspace;
use crate::error::Failure;
use crate::ports::timestamp;
use crate::prompt;
use crate::providers::Registry;
use crate::settings::Settings;

/// The root module's directory as the loader and messages know it.
pub const ROOT: &str = ".";

/// What a configuration is read for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To be made so: there must be one.
    Create,
    /// To be destroyed: nothing of it needs to be left.
    Destroy,
    /// To be looked into: it need not be there, nor have values for its variables.
    Evaluate,
}

/// A configuration without errors, and the values of its variables.
pub struct Configuration {
    /// What the files say.
    pub topology: Topology,
    /// What an expression may refer to.
    pub names: Names,
    /// Values of the root module's variables.
    pub variables: BTreeMap<Arc<str>, Value>,
    /// Everything that was read.
    pub files: Arc<Recorder>,
    /// When, in RFC 3339.
    pub timestamp: Arc<str>,
    /// What was found on the way.
    pub warnings: Diagnostics,
}

impl Configuration {
    /// Reads the files, and the variables' values from all places they are given in. Missing ones
    /// are asked for where that is possible.
    ///
    /// # Errors
    /// When anything is wrong with them.
    pub fn read(
        settings: &Settings,
        registry: &Registry,
        arguments: &[VariableArgument],
        purpose: Purpose,
    ) -> Result<Self, Failure> {
        let files = Arc::new(Recorder::new(Arc::new(settings.files())));
        let loaded = load(&*files, Path::new(ROOT), registry);
        let (mut topology, mut found) = (loaded.topology, loaded.diagnostics);
        let (mut inputs, given) = VariableInputs::gather(
            &*files,
            Path::new(ROOT),
            &settings.environment,
            arguments,
            &mut topology.sources,
        );
        found.extend(given);
        if found.has_errors() {
            return Err(Failure::new(found, topology.sources));
        }
        if is_empty(&topology) && purpose == Purpose::Create {
            return Err(no_files(settings).into());
        }
        for variable in inputs.missing(&topology) {
            let text = match purpose {
                Purpose::Create | Purpose::Destroy => {
                    let answer = prompt::variable(settings, &variable)?;
                    answer.map(|answer| VariableText::Expression(answer.into()))
                }
                Purpose::Evaluate => {
                    let unknown = Value::unknown(variable.kind.without_optional());
                    Some(VariableText::Value(unknown))
                }
            };
            if let Some(text) = text {
                inputs.complete(&variable, text);
            }
        }
        let (variables, wrong) = resolve_variables(&mut topology, &inputs);
        found.extend(wrong);
        if found.has_errors() {
            return Err(Failure::new(found, topology.sources));
        }
        found.extend(foreign_state(settings, &topology));
        let names = loaded.names;
        Ok(Self { topology, names, variables, files, timestamp: timestamp(), warnings: found })
    }
}

/// File that Terraform keeps its state in.
const TERRAFORM_STATE: &str = "terraform.tfstate";

/// The warning about objects that Terraform made here, while there is no state of ours.
fn foreign_state(settings: &Settings, topology: &Topology) -> Option<Diagnostic> {
    if workspace::path(settings, topology).exists() {
        return None;
    }
    let text = std::fs::read(settings.path(Path::new(TERRAFORM_STATE))).ok()?;
    let state: serde_json::Value = serde_json::from_slice(&text).ok()?;
    let objects = state.get("resources")?.as_array()?.len();
    (objects > 0).then(|| {
        let detail = format!(
            "`{TERRAFORM_STATE}` knows {objects} resources. They are not taken over: what is \
             configured would be made a second time"
        );
        Diagnostic::warning("Terraform has a state here", detail)
            .help("destroy them with `terraform destroy` first, or work in another directory")
    })
}

/// Reads the files only, without a word about what is wrong with them.
pub fn glance(settings: &Settings, registry: &Registry) -> Topology {
    load(&settings.files(), Path::new(ROOT), registry).topology
}

/// Reads and checks the files only.
///
/// # Errors
/// When anything is wrong with them, or there are none.
pub fn check(settings: &Settings, registry: &Registry) -> Result<(Topology, Diagnostics), Failure> {
    let loaded = load(&settings.files(), Path::new(ROOT), registry);
    if loaded.diagnostics.has_errors() {
        return Err(Failure::new(loaded.diagnostics, loaded.topology.sources));
    }
    if is_empty(&loaded.topology) {
        return Err(no_files(settings).into());
    }
    Ok((loaded.topology, loaded.diagnostics))
}

/// Whether there was no file to read.
fn is_empty(topology: &Topology) -> bool {
    topology.sources.iter().next().is_none()
}

fn no_files(settings: &Settings) -> Diagnostic {
    let directory = settings.directory().display();
    Diagnostic::error(
        "No configuration files",
        format!(
            "`{directory}` has no configuration files (`*.tf`, `*.hcl`, and their `.json` forms)"
        ),
    )
    .help("run it in a directory that has some, or name one: `platoform -chdir=DIR …`")
}

/// Shows warnings.
pub fn warn(settings: &Settings, warnings: &Diagnostics, sources: &Sources) {
    settings.output.diagnostics(warnings, sources);
}
