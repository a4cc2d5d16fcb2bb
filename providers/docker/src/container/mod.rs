//! `docker_container`.

mod blocks;
mod config;
mod host_config;
mod import;
mod mounts;
mod networks;
mod plan;
mod read;
mod schema;
mod start;
mod update;
mod upload;
mod validate;

use std::collections::BTreeSet;
use std::time::Duration;

use bollard::models::{ContainerInspectResponse, ContainerSummary};
use bollard::query_parameters::{
    CreateContainerOptions, InspectContainerOptions, ListContainersOptions, RemoveContainerOptions,
    StopContainerOptions,
};
use futures_util::{StreamExt, stream};
use platoform_provider::value::Path;
use platoform_provider::{
    BoxFuture, Failure, Kind, Located, OwnedObject, Owner, Plan, Problem, READ_CONCURRENCY,
    ReadResult, Reporter,
};

use crate::common::{KEY_LABEL, LINEAGE_LABEL, in_set, limit, mark_filter, owned_object, text};
use crate::connect::Version;
use crate::engine::{self, Engine};
use crate::failure;
use crate::image;

pub use schema::Container;

/// How much longer than a container's grace the Engine may take to answer a stop.
const STOP_MARGIN: Duration = Duration::from_secs(60);

/// The kind.
pub struct ContainerKind;

/// Inspects a container; nothing where there is none.
async fn inspect(engine: &Engine, id: &str) -> Result<Option<ContainerInspectResponse>, Problem> {
    let options = None::<InspectContainerOptions>;
    match engine.docker().await?.inspect_container(id, options).await {
        Ok(found) => Ok(Some(found)),
        Err(error) if failure::is_missing(&error) => Ok(None),
        Err(error) => Err(failure::asking("Container cannot be read", &error)),
    }
}

async fn list(
    engine: &Engine,
    filters: Option<std::collections::HashMap<String, Vec<String>>>,
) -> Result<Vec<String>, Problem> {
    let options = ListContainersOptions { all: true, filters, ..ListContainersOptions::default() };
    let found = engine.docker().await?.list_containers(Some(options)).await;
    let found = found.map_err(|error| failure::asking("Containers cannot be listed", &error))?;
    Ok(found.into_iter().filter_map(|container| container.id).collect())
}

/// Refuses what this Engine's API is too old for and would silently ignore.
async fn check_version(engine: &Engine, planned: &Container) -> Result<(), Problem> {
    if text(&planned.platform).is_some() {
        engine.require(Version(1, 41), Path::attribute("platform")).await?;
    }
    if text(&planned.cgroupns_mode).is_some() {
        engine.require(Version(1, 41), Path::attribute("cgroupns_mode")).await?;
    }
    for block in planned.networks_advanced.items() {
        let at = |name| in_set("networks_advanced", block, name);
        if block.gw_priority.known_or(0) != 0 {
            engine.require(Version(1, 48), at("gw_priority")).await?;
        }
        if text(&block.mac_address).is_some() {
            engine.require(Version(1, 44), at("mac_address")).await?;
        }
    }
    for block in planned.healthcheck.items() {
        let interval = block.start_interval.as_str().and_then(crate::common::nanoseconds);
        if interval.unwrap_or_default() != 0 {
            engine.require(Version(1, 44), Path::attribute("healthcheck")).await?;
        }
    }
    for block in planned.mounts.items() {
        if block.volume_options.items().iter().any(|options| text(&options.subpath).is_some()) {
            engine.require(Version(1, 45), in_set("mounts", block, "volume_options")).await?;
        }
    }
    Ok(())
}

