//! HTTP to an Engine, whatever carries it.
//!
//! The client library sends requests without an API version, in base64 of the wrong alphabet, and
//! reads the environment when it makes its own connections; so requests pass through here.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use bollard::errors::Error;
use bollard::{API_DEFAULT_VERSION, BollardRequest, Docker};
use hyper::body::Incoming;
use hyper::header::HeaderValue;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper::{Response, Uri};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::rt::{TokioExecutor, TokioIo};
use platoform_provider::{Environment, Problem};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, UnixStream};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;

use super::Version;
use super::endpoint::{Address, Endpoint};
use super::ssh::{self, Complaint};

/// How long an Engine may take to begin its answer, unless a call says otherwise.
const ANSWER_SECONDS: u64 = 120;
/// How long a TCP connection may take to come about.
const DIAL_TIMEOUT: Duration = Duration::from_secs(30);
/// How long an unused `ssh` is kept for the next request.
const IDLE_TIMEOUT: Duration = Duration::from_secs(30);
/// How many unused `ssh` are kept.
const IDLE_CONNECTIONS: usize = 4;

/// Opens connections to one endpoint.
#[derive(Debug)]
pub(super) struct Dial {
    pub(super) endpoint: Endpoint,
    environment: Arc<Environment>,
    complaint: Complaint,
}

impl Dial {
    pub(super) fn new(endpoint: Endpoint, environment: Arc<Environment>) -> Self {
        Self { endpoint, environment, complaint: Arc::new(Mutex::new(String::new())) }
    }

    async fn connect(&self) -> io::Result<Stream> {
        let carrier: Box<dyn Carrier> = match &self.endpoint.address {
            Address::Unix(path) => Box::new(UnixStream::connect(path).await?),
            Address::Ssh(target) => {
                let options = &self.endpoint.ssh_options;
                Box::new(ssh::dial(target, options, &self.environment, &self.complaint)?)
            }
            Address::Tcp { host, port } => {
                let dial = TcpStream::connect((host.as_str(), *port));
                let stream = tokio::time::timeout(DIAL_TIMEOUT, dial).await??;
                stream.set_nodelay(true)?;
                match &self.endpoint.tls {
                    None => Box::new(stream),
                    Some(material) => {
                        let config = material.client_config().map_err(io::Error::other)?;
                        let name = ServerName::try_from(host.clone()).map_err(io::Error::other)?;
                        let connector = TlsConnector::from(Arc::new(config));
                        Box::new(connector.connect(name, stream).await?)
                    }
                }
            }
        };
        Ok(Stream(TokioIo::new(carrier)))
    }

    /// What `ssh` said, for the end of a message.
    fn complaint(&self) -> String {
        let complaint = self.complaint.lock().unwrap_or_else(PoisonError::into_inner);
        let text = complaint.trim();
        if text.is_empty() { String::new() } else { format!("; `ssh` says: {text}") }
    }

    /// The authority of request URIs, from which the `Host` header is made.
    fn authority(&self) -> String {
        match &self.endpoint.address {
            Address::Tcp { host, port } if host.contains(':') => format!("[{host}]:{port}"),
            Address::Tcp { host, port } => format!("{host}:{port}"),
            // What Docker's own client sends where there is no host.
            Address::Unix(_) | Address::Ssh(_) => "api.moby.localhost".to_owned(),
        }
    }
}

/// Makes a client for an endpoint, and asks the Engine which versions of the API it speaks.
pub(super) async fn open(
    dial: &Arc<Dial>,
    version: &Arc<OnceLock<Version>>,
    check: bool,
) -> Result<Docker, Problem> {
    if let Some(material) = &dial.endpoint.tls {
        let invalid = |error: super::tls::TlsError| unreachable(dial, &error.to_string());
        material.client_config().map_err(invalid)?;
    }
    let docker = client(dial, version).map_err(|error| unreachable(dial, &causes(&error)))?;
    match docker.version().await {
        Ok(answer) => {
            let theirs = answer.api_version.as_deref().and_then(parse_version);
            let ours =
                Version(API_DEFAULT_VERSION.major_version, API_DEFAULT_VERSION.minor_version);
            // Set once: what an earlier attempt learned is as good.
            version.get_or_init(|| theirs.map_or(ours, |theirs| theirs.min(ours)));
            Ok(docker)
        }
        Err(error) if check => Err(unreachable(dial, &causes(&error))),
        Err(_) => Ok(docker),
    }
}

