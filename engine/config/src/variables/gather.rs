//! Finding all values given for variables.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use platoform_diagnostic::{Diagnostic, Diagnostics, Environment, FileKind, Files, Sources};

use super::{
    VariableArgument, VariableInput, VariableInputs, VariableOrigin, VariableText, tfvars,
};
use crate::load::{join, list};

/// Prefixes of environment variables that give values; the later one wins.
const PREFIXES: [&str; 2] = ["TF_VAR_", "PLATOFORM_VAR_"];
/// Files that are read whenever they are there, in this order.
const FILES: [&str; 4] =
    ["terraform.tfvars", "terraform.tfvars.json", "platoform.tfvars", "platoform.tfvars.json"];

pub(super) fn all(
    files: &dyn Files,
    directory: &Path,
    environment: &Environment,
    arguments: &[VariableArgument],
    sources: &mut Sources,
) -> (VariableInputs, Diagnostics) {
    let mut inputs = VariableInputs::default();
    let mut diagnostics = Diagnostics::default();
    for prefix in PREFIXES {
        for (variable, text) in &environment.variables {
            if let Some(name) = variable.strip_prefix(prefix) {
                inputs.push(given(VariableOrigin::Environment, name, text));
            }
        }
    }
    let mut file = |inputs: &mut VariableInputs, path: &Path, origin: VariableOrigin| {
        let (found, errors) = tfvars(files, path, &origin, sources);
        inputs.0.extend(found);
        errors
    };
    for path in automatic(files, directory) {
        let origin = VariableOrigin::AutomaticFile(path.to_string_lossy().into());
        diagnostics.extend(file(&mut inputs, &path, origin));
    }
    for argument in arguments {
        match argument {
            VariableArgument::Assignment(text) => match assignment(text) {
                Ok(input) => inputs.push(input),
                Err(error) => diagnostics.push(error),
            },
            VariableArgument::File(path) => {
                let origin = VariableOrigin::File(path.to_string_lossy().into());
                diagnostics.extend(file(&mut inputs, path, origin));
            }
        }
    }
    (inputs, diagnostics)
}

fn given(origin: VariableOrigin, name: &str, text: &str) -> VariableInput {
    let text = VariableText::Expression(Arc::from(text));
    VariableInput { origin, name: Arc::from(name), text, span: None }
}

/// The files that are read without being named.
fn automatic(files: &dyn Files, directory: &Path) -> Vec<PathBuf> {
    let names = list(files, directory).unwrap_or_default();
    let auto =
        |name: &&String| name.ends_with(".auto.tfvars") || name.ends_with(".auto.tfvars.json");
    let fixed = FILES.into_iter().filter(|name| names.iter().any(|known| known == name));
    let found = fixed.chain(names.iter().filter(auto).map(String::as_str));
    found
        .map(|name| join(directory, name))
        .filter(|path| files.kind(path) == Some(FileKind::File))
        .collect()
}

fn assignment(text: &str) -> Result<VariableInput, Diagnostic> {
    let invalid = |why: &str| {
        Diagnostic::error("Invalid -var option", format!("`-var {text}` {why}"))
            .help("write it as `-var NAME=VALUE`")
    };
    let (name, value) =
        text.split_once('=').ok_or_else(|| invalid("has no equals sign after the name"))?;
    if name.is_empty() || name.trim() != name {
        return Err(invalid("has no name or space around it"));
    }
    Ok(given(VariableOrigin::CommandLine, name, value))
}
