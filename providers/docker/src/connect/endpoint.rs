//! Addresses of Docker Engines.

use std::fmt;
use std::path::PathBuf;

use url::Url;

use super::tls::Material;

/// Port of an Engine without TLS.
const PLAIN_PORT: u16 = 2375;
/// Port of an Engine with TLS.
const TLS_PORT: u16 = 2376;

/// Where an Engine listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// A Unix socket of this machine.
    Unix(PathBuf),
    /// TCP, with TLS where [`Endpoint::tls`] is set.
    Tcp {
        /// Name or address; an IPv6 address without brackets.
        host: String,
        /// Port.
        port: u16,
    },
    /// The Engine of another machine, through `ssh HOST docker system dial-stdio`.
    Ssh(SshTarget),
}

/// What the `ssh` program is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SshTarget {
    /// Login name.
    pub user: Option<String>,
    /// Name or address, or an alias from the user's `ssh_config`.
    pub host: String,
    /// Port.
    pub port: Option<u16>,
    /// Path of the Engine's socket there, if not the usual one.
    pub socket: Option<String>,
}

/// What named an endpoint; said in messages, so that one knows what to change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// `host` of the `provider` block.
    Host,
    /// A context, and who chose it.
    Context {
        /// Name of the context.
        name: String,
        /// `context` of the `provider` block, a variable or a file.
        chosen_by: String,
    },
    /// The variable `DOCKER_HOST`.
    Variable,
    /// Nothing: it is the socket that every Engine has.
    Default,
}

/// An Engine and how to reach it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// Where it listens.
    pub address: Address,
    /// Certificates for TCP with TLS.
    pub tls: Option<Material>,
    /// Further arguments of the `ssh` program.
    pub ssh_options: Vec<String>,
    /// What named it.
    pub origin: Origin,
}

/// A text is not the address of an Engine.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// It has no `scheme://` or is malformed.
    #[error(
        "`{0}` is not an address such as `unix:///var/run/docker.sock`, `tcp://HOST:2376` or `ssh://USER@HOST`"
    )]
    Malformed(String),
    /// The scheme is not one of ours.
    #[error("the scheme `{0}` is not supported; use `unix`, `tcp`, `http`, `https` or `ssh`")]
    Scheme(String),
    /// An `ssh://` address holds what only a secret or an attack would.
    #[error(
        "an `ssh` address must not hold a password, and its host and user must not start with `-`"
    )]
    Unsafe,
}

impl Address {
    /// Reads an address as `DOCKER_HOST` holds it. The second part tells whether the scheme itself
    /// asks for TLS; `tls` tells whether certificates are at hand, which decides the usual port.
    ///
    /// # Errors
    /// The text is not such an address.
    pub fn parse(text: &str, tls: bool) -> Result<(Self, bool), AddressError> {
        let malformed = || AddressError::Malformed(text.to_owned());
        let (scheme, rest) = text.split_once("://").ok_or_else(malformed)?;
        match scheme {
            "unix" if rest.starts_with('/') => Ok((Self::Unix(PathBuf::from(rest)), false)),
            "unix" => Err(malformed()),
            "tcp" | "http" | "https" => {
                let secure = scheme == "https";
                let usual = if tls || secure { TLS_PORT } else { PLAIN_PORT };
                // A special scheme makes the parser check names and addresses.
                let url = Url::parse(&format!("http://{rest}")).map_err(|_| malformed())?;
                let written = rest.split('/').next().unwrap_or(rest);
                let port = url.port().or_else(|| written.ends_with(":80").then_some(80));
                let host = bare_host(&url).ok_or_else(malformed)?;
                Ok((Self::Tcp { host, port: port.unwrap_or(usual) }, secure))
            }
            "ssh" => {
                let url = Url::parse(text).map_err(|_| malformed())?;
                Ok((Self::Ssh(SshTarget::from_url(&url).ok_or_else(malformed)??), false))
            }
            other => Err(AddressError::Scheme(other.to_owned())),
        }
    }
}

