//! `file` and `remote-exec`: on another machine.

use std::path::Path;

use platoform_apply::{Lines, ProvisionError};
use platoform_plan::Provision;

use crate::Programs;
use crate::arguments::{text, texts};
use crate::connection::Connection;
use crate::copy;
use crate::session::Session;
use crate::trouble::Trouble;

/// First line of a script that has none.
const SHELL: &str = "#!/bin/sh\n";

/// Copies a file or directory, or writes text to a file.
pub(crate) async fn file(
    provision: &Provision,
    programs: &Programs,
    lines: Lines<'_>,
) -> Result<(), ProvisionError> {
    let copied = async {
        let arguments = &provision.arguments;
        let session = open(provision, programs, lines).await?;
        let target = text(arguments, "destination").unwrap_or_default();
        match (text(arguments, "content"), text(arguments, "source")) {
            (Some(content), _) => copy::text(&session, content, target).await,
            (None, Some(source)) => {
                let slash = source.ends_with('/');
                copy::path(&session, &programs.directory.join(source), slash, target).await
            }
            (None, None) => Err(Trouble::of("Neither `source` nor `content` is set")),
        }
    };
    copied.await.map_err(|trouble: Trouble| failed("file", provision, trouble))
}

/// Runs scripts, one after the other.
pub(crate) async fn exec(
    provision: &Provision,
    programs: &Programs,
    lines: Lines<'_>,
) -> Result<(), ProvisionError> {
    let ran = async {
        let scripts = scripts(provision, &programs.directory).await?;
        let connection = Connection::read(&provision.connection, programs.agent.as_deref())?;
        let session = Session::open(&connection, lines).await?;
        for script in scripts {
            let path = connection.script.replace("%RAND%", &(programs.name)());
            run(&session, &script, &path, lines).await?;
        }
        Ok(())
    };
    ran.await.map_err(|trouble: Trouble| failed("remote-exec", provision, trouble))
}

async fn open(
    provision: &Provision,
    programs: &Programs,
    lines: Lines<'_>,
) -> Result<Session, Trouble> {
    let connection = Connection::read(&provision.connection, programs.agent.as_deref())?;
    Session::open(&connection, lines).await
}

/// The texts of what is to be run.
async fn scripts(provision: &Provision, directory: &Path) -> Result<Vec<String>, Trouble> {
    let arguments = &provision.arguments;
    let inline = texts(arguments, "inline");
    if !inline.is_empty() {
        return Ok(vec![inline.join("\n") + "\n"]);
    }
    let mut files = texts(arguments, "scripts");
    files.extend(text(arguments, "script"));
    let mut scripts = Vec::new();
    for file in files {
        let path = directory.join(file);
        let script = tokio::fs::read_to_string(&path).await;
        scripts.push(script.map_err(|error| Trouble::of(format!("`{file}`: {error}")))?);
    }
    Ok(scripts)
}

/// Runs a script there, and takes it away again: it may hold secrets.
async fn run(session: &Session, script: &str, path: &str, lines: Lines<'_>) -> Result<(), Trouble> {
    let shell = if script.starts_with("#!") { "" } else { SHELL };
    copy::text(session, &format!("{shell}{script}"), path).await?;
    let word = copy::quoted(path);
    let ended = session.run(&format!("chmod 0700 {word} && {word}"), lines).await;
    let removed = session.run(&format!("rm -f {word}"), &|_| ()).await;
    match ended? {
        0 => removed.map(|_| ()),
        status => {
            Err(Trouble::of(format!("error executing \"{path}\": it ended with status {status}")))
        }
    }
}

fn failed(kind: &str, provision: &Provision, trouble: Trouble) -> ProvisionError {
    let detail = match provision.suppressed {
        Some(marked) => format!(
            "What went wrong is not shown, because of a value in its configuration that is {marked}"
        ),
        None => trouble.what,
    };
    ProvisionError { summary: format!("{kind} provisioner error"), detail }
}
