//! `fake_machine`.

use std::time::Duration;

use platoform_provider::{
    Block, Failure, Field, Kind, Located, Owner, Plan, Problem, ReadResult, Reporter,
};

use super::{changed, id, imported, marked, set, shown_text, text};
use crate::client::Client;
use crate::cloud::{Collection, Shown, Status};

const COLLECTION: Collection = Collection::Machines;

/// A machine. It is there at once and takes a while to boot; what needs its address waits for that.
#[derive(Block, Clone, Debug, Default, PartialEq)]
pub(crate) struct Machine {
    /// The id that the cloud gave it.
    #[attribute(computed)]
    pub id: Field<String>,
    /// Its name. Others may have the same.
    #[attribute(required)]
    pub name: Field<String>,
    /// What it boots from; another one needs a new machine.
    #[attribute(optional, replace, default = "linux")]
    pub image: Field<String>,
    /// How large it is.
    #[attribute(optional, default = "small")]
    pub size: Field<String>,
    /// Password of its user. The cloud never tells it.
    #[attribute(optional, sensitive)]
    pub password: Field<String>,
    /// Its address, once it runs.
    #[attribute(computed)]
    pub address: Field<String>,
    /// `running`, once it runs.
    #[attribute(computed)]
    pub status: Field<String>,
}

/// The kind.
pub(crate) struct MachineKind;

/// What is really there.
fn observe(mut state: Machine, shown: &Shown) -> Machine {
    state.id = shown.id.clone().into();
    for (field, name) in
        [(&mut state.name, "name"), (&mut state.image, "image"), (&mut state.size, "size")]
    {
        *field = shown_text(shown, name);
    }
    state.address = shown_text(shown, "address");
    let running = shown.status == Status::Running;
    state.status = if running { "running" } else { "booting" }.into();
    state
}

impl Kind for MachineKind {
    type Client = Client;
    type State = Machine;

    const NAME: &'static str = "fake_machine";
    const SETTLES: Duration = super::SETTLES;

    fn plan(&self, _client: Option<&Client>, plan: &mut Plan<Machine>) {
        // One that was cut off while it booted is running some time later.
        if plan.prior.as_ref().is_some_and(|prior| prior.status.as_str() != Some("running")) {
            (plan.planned.address, plan.planned.status) = (Field::Unknown, Field::Unknown);
        }
    }

    async fn read(&self, client: &Client, state: &Machine) -> ReadResult<Machine> {
        let found = client.read(COLLECTION, id(&state.id)?).await?;
        Ok(found.map(|shown| observe(state.clone(), &shown)))
    }

    async fn create(
        &self,
        client: &Client,
        planned: Machine,
        owner: &Owner,
        reporter: &Reporter<'_, Machine>,
    ) -> Result<Machine, Failure> {
        let attributes = set([
            ("name", text(&planned.name)),
            ("image", text(&planned.image)),
            ("size", text(&planned.size)),
            ("password", text(&planned.password)),
        ]);
        let made = client.create("Machine cannot be made", COLLECTION, attributes, owner).await?;
        let state = observe(planned, &made);
        reporter.created(&state).await?;
        match client.read_until(COLLECTION, &made).await {
            Ok(()) => {}
            Err(problem) => reporter.problem(problem),
        }
        Ok(state)
    }

    async fn update(
        &self,
        client: &Client,
        prior: &Machine,
        planned: Machine,
        reporter: &Reporter<'_, Machine>,
    ) -> Result<Machine, Failure> {
        let attributes = changed([
            ("name", text(&prior.name), text(&planned.name)),
            ("size", text(&prior.size), text(&planned.size)),
            ("password", text(&prior.password), text(&planned.password)),
        ]);
        let id = id(&prior.id)?;
        let made = client.update("Machine cannot be changed", COLLECTION, id, attributes).await?;
        if let Err(problem) = client.read_until(COLLECTION, &made).await {
            reporter.problem(problem);
        }
        Ok(observe(planned, &made))
    }

    async fn delete(
        &self,
        client: &Client,
        prior: &Machine,
        _reporter: &Reporter<'_, Machine>,
    ) -> Result<(), Failure> {
        client.delete("Machine cannot be deleted", COLLECTION, id(&prior.id)?).await
    }

    async fn ready(
        &self,
        client: &Client,
        state: &Machine,
        _timeout: Option<Duration>,
    ) -> ReadResult<Machine> {
        let found = client.running(COLLECTION, id(&state.id)?).await?;
        Ok(found.map(|shown| observe(state.clone(), &shown)))
    }

    async fn find(
        &self,
        client: &Client,
        planned: &Machine,
        owner: &Owner,
    ) -> Result<Located<Machine>, Failure> {
        let found = marked(client, COLLECTION, owner).await?;
        Ok(found.map(|shown| observe(planned.clone(), &shown)))
    }

    async fn import(&self, client: &Client, id: &str) -> Result<Machine, Failure> {
        let shown = imported(client, COLLECTION, id).await?;
        Ok(observe(Machine::default(), &shown))
    }

    fn validate(&self, config: &Machine) -> Vec<Problem> {
        super::check_name(&config.name)
    }
}
