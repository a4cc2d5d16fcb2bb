//! Registries: which one an image is from, and who we are there.

mod config;
mod helper;
mod reference;

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use bollard::auth::DockerCredentials;
use platoform_provider::{Environment, Problem};

use crate::connect::{configuration_directory, expand_home};
use config::ConfigFile;
pub use reference::Reference;

/// Key of Docker Hub in configuration files.
const HUB_KEY: &str = "https://index.docker.io/v1/";

/// A `registry_auth` block.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct RegistryAuth {
    /// Host and port of the registry; a scheme and a path are ignored.
    pub address: String,
    /// Login name.
    pub username: Option<String>,
    /// Password or token.
    pub password: Option<String>,
    /// Path of a Docker configuration file.
    pub config_file: Option<String>,
    /// Text of a Docker configuration file.
    pub config_file_content: Option<String>,
    /// Never send credentials there.
    pub auth_disabled: bool,
}

impl fmt::Debug for RegistryAuth {
    /// Tells whose, never the password.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("RegistryAuth")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

/// Knows who we are at each registry.
#[derive(Debug)]
pub struct Credentials {
    blocks: Vec<RegistryAuth>,
    environment: Arc<Environment>,
}

impl Credentials {
    /// From the `registry_auth` blocks of a provider; whatever they do not name is looked up in
    /// Docker's own configuration file.
    #[must_use]
    pub fn new(blocks: Vec<RegistryAuth>, environment: Arc<Environment>) -> Self {
        Self { blocks, environment }
    }

    /// Credentials for one registry host; `None` where we are nobody.
    ///
    /// # Errors
    /// A configuration file or a credential helper that is named fails.
    pub async fn of(&self, host: &str) -> Result<Option<DockerCredentials>, Problem> {
        let host = normalized(host);
        let Some(block) = self.blocks.iter().find(|block| normalized(&block.address) == host)
        else {
            return self.configured(&self.default_config()?, &host).await;
        };
        if block.auth_disabled {
            return Ok(None);
        }
        if let (Some(name), Some(password)) = (&block.username, &block.password) {
            return Ok(Some(login(&host, name, password)));
        }
        let config = match (&block.config_file_content, &block.config_file) {
            (Some(text), _) if !text.is_empty() => ConfigFile::parse(text, "config_file_content")?,
            (_, Some(path)) if !path.is_empty() => {
                ConfigFile::load(&expand_home(path, &self.environment), true)?
            }
            _ => {
                let variable = |name| self.environment.get(name);
                let pair = (variable("DOCKER_REGISTRY_USER"), variable("DOCKER_REGISTRY_PASS"));
                if let (Some(name), Some(password)) = pair {
                    return Ok(Some(login(&host, name, password)));
                }
                self.default_config()?
            }
        };
        self.configured(&config, &host).await
    }

    /// Everything known: what a build needs, whose base images come from anywhere. Keyed as the
    /// Engine looks them up. A host whose helper fails is left out, as Docker's own client does
    /// it: the build may not need it.
    ///
    /// # Errors
    /// Docker's configuration file cannot be read.
    pub async fn all(&self) -> Result<HashMap<String, DockerCredentials>, Problem> {
        let config = self.default_config()?;
        let mut hosts: Vec<String> = config.hosts().map(normalized).collect();
        hosts.extend(self.blocks.iter().map(|block| normalized(&block.address)));
        hosts.sort();
        hosts.dedup();
        let mut all = HashMap::new();
        for host in hosts {
            if let Ok(Some(credentials)) = self.of(&host).await {
                all.insert(key(&host), credentials);
            }
        }
        Ok(all)
    }

    fn default_config(&self) -> Result<ConfigFile, Problem> {
        configuration_directory(&self.environment).map_or_else(
            || Ok(ConfigFile::default()),
            |directory| ConfigFile::load(&directory.join("config.json"), false),
        )
    }

    async fn configured(
        &self,
        config: &ConfigFile,
        host: &str,
    ) -> Result<Option<DockerCredentials>, Problem> {
        if let Some(program) = config.helper(host) {
            let found = helper::get(program, &key(host), &self.environment).await?;
            if found.is_some() {
                return Ok(found);
            }
        }
        config.stored(host)
    }
}

/// Host and port alone; all names of Docker Hub become one.
#[must_use]
pub fn normalized(address: &str) -> String {
    let bare = address.split_once("://").map_or(address, |(_, rest)| rest);
    let host = bare.split('/').next().unwrap_or(bare).to_ascii_lowercase();
    match host.as_str() {
        "index.docker.io" | "registry-1.docker.io" | "registry.hub.docker.com" => {
            "docker.io".into()
        }
        _ => host,
    }
}

/// The name under which configuration files and helpers know a host.
fn key(host: &str) -> String {
    if host == "docker.io" { HUB_KEY.to_owned() } else { host.to_owned() }
}

fn login(host: &str, name: &str, password: &str) -> DockerCredentials {
    DockerCredentials {
        username: Some(name.to_owned()),
        password: Some(password.to_owned()),
        serveraddress: Some(key(host)),
        ..DockerCredentials::default()
    }
}

#[cfg(test)]
mod tests;
