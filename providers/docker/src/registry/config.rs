//! Docker's configuration file, as far as it tells who we are.

use std::collections::BTreeMap;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bollard::auth::DockerCredentials;
use platoform_provider::Problem;
use serde::Deserialize;

use super::{key, login, normalized};

/// `config.json`. The fields are described in
/// <https://docs.docker.com/reference/cli/docker/#configuration-files>.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ConfigFile {
    auths: BTreeMap<String, StoredAuth>,
    creds_store: Option<String>,
    cred_helpers: BTreeMap<String, String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct StoredAuth {
    auth: Option<String>,
    username: Option<String>,
    password: Option<String>,
    identitytoken: Option<String>,
    registrytoken: Option<String>,
}

impl ConfigFile {
    /// Reads a file; one that need not exist counts as empty.
    pub(super) fn load(path: &Path, must_exist: bool) -> Result<Self, Problem> {
        let place = path.display().to_string();
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(&text, &place),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && !must_exist => {
                Ok(Self::default())
            }
            Err(error) => Err(unusable(&place, &error.to_string())),
        }
    }

    /// Reads a text; `place` names it in messages.
    pub(super) fn parse(text: &str, place: &str) -> Result<Self, Problem> {
        // The reason tells the position only: the text holds secrets.
        serde_json::from_str(text).map_err(|error| {
            let position = format!("line {}, column {}", error.line(), error.column());
            unusable(place, &format!("it is not a Docker configuration ({position})"))
        })
    }

    /// The helper program in charge of a host.
    pub(super) fn helper(&self, host: &str) -> Option<&str> {
        let own = self.cred_helpers.iter().find(|(name, _)| normalized(name) == host);
        let program = own.map(|(_, program)| program).or(self.creds_store.as_ref());
        program.map(String::as_str).filter(|program| !program.is_empty())
    }

    /// All hosts it names.
    pub(super) fn hosts(&self) -> impl Iterator<Item = &str> {
        self.auths.keys().chain(self.cred_helpers.keys()).map(String::as_str)
    }

    /// What it holds for a host itself.
    pub(super) fn stored(&self, host: &str) -> Result<Option<DockerCredentials>, Problem> {
        let Some((name, stored)) = self.auths.iter().find(|(name, _)| normalized(name) == host)
        else {
            return Ok(None);
        };
        let broken =
            || unusable("Docker's configuration", &format!("`auth` of `{name}` is broken"));
        let mut credentials = match (&stored.auth, &stored.username, &stored.password) {
            (Some(auth), _, _) if !auth.is_empty() => {
                let bytes = STANDARD.decode(auth.trim_end_matches('\0')).map_err(|_| broken())?;
                let text = String::from_utf8(bytes).map_err(|_| broken())?;
                let (user, password) = text.split_once(':').ok_or_else(broken)?;
                login(host, user, password.trim_end_matches('\0'))
            }
            (_, Some(user), Some(password)) => login(host, user, password),
            _ => DockerCredentials { serveraddress: Some(key(host)), ..Default::default() },
        };
        credentials.identitytoken.clone_from(&stored.identitytoken);
        credentials.registrytoken.clone_from(&stored.registrytoken);
        let empty = credentials.username.is_none()
            && credentials.identitytoken.is_none()
            && credentials.registrytoken.is_none();
        Ok((!empty).then_some(credentials))
    }
}

fn unusable(place: &str, reason: &str) -> Problem {
    Problem::error("Registry credentials cannot be read", format!("{place}: {reason}"))
}
