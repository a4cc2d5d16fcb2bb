//! Reading the configuration.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use platoform_config::{
    Loaded, RootVariable, Topology, VariableArgument, VariableInputs, VariableText, load,
    resolve_variables,
};
use platoform_diagnostic::{Diagnostic, Diagnostics, Files, Sources};
use platoform_plan::{CheckInput, Recorder};
use platoform_value::Value;

use super::workspace;
use crate::error::Failure;
use crate::modules;
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
    pub topology: Arc<Topology>,
    /// Values of the root module's variables.
    pub variables: BTreeMap<Arc<str>, RootVariable>,
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
        registry: &Arc<Registry>,
        arguments: &[VariableArgument],
        purpose: Purpose,
    ) -> Result<Self, Failure> {
        let files = Arc::new(Recorder::new(Arc::new(settings.files())));
        let mut loaded = modules::load(settings, &*files, registry, arguments)?;
        if loaded.structure.has_errors() {
            return Err(malformed(settings.output.stream, loaded));
        }
        let sources = &mut loaded.topology.sources;
        let (mut inputs, given) = VariableInputs::gather(
            &*files,
            Path::new(ROOT),
            &settings.environment,
            arguments,
            sources,
        );
        if given.has_errors() {
            return Err(Failure::new(given, loaded.topology.sources));
        }
        let (mut topology, mut found) = (loaded.topology, loaded.diagnostics);
        found.extend(given);
        if is_empty(&topology) && purpose == Purpose::Create {
            return Err(no_files(settings).into());
        }
        complete(settings, purpose, &topology, &mut inputs)?;
        let (variables, wrong) = resolve_variables(&mut topology, &inputs);
        if wrong.has_errors() {
            return Err(Failure::new(wrong, topology.sources));
        }
        found.extend(wrong);
        let topology = Arc::new(topology);
        let timestamp = timestamp();
        if purpose != Purpose::Evaluate {
            let files = files.clone();
            add_errors(&mut found, checked(settings, registry, files, &topology, &timestamp));
        }
        if found.has_errors() {
            return Err(Failure::new(found, topology.sources.clone()));
        }
        if purpose != Purpose::Evaluate {
            found.extend(foreign_state(settings, &topology));
        }
        Ok(Self { topology, variables, files, timestamp, warnings: found })
    }
}

/// Gives variables a value that have none: an answer, or an unknown one where that will do.
fn complete(
    settings: &Settings,
    purpose: Purpose,
    topology: &Topology,
    inputs: &mut VariableInputs,
) -> Result<(), Failure> {
    for variable in inputs.missing(topology) {
        let text = if purpose == Purpose::Evaluate {
            Some(VariableText::Value(Value::unknown(variable.kind.without_optional())))
        } else {
            let answer = prompt::variable(settings, &variable)?;
            answer.map(|answer| VariableText::Expression(answer.into()))
        };
        if let Some(text) = text {
            inputs.complete(&variable, text);
        }
    }
    Ok(())
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

/// The failure of files that are wrong as such. To machines nothing else is told, as Terraform
/// does; a person learns what else there is to mend.
pub fn malformed(machine: bool, loaded: Loaded) -> Failure {
    let found = if machine { loaded.structure } else { loaded.diagnostics };
    Failure::new(found, loaded.topology.sources)
}

/// Reads the files only.
///
/// # Errors
/// When anything is wrong with them. `machine` asks for what machines are told.
pub fn read(settings: &Settings, registry: &Registry, machine: bool) -> Result<Loaded, Failure> {
    let loaded = modules::load(settings, &settings.files(), registry, &[])?;
    if loaded.structure.has_errors() {
        return Err(malformed(machine, loaded));
    }
    Ok(loaded)
}

/// Reads the files, and checks what they refer to.
///
/// # Errors
/// When anything is wrong, or there are no files.
pub fn check(settings: &Settings, registry: &Registry) -> Result<(Topology, Diagnostics), Failure> {
    whole(settings, read(settings, registry, false)?)
}

/// A configuration that was read, with nothing wrong.
///
/// # Errors
/// When anything is, or there are no files.
pub fn whole(settings: &Settings, loaded: Loaded) -> Result<(Topology, Diagnostics), Failure> {
    if loaded.diagnostics.has_errors() {
        return Err(Failure::new(loaded.diagnostics, loaded.topology.sources));
    }
    if is_empty(&loaded.topology) {
        return Err(no_files(settings).into());
    }
    Ok((loaded.topology, loaded.diagnostics))
}

/// What is wrong with the values of a configuration, whatever its variables are.
pub fn checked(
    settings: &Settings,
    registry: &Arc<Registry>,
    files: Arc<dyn Files>,
    topology: &Arc<Topology>,
    timestamp: &Arc<str>,
) -> Diagnostics {
    platoform_plan::check(CheckInput {
        topology: topology.clone(),
        files,
        environment: settings.environment.clone(),
        providers: registry.clone(),
        seal: workspace::seal(None),
        timestamp: timestamp.clone(),
        workspace: settings.workspace.clone(),
    })
}

/// Adds the findings that are not there yet.
pub fn add_errors(all: &mut Diagnostics, found: Diagnostics) {
    let place = |found: &Diagnostic| found.span.map(|span| (span.file, span.start));
    let known: BTreeSet<_> =
        all.iter().map(|found| (place(found), found.summary.clone())).collect();
    let new =
        found.into_iter().filter(|found| !known.contains(&(place(found), found.summary.clone())));
    all.extend(new.collect::<Vec<_>>());
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
