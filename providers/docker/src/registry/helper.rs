//! Credential helpers: programs that keep passwords for Docker
//! (<https://github.com/docker/docker-credential-helpers>).

use std::process::Stdio;

use bollard::auth::DockerCredentials;
use platoform_provider::{Environment, Problem};
use serde::Deserialize;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use super::normalized;

/// What a helper answers for a registry it does not know.
const NOT_FOUND: &str = "credentials not found";
/// The user name that says the secret is an identity token.
const TOKEN_USER: &str = "<token>";

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    username: String,
    secret: String,
}

/// Asks `docker-credential-NAME` for a registry.
pub(super) async fn get(
    name: &str,
    server: &str,
    environment: &Environment,
) -> Result<Option<DockerCredentials>, Problem> {
    let program = format!("docker-credential-{name}");
    let failed = |reason: String| {
        let detail = format!("`{program} get` for `{server}`: {reason}");
        Problem::error("The credential helper failed", detail)
    };
    let mut child = Command::new(&program)
        .arg("get")
        .env_clear()
        .envs(&environment.variables)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| failed(format!("it cannot be started: {error}")))?;
    if let Some(mut input) = child.stdin.take() {
        // A helper may answer without reading its input.
        let _ = input.write_all(format!("{server}\n").as_bytes()).await;
    }
    let output = child.wait_with_output().await.map_err(|error| failed(error.to_string()))?;
    if !output.status.success() {
        // Helpers complain on standard output.
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        if said.contains(NOT_FOUND) {
            return Ok(None);
        }
        return Err(failed(said.trim().to_owned()));
    }
    let answer: Answer = serde_json::from_slice(&output.stdout)
        .map_err(|_| failed("its answer is not what a credential helper gives".to_owned()))?;
    let mut credentials = super::login(&normalized(server), &answer.username, &answer.secret);
    if answer.username == TOKEN_USER {
        credentials.username = None;
        credentials.password = None;
        credentials.identitytoken = Some(answer.secret);
    }
    Ok(Some(credentials))
}
