//! Starting a container, and waiting for it.

use std::time::Duration;

use bollard::models::{ContainerInspectResponse, HealthStatusEnum};
use bollard::query_parameters::{LogsOptions, StartContainerOptions};
use futures_util::StreamExt;
use platoform_provider::{Failure, Problem};
use tokio::time::Instant;

use super::read::{exit_code, is_running};
use super::schema::Container;
use super::{inspect, networks, upload};
use crate::engine::Engine;
use crate::failure;

/// Pause between two looks at a container.
const PAUSE: Duration = Duration::from_millis(250);
/// How much of a container's output is kept, in bytes.
const KEPT_OUTPUT: usize = 1 << 20;

/// Brings a new container from "made" to what is wanted, and fills in its output where it has run
/// to its end.
pub(super) async fn finish(
    engine: &Engine,
    planned: &mut Container,
    files: Vec<upload::Archive>,
) -> Result<(), Failure> {
    let id = planned.id.known_or_default();
    networks::connect_rest(engine, planned, &id).await?;
    upload::send(engine, &id, files).await?;
    if !planned.start.known_or(true) {
        return Ok(());
    }
    start(engine, &id).await?;
    if planned.attach.known_or(false) {
        return attend(engine, planned, &id).await;
    }
    if planned.wait.known_or(false) {
        let limit = planned.wait_timeout.known_or(60);
        return healthy(engine, &id, Duration::from_secs(limit.unsigned_abs())).await;
    }
    if planned.must_run.known_or(true) && !planned.rm.known_or(false) {
        let limit = planned.container_read_refresh_timeout_milliseconds.known_or(15_000);
        settled(engine, &id, Duration::from_millis(limit.unsigned_abs())).await?;
    }
    Ok(())
}

/// Starts a container, or thaws one that is frozen.
pub(super) async fn start(engine: &Engine, id: &str) -> Result<(), Failure> {
    let docker = engine.docker().await?;
    let frozen = inspect(engine, id).await?.and_then(|found| found.state?.paused) == Some(true);
    let started = if frozen {
        docker.unpause_container(id).await
    } else {
        docker.start_container(id, None::<StartContainerOptions>).await
    };
    started.map_err(|error| failure::changing("Container cannot be started", &error))
}

/// Waits until it runs; a process that ends at once is told apart from one that starts slowly.
pub(super) async fn settled(engine: &Engine, id: &str, limit: Duration) -> Result<(), Failure> {
    let deadline = Instant::now() + limit;
    loop {
        let found = present(engine, id).await?;
        if is_running(&found) {
            return Ok(());
        }
        if let Some(code) = exit_code(&found) {
            return Err(ended(&found, code));
        }
        if Instant::now() >= deadline {
            let detail = format!("It was not running after {} ms", limit.as_millis());
            return Err(Problem::error("Container does not run", detail).into());
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Waits until the health check says healthy.
async fn healthy(engine: &Engine, id: &str, limit: Duration) -> Result<(), Failure> {
    let deadline = Instant::now() + limit;
    loop {
        let found = present(engine, id).await?;
        let health = found.state.as_ref().and_then(|state| state.health.as_ref()?.status);
        match health {
            Some(HealthStatusEnum::HEALTHY) => return Ok(()),
            None | Some(HealthStatusEnum::NONE | HealthStatusEnum::EMPTY) => {
                let detail = "`wait` needs a `healthcheck` here or in the image";
                return Err(Problem::error("Container has no health check", detail).into());
            }
            Some(HealthStatusEnum::STARTING | HealthStatusEnum::UNHEALTHY) => {}
        }
        if let Some(code) = exit_code(&found) {
            return Err(ended(&found, code));
        }
        if Instant::now() >= deadline {
            let status = health.map(|status| status.to_string()).unwrap_or_default();
            let detail = format!(
                "It was `{status}` after {} s; `docker inspect` shows what its checks said",
                limit.as_secs()
            );
            return Err(Problem::error("Container did not become healthy", detail).into());
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Waits until it has come to its end, and keeps its output if that is wanted.
async fn attend(engine: &Engine, planned: &mut Container, id: &str) -> Result<(), Failure> {
    loop {
        match inspect(engine, id).await? {
            // With `rm` it is gone as soon as it has ended.
            None => return Ok(()),
            Some(found) if exit_code(&found).is_some() => break,
            Some(_) => tokio::time::sleep(PAUSE).await,
        }
    }
    if planned.logs.known_or(false) {
        planned.container_logs = output(engine, id).await?.into();
    }
    Ok(())
}

async fn output(engine: &Engine, id: &str) -> Result<String, Failure> {
    let options = LogsOptions { stdout: true, stderr: true, ..LogsOptions::default() };
    let mut pieces = engine.docker().await?.logs(id, Some(options));
    let mut all = Vec::new();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|error| failure::asking("Output cannot be read", &error))?;
        all.extend_from_slice(piece.as_ref());
        if all.len() > KEPT_OUTPUT {
            all.truncate(KEPT_OUTPUT);
            break;
        }
    }
    Ok(String::from_utf8_lossy(&all).into_owned())
}

async fn present(engine: &Engine, id: &str) -> Result<ContainerInspectResponse, Failure> {
    inspect(engine, id).await?.ok_or_else(|| {
        Problem::error("Container is gone", "It vanished while it was started").into()
    })
}

fn ended(found: &ContainerInspectResponse, code: i64) -> Failure {
    let name = found.name.as_deref().unwrap_or_default().trim_start_matches('/');
    let reason = found.state.as_ref().and_then(|state| state.error.clone()).unwrap_or_default();
    let reason = if reason.is_empty() { String::new() } else { format!(" ({reason})") };
    let detail = format!(
        "It ended with exit code {code}{reason}; `docker logs {name}` shows its output. Set `must_run = false` for one that is to come to an end"
    );
    Problem::error("Container ended at once", detail).into()
}
