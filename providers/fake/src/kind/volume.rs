//! `fake_volume`.

use std::time::Duration;

use platoform_provider::value::Path;
use platoform_provider::{
    Block, Failure, Field, Kind, Located, Owner, Plan, Problem, ReadResult, Reporter,
};
use serde_json::Value as Json;

use super::{changed, id, imported, marked, set, shown_text, text};
use crate::client::Client;
use crate::cloud::{Collection, Shown};

const COLLECTION: Collection = Collection::Volumes;

/// A volume. A machine cannot be deleted as long as one belongs to it.
#[derive(Block, Clone, Debug, Default, PartialEq)]
pub(crate) struct Volume {
    /// The id that the cloud gave it.
    #[attribute(computed)]
    pub id: Field<String>,
    /// Its name, which no other volume has.
    #[attribute(required)]
    pub name: Field<String>,
    /// Its size in gigabytes. It grows in place; a smaller one needs a new volume.
    #[attribute(required)]
    pub size: Field<u64>,
    /// Id of the machine that it belongs to; another one needs a new volume.
    #[attribute(optional, replace)]
    pub machine: Field<String>,
}

/// The kind.
pub(crate) struct VolumeKind;

/// What is really there.
fn observe(mut state: Volume, shown: &Shown) -> Volume {
    state.id = shown.id.clone().into();
    state.name = shown_text(shown, "name");
    state.machine = shown_text(shown, "machine");
    state.size = shown.attributes.get("size").and_then(Json::as_u64).into();
    state
}

fn size(field: &Field<u64>) -> Json {
    field.copied().into()
}

impl Kind for VolumeKind {
    type Client = Client;
    type State = Volume;

    const NAME: &'static str = "fake_volume";
    const SETTLES: Duration = super::SETTLES;

    fn validate(&self, config: &Volume) -> Vec<Problem> {
        super::check_name(&config.name)
    }

    fn plan(&self, _client: Option<&Client>, plan: &mut Plan<Volume>) {
        let before = plan.prior.as_ref().and_then(|prior| prior.size.copied());
        if plan.planned.size.copied().is_some_and(|size| before > Some(size)) {
            plan.replace.push(Path::attribute("size"));
        }
    }

    async fn read(&self, client: &Client, state: &Volume) -> ReadResult<Volume> {
        let found = client.read(COLLECTION, id(&state.id)?).await?;
        Ok(found.map(|shown| observe(state.clone(), &shown)))
    }

    async fn create(
        &self,
        client: &Client,
        planned: Volume,
        owner: &Owner,
        reporter: &Reporter<'_, Volume>,
    ) -> Result<Volume, Failure> {
        let attributes = set([
            ("name", text(&planned.name)),
            ("size", size(&planned.size)),
            ("machine", text(&planned.machine)),
        ]);
        let made = client.create("Volume cannot be made", COLLECTION, attributes, owner).await?;
        let state = observe(planned, &made);
        reporter.created(&state).await?;
        if let Err(problem) = client.read_until(COLLECTION, &made).await {
            reporter.problem(problem);
        }
        Ok(state)
    }

    async fn update(
        &self,
        client: &Client,
        prior: &Volume,
        planned: Volume,
        reporter: &Reporter<'_, Volume>,
    ) -> Result<Volume, Failure> {
        let attributes = changed([
            ("name", text(&prior.name), text(&planned.name)),
            ("size", size(&prior.size), size(&planned.size)),
        ]);
        let id = id(&prior.id)?;
        let made = client.update("Volume cannot be changed", COLLECTION, id, attributes).await?;
        if let Err(problem) = client.read_until(COLLECTION, &made).await {
            reporter.problem(problem);
        }
        Ok(observe(planned, &made))
    }

    async fn delete(
        &self,
        client: &Client,
        prior: &Volume,
        _reporter: &Reporter<'_, Volume>,
    ) -> Result<(), Failure> {
        client.delete("Volume cannot be deleted", COLLECTION, id(&prior.id)?).await
    }

    async fn find(
        &self,
        client: &Client,
        planned: &Volume,
        owner: &Owner,
    ) -> Result<Located<Volume>, Failure> {
        let found = marked(client, COLLECTION, owner).await?;
        Ok(found.map(|shown| observe(planned.clone(), &shown)))
    }

    async fn import(&self, client: &Client, id: &str) -> Result<Volume, Failure> {
        let shown = imported(client, COLLECTION, id).await?;
        Ok(observe(Volume::default(), &shown))
    }
}
