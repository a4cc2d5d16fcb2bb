//! `data "docker_network"`.

use std::collections::{BTreeMap, HashMap};

use bollard::models::EndpointResource;
use platoform_provider::value::Path;
use platoform_provider::{Block, DataSource, Failure, Field, Problem};

use crate::engine::Engine;
use crate::network::{self, IpamConfig};

/// A network that is on the Engine.
#[derive(Block, Clone, Debug, Default, PartialEq)]
pub struct NetworkBlock {
    /// Id of the network.
    #[attribute(computed)]
    pub id: Field<String>,
    /// Name or id.
    #[attribute(required)]
    pub name: Field<String>,
    /// What is attached to it.
    #[attribute(computed)]
    pub containers: Field<Vec<Attached>>,
    /// Driver.
    #[attribute(computed)]
    pub driver: Field<String>,
    /// Whether the outside is out of reach.
    #[attribute(computed)]
    pub internal: Field<bool>,
    /// Ranges of addresses.
    #[attribute(computed, set)]
    pub ipam_config: Field<Vec<IpamConfig>>,
    /// Options of the driver.
    #[attribute(computed)]
    pub options: Field<BTreeMap<String, String>>,
    /// How far it reaches.
    #[attribute(computed)]
    pub scope: Field<String>,
}

/// An element of `containers`.
#[derive(Block, Clone, Debug, Default, PartialEq)]
pub struct Attached {
    /// Id of the container.
    #[attribute(computed)]
    pub container_id: Field<String>,
    /// Id of the attachment.
    #[attribute(computed)]
    pub endpoint_id: Field<String>,
    /// IPv4 address with prefix length.
    #[attribute(computed)]
    pub ipv4_address: Field<String>,
    /// IPv6 address with prefix length.
    #[attribute(computed)]
    pub ipv6_address: Field<String>,
    /// MAC address.
    #[attribute(computed)]
    pub mac_address: Field<String>,
    /// Name of the container.
    #[attribute(computed)]
    pub name: Field<String>,
}

/// The data source.
pub struct NetworkSource;

impl DataSource for NetworkSource {
    type Client = Engine;
    type State = NetworkBlock;

    const NAME: &'static str = "docker_network";

    async fn read(&self, engine: &Engine, config: NetworkBlock) -> Result<NetworkBlock, Failure> {
        let name = config.name.known_or_default();
        let found = network::inspect(engine, &name).await?.ok_or_else(|| {
            let detail = format!("The Docker Engine has no network `{name}`");
            Problem::error("No such network", detail).at(Path::attribute("name"))
        })?;
        Ok(NetworkBlock {
            id: found.id.into(),
            name: config.name,
            containers: attached(found.containers.unwrap_or_default()).into(),
            driver: found.driver.into(),
            internal: found.internal.unwrap_or_default().into(),
            ipam_config: network::ipam_blocks(found.ipam.as_ref()).into(),
            options: found
                .options
                .unwrap_or_default()
                .into_iter()
                .collect::<BTreeMap<_, _>>()
                .into(),
            scope: found.scope.into(),
        })
    }
}

fn attached(containers: HashMap<String, EndpointResource>) -> Vec<Attached> {
    let ordered: BTreeMap<String, EndpointResource> = containers.into_iter().collect();
    let element = |(id, endpoint): (String, EndpointResource)| Attached {
        container_id: id.into(),
        endpoint_id: endpoint.endpoint_id.into(),
        ipv4_address: endpoint.ipv4_address.into(),
        ipv6_address: endpoint.ipv6_address.into(),
        mac_address: endpoint.mac_address.into(),
        name: endpoint.name.into(),
    };
    ordered.into_iter().map(element).collect()
}