fn client(dial: &Arc<Dial>, version: &Arc<OnceLock<Version>>) -> Result<Docker, Error> {
    let mut builder = Client::builder(TokioExecutor::new());
    // A request on a connection that the Engine just closed has an unknown outcome. Only where
    // connecting is slow are connections used again.
    let reuse = matches!(dial.endpoint.address, Address::Ssh(_));
    builder.pool_max_idle_per_host(if reuse { IDLE_CONNECTIONS } else { 0 });
    builder.pool_idle_timeout(IDLE_TIMEOUT);
    let client = builder.build(Connector(dial.clone()));
    let (authority, version) = (dial.authority(), version.clone());
    let send = move |request: BollardRequest| {
        let (client, request) = (client.clone(), rewrite(request, &authority, version.get()));
        Box::pin(async move { Ok(client.request(request?).await?) })
            as Pin<Box<dyn Future<Output = Result<Response<Incoming>, Error>> + Send>>
    };
    let address = Some("docker://engine");
    Docker::connect_with_custom_transport(send, address, ANSWER_SECONDS, API_DEFAULT_VERSION)
}

/// Puts host and version into a request's address, and its credentials into the alphabet that the
/// Engine reads (RFC 4648 section 5).
fn rewrite(
    mut request: BollardRequest,
    authority: &str,
    version: Option<&Version>,
) -> Result<BollardRequest, Error> {
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    let version =
        version.map_or_else(String::new, |Version(major, minor)| format!("/v{major}.{minor}"));
    *request.uri_mut() = Uri::try_from(format!("http://{authority}{version}{path}"))?;
    for name in ["X-Registry-Auth", "X-Registry-Config"] {
        if let Some(value) = request.headers_mut().get_mut(name) {
            let text: Vec<u8> = value.as_bytes().iter().map(|byte| url_safe(*byte)).collect();
            let mut changed = HeaderValue::from_bytes(&text).map_err(hyper::http::Error::from)?;
            changed.set_sensitive(true);
            *value = changed;
        }
    }
    Ok(request)
}

fn url_safe(byte: u8) -> u8 {
    match byte {
        b'+' => b'-',
        b'/' => b'_',
        other => other,
    }
}

fn parse_version(text: &str) -> Option<Version> {
    let (major, minor) = text.split_once('.')?;
    Some(Version(major.parse().ok()?, minor.parse().ok()?))
}

/// What went wrong on the way to an Engine, without the names of the layers it passed through.
pub(crate) fn causes(error: &Error) -> String {
    let mut cause: &dyn std::error::Error = match error {
        Error::HyperLegacyError { err } => err,
        Error::HyperResponseError { err } => err,
        other => return other.to_string(),
    };
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}

fn unreachable(dial: &Dial, reason: &str) -> Problem {
    let advice = match &dial.endpoint.address {
        Address::Unix(_) => {
            "check that the Engine runs and that you may use its socket (`docker version` tells)"
        }
        Address::Tcp { .. } => {
            "check that the Engine listens there and which certificates it wants"
        }
        Address::Ssh(_) => "check that `ssh` gets there and that `docker` works on that machine",
    };
    let detail = format!(
        "{}: {reason}{}; {advice}. The address is from {}",
        dial.endpoint,
        dial.complaint(),
        dial.endpoint.origin,
    );
    Problem::error("The Docker Engine does not answer", detail)
}

/// Whatever carries bytes to an Engine.
trait Carrier: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Carrier for T {}

/// A connection as the HTTP client wants it.
struct Stream(TokioIo<Box<dyn Carrier>>);

impl Connection for Stream {
    fn connected(&self) -> Connected {
        Connected::new()
    }
}

impl Read for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(context, buffer)
    }
}

impl Write for Stream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context)
    }
}

#[derive(Clone)]
struct Connector(Arc<Dial>);

impl tower_service::Service<Uri> for Connector {
    type Response = Stream;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Stream>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Uri) -> Self::Future {
        let dial = self.0.clone();
        Box::pin(async move { dial.connect().await })
    }
}