impl SshTarget {
    /// `None` where there is no host.
    fn from_url(url: &Url) -> Option<Result<Self, AddressError>> {
        let host = bare_host(url)?;
        let user = Some(url.username()).filter(|user| !user.is_empty()).map(str::to_owned);
        let dashed = |text: &str| text.starts_with('-');
        if url.password().is_some() || dashed(&host) || user.as_deref().is_some_and(dashed) {
            return Some(Err(AddressError::Unsafe));
        }
        let socket = Some(url.path()).filter(|path| !path.is_empty() && *path != "/");
        Some(Ok(Self { user, host, port: url.port(), socket: socket.map(str::to_owned) }))
    }
}

fn bare_host(url: &Url) -> Option<String> {
    let host = url.host_str().filter(|host| !host.is_empty())?;
    Some(host.trim_start_matches('[').trim_end_matches(']').to_owned())
}

impl fmt::Display for Endpoint {
    /// As `DOCKER_HOST` would hold it.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.address {
            Address::Unix(path) => write!(formatter, "unix://{}", path.display()),
            Address::Tcp { host, port } if host.contains(':') => {
                write!(formatter, "tcp://[{host}]:{port}")
            }
            Address::Tcp { host, port } => write!(formatter, "tcp://{host}:{port}"),
            Address::Ssh(target) => {
                formatter.write_str("ssh://")?;
                if let Some(user) = &target.user {
                    write!(formatter, "{user}@")?;
                }
                formatter.write_str(&target.host)?;
                target.port.map_or(Ok(()), |port| write!(formatter, ":{port}"))?;
                formatter.write_str(target.socket.as_deref().unwrap_or_default())
            }
        }
    }
}

impl fmt::Display for Origin {
    /// Completes "the address is from …".
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Host => formatter.write_str("`host` of the provider block"),
            Self::Context { name, chosen_by } => {
                write!(formatter, "the context `{name}`, chosen by {chosen_by}")
            }
            Self::Variable => formatter.write_str("the variable `DOCKER_HOST`"),
            Self::Default => formatter.write_str("nowhere: it is the usual socket"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Address {
        Address::parse(text, false).unwrap().0
    }

    #[test]
    fn addresses_are_read_as_docker_reads_them() {
        assert_eq!(address("unix:///run/d.sock"), Address::Unix("/run/d.sock".into()));
        let tcp = |host: &str, port| Address::Tcp { host: host.into(), port };
        assert_eq!(address("tcp://engine"), tcp("engine", 2375));
        assert_eq!(address("tcp://engine:80"), tcp("engine", 80));
        assert_eq!(address("tcp://[::1]:99"), tcp("::1", 99));
        assert_eq!(Address::parse("tcp://engine", true).unwrap().0, tcp("engine", 2376));
        assert_eq!(Address::parse("https://engine", false).unwrap(), (tcp("engine", 2376), true));
        let target = SshTarget {
            user: Some("root".into()),
            host: "node".into(),
            port: Some(2222),
            socket: Some("/run/d.sock".into()),
        };
        assert_eq!(address("ssh://root@node:2222/run/d.sock"), Address::Ssh(target));
    }

    #[test]
    fn addresses_that_cannot_be_used_are_refused() {
        for text in ["", "engine:2375", "unix://d.sock", "tcp://", "ssh://", "tcp://a b"] {
            assert!(
                matches!(Address::parse(text, false), Err(AddressError::Malformed(_))),
                "{text}"
            );
        }
        assert_eq!(
            Address::parse("npipe:////./x", false),
            Err(AddressError::Scheme("npipe".into()))
        );
        for text in ["ssh://-oProxyCommand=x", "ssh://a:secret@node", "ssh://-l@node"] {
            assert_eq!(Address::parse(text, false), Err(AddressError::Unsafe), "{text}");
        }
    }
}
