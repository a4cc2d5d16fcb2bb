//! Which workspace is worked in, and where the states of workspaces are.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use platoform_config::Topology;
use platoform_diagnostic::{Diagnostic, Environment};

use crate::error::Failure;
use crate::settings::{STATE_FILE, Settings};

/// The workspace that is always there.
pub const DEFAULT: &str = "default";

/// Variables that name the workspace; the first one counts.
const VARIABLES: [&str; 2] = ["PLATOFORM_WORKSPACE", "TF_WORKSPACE"];

/// The file with the name of the selected workspace.
const SELECTED: &str = ".platoform/environment";

/// The directory of all states but the default workspace's, where the configuration names none.
const DIRECTORY: &str = "platoform.db.d";

/// The variable that names the workspace, whatever is selected, and the name.
pub fn overriding(environment: &Environment) -> Option<(&'static str, &str)> {
    VARIABLES.into_iter().find_map(|name| Some((name, environment.get(name)?)))
}

/// Name of the workspace.
///
/// # Errors
/// When none can have the name that a variable or the file gives.
pub fn current(environment: &Environment) -> Result<Arc<str>, Failure> {
    if let Some((variable, name)) = overriding(environment) {
        if let Err(detail) = check(name) {
            let summary = format!("Invalid workspace name set using {variable}");
            return Err(Diagnostic::error(summary, detail).into());
        }
        return Ok(name.into());
    }
    let file = environment.directory.join(SELECTED);
    let wrong = |detail: String| Diagnostic::error("Workspace cannot be told", detail);
    match std::fs::read_to_string(&file) {
        Ok(text) if text.trim().is_empty() => Ok(DEFAULT.into()),
        Ok(text) => match check(text.trim()) {
            Ok(()) => Ok(text.trim().into()),
            Err(detail) => Err(wrong(detail).help(format!("remove `{SELECTED}`")).into()),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(DEFAULT.into()),
        Err(error) => Err(wrong(format!("`{SELECTED}`: {error}")).into()),
    }
}

/// Why no workspace can have a name: it is part of a path, and may be part of an address on the web.
pub fn check(name: &str) -> Result<(), String> {
    let safe = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~$&+:=@".contains(&byte);
    if !name.is_empty() && !name.starts_with('.') && name.bytes().all(safe) {
        return Ok(());
    }
    Err(format!(
        "The workspace name {name:?} is not allowed. The name must contain only URL safe \
         characters, and no path separators, and not begin with a dot"
    ))
}

/// Refuses to select another workspace while a variable names one.
pub fn refuse_overridden(settings: &Settings, detail: &str, help: &str) -> Result<(), Failure> {
    let Some((variable, _)) = overriding(&settings.environment) else { return Ok(()) };
    let detail = format!("{detail} using the {variable} environment variable");
    Err(Diagnostic::error("The workspace is overridden", detail).help(help).into())
}

/// The file that holds the state of a workspace: where the `backend "local"` block says, else beside
/// the configuration.
pub fn path(settings: &Settings, topology: &Topology, name: &str) -> PathBuf {
    if name != DEFAULT {
        return directory(settings, topology).join(name).join(STATE_FILE);
    }
    let path = topology.backend.as_ref().and_then(|backend| backend.path.as_deref());
    settings.path(Path::new(path.unwrap_or(STATE_FILE)))
}

/// The directory with one directory for each other workspace.
pub fn directory(settings: &Settings, topology: &Topology) -> PathBuf {
    let backend = topology.backend.as_ref();
    let directory = backend.and_then(|backend| backend.workspace_directory.as_deref());
    settings.path(Path::new(directory.unwrap_or(DIRECTORY)))
}

/// Makes the directory of a workspace, where its state is to be.
///
/// # Errors
/// When it cannot be made.
pub fn make_room(path: &Path) -> Result<(), Failure> {
    let Some(folder) = path.parent() else { return Ok(()) };
    std::fs::create_dir_all(folder).map_err(|error| {
        let detail = format!("`{}`: {error}", folder.display());
        Diagnostic::error("Workspace cannot be made", detail).into()
    })
}

/// Names of all workspaces, the default one first.
///
/// # Errors
/// When the directory cannot be read.
pub fn all(settings: &Settings, topology: &Topology) -> Result<Vec<String>, Failure> {
    let directory = directory(settings, topology);
    let wrong = |error: io::Error| {
        let detail = format!("`{}`: {error}", directory.display());
        Failure::from(Diagnostic::error("Workspaces cannot be listed", detail))
    };
    let entries = match std::fs::read_dir(&directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(vec![DEFAULT.into()]),
        Err(error) => return Err(wrong(error)),
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(wrong)?;
        let name = entry.file_name().into_string().unwrap_or_default();
        if check(&name).is_ok() && name != DEFAULT && entry.path().is_dir() {
            names.push(name);
        }
    }
    names.sort();
    names.insert(0, DEFAULT.into());
    Ok(names)
}

/// Selects a workspace for all commands from now on.
///
/// # Errors
/// When it cannot be written down.
pub fn select(settings: &Settings, name: &str) -> Result<(), Failure> {
    let file = settings.path(Path::new(SELECTED));
    let folder = file.parent().unwrap_or(settings.directory()).to_owned();
    let write = || -> io::Result<()> {
        std::fs::create_dir_all(&folder)?;
        let mut draft = tempfile::NamedTempFile::new_in(&folder)?;
        io::Write::write_all(&mut draft, name.as_bytes())?;
        draft.persist(&file).map(|_| ()).map_err(|failed| failed.error)
    };
    write().map_err(|error| {
        let detail = format!("`{SELECTED}`: {error}");
        Diagnostic::error("Workspace cannot be selected", detail).into()
    })
}

/// The error about a workspace that is not there.
pub fn missing(name: &str) -> Failure {
    Diagnostic::error(
        format!("Workspace {name:?} doesn't exist"),
        "You can create this workspace with the \"new\" subcommand or include the \"-or-create\" \
         flag with the \"select\" subcommand",
    )
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_inside_their_directory() {
        for name in ["dev", "a.b-c_d~1", "a+b", "default"] {
            assert_eq!(check(name), Ok(()), "{name}");
        }
        for name in ["", ".", "..", "../x", "a/b", "ä", "a b", ".hidden", "a\\b", "a%2fb"] {
            assert!(check(name).is_err(), "{name}");
        }
    }
}
