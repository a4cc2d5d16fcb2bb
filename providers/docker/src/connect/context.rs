//! Contexts, as `docker context` stores them.
//!
//! `CONFIG/contexts/meta/ID/meta.json` describes one, `CONFIG/contexts/tls/ID/docker/*.pem` holds
//! its certificates; `ID` is the SHA-256 of its name in hexadecimal
//! (<https://github.com/docker/cli/blob/master/cli/context/store/doc.go>).

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::tls::{Material, TlsError};

/// What a context says of its Engine.
#[derive(Debug, PartialEq, Eq)]
pub struct Context {
    /// Address as `DOCKER_HOST` would hold it; empty for the usual socket.
    pub host: String,
    /// Certificates, where it has some.
    pub tls: Option<Material>,
}

/// A context cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ContextError {
    /// There is no such context.
    #[error("there is no Docker context `{0}`; `docker context ls` lists those there are")]
    Missing(String),
    /// Its description cannot be read.
    #[error("`{path}` cannot be read: {reason}")]
    Broken {
        /// The file.
        path: String,
        /// Why.
        reason: String,
    },
    /// It asks for TLS without verification.
    #[error(
        "the context `{0}` skips the verification of the Engine's certificate, which is not supported; give the context the authority's certificate instead"
    )]
    Unverified(String),
    /// Its certificates cannot be used.
    #[error(transparent)]
    Tls(#[from] TlsError),
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Meta {
    #[serde(default)]
    endpoints: BTreeMap<String, MetaEndpoint>,
}

#[derive(Default, Deserialize)]
struct MetaEndpoint {
    #[serde(rename = "Host", default)]
    host: String,
    #[serde(rename = "SkipTLSVerify", default)]
    skip_tls_verify: bool,
}

/// Reads a context from Docker's configuration directory.
///
/// # Errors
/// There is no such context, or it cannot be used.
pub fn load(configuration: &Path, name: &str) -> Result<Context, ContextError> {
    let id: String = Sha256::digest(name).iter().map(|byte| format!("{byte:02x}")).collect();
    let contexts = configuration.join("contexts");
    let path = contexts.join("meta").join(&id).join("meta.json");
    let broken = |reason: String| ContextError::Broken { path: path.display().to_string(), reason };
    let text = match std::fs::read(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(ContextError::Missing(name.to_owned()));
        }
        Err(error) => return Err(broken(error.to_string())),
    };
    let meta: Meta = serde_json::from_slice(&text).map_err(|error| broken(error.to_string()))?;
    let mut endpoints = meta.endpoints;
    let endpoint = endpoints.remove("docker").unwrap_or_default();
    if endpoint.skip_tls_verify {
        return Err(ContextError::Unverified(name.to_owned()));
    }
    let certificates = contexts.join("tls").join(&id).join("docker");
    let tls = certificates.is_dir().then(|| Material::load(&certificates)).transpose()?;
    Ok(Context { host: endpoint.host, tls })
}
