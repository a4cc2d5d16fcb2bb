//! A machine that is reached over ssh.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use platoform_apply::Lines;
use russh::client::{self, Handle, KeyboardInteractiveAuthResponse as Interactive};
use russh::keys::agent::AgentIdentity;
use russh::keys::agent::client::AgentClient;
use russh::keys::{PrivateKeyWithHashAlg, PublicKey, PublicKeyOrCertificate};
use russh::{Channel, ChannelMsg, client::Msg};

use crate::connection::{Connection, Endpoint};
use crate::lines::Splitter;
use crate::trouble::Trouble;

/// Pause before it is tried again to reach a machine, up to [`LONGEST`].
const FIRST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(10);

/// A session with a machine.
pub(crate) struct Session {
    handle: Handle<Guard>,
    /// What it goes through, as long as it lasts.
    _bastion: Option<Handle<Guard>>,
}

/// Looks at the key of a machine.
struct Guard {
    expected: Option<PublicKey>,
    /// The machine's key was another one.
    refused: Arc<Mutex<bool>>,
}

impl client::Handler for Guard {
    type Error = russh::Error;

    async fn check_server_key(
        &mut self,
        key: &PublicKeyOrCertificate,
    ) -> Result<bool, Self::Error> {
        let Some(expected) = &self.expected else { return Ok(true) };
        let same = key.public_key().key_data() == expected.key_data();
        *self.refused.lock().unwrap_or_else(PoisonError::into_inner) = !same;
        Ok(same)
    }
}

impl Session {
    /// Reaches a machine. One that does not answer, or does not let us in, may still be starting:
    /// it is tried again until the connection's time is over.
    pub async fn open(connection: &Connection, lines: Lines<'_>) -> Result<Self, Trouble> {
        let end = &connection.end;
        lines(&format!("Connecting to remote host via SSH as {} on {}...", end.user, end.host));
        let mut last: Option<Trouble> = None;
        let attempts = async {
            let mut pause = FIRST;
            loop {
                match Self::attempt(connection).await {
                    Ok(session) => return Ok(session),
                    Err(trouble) if trouble.lasting => return Err(trouble),
                    Err(trouble) => last = Some(trouble),
                }
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(LONGEST);
            }
        };
        match tokio::time::timeout(connection.timeout, attempts).await {
            Ok(ended) => {
                lines(if ended.is_ok() { "Connected!" } else { "Not connected" });
                ended
            }
            Err(_) => {
                let limit = humantime::format_duration(connection.timeout);
                let why = last.map_or_else(|| "no answer".to_owned(), |trouble| trouble.what);
                Err(Trouble::of(format!("timeout after {limit} - last error: {why}")))
            }
        }
    }

    async fn attempt(connection: &Connection) -> Result<Self, Trouble> {
        let Some(bastion) = &connection.bastion else {
            let handle = direct(&connection.end).await?;
            return Ok(Self { handle, _bastion: None });
        };
        let between = direct(bastion).await?;
        let (host, port) = (connection.end.host.clone(), u32::from(connection.end.port));
        let channel = between.channel_open_direct_tcpip(host, port, "127.0.0.1", 0).await?;
        let (guard, refused) = guard(&connection.end);
        let reached = client::connect_stream(configuration(), channel.into_stream(), guard).await;
        let handle = enter(&connection.end, reached, &refused).await?;
        Ok(Self { handle, _bastion: Some(between) })
    }

    /// Starts a command.
    pub async fn start(&self, command: &str) -> Result<Channel<Msg>, Trouble> {
        let channel = self.handle.channel_open_session().await?;
        channel.exec(true, command).await?;
        Ok(channel)
    }

    /// Runs a command to its end; gives its exit status.
    pub async fn run(&self, command: &str, lines: Lines<'_>) -> Result<u32, Trouble> {
        let mut channel = self.start(command).await?;
        channel.eof().await?;
        let (mut out, mut err) = (Splitter::default(), Splitter::default());
        let mut status = None;
        while let Some(message) = channel.wait().await {
            match message {
                ChannelMsg::Data { data } => out.add(&data, lines),
                ChannelMsg::ExtendedData { data, .. } => err.add(&data, lines),
                ChannelMsg::ExitStatus { exit_status } => status = Some(exit_status),
                ChannelMsg::ExitSignal { signal_name, .. } => {
                    return Err(Trouble::of(format!("it was ended by {signal_name:?}")));
                }
                _ => {}
            }
        }
        out.finish(lines);
        err.finish(lines);
        status.ok_or_else(|| Trouble::of("the connection was lost before it ended"))
    }
}

