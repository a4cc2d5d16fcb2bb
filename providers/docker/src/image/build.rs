//! Building an image with the Engine's classic builder.

use std::collections::VecDeque;
use std::time::Duration;

use bollard::models::BuildInfo;
use bollard::query_parameters::BuildImageOptions;
use bollard::{body_full, body_try_stream};
use futures_util::StreamExt;
use hyper::Uri;
use platoform_provider::{Failure, Owner, Problem};

use super::request;
use super::schema::{Build, Image};
use crate::build;
use crate::common::{in_set, text};
use crate::engine::Engine;
use crate::failure;

/// Lines of a build's output that its failure shows.
const SHOWN_LINES: usize = 12;
/// What stands in place of a secret.
const HIDDEN: &str = "(hidden)";

/// Builds an image and gives it its names.
///
/// # Errors
/// The context cannot be used, the build fails, or takes longer than `limit`.
pub(super) async fn run(
    engine: &Engine,
    image: &Image,
    build: &Build,
    owner: &Owner,
    limit: Duration,
    progress: &(dyn Fn(&str) + Sync),
) -> Result<(), Failure> {
    let body = if text(&build.remote_context).is_some() {
        body_full(hyper::body::Bytes::new())
    } else {
        let root = engine.path(&build.context.known_or_default());
        let context = build::stream(&root, &build.dockerfile.known_or("Dockerfile".into()));
        let context = context.map_err(|error| {
            let problem = Problem::error("The build context cannot be used", error.to_string());
            problem.at(in_set("build", build, "context"))
        })?;
        body_try_stream(context)
    };
    let mut credentials = engine.credentials.all().await?;
    credentials.extend(request::credentials(build));
    let query = request::query(image, build, owner);
    let docker = engine.patient(limit).await?.with_request_modifier(move |mut request| {
        // The path of a request that the client made is always valid with another query.
        let uri = request.uri().to_string();
        let base = uri.split('?').next().unwrap_or(&uri);
        if let Ok(uri) = Uri::try_from(format!("{base}?{query}")) {
            *request.uri_mut() = uri;
        }
        request
    });
    let mut events =
        docker.build_image(BuildImageOptions::default(), Some(credentials), Some(body));
    let mut output = Output::new(request::secrets(build));
    let follow = async {
        while let Some(event) = events.next().await {
            let event = event.map_err(|error| output.failure(&error))?;
            if let Some(status) = output.next(&event) {
                progress(&status);
            }
        }
        Ok(())
    };
    tokio::time::timeout(limit, follow).await.map_err(|_| {
        let detail = format!("The build did not end within {} s", limit.as_secs());
        Failure::unknown(Problem::error("Image cannot be built", detail))
    })?
}

/// The end of a build's output.
struct Output {
    lines: VecDeque<String>,
    secrets: Vec<String>,
}

impl Output {
    fn new(secrets: Vec<String>) -> Self {
        Self { lines: VecDeque::new(), secrets }
    }

    /// Keeps an event's output; the status to show, where a step begins.
    fn next(&mut self, event: &BuildInfo) -> Option<String> {
        let text = event.stream.as_deref().or(event.status.as_deref())?;
        let mut status = None;
        for line in text.lines().map(str::trim_end).filter(|line| !line.is_empty()) {
            let line = self.redacted(line);
            if line.starts_with("Step ") {
                status = Some(line.clone());
            }
            self.lines.push_back(line);
            if self.lines.len() > SHOWN_LINES {
                self.lines.pop_front();
            }
        }
        status
    }

    fn redacted(&self, text: &str) -> String {
        self.secrets.iter().fold(text.to_owned(), |text, secret| text.replace(secret, HIDDEN))
    }

    fn failure(&self, error: &bollard::errors::Error) -> Failure {
        let mut detail = self.redacted(&failure::reason(error));
        if !self.lines.is_empty() {
            let lines: Vec<&str> = self.lines.iter().map(String::as_str).collect();
            detail = format!("{detail}\n\nThe end of its output:\n{}", lines.join("\n"));
        }
        let problem = Problem::error("Image cannot be built", detail);
        match error {
            // The build itself failed: no image has got the name.
            bollard::errors::Error::DockerStreamError { .. } => Failure::fail(problem),
            _ => Failure { class: failure::class(error), problems: vec![problem] },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_shows_the_end_of_the_output_without_secrets() {
        let mut output = Output::new(vec!["hunter2".to_owned()]);
        let event = |text: &str| BuildInfo { stream: Some(text.into()), ..BuildInfo::default() };
        assert_eq!(
            output.next(&event("Step 1/2 : FROM x\n")).as_deref(),
            Some("Step 1/2 : FROM x")
        );
        assert_eq!(output.next(&event("token is hunter2\n")), None);
        let error = bollard::errors::Error::DockerStreamError { error: "no hunter2".into() };
        let failure = output.failure(&error);
        let detail = &failure.problems[0].detail;
        assert!(detail.starts_with("no (hidden)") && detail.ends_with("token is (hidden)"));
        assert_eq!(failure.class, platoform_provider::FailureClass::Fail);
    }
}
