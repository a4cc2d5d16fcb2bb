//! The `provider "docker"` block.

use std::sync::Arc;

use platoform_provider::value::Path;
use platoform_provider::{Block, Environment, Failure, Field, Problem, Provider, ProviderBuilder};

use crate::common::in_set;
use crate::connect::{Connection, Settings, resolve};
use crate::container::ContainerKind;
use crate::data::{ImageData, NetworkSource};
use crate::engine::Engine;
use crate::image::ImageKind;
use crate::network::NetworkKind;
use crate::registry::{Credentials, RegistryAuth};
use crate::volume::VolumeKind;

/// Which Docker Engine, and who we are at registries. Without anything set it is the Engine that
/// the `docker` program uses.
#[derive(Block, Clone, Debug, Default, PartialEq)]
struct Configuration {
    /// Address of the Engine: `unix:///…`, `tcp://HOST:PORT` or `ssh://USER@HOST`; else the
    /// variable `DOCKER_HOST`.
    #[attribute(optional)]
    host: Field<String>,
    /// Name of a Docker context; wins over `host`; else the variable `DOCKER_CONTEXT`.
    #[attribute(optional)]
    context: Field<String>,
    /// Further arguments of the `ssh` program.
    #[attribute(optional)]
    ssh_opts: Field<Vec<String>>,
    /// Certificate of the authority that signed the Engine's, in PEM; else the variable
    /// `DOCKER_CA_MATERIAL`.
    #[attribute(optional)]
    ca_material: Field<String>,
    /// Client certificate in PEM; else the variable `DOCKER_CERT_MATERIAL`.
    #[attribute(optional)]
    cert_material: Field<String>,
    /// Key of the client certificate in PEM; else the variable `DOCKER_KEY_MATERIAL`.
    #[attribute(optional, sensitive)]
    key_material: Field<String>,
    /// Directory with `ca.pem`, `cert.pem` and `key.pem`; else the variable `DOCKER_CERT_PATH`.
    #[attribute(optional)]
    cert_path: Field<String>,
    /// Do not fail at first use when the Engine does not tell its version.
    #[attribute(optional, default = false)]
    disable_docker_daemon_check: Field<bool>,
    /// Who we are at a registry; what is not named here is looked up in Docker's configuration
    /// file.
    #[block(set)]
    registry_auth: Field<Vec<RegistryAuthBlock>>,
}

/// `registry_auth`.
#[derive(Block, Clone, Debug, Default, PartialEq)]
struct RegistryAuthBlock {
    /// Address of the registry.
    #[attribute(required)]
    address: Field<String>,
    /// Never send credentials there.
    #[attribute(optional)]
    auth_disabled: Field<bool>,
    /// Path of a Docker configuration file.
    #[attribute(optional)]
    config_file: Field<String>,
    /// Text of a Docker configuration file.
    #[attribute(optional, sensitive)]
    config_file_content: Field<String>,
    /// Password or token; else the variable `DOCKER_REGISTRY_PASS`.
    #[attribute(optional, sensitive)]
    password: Field<String>,
    /// Login name; else the variable `DOCKER_REGISTRY_USER`.
    #[attribute(optional)]
    username: Field<String>,
}

/// Makes an unconfigured Docker provider.
#[must_use]
pub fn factory() -> Arc<dyn Provider> {
    ProviderBuilder::new(connect)
        .validate(validate)
        .kind(ContainerKind)
        .kind(ImageKind)
        .kind(NetworkKind)
        .kind(VolumeKind)
        .data_source(ImageData)
        .data_source(NetworkSource)
        .build()
}

async fn connect(
    configuration: Configuration,
    environment: Arc<Environment>,
) -> Result<Engine, Failure> {
    let settings = Settings {
        host: configuration.host.into_known(),
        context: configuration.context.into_known(),
        ssh_options: configuration.ssh_opts.into_known().unwrap_or_default(),
        material: [
            configuration.ca_material.into_known(),
            configuration.cert_material.into_known(),
            configuration.key_material.into_known(),
        ],
        certificates: configuration.cert_path.into_known(),
    };
    let endpoint = resolve(&settings, &environment)?;
    let check = !configuration.disable_docker_daemon_check.known_or(false);
    let connection = Connection::new(endpoint, environment.clone(), check);
    let blocks = configuration.registry_auth.items().iter().map(|block| RegistryAuth {
        address: block.address.known_or_default(),
        username: block.username.get().cloned(),
        password: block.password.get().cloned(),
        config_file: block.config_file.get().cloned(),
        config_file_content: block.config_file_content.get().cloned(),
        auth_disabled: block.auth_disabled.known_or(false),
    });
    let credentials = Credentials::new(blocks.collect(), environment.clone());
    Ok(Engine::new(connection, credentials, environment))
}

fn validate(configuration: &Configuration) -> Vec<Problem> {
    let mut problems = Vec::new();
    let pair = (&configuration.cert_material, &configuration.key_material);
    if let (Field::Known(_), Field::Null) | (Field::Null, Field::Known(_)) = pair {
        let detail = "`cert_material` and `key_material` must be given together";
        let problem = Problem::error("Half a client certificate", detail);
        problems.push(problem.at(Path::attribute("cert_material")));
    }
    for block in configuration.registry_auth.items() {
        if block.username.is_known() && block.password.is_null() {
            let path = in_set("registry_auth", block, "username");
            let detail = "A `username` needs its `password`";
            problems.push(Problem::error("Half a login", detail).at(path));
        }
    }
    problems
}
