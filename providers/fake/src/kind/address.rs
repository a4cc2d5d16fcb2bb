//! `fake_address`.

use std::collections::BTreeSet;
use std::time::Duration;

use platoform_provider::{
    Block, Failure, Field, Kind, Located, Owner, Problem, ReadResult, Reporter,
};

use super::{changed, id, imported, set, shown_text, text};
use crate::client::Client;
use crate::cloud::{Collection, LAG_LIMIT, Shown};

const COLLECTION: Collection = Collection::Addresses;

/// A reserved address. It has no name and carries no mark: after a run that was cut off, one is
/// taken for what the run made only if it is the only one in its region that is new.
#[derive(Block, Clone, Debug, Default, PartialEq)]
pub(crate) struct Address {
    /// The id that the cloud gave it.
    #[attribute(computed)]
    pub id: Field<String>,
    /// Where it is; another region needs a new address.
    #[attribute(optional, replace, default = "north")]
    pub region: Field<String>,
    /// Id of the machine that it leads to.
    #[attribute(optional)]
    pub machine: Field<String>,
    /// The address.
    #[attribute(computed)]
    pub ip: Field<String>,
}

/// The kind.
pub(crate) struct AddressKind;

/// What is really there.
fn observe(mut state: Address, shown: &Shown) -> Address {
    state.id = shown.id.clone().into();
    state.region = shown_text(shown, "region");
    state.machine = shown_text(shown, "machine");
    state.ip = shown_text(shown, "ip");
    state
}

impl Kind for AddressKind {
    type Client = Client;
    type State = Address;

    const NAME: &'static str = "fake_address";
    const SETTLES: Duration = super::SETTLES;

    async fn read(&self, client: &Client, state: &Address) -> ReadResult<Address> {
        let found = client.read(COLLECTION, id(&state.id)?).await?;
        Ok(found.map(|shown| observe(state.clone(), &shown)))
    }

    async fn create(
        &self,
        client: &Client,
        planned: Address,
        owner: &Owner,
        reporter: &Reporter<'_, Address>,
    ) -> Result<Address, Failure> {
        let attributes =
            set([("region", text(&planned.region)), ("machine", text(&planned.machine))]);
        let made = client.create("Address cannot be made", COLLECTION, attributes, owner).await?;
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
        prior: &Address,
        planned: Address,
        reporter: &Reporter<'_, Address>,
    ) -> Result<Address, Failure> {
        let machine = changed([("machine", text(&prior.machine), text(&planned.machine))]);
        let id = id(&prior.id)?;
        let made = client.update("Address cannot be changed", COLLECTION, id, machine).await?;
        if let Err(problem) = client.read_until(COLLECTION, &made).await {
            reporter.problem(problem);
        }
        Ok(observe(planned, &made))
    }

    async fn delete(
        &self,
        client: &Client,
        prior: &Address,
        _reporter: &Reporter<'_, Address>,
    ) -> Result<(), Failure> {
        client.delete("Address cannot be deleted", COLLECTION, id(&prior.id)?).await
    }

    /// The ids that there are. What is made just before may not be listed yet, so time is given to
    /// that.
    async fn survey(&self, client: &Client, _planned: &Address) -> Result<Vec<u8>, Failure> {
        tokio::time::sleep(LAG_LIMIT).await;
        let found = client.list(COLLECTION, None).await?;
        let ids: Vec<String> = found.into_iter().map(|shown| shown.id).collect();
        serde_json::to_vec(&ids).map_err(|error| {
            Problem::error("What is there cannot be written down", error.to_string()).into()
        })
    }

    async fn find_unmarked(
        &self,
        client: &Client,
        planned: &Address,
        survey: &[u8],
        recorded: &[Address],
    ) -> Result<Located<Address>, Failure> {
        let before: BTreeSet<String> = serde_json::from_slice(survey).map_err(|error| {
            Problem::error("What was there before cannot be read", error.to_string())
        })?;
        let known = |id: &str| recorded.iter().any(|address| address.id.as_str() == Some(id));
        let mut found = client.list(COLLECTION, None).await?;
        found.retain(|shown| {
            !before.contains(&shown.id)
                && !known(&shown.id)
                && shown_text(shown, "region") == planned.region
        });
        let count = found.len();
        Ok(match (found.pop(), count) {
            (None, _) => Located::Nothing,
            (Some(one), 1) => Located::Object(observe(planned.clone(), &one)),
            _ => Located::Uncertain(format!("{count} addresses are new since, any may be it")),
        })
    }

    async fn import(&self, client: &Client, id: &str) -> Result<Address, Failure> {
        let shown = imported(client, COLLECTION, id).await?;
        Ok(observe(Address::default(), &shown))
    }
}
