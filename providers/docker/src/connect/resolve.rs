//! Which Engine is meant.

use std::path::PathBuf;

use platoform_provider::value::Path;
use platoform_provider::{Environment, Problem};

use super::context::{self, ContextError};
use super::endpoint::{Address, AddressError, Endpoint, Origin};
use super::tls::{Material, TlsError};

/// Socket of an Engine that nobody has configured.
const DEFAULT_SOCKET: &str = "unix:///var/run/docker.sock";

/// What the `provider` block says about the connection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// `host`.
    pub host: Option<String>,
    /// `context`.
    pub context: Option<String>,
    /// `ssh_opts`.
    pub ssh_options: Vec<String>,
    /// `ca_material`, `cert_material` and `key_material`.
    pub material: [Option<String>; 3],
    /// `cert_path`.
    pub certificates: Option<String>,
}

/// Docker's configuration directory: `DOCKER_CONFIG`, or `.docker` in the home directory.
#[must_use]
pub fn configuration_directory(environment: &Environment) -> Option<PathBuf> {
    let set = environment.get("DOCKER_CONFIG").map(|path| environment.directory.join(path));
    set.or_else(|| environment.home.as_ref().map(|home| home.join(".docker")))
}

/// Finds the Engine: `context`, else `host` of the block, else the variables `DOCKER_CONTEXT`, else
/// `DOCKER_HOST`, else the current context of the `docker` program, else the usual socket.
///
/// # Errors
/// What is chosen does not exist or cannot be used; the path is that of the attribute at fault.
pub fn resolve(settings: &Settings, environment: &Environment) -> Result<Endpoint, Problem> {
    let chosen = |name: &str, chosen_by: &str| {
        let origin = Origin::Context { name: name.to_owned(), chosen_by: chosen_by.to_owned() };
        (name.to_owned(), origin)
    };
    let block = "`context` of the provider block";
    let context = if let Some(name) = settings.context.as_deref().filter(|name| !name.is_empty()) {
        Some(chosen(name, block))
    } else if settings.host.as_deref().is_some_and(|host| !host.is_empty()) {
        None
    } else if let Some(name) = environment.get("DOCKER_CONTEXT") {
        Some(chosen(name, "the variable `DOCKER_CONTEXT`"))
    } else if environment.get("DOCKER_HOST").is_some() {
        None
    } else {
        current_context(environment).map(|name| chosen(&name, "the `docker` program's settings"))
    };
    match context.filter(|(name, _)| name != "default") {
        Some((name, origin)) => from_context(&name, origin, settings, environment),
        None => from_host(settings, environment),
    }
}

fn from_context(
    name: &str,
    origin: Origin,
    settings: &Settings,
    environment: &Environment,
) -> Result<Endpoint, Problem> {
    let configured = settings.context.as_deref() == Some(name);
    let at = if configured { Path::attribute("context") } else { Path::default() };
    let refuse = |error: ContextError| unusable(&error.to_string(), &origin).at(at.clone());
    let directory = configuration_directory(environment)
        .ok_or_else(|| refuse(ContextError::Missing(name.to_owned())))?;
    let context = context::load(&directory, name).map_err(refuse)?;
    let host = if context.host.is_empty() { DEFAULT_SOCKET } else { &context.host };
    let (address, secure) = Address::parse(host, context.tls.is_some())
        .map_err(|error| unusable(&error.to_string(), &origin).at(at.clone()))?;
    let tls = context.tls.or_else(|| secure.then(Material::default));
    Ok(Endpoint { address, tls, ssh_options: settings.ssh_options.clone(), origin })
}

fn from_host(settings: &Settings, environment: &Environment) -> Result<Endpoint, Problem> {
    let block = settings.host.as_deref().filter(|host| !host.is_empty());
    let (host, origin) = match (block, environment.get("DOCKER_HOST")) {
        (Some(host), _) => (host, Origin::Host),
        (None, Some(host)) => (host, Origin::Variable),
        (None, None) => (DEFAULT_SOCKET, Origin::Default),
    };
    let at = if origin == Origin::Host { Path::attribute("host") } else { Path::default() };
    let refuse = |error: AddressError| unusable(&error.to_string(), &origin).at(at.clone());
    let remote = ["tcp://", "http://", "https://"].iter().any(|scheme| host.starts_with(scheme));
    let tls = if remote { material(settings, environment)? } else { None };
    let (address, secure) = Address::parse(host, tls.is_some()).map_err(refuse)?;
    let tls = tls.or_else(|| secure.then(Material::default));
    Ok(Endpoint { address, tls, ssh_options: settings.ssh_options.clone(), origin })
}

/// Certificates for TCP: from the block, else from variables, as text or from a directory.
fn material(settings: &Settings, environment: &Environment) -> Result<Option<Material>, Problem> {
    let refuse = |error: TlsError, attribute: &'static str| {
        Problem::error("Docker's certificates cannot be used", error.to_string())
            .at(Path::attribute(attribute))
    };
    let variables = ["DOCKER_CA_MATERIAL", "DOCKER_CERT_MATERIAL", "DOCKER_KEY_MATERIAL"];
    let text = |index: usize| {
        let set = settings.material[index].clone().filter(|text| !text.is_empty());
        set.or_else(|| environment.get(variables[index]).map(str::to_owned))
    };
    let [authority, certificate, key] = [text(0), text(1), text(2)];
    if authority.is_some() || certificate.is_some() || key.is_some() {
        let material = Material::new(authority, certificate, key);
        return material.map(Some).map_err(|error| refuse(error, "cert_material"));
    }
    let set = settings.certificates.as_deref().filter(|path| !path.is_empty());
    let path = set.or_else(|| environment.get("DOCKER_CERT_PATH"));
    let directory = match path {
        Some(path) => Some(expand_home(path, environment)),
        None if environment.get("DOCKER_TLS_VERIFY").is_some() => {
            configuration_directory(environment)
        }
        None => None,
    };
    let load = |directory: PathBuf| Material::load(&directory);
    directory.map(load).transpose().map_err(|error| refuse(error, "cert_path"))
}

/// A path as a user writes it: relative to the working directory, `~/` for the home directory.
#[must_use]
pub fn expand_home(path: &str, environment: &Environment) -> PathBuf {
    match (path.strip_prefix("~/"), &environment.home) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => environment.directory.join(path),
    }
}

fn current_context(environment: &Environment) -> Option<String> {
    let path = configuration_directory(environment)?.join("config.json");
    let text = std::fs::read(path).ok()?;
    let config: serde_json::Value = serde_json::from_slice(&text).ok()?;
    let name = config.get("currentContext")?.as_str()?;
    (!name.is_empty()).then(|| name.to_owned())
}

fn unusable(reason: &str, origin: &Origin) -> Problem {
    let detail = format!("{reason} (the address is from {origin})");
    Problem::error("The Docker Engine's address cannot be used", detail)
}

#[cfg(test)]
#[path = "resolve_tests.rs"]
mod tests;
