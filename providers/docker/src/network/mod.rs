//! `docker_network`.

mod read;
mod schema;

use std::time::Duration;

use bollard::models::{Ipam, IpamConfig as IpamModel, NetworkCreateRequest, NetworkInspect};
use bollard::query_parameters::{InspectNetworkOptions, ListNetworksOptions};
use platoform_provider::{
    Failure, Field, Kind, Located, OwnedObject, Owner, Problem, ReadResult, Reporter,
};

use crate::common::{
    KEY_LABEL, LINEAGE_LABEL, check_labels, check_name, in_set, mark_filter, owned, owned_object,
    text,
};
use crate::engine::{self, Engine};
use crate::failure;

pub use read::ipam_blocks;
pub use schema::{IpamConfig, Network};

/// What the Engine says of a network that a container is connected to.
const IN_USE: &str = "has active endpoints";

/// The kind.
pub struct NetworkKind;

/// Inspects a network by id or name; nothing where there is none.
pub async fn inspect(engine: &Engine, id: &str) -> Result<Option<NetworkInspect>, Problem> {
    let options = None::<InspectNetworkOptions>;
    match engine.docker().await?.inspect_network(id, options).await {
        Ok(network) => Ok(Some(network)),
        Err(error) if failure::is_missing(&error) => Ok(None),
        Err(error) => Err(failure::asking("Network cannot be read", &error)),
    }
}

fn request(planned: &Network, owner: &Owner) -> NetworkCreateRequest {
    let model = |config: &IpamConfig| IpamModel {
        subnet: text(&config.subnet),
        ip_range: text(&config.ip_range),
        gateway: text(&config.gateway),
        auxiliary_addresses: config.aux_address.get().map(|all| all.clone().into_iter().collect()),
    };
    let ipam = Ipam {
        driver: text(&planned.ipam_driver),
        config: planned.ipam_config.get().map(|all| all.iter().map(model).collect()),
        options: planned.ipam_options.get().map(|all| all.clone().into_iter().collect()),
    };
    NetworkCreateRequest {
        name: planned.name.known_or_default(),
        driver: text(&planned.driver),
        internal: planned.internal.copied(),
        attachable: planned.attachable.copied(),
        ingress: planned.ingress.copied(),
        enable_ipv6: planned.ipv6.copied(),
        ipam: Some(ipam),
        options: planned.options.get().map(|all| all.clone().into_iter().collect()),
        labels: Some(owned(planned.labels.items(), owner)),
        ..NetworkCreateRequest::default()
    }
}

/// The network of this name, whoever made it.
async fn named(engine: &Engine, name: &str) -> Result<bool, Problem> {
    // The filter matches parts of names as well.
    let filters = [("name".to_owned(), vec![name.to_owned()])].into();
    let options = ListNetworksOptions { filters: Some(filters) };
    let found = engine.docker().await?.list_networks(Some(options)).await;
    let found = found.map_err(|error| failure::asking("Networks cannot be listed", &error))?;
    Ok(found.iter().any(|network| network.name.as_deref() == Some(name)))
}

/// Whether the Engine refuses to remove a network for endpoints that it does not have.
///
/// Its store keeps a number beside the endpoints. When it is killed or many containers go at once
/// the two can part (its log: "Fixing inconsistent `endpoint_cnt`"), until it is started again.
/// Only a network of this machine has all its endpoints listed.
fn is_miscounted(network: &NetworkInspect, failure: &Failure) -> bool {
    let in_use = failure.problems.iter().any(|problem| problem.detail.contains(IN_USE));
    let none = network.containers.as_ref().is_none_or(|containers| containers.is_empty());
    in_use && none && network.scope.as_deref() == Some("local")
}

impl Kind for NetworkKind {
    type Client = Engine;
    type State = Network;

    const NAME: &'static str = "docker_network";
    const SETTLES: Duration = crate::common::SETTLES;

    fn validate(&self, config: &Network) -> Vec<Problem> {
        let mut problems = Vec::new();
        check_labels(&config.labels, &mut problems);
        check_name(&config.name, &mut problems);
        for block in config.ipam_config.items() {
            let needs = [&block.gateway, &block.ip_range].into_iter().any(Field::is_known)
                || block.aux_address.is_known();
            if needs && block.subnet.is_null() {
                let at = in_set("ipam_config", block, "subnet");
                let detail =
                    "`gateway`, `ip_range` and `aux_address` need the `subnet` they lie in";
                problems.push(Problem::error("No subnet", detail).at(at));
            }
        }
        problems
    }

