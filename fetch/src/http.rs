//! HTTP, for as long and as much as the limits allow.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use platoform_diagnostic::Environment;
use reqwest::blocking::{Client, Response};
use reqwest::header::{AUTHORIZATION, HeaderValue};
use reqwest::redirect::{Attempt, Policy};
use reqwest::{NoProxy, Proxy, StatusCode, Url};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};

use crate::limits::Limits;

mod credentials;

use credentials::Credentials;

/// How often something is tried when the connection fails or the server is out of order.
const ATTEMPTS: usize = 2;

/// Why nothing came.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// The address is none. It is not shown: what cannot be read may have secrets in it.
    #[error("This is no address of a web server: {0}")]
    Address(String),
    /// Certificates or settings cannot be used.
    #[error("HTTP cannot be used: {0}")]
    Setup(String),
    /// The server could not be reached, or said something that is no answer.
    #[error("`{url}` cannot be fetched: {why}")]
    Failed {
        /// Without secrets.
        url: String,
        /// All causes.
        why: String,
    },
    /// The server refused.
    #[error("`{url}` cannot be fetched: the server answers {status}")]
    Status {
        /// Without secrets.
        url: String,
        /// What it said.
        status: StatusCode,
    },
    /// It went on for too long, or was too much.
    #[error("`{url}` cannot be fetched: {why}")]
    TooMuch {
        /// Without secrets.
        url: String,
        /// What was.
        why: &'static str,
    },
    /// The file cannot be written.
    #[error("The download cannot be kept: {0}")]
    Io(io::Error),
}

/// A client with the user's certificates, proxies and credentials.
#[derive(Debug)]
pub struct Http {
    client: Client,
    credentials: Credentials,
    limits: Limits,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    response: Response,
    limits: Limits,
    deadline: Instant,
}

impl Http {
    /// Reads certificates, proxies and credentials.
    pub fn new(environment: &Environment, limits: Limits) -> Result<Self, HttpError> {
        let setup = |error: String| HttpError::Setup(error);
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| setup(error.to_string()))?
            .with_root_certificates(roots(environment)?)
            .with_no_client_auth();
        let redirects = limits.redirects;
        let mut builder = Client::builder()
            .tls_backend_preconfigured(tls)
            .user_agent(concat!("platoform/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(limits.connect)
            .timeout(limits.silence)
            .redirect(Policy::custom(move |attempt| follow(attempt, redirects)))
            .no_proxy();
        for proxy in proxies(environment)? {
            builder = builder.proxy(proxy);
        }
        let client = builder.build().map_err(|error| setup(causes(&error)))?;
        Ok(Self { client, credentials: Credentials::read(environment), limits })
    }

    /// Asks for an address. A token goes along to the registry it is for, else a password that the
    /// user keeps for the host.
    pub fn get(&self, url: &Url, registry: bool, deadline: Instant) -> Result<Answer, HttpError> {
        let mut attempt = 1;
        loop {
            let answer = self.try_once(url, registry, deadline);
            let again = match &answer {
                Err(HttpError::Failed { .. }) => true,
                Err(HttpError::Status { status, .. }) => status.is_server_error(),
                _ => false,
            };
            if !again || attempt == ATTEMPTS || Instant::now() >= deadline {
                return answer;
            }
            attempt += 1;
        }
    }

    fn try_once(&self, url: &Url, registry: bool, deadline: Instant) -> Result<Answer, HttpError> {
        let mut request = self.client.get(url.clone());
        let token = registry.then(|| self.credentials.token(url)).flatten();
        if let Some(token) = token {
            let value = HeaderValue::from_str(&format!("Bearer {token}"));
            let mut value = value.map_err(|_| {
                HttpError::Setup("a token has other than printable characters".into())
            })?;
            value.set_sensitive(true);
            request = request.header(AUTHORIZATION, value);
        } else if url.username().is_empty()
            && let Some((user, password)) = self.credentials.login(url)
        {
            request = request.basic_auth(user, password);
        }
        let response = request.send().map_err(|error| HttpError::Failed {
            url: shown(url),
            why: causes(&error.without_url()),
        })?;
        let status = response.status();
        if !status.is_success() {
            return Err(HttpError::Status { url: shown(url), status });
        }
        Ok(Answer { response, limits: self.limits, deadline })
    }
}

impl Answer {
    /// Where it came from, after redirections.
    pub fn url(&self) -> &Url {
        self.response.url()
    }