fn configuration() -> Arc<client::Config> {
    // A script may be silent for long; a machine that is gone is noticed all the same.
    Arc::new(client::Config {
        keepalive_interval: Some(Duration::from_secs(20)),
        keepalive_max: 6,
        ..client::Config::default()
    })
}

fn guard(end: &Endpoint) -> (Guard, Arc<Mutex<bool>>) {
    let refused = Arc::new(Mutex::new(false));
    (Guard { expected: end.host_key.clone(), refused: refused.clone() }, refused)
}

async fn direct(end: &Endpoint) -> Result<Handle<Guard>, Trouble> {
    let (guard, refused) = guard(end);
    let address = (end.host.trim_start_matches('[').trim_end_matches(']'), end.port);
    let reached = client::connect(configuration(), address, guard).await;
    enter(end, reached, &refused).await
}

/// Says who we are.
async fn enter(
    end: &Endpoint,
    reached: Result<Handle<Guard>, russh::Error>,
    refused: &Mutex<bool>,
) -> Result<Handle<Guard>, Trouble> {
    let mut handle = reached.map_err(|error| {
        if *refused.lock().unwrap_or_else(PoisonError::into_inner) {
            return Trouble::of(format!(
                "The host key of `{}` is not the one in `host_key`",
                end.host
            ));
        }
        Trouble::passing(format!("{}:{}: {error}", end.host, end.port))
    })?;
    if by_key(&mut handle, end).await?
        || by_agent(&mut handle, end).await?
        || by_password(&mut handle, end).await?
    {
        return Ok(handle);
    }
    let tried = [
        (end.key.is_some(), "the private key"),
        (end.agent.is_some(), "the keys of the agent"),
        (end.password.is_some(), "the password"),
    ];
    let tried: Vec<&str> =
        tried.iter().filter(|(given, _)| *given).map(|(_, what)| *what).collect();
    let tried =
        if tried.is_empty() { "nothing to try it with".to_owned() } else { tried.join(", ") };
    Err(Trouble::passing(format!("`{}` did not let `{}` in ({tried})", end.host, end.user)))
}

async fn by_key(handle: &mut Handle<Guard>, end: &Endpoint) -> Result<bool, Trouble> {
    let Some(key) = end.key.clone().map(Arc::new) else { return Ok(false) };
    let user = end.user.clone();
    if let Some(certificate) = end.certificate.clone() {
        return Ok(handle.authenticate_openssh_cert(user, key, certificate).await?.success());
    }
    let hash = if key.algorithm().is_rsa() {
        handle.best_supported_rsa_hash().await?.flatten()
    } else {
        None
    };
    let key = PrivateKeyWithHashAlg::new(key, hash);
    Ok(handle.authenticate_publickey(user, key).await?.success())
}

async fn by_agent(handle: &mut Handle<Guard>, end: &Endpoint) -> Result<bool, Trouble> {
    let Some(socket) = &end.agent else { return Ok(false) };
    // An agent that is not there is no reason not to try the password.
    let Ok(mut agent) = AgentClient::connect_uds(socket).await else { return Ok(false) };
    let Ok(identities) = agent.request_identities().await else { return Ok(false) };
    for identity in identities {
        let AgentIdentity::PublicKey { key, .. } = identity else { continue };
        let hash = if key.algorithm().is_rsa() {
            handle.best_supported_rsa_hash().await?.flatten()
        } else {
            None
        };
        let user = end.user.clone();
        let tried = handle.authenticate_publickey_with(user, key, hash, &mut agent).await;
        if tried.is_ok_and(|result| result.success()) {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn by_password(handle: &mut Handle<Guard>, end: &Endpoint) -> Result<bool, Trouble> {
    let Some(password) = end.password.clone() else { return Ok(false) };
    let user = end.user.clone();
    if handle.authenticate_password(user.clone(), password.clone()).await?.success() {
        return Ok(true);
    }
    let mut answer = handle.authenticate_keyboard_interactive_start(user, None).await?;
    loop {
        match answer {
            Interactive::Success => return Ok(true),
            Interactive::Failure { .. } => return Ok(false),
            Interactive::InfoRequest { prompts, .. } => {
                let answers = vec![password.clone(); prompts.len()];
                answer = handle.authenticate_keyboard_interactive_respond(answers).await?;
            }
        }
    }
}