    async fn read(&self, engine: &Engine, state: &Network) -> ReadResult<Network> {
        let network = inspect(engine, &state.id.known_or_default()).await?;
        Ok(network.map(|network| read::observe(state.clone(), &network)))
    }

    async fn create(
        &self,
        engine: &Engine,
        mut planned: Network,
        owner: &Owner,
        reporter: &Reporter<'_, Network>,
    ) -> Result<Network, Failure> {
        let name = planned.name.known_or_default();
        // Engines before 25.0 make a second network of the same name without a word.
        if named(engine, &name).await? {
            return Err(failure::taken("network", &name));
        }
        let answer = engine.docker().await?.create_network(request(&planned, owner)).await;
        let answer =
            answer.map_err(|error| failure::changing("Network cannot be created", &error))?;
        planned.id = answer.id.clone().into();
        reporter.created(&planned).await?;
        match inspect(engine, &answer.id).await {
            Ok(Some(network)) => return Ok(read::observe(planned, &network)),
            Ok(None) => {
                reporter.problem(Problem::error("The network is gone", "It was made and vanished"));
            }
            Err(problem) => reporter.problem(problem),
        }
        Ok(read::without_unknowns(planned))
    }

    async fn delete(
        &self,
        engine: &Engine,
        prior: &Network,
        _reporter: &Reporter<'_, Network>,
    ) -> Result<(), Failure> {
        let (docker, id) = (engine.docker().await?, prior.id.known_or_default());
        let in_use = |error: &bollard::errors::Error| failure::reason(error).contains(IN_USE);
        const WHAT: &str = "Network cannot be removed";
        let removed = engine::remove(WHAT, in_use, || docker.remove_network(&id)).await;
        let Err(failure) = removed else { return Ok(()) };
        match inspect(engine, &id).await {
            Ok(Some(network)) if is_miscounted(&network, &failure) => {
                let detail = format!(
                    "The Engine counts endpoints in the network `{}` that are not there: it lists none. It counts anew when it is restarted; destroy again then",
                    prior.name.known_or_default(),
                );
                Err(Failure::fail(Problem::error(WHAT, detail)))
            }
            _ => Err(failure),
        }
    }

    async fn find(
        &self,
        engine: &Engine,
        planned: &Network,
        owner: &Owner,
    ) -> Result<Located<Network>, Failure> {
        let options = ListNetworksOptions { filters: Some(mark_filter(KEY_LABEL, &owner.key)) };
        let found = engine.docker().await?.list_networks(Some(options)).await;
        let found = found.map_err(|error| failure::asking("Networks cannot be listed", &error))?;
        match found.as_slice() {
            [] => Ok(Located::Nothing),
            [one] => {
                let id = one.id.clone().unwrap_or_default();
                let state = Network { id: id.clone().into(), ..planned.clone() };
                let network = inspect(engine, &id).await?;
                Ok(network.map_or(Located::Nothing, |network| {
                    Located::Object(read::observe(state, &network))
                }))
            }
            _ => Ok(Located::Uncertain("several networks carry the same mark".to_owned())),
        }
    }

    async fn owned(
        &self,
        engine: &Engine,
        lineage: &str,
    ) -> Result<Option<Vec<OwnedObject>>, Failure> {
        let options = ListNetworksOptions { filters: Some(mark_filter(LINEAGE_LABEL, lineage)) };
        let found = engine.docker().await?.list_networks(Some(options)).await;
        let found = found.map_err(|error| failure::asking("Networks cannot be listed", &error))?;
        let object = |network: bollard::models::Network| {
            let id = network.id?;
            Some(owned_object(Self::NAME, id, network.name, network.labels.as_ref()))
        };
        Ok(Some(found.into_iter().filter_map(object).collect()))
    }

    async fn import(&self, engine: &Engine, id: &str) -> Result<Network, Failure> {
        let network = inspect(engine, id).await?.ok_or_else(|| {
            Problem::error("No such network", format!("There is no network `{id}`"))
        })?;
        Ok(read::import(&network))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_with_endpoints_is_not_miscounted() {
        let refusal = |detail: &str| Failure::fail(Problem::error("No", detail));
        let in_use = refusal("network n id 1 has active endpoints");
        let local = NetworkInspect { scope: Some("local".into()), ..NetworkInspect::default() };
        assert!(is_miscounted(&local, &in_use));
        assert!(!is_miscounted(&local, &refusal("permission denied")));
        let spread = NetworkInspect { scope: Some("swarm".into()), ..local.clone() };
        assert!(!is_miscounted(&spread, &in_use));
        let containers = Some([("c".to_owned(), Default::default())].into());
        assert!(!is_miscounted(&NetworkInspect { containers, ..local }, &in_use));
    }
}