/// Makes the container, as yet without its further networks and its files.
async fn make(engine: &Engine, planned: &Container, owner: &Owner) -> Result<String, Failure> {
    let name = planned.name.known_or_default();
    let options = CreateContainerOptions {
        name: text(&planned.name),
        platform: planned.platform.known_or_default(),
    };
    let body = config::create_body(planned, owner);
    let answer = engine.docker().await?.create_container(Some(options), body).await;
    let answer = answer.map_err(|error| match failure::status(&error) {
        Some(409) if failure::reason(&error).contains("already in use") => {
            failure::taken("container", &name)
        }
        _ => failure::changing("Container cannot be created", &error),
    })?;
    Ok(answer.id)
}

/// What is there after something was done to it; a failure to look is told, and never hides that
/// the container exists.
async fn look_again(
    engine: &Engine,
    state: Container,
    reporter: &Reporter<'_, Container>,
) -> Container {
    match inspect(engine, &state.id.known_or_default()).await {
        Ok(Some(found)) => return read::observe(state, &found),
        // With `rm` it may be gone already.
        Ok(None) => {}
        Err(problem) => reporter.problem(problem),
    }
    read::without_unknowns(state)
}

impl Kind for ContainerKind {
    type Client = Engine;
    type State = Container;

    const NAME: &'static str = "docker_container";
    const SETTLES: Duration = crate::common::SETTLES;

    fn validate(&self, config: &Container) -> Vec<Problem> {
        validate::check(config)
    }

    fn plan(&self, _engine: Option<&Engine>, plan: &mut Plan<Container>) {
        plan::refine(plan);
    }

    async fn read(&self, engine: &Engine, state: &Container) -> ReadResult<Container> {
        let found = inspect(engine, &state.id.known_or_default()).await?;
        Ok(found.map(|found| read::observe(state.clone(), &found)))
    }

    async fn read_all(&self, engine: &Engine, states: &[Container]) -> Vec<ReadResult<Container>> {
        let present = match list(engine, None).await {
            Ok(ids) => ids.into_iter().collect::<BTreeSet<_>>(),
            Err(problem) => return states.iter().map(|_| Err(problem.clone().into())).collect(),
        };
        let reads: Vec<BoxFuture<'_, ReadResult<Container>>> = states
            .iter()
            .map(|state| match present.contains(&state.id.known_or_default()) {
                true => Box::pin(self.read(engine, state)) as BoxFuture<'_, _>,
                false => Box::pin(std::future::ready(Ok(None))) as BoxFuture<'_, _>,
            })
            .collect();
        stream::iter(reads).buffered(READ_CONCURRENCY).collect().await
    }

    async fn create(
        &self,
        engine: &Engine,
        mut planned: Container,
        owner: &Owner,
        reporter: &Reporter<'_, Container>,
    ) -> Result<Container, Failure> {
        check_version(engine, &planned).await?;
        let files = upload::pack(engine, &planned)?;
        let create = planned.timeouts.get().and_then(|timeouts| timeouts.create.as_str());
        let (limit, progress) = (limit(create), |status: &str| reporter.progress(status));
        let (image, platform) =
            (planned.image.known_or_default(), planned.platform.known_or_default());
        image::ensure(engine, &image, &platform, false, limit, &progress).await?;
        planned.id = make(engine, &planned, owner).await?.into();
        reporter.created(&planned).await?;
        let finish = start::finish(engine, &mut planned, files);
        match tokio::time::timeout(limit, finish).await {
            Ok(Ok(())) => {}
            Ok(Err(failure)) => {
                failure.problems.into_iter().for_each(|problem| reporter.problem(problem));
            }
            Err(_) => {
                let detail = format!("It was not finished within {} s", limit.as_secs());
                reporter.problem(Problem::error("Container took too long", detail));
            }
        }
        Ok(look_again(engine, planned, reporter).await)
    }