    /// A header.
    pub fn header(&self, name: &str) -> Option<String> {
        let value = self.response.headers().get(name)?;
        value.to_str().ok().filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// Its whole text.
    pub fn text(self) -> Result<String, HttpError> {
        let limit = self.limits.answer;
        let mut bytes = Vec::new();
        self.copy(limit, &mut bytes)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Writes it to a new file.
    pub fn save(self, path: &Path) -> Result<(), HttpError> {
        let limit = self.limits.download;
        let mut file = File::create_new(path).map_err(HttpError::Io)?;
        self.copy(limit, &mut file)
    }

    fn copy(mut self, limit: u64, out: &mut dyn Write) -> Result<(), HttpError> {
        let url = shown(self.response.url());
        let too_much = |why| HttpError::TooMuch { url: url.clone(), why };
        if self.response.content_length().is_some_and(|length| length > limit) {
            return Err(too_much("it is too large"));
        }
        let (mut buffer, mut total) = (vec![0; 64 * 1024], 0_u64);
        loop {
            if Instant::now() >= self.deadline {
                return Err(too_much("it takes too long"));
            }
            let read = match self.response.read(&mut buffer) {
                Ok(0) => return Ok(()),
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => {
                    return Err(HttpError::Failed { url: url.clone(), why: causes(&error) });
                }
            };
            total += read as u64;
            if total > limit {
                return Err(too_much("it is too large"));
            }
            out.write_all(&buffer[..read]).map_err(HttpError::Io)?;
        }
    }
}

/// Follows a redirection, unless there are too many or it gives up encryption.
fn follow(attempt: Attempt<'_>, limit: usize) -> reqwest::redirect::Action {
    if attempt.previous().len() > limit {
        return attempt.error(format!("more than {limit} redirections"));
    }
    let encrypted = attempt.previous().iter().any(|url| url.scheme() == "https");
    if encrypted && attempt.url().scheme() != "https" {
        return attempt.error("the server redirects to an address without encryption");
    }
    attempt.follow()
}

/// Certificates of the file in `SSL_CERT_FILE`, else those that the system trusts.
fn roots(environment: &Environment) -> Result<RootCertStore, HttpError> {
    let mut roots = RootCertStore::empty();
    if let Some(path) = environment.get("SSL_CERT_FILE") {
        let wrong = |why: String| HttpError::Setup(format!("`{path}` has no certificates: {why}"));
        let certificates = CertificateDer::pem_file_iter(environment.directory.join(path))
            .map_err(|error| wrong(error.to_string()))?;
        for certificate in certificates {
            let certificate = certificate.map_err(|error| wrong(error.to_string()))?;
            roots.add(certificate).map_err(|error| wrong(error.to_string()))?;
        }
        return Ok(roots);
    }
    // A certificate that cannot be read vouches for nobody.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    Ok(roots)
}

fn proxies(environment: &Environment) -> Result<Vec<Proxy>, HttpError> {
    let variable = |name: &str| environment.get(name).or(environment.get(&name.to_lowercase()));
    let none = variable("NO_PROXY").and_then(NoProxy::from_string);
    let mut found = Vec::new();
    for (scheme, name) in [("http", "HTTP_PROXY"), ("https", "HTTPS_PROXY")] {
        let Some(address) = variable(name).or(variable("ALL_PROXY")) else { continue };
        let proxy = if scheme == "http" { Proxy::http(address) } else { Proxy::https(address) };
        let proxy =
            proxy.map_err(|error| HttpError::Setup(format!("`{name}` cannot be used: {error}")))?;
        found.push(proxy.no_proxy(none.clone()));
    }
    Ok(found)
}

/// Reads an address.
pub fn address(text: &str) -> Result<Url, HttpError> {
    Url::parse(text).map_err(|error| HttpError::Address(error.to_string()))
}

/// An address as messages show it: without what may be a secret.
fn shown(url: &Url) -> String {
    let mut url = url.clone();
    // An address that cannot have a password has none.
    let _ = url.set_username("").and_then(|()| url.set_password(None));
    url.set_query(None);
    url.to_string()
}

/// An error and what it came from.
fn causes(error: &dyn std::error::Error) -> String {
    let mut texts = vec![error.to_string()];
    let mut next = error.source();
    while let Some(cause) = next {
        let text = cause.to_string();
        if !texts.iter().any(|known| known.contains(&text)) {
            texts.push(text);
        }
        next = cause.source();
    }
    texts.join(": ")
}
