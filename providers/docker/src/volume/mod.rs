//! `docker_volume`.

mod schema;

use std::time::Duration;

use bollard::models::{Volume as VolumeModel, VolumeCreateRequest};
use bollard::query_parameters::{ListVolumesOptions, RemoveVolumeOptions};
use platoform_provider::value::Path;
use platoform_provider::{
    Failure, Field, Kind, Located, OwnedObject, Owner, Plan, Problem, ReadResult, Reporter,
};

use crate::common::{
    KEY_LABEL, LINEAGE_LABEL, check_labels, check_name, mark_filter, owned, owned_object, shown,
    text,
};
use crate::engine::{self, Engine};
use crate::failure;

pub use schema::Volume;

/// The kind.
pub struct VolumeKind;

async fn inspect(engine: &Engine, name: &str) -> Result<Option<VolumeModel>, Problem> {
    match engine.docker().await?.inspect_volume(name).await {
        Ok(volume) => Ok(Some(volume)),
        Err(error) if failure::is_missing(&error) => Ok(None),
        Err(error) => Err(failure::asking("Volume cannot be read", &error)),
    }
}

/// What is really there. A volume of the same name that was made anew by hand may differ in
/// anything.
fn observe(mut state: Volume, volume: &VolumeModel) -> Volume {
    state.id = volume.name.clone().into();
    state.name = volume.name.clone().into();
    state.driver = volume.driver.clone().into();
    state.mountpoint = volume.mountpoint.clone().into();
    // Null and nothing in it are the same to the Engine.
    if !(volume.options.is_empty() && state.driver_opts.get().is_none_or(|all| all.is_empty())) {
        state.driver_opts = Field::Known(volume.options.clone().into_iter().collect());
    }
    state.labels = shown(Some(&volume.labels), None).into();
    state
}

impl Kind for VolumeKind {
    type Client = Engine;
    type State = Volume;

    const NAME: &'static str = "docker_volume";
    const SETTLES: Duration = crate::common::SETTLES;

    fn validate(&self, config: &Volume) -> Vec<Problem> {
        let mut problems = Vec::new();
        check_labels(&config.labels, &mut problems);
        check_name(&config.name, &mut problems);
        if !config.cluster.items().is_empty() {
            let detail = "Cluster volumes (CSI) are not supported; remove the `cluster` block";
            let problem = Problem::error("Cluster volumes are not supported", detail);
            problems.push(problem.at(Path::attribute("cluster")));
        }
        problems
    }

    fn plan(&self, _engine: Option<&Engine>, plan: &mut Plan<Volume>) {
        // The id is the name, so that what needs it can be planned as well.
        if plan.prior.is_none() && plan.planned.name.is_known() {
            plan.planned.id = plan.planned.name.clone();
        }
    }

    async fn read(&self, engine: &Engine, state: &Volume) -> ReadResult<Volume> {
        let volume = inspect(engine, &state.id.known_or_default()).await?;
        Ok(volume.map(|volume| observe(state.clone(), &volume)))
    }

    async fn create(
        &self,
        engine: &Engine,
        mut planned: Volume,
        owner: &Owner,
        reporter: &Reporter<'_, Volume>,
    ) -> Result<Volume, Failure> {
        let name = text(&planned.name);
        if let Some(name) = &name
            && inspect(engine, name).await?.is_some()
        {
            return Err(failure::taken("volume", name));
        }
        let request = VolumeCreateRequest {
            name,
            driver: text(&planned.driver),
            driver_opts: planned.driver_opts.get().map(|all| all.clone().into_iter().collect()),
            labels: Some(owned(planned.labels.items(), owner)),
            cluster_volume_spec: None,
        };
        let volume = engine.docker().await?.create_volume(request).await;
        let volume =
            volume.map_err(|error| failure::changing("Volume cannot be created", &error))?;
        // For a name that is taken the Engine answers with what is there, and makes nothing.
        if volume.labels.get(KEY_LABEL).map(String::as_str) != Some(&*owner.key) {
            return Err(failure::taken("volume", &volume.name));
        }
        planned = observe(planned, &volume);
        reporter.created(&planned).await?;
        Ok(planned)
    }

    async fn delete(
        &self,
        engine: &Engine,
        prior: &Volume,
        _reporter: &Reporter<'_, Volume>,
    ) -> Result<(), Failure> {
        let (docker, name) = (engine.docker().await?, prior.id.known_or_default());
        let in_use = |error: &bollard::errors::Error| {
            failure::status(error) == Some(409) && failure::reason(error).contains("in use")
        };
        let remove = || docker.remove_volume(&name, Some(RemoveVolumeOptions { force: true }));
        engine::remove("Volume cannot be removed", in_use, remove).await
    }

    async fn find(
        &self,
        engine: &Engine,
        planned: &Volume,
        owner: &Owner,
    ) -> Result<Located<Volume>, Failure> {
        let options = ListVolumesOptions { filters: Some(mark_filter(KEY_LABEL, &owner.key)) };
        let found = engine.docker().await?.list_volumes(Some(options)).await;
        let found = found.map_err(|error| failure::asking("Volumes cannot be listed", &error))?;
        match found.volumes.unwrap_or_default().as_slice() {
            [] => Ok(Located::Nothing),
            [one] => Ok(Located::Object(observe(planned.clone(), one))),
            _ => Ok(Located::Uncertain("several volumes carry the same mark".to_owned())),
        }
    }

    async fn owned(
        &self,
        engine: &Engine,
        lineage: &str,
    ) -> Result<Option<Vec<OwnedObject>>, Failure> {
        let options = ListVolumesOptions { filters: Some(mark_filter(LINEAGE_LABEL, lineage)) };
        let found = engine.docker().await?.list_volumes(Some(options)).await;
        let found = found.map_err(|error| failure::asking("Volumes cannot be listed", &error))?;
        let volumes = found.volumes.unwrap_or_default();
        let object = |volume: &VolumeModel| {
            owned_object(Self::NAME, volume.name.clone(), None, Some(&volume.labels))
        };
        Ok(Some(volumes.iter().map(object).collect()))
    }

    async fn import(&self, engine: &Engine, id: &str) -> Result<Volume, Failure> {
        let volume = inspect(engine, id).await?.ok_or_else(|| {
            Problem::error("No such volume", format!("There is no volume `{id}`"))
        })?;
        Ok(observe(Volume::default(), &volume))
    }
}