    async fn update(
        &self,
        engine: &Engine,
        prior: &Container,
        planned: Container,
        reporter: &Reporter<'_, Container>,
    ) -> Result<Container, Failure> {
        update::apply(engine, prior, &planned).await?;
        let id = prior.id.known_or_default();
        if !prior.must_run.known_or(true) && planned.must_run.known_or(true) {
            start::start(engine, &id).await?;
            let limit = planned.container_read_refresh_timeout_milliseconds.known_or(15_000);
            let limit = Duration::from_millis(limit.unsigned_abs());
            if let Err(failure) = start::settled(engine, &id, limit).await {
                failure.problems.into_iter().for_each(|problem| reporter.problem(problem));
            }
        }
        Ok(look_again(engine, planned, reporter).await)
    }

    async fn delete(
        &self,
        engine: &Engine,
        prior: &Container,
        _reporter: &Reporter<'_, Container>,
    ) -> Result<(), Failure> {
        let id = prior.id.known_or_default();
        let grace = prior.destroy_grace_seconds.known_or(0);
        if grace > 0 && !prior.attach.known_or(false) {
            let patient =
                engine.patient(Duration::from_secs(grace.unsigned_abs()) + STOP_MARGIN).await?;
            let options = StopContainerOptions { signal: None, t: i32::try_from(grace).ok() };
            match patient.stop_container(&id, Some(options)).await {
                Ok(()) => {}
                Err(error) if failure::is_missing(&error) => return Ok(()),
                Err(error) => {
                    return Err(failure::changing("Container cannot be stopped", &error));
                }
            }
        }
        let docker = engine.docker().await?;
        let volumes = prior.remove_volumes.known_or(true);
        // While another removal goes on, ours is refused, until the container is gone.
        let in_use = |error: &bollard::errors::Error| {
            failure::status(error) == Some(409)
                && failure::reason(error).contains("already in progress")
        };
        let options = || RemoveContainerOptions { v: volumes, force: true, link: false };
        let remove = || docker.remove_container(&id, Some(options()));
        engine::remove("Container cannot be removed", in_use, remove).await
    }

    async fn find(
        &self,
        engine: &Engine,
        planned: &Container,
        owner: &Owner,
    ) -> Result<Located<Container>, Failure> {
        let found = list(engine, Some(mark_filter(KEY_LABEL, &owner.key))).await?;
        let id = match found.as_slice() {
            [] => return Ok(Located::Nothing),
            [id] => id,
            _ => {
                return Ok(Located::Uncertain("several containers carry the same mark".to_owned()));
            }
        };
        let Some(found) = inspect(engine, id).await? else { return Ok(Located::Nothing) };
        let mut state = planned.clone();
        // Files are sent before the start; of one that was never started nobody knows.
        if !read::was_started(&found) && !state.upload.items().is_empty() {
            state.upload = Vec::new().into();
        }
        Ok(Located::Object(read::observe(state, &found)))
    }

    async fn owned(
        &self,
        engine: &Engine,
        lineage: &str,
    ) -> Result<Option<Vec<OwnedObject>>, Failure> {
        let filters = Some(mark_filter(LINEAGE_LABEL, lineage));
        let options =
            ListContainersOptions { all: true, filters, ..ListContainersOptions::default() };
        let found = engine.docker().await?.list_containers(Some(options)).await;
        let found =
            found.map_err(|error| failure::asking("Containers cannot be listed", &error))?;
        let object = |container: ContainerSummary| {
            let name = container.names.iter().flatten().next();
            let name = name.map(|name| name.trim_start_matches('/').to_owned());
            let id = container.id?;
            Some(owned_object(Self::NAME, id, name, container.labels.as_ref()))
        };
        Ok(Some(found.into_iter().filter_map(object).collect()))
    }

    async fn import(&self, engine: &Engine, id: &str) -> Result<Container, Failure> {
        let found = inspect(engine, id).await?.ok_or_else(|| {
            Problem::error("No such container", format!("There is no container `{id}`"))
        })?;
        let image = image::inspect(engine, found.image.as_deref().unwrap_or_default()).await?;
        Ok(import::state(&found, image.as_ref(), import::defaults()))
    }
}
