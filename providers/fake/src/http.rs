//! The cloud's API over HTTP, on this machine only.

use std::time::Duration;

use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::header::RETRY_AFTER;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use platoform_provider::Problem;
use platoform_provider::value::Path;
use serde_json::Value as Json;
use url::{Host, Url};

use crate::client::Trouble;
use crate::cloud::{Answer, Request};

/// How long an answer may take.
const ANSWER_LIMIT: Duration = Duration::from_secs(60);

/// A client of the API.
pub(crate) struct Http {
    /// Without a slash at its end.
    endpoint: String,
    client: Client<HttpConnector, Full<Bytes>>,
}

impl Http {
    /// One that asks this address.
    pub fn new(endpoint: &str) -> Self {
        let client = Client::builder(TokioExecutor::new()).build_http();
        Self { endpoint: endpoint.trim_end_matches('/').to_owned(), client }
    }

    /// Sends a request and waits for the answer.
    pub async fn send(&self, request: &Request) -> Result<Answer, Trouble> {
        let body = request.body().map(|body| body.to_string()).unwrap_or_default();
        let sent = hyper::Request::builder()
            .method(request.method())
            .uri(format!("{}{}", self.endpoint, request.path()))
            .body(Full::new(Bytes::from(body)))
            .map_err(|error| Trouble::Unsent(error.to_string()))?;
        let unknown = |reason: String| Trouble::Unknown(reason);
        let exchange = async {
            let answer = self.client.request(sent).await.map_err(|error| {
                let reason = chain(&error);
                if error.is_connect() { Trouble::Unsent(reason) } else { unknown(reason) }
            })?;
            let status = answer.status().as_u16();
            let pause = answer.headers().get(RETRY_AFTER);
            let pause = pause.and_then(|value| value.to_str().ok()?.parse().ok());
            let body = answer.into_body().collect().await;
            let body = body.map_err(|error| unknown(error.to_string()))?.to_bytes();
            let body = if body.is_empty() {
                Json::Null
            } else {
                serde_json::from_slice(&body).map_err(|error| unknown(error.to_string()))?
            };
            Ok(Answer { status, retry_after: pause.map(Duration::from_secs), body })
        };
        let answer = tokio::time::timeout(ANSWER_LIMIT, exchange).await;
        answer.unwrap_or_else(|_| Err(unknown("no answer in time".to_owned())))
    }
}

/// An error with what is behind it.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text = format!("{text}: {error}");
        source = error.source();
    }
    text
}

/// Why a text cannot be an endpoint.
pub(crate) fn check_endpoint(text: &str) -> Option<Problem> {
    let local = |url: &Url| match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    };
    let fits = Url::parse(text).is_ok_and(|url| url.scheme() == "http" && local(&url));
    let detail = "It must be an `http` address of this machine, such as `http://127.0.0.1:8080`";
    let problem = || Problem::error("Not an endpoint of this machine", detail);
    (!fits).then(|| problem().at(Path::attribute("endpoint")))
}
