//! `connection` blocks.

use std::path::{Path, PathBuf};
use std::time::Duration;

use platoform_value::Value;
use russh::keys::{Certificate, PrivateKey, PublicKey, decode_secret_key};

use crate::arguments::{flag, number, text};
use crate::trouble::Trouble;

/// How long to try to reach a machine where the block does not say.
const TIMEOUT: Duration = Duration::from_secs(5 * 60);
/// Where scripts go where the block does not say; `%RAND%` is replaced.
const SCRIPT: &str = "/tmp/platoform_%RAND%.sh";

/// How to reach a machine.
pub(crate) struct Connection {
    pub end: Endpoint,
    /// What is between here and there.
    pub bastion: Option<Endpoint>,
    pub timeout: Duration,
    /// Where scripts go.
    pub script: String,
}

/// A machine and how to be let in.
pub(crate) struct Endpoint {
    pub host: String,
    pub port: u16,
    pub user: String,
    pub password: Option<String>,
    pub key: Option<PrivateKey>,
    pub certificate: Option<Certificate>,
    /// What the machine must prove to be; nothing is checked without it.
    pub host_key: Option<PublicKey>,
    /// Socket of an agent that knows keys.
    pub agent: Option<PathBuf>,
}

impl Connection {
    /// Reads a block. `agent` is the socket of the user's ssh agent.
    pub fn read(block: &Value, agent: Option<&Path>) -> Result<Self, Trouble> {
        if block.is_null() {
            return Err(Trouble::of("There is no `connection` block that says how to reach it"));
        }
        match text(block, "type") {
            None | Some("ssh") => {}
            Some("winrm") => {
                return Err(Trouble::of(
                    "`winrm` is not supported: Windows has an ssh server of its own by now",
                ));
            }
            Some(other) => {
                return Err(Trouble::of(format!("connection type '{other}' not supported")));
            }
        }
        if text(block, "target_platform") == Some("windows") {
            return Err(Trouble::of("`target_platform = \"windows\"` is not supported"));
        }
        if text(block, "proxy_host").is_some() {
            return Err(Trouble::of("A proxy is not supported: use `bastion_host`"));
        }
        let agent = agent.filter(|_| flag(block, "agent") != Some(false)).map(Path::to_owned);
        let Some(host) = text(block, "host").filter(|host| !host.is_empty()) else {
            return Err(Trouble::of("The `host` of the connection is empty"));
        };
        let bastion = match text(block, "bastion_host").filter(|host| !host.is_empty()) {
            Some(bastion) => Some(endpoint(block, "bastion_", bastion, agent.clone())?),
            None => None,
        };
        let timeout = match text(block, "timeout") {
            Some(text) => humantime::parse_duration(text).map_err(|error| {
                Trouble::of(format!("The `timeout` of the connection: {error}"))
            })?,
            None => TIMEOUT,
        };
        let script = text(block, "script_path").unwrap_or(SCRIPT).to_owned();
        Ok(Self { end: endpoint(block, "", host, agent)?, bastion, timeout, script })
    }
}

/// One machine of a block. A bastion takes from the machine behind it what it does not say itself.
fn endpoint(
    block: &Value,
    prefix: &str,
    host: &str,
    agent: Option<PathBuf>,
) -> Result<Endpoint, Trouble> {
    let own = |name: &str| text(block, &format!("{prefix}{name}"));
    let shared = |name: &str| own(name).or_else(|| text(block, name));
    let key = shared("private_key").map(|key| decode_secret_key(key, None)).transpose();
    let key = key.map_err(|error| {
        Trouble::of(format!("The private key cannot be read: {error}"))
            .because("it is given as text, without a passphrase")
    })?;
    let certificate = own("certificate").map(|it| Certificate::from_openssh(it.trim())).transpose();
    let certificate = certificate
        .map_err(|error| Trouble::of(format!("The `certificate` cannot be read: {error}")))?;
    let host_key = own("host_key").map(|it| PublicKey::from_openssh(it.trim())).transpose();
    let host_key =
        host_key.map_err(|error| Trouble::of(format!("The `host_key` cannot be read: {error}")))?;
    let port = number(block, &format!("{prefix}port")).unwrap_or(22);
    Ok(Endpoint {
        host: host.to_owned(),
        port: u16::try_from(port).map_err(|_| Trouble::of(format!("There is no port {port}")))?,
        user: shared("user").unwrap_or("root").to_owned(),
        password: shared("password").map(str::to_owned),
        key,
        certificate,
        host_key,
        agent,
    })
}
