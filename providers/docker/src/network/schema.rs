//! What a `docker_network` block holds.

use std::collections::BTreeMap;

use platoform_provider::{Block, Field};

use crate::common::Label;

/// A network.
#[derive(Block, Clone, Debug, Default, PartialEq)]
pub struct Network {
    /// Id of the network.
    #[attribute(computed)]
    pub id: Field<String>,
    /// Name of the network.
    #[attribute(required, replace)]
    pub name: Field<String>,
    /// Whether containers of a swarm may be attached by hand.
    #[attribute(optional, replace)]
    pub attachable: Field<bool>,
    /// Whether it is a swarm's routing mesh.
    #[attribute(optional, replace)]
    pub ingress: Field<bool>,
    /// Driver that manages addresses.
    #[attribute(optional, replace, default = "default")]
    pub ipam_driver: Field<String>,
    /// Options of that driver.
    #[attribute(optional, replace)]
    pub ipam_options: Field<BTreeMap<String, String>>,
    /// Whether it has IPv6.
    #[attribute(optional, replace)]
    pub ipv6: Field<bool>,
    /// Driver; `bridge` unless set.
    #[attribute(optional, computed, replace)]
    pub driver: Field<String>,
    /// Whether the outside is out of reach.
    #[attribute(optional, computed, replace)]
    pub internal: Field<bool>,
    /// Options of the driver.
    #[attribute(optional, computed, replace)]
    pub options: Field<BTreeMap<String, String>>,
    /// How far it reaches: `local`, `swarm` or `global`.
    #[attribute(computed)]
    pub scope: Field<String>,
    /// Labels.
    #[block(set, replace)]
    pub labels: Field<Vec<Label>>,
    /// Ranges of addresses; one is chosen unless set.
    #[block(set, computed, replace)]
    pub ipam_config: Field<Vec<IpamConfig>>,
}

/// `ipam_config`.
#[derive(Block, Clone, Debug, Default, PartialEq)]
pub struct IpamConfig {
    /// Addresses that the driver must not give away, by name.
    #[attribute(optional, replace)]
    pub aux_address: Field<BTreeMap<String, String>>,
    /// Address of the gateway.
    #[attribute(optional, replace)]
    pub gateway: Field<String>,
    /// Range from which containers get addresses.
    #[attribute(optional, replace)]
    pub ip_range: Field<String>,
    /// The network's addresses as a CIDR block.
    #[attribute(optional, replace)]
    pub subnet: Field<String>,
}
