//! Getting an image onto the Engine.

use std::time::Duration;

use bollard::models::{CreateImageInfo, ImageInspect};
use bollard::query_parameters::CreateImageOptions;
use futures_util::StreamExt;
use platoform_provider::{Failure, Problem};

use super::find::{inspect, is_for};
use crate::engine::Engine;
use crate::failure;
use crate::registry::Reference;

/// The image of a name, pulled where it is missing, where it is for another platform, or `again`.
///
/// # Errors
/// It can neither be found nor pulled.
pub async fn ensure(
    engine: &Engine,
    name: &str,
    platform: &str,
    again: bool,
    limit: Duration,
    progress: &(dyn Fn(&str) + Sync),
) -> Result<ImageInspect, Failure> {
    let local = inspect(engine, name).await?;
    if let Some(image) = local.filter(|image| !again && is_for(image, platform)) {
        return Ok(image);
    }
    let pull = pull(engine, name, platform, progress);
    tokio::time::timeout(limit, pull).await.map_err(|_| {
        let detail = format!("`{name}` did not arrive within {} s", limit.as_secs());
        Failure::unknown(Problem::error("Image cannot be pulled", detail))
    })??;
    inspect(engine, name).await?.ok_or_else(|| {
        let detail = format!("`{name}` was pulled, but the Engine has no such image");
        Problem::error("Image cannot be pulled", detail).into()
    })
}

async fn pull(
    engine: &Engine,
    name: &str,
    platform: &str,
    progress: &(dyn Fn(&str) + Sync),
) -> Result<(), Failure> {
    if name.starts_with("sha256:") {
        let detail = format!("The Docker Engine has no image with the id `{name}`");
        return Err(Problem::error("No such image", detail).into());
    }
    let reference = Reference::parse(name);
    let credentials = engine.credentials.of(reference.registry()).await?;
    let options = CreateImageOptions {
        tag: Some(reference.version().to_owned()),
        from_image: Some(reference.repository),
        platform: platform.to_owned(),
        ..CreateImageOptions::default()
    };
    progress(&format!("pulling {name}"));
    let mut events = engine.docker().await?.create_image(Some(options), None, credentials);
    let mut layers = Layers::default();
    while let Some(event) = events.next().await {
        // An error in the stream is the Engine's last word: the name does not exist then.
        let event = event.map_err(|error| refused(name, &error))?;
        if let Some(error) = event.error_detail.as_ref().and_then(|error| error.message.clone()) {
            return Err(Problem::error(headline(name), error).into());
        }
        if let Some(status) = layers.next(&event) {
            progress(&status);
        }
    }
    Ok(())
}

fn headline(name: &str) -> String {
    format!("Image `{name}` cannot be pulled")
}

fn refused(name: &str, error: &bollard::errors::Error) -> Failure {
    match error {
        bollard::errors::Error::DockerStreamError { .. } => {
            Problem::error(headline(name), failure::reason(error)).into()
        }
        // The Engine passes on what the registry said, as an error of its own.
        _ if failure::status(error).is_some() => {
            Problem::error(headline(name), failure::reason(error)).into()
        }
        _ => failure::changing(&headline(name), error),
    }
}

/// Counts layers as they arrive.
#[derive(Default)]
struct Layers {
    seen: Vec<String>,
    done: usize,
}

impl Layers {
    /// What to show after an event, if that has changed.
    fn next(&mut self, event: &CreateImageInfo) -> Option<String> {
        let (id, status) = (event.id.as_deref()?, event.status.as_deref()?);
        match status {
            "Pulling fs layer" => self.seen.push(id.to_owned()),
            "Pull complete" | "Already exists" => self.done += 1,
            _ => return None,
        }
        Some(format!("pulling layer {} of {}", self.done, self.seen.len().max(self.done)))
    }
}
