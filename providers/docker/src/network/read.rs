//! A network as the Engine tells it.

use std::collections::BTreeMap;

use bollard::models::{Ipam, NetworkInspect};
use platoform_provider::Field;

use super::schema::{IpamConfig, Network};
use crate::common::shown;

/// Ranges of addresses as blocks.
pub fn ipam_blocks(ipam: Option<&Ipam>) -> Vec<IpamConfig> {
    let configs = ipam.and_then(|ipam| ipam.config.as_deref()).unwrap_or_default();
    let set = |text: &Option<String>| Field::from(text.clone().filter(|text| !text.is_empty()));
    let block = |config: &bollard::models::IpamConfig| IpamConfig {
        aux_address: config
            .auxiliary_addresses
            .as_ref()
            .filter(|all| !all.is_empty())
            .map(|all| all.clone().into_iter().collect::<BTreeMap<_, _>>())
            .into(),
        gateway: set(&config.gateway),
        ip_range: set(&config.ip_range),
        subnet: set(&config.subnet),
    };
    configs.iter().map(block).collect()
}

/// Fills in what the Engine chose. A network never changes once it is made, so nothing that is
/// known already is looked at again.
pub(super) fn observe(mut state: Network, network: &NetworkInspect) -> Network {
    state.scope = network.scope.clone().into();
    if state.driver.is_unknown() {
        state.driver = network.driver.clone().into();
    }
    if state.internal.is_unknown() {
        state.internal = network.internal.unwrap_or_default().into();
    }
    if state.options.is_unknown() {
        state.options = options(network).into();
    }
    if state.ipam_config.is_unknown() {
        state.ipam_config = ipam_blocks(network.ipam.as_ref()).into();
    }
    state
}

/// Null for all that could not be learned.
pub(super) fn without_unknowns(mut state: Network) -> Network {
    for field in [&mut state.scope, &mut state.driver] {
        if field.is_unknown() {
            *field = Field::Null;
        }
    }
    if state.internal.is_unknown() {
        state.internal = Field::Null;
    }
    if state.options.is_unknown() {
        state.options = Field::Null;
    }
    if state.ipam_config.is_unknown() {
        state.ipam_config = Field::Null;
    }
    state
}

/// A network that was made elsewhere.
pub(super) fn import(network: &NetworkInspect) -> Network {
    let yes = |flag: Option<bool>| Field::from(flag.filter(|flag| *flag));
    let ipam = network.ipam.as_ref();
    let ipam_options = ipam.and_then(|ipam| ipam.options.clone()).filter(|all| !all.is_empty());
    Network {
        id: network.id.clone().into(),
        name: network.name.clone().into(),
        attachable: yes(network.attachable),
        ingress: yes(network.ingress),
        ipam_driver: ipam.and_then(|ipam| ipam.driver.clone()).into(),
        ipam_options: ipam_options.map(|all| all.into_iter().collect()).into(),
        ipv6: yes(network.enable_ipv6),
        driver: network.driver.clone().into(),
        internal: network.internal.unwrap_or_default().into(),
        options: options(network).into(),
        scope: network.scope.clone().into(),
        labels: shown(network.labels.as_ref(), None).into(),
        ipam_config: ipam_blocks(ipam).into(),
    }
}

fn options(network: &NetworkInspect) -> BTreeMap<String, String> {
    network.options.clone().unwrap_or_default().into_iter().collect()
}
