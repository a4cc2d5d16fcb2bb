//! What `backend` and `config` of `terraform_remote_state` mean.

use std::path::{Path, PathBuf};

use platoform_provider::Problem;
use platoform_provider::value::{Type, Value, convert};

/// Backends of Terraform that are kept somewhere else, which nothing here can read.
const ELSEWHERE: [&str; 12] = [
    "azurerm",
    "cloud",
    "consul",
    "cos",
    "gcs",
    "http",
    "inmem",
    "kubernetes",
    "oss",
    "pg",
    "remote",
    "s3",
];

/// What the local backend takes.
const ARGUMENTS: [&str; 2] = ["path", "workspace_dir"];

/// Where this program keeps the state of the default workspace, and those of others.
const OWN: (&str, &str) = ("platoform.db", "platoform.db.d");

/// Where Terraform does.
const THEIRS: (&str, &str) = ("terraform.tfstate", "terraform.tfstate.d");

/// The error about a backend that cannot be read.
pub(super) fn refused(name: &str) -> Option<Problem> {
    if name == "local" {
        return None;
    }
    let detail = if ELSEWHERE.contains(&name) {
        format!(
            "The backend `{name}` cannot be read: only states in files can. `terraform state pull` \
             writes one"
        )
    } else {
        format!("There is no backend `{name}`; `local` is the one that can be read")
    };
    Some(Problem::error("Invalid backend configuration", detail))
}

/// The error about arguments that the local backend does not take.
pub(super) fn misconfigured(config: &Value) -> Option<Problem> {
    let error = |detail: String| Some(Problem::error("Invalid backend configuration", detail));
    let Some(entries) = config.as_entries() else {
        return error("The configuration of a backend is an object".into());
    };
    for (name, value) in entries.iter() {
        if !ARGUMENTS.contains(&&**name) {
            return error(format!("The backend `local` takes no `{name}`"));
        }
        if let Err(why) = convert(value, &Type::String) {
            return error(format!("`{name}` is a text: {why}"));
        }
    }
    None
}

/// Where the state of a workspace may be, the likeliest place first.
pub(super) fn candidates(config: Option<&Value>, workspace: &str) -> Vec<PathBuf> {
    let argument = |name: &str| {
        let value = convert(config?.get(name)?, &Type::String).ok()?;
        value.as_str().filter(|text| !text.is_empty()).map(PathBuf::from)
    };
    if workspace == "default" {
        return match argument("path") {
            Some(path) => vec![path],
            None => vec![OWN.0.into(), THEIRS.0.into()],
        };
    }
    let inside = |directory: &Path, file: &str| directory.join(workspace).join(file);
    match argument("workspace_dir") {
        Some(directory) => [OWN.0, THEIRS.0].map(|file| inside(&directory, file)).into(),
        None => [OWN, THEIRS].map(|(file, directory)| inside(directory.as_ref(), file)).into(),
    }
}
