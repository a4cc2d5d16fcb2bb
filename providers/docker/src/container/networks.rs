//! What a container is attached to.

use bollard::models::{EndpointIpamConfig, EndpointSettings, NetworkConnectRequest};
use platoform_provider::Failure;

use super::blocks::NetworkAttachment;
use super::schema::Container;
use crate::common::text;
use crate::engine::Engine;
use crate::failure;

/// Modes that are not names of networks of one's own.
const DEFAULT_MODES: [&str; 3] = ["", "bridge", "default"];

/// Whether a mode excludes being attached to networks.
pub(super) fn excludes_networks(mode: &str) -> bool {
    mode == "host" || mode == "none" || mode.starts_with("container:")
}

/// The attachments, that with the default gateway first.
fn ordered(planned: &Container) -> Vec<&NetworkAttachment> {
    let mut all: Vec<_> = planned.networks_advanced.items().iter().collect();
    all.sort_by_key(|block| std::cmp::Reverse(block.gw_priority.known_or_default()));
    all
}

/// The network that the container is made in, where `networks_advanced` names it. Being in it from
/// the start, the container never shows up on the default bridge.
pub(super) fn first(planned: &Container) -> Option<(String, EndpointSettings)> {
    let all = ordered(planned);
    let mode = planned.network_mode.as_str().unwrap_or_default();
    let first = if DEFAULT_MODES.contains(&mode) {
        *all.first()?
    } else {
        *all.iter().find(|block| block.name.as_str() == Some(mode))?
    };
    Some((first.name.known_or_default(), endpoint(first)))
}

/// The network mode: what is configured, unless other networks take the default bridge's place.
pub(super) fn mode(planned: &Container) -> Option<String> {
    first(planned).map(|(name, _)| name).or_else(|| text(&planned.network_mode))
}

fn endpoint(block: &NetworkAttachment) -> EndpointSettings {
    let addresses = EndpointIpamConfig {
        ipv4_address: text(&block.ipv4_address),
        ipv6_address: text(&block.ipv6_address),
        link_local_ips: block.link_local_ips.get().cloned(),
    };
    let options = block.driver_opts.items().iter().map(|option| {
        let (name, value) = option.split_once('=').unwrap_or((option, ""));
        (name.to_owned(), value.to_owned())
    });
    EndpointSettings {
        ipam_config: (addresses != EndpointIpamConfig::default()).then_some(addresses),
        aliases: block.aliases.get().cloned(),
        driver_opts: block.driver_opts.get().map(|_| options.collect()),
        gw_priority: block.gw_priority.copied(),
        mac_address: text(&block.mac_address),
        ..EndpointSettings::default()
    }
}

/// Attaches a new container to the networks it was not made in.
pub(super) async fn connect_rest(
    engine: &Engine,
    planned: &Container,
    id: &str,
) -> Result<(), Failure> {
    let made_in = first(planned).map(|(name, _)| name);
    for block in ordered(planned) {
        let name = block.name.known_or_default();
        if made_in.as_deref() == Some(&name) {
            continue;
        }
        let endpoint_config = Some(endpoint(block));
        let request = NetworkConnectRequest { container: id.to_owned(), endpoint_config };
        engine.docker().await?.connect_network(&name, request).await.map_err(|error| {
            failure::changing(&format!("Container cannot be attached to `{name}`"), &error)
        })?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use platoform_provider::Field;

    use super::*;

    fn planned(mode: &str, networks: &[(&str, i64)]) -> Container {
        let block = |(name, priority): &(&str, i64)| NetworkAttachment {
            name: (*name).into(),
            gw_priority: Field::from((*priority != 0).then_some(*priority)),
            ..NetworkAttachment::default()
        };
        Container {
            network_mode: mode.into(),
            networks_advanced: networks.iter().map(block).collect::<Vec<_>>().into(),
            ..Container::default()
        }
    }

    #[test]
    fn networks_take_the_default_bridges_place() {
        assert_eq!(mode(&planned("bridge", &[])).as_deref(), Some("bridge"));
        assert_eq!(mode(&planned("bridge", &[("a", 0), ("b", 0)])).as_deref(), Some("a"));
        assert_eq!(mode(&planned("bridge", &[("a", 0), ("b", 5)])).as_deref(), Some("b"));
        assert_eq!(mode(&planned("own", &[("a", 0)])).as_deref(), Some("own"));
        assert!(first(&planned("own", &[("a", 0)])).is_none());
        assert_eq!(first(&planned("own", &[("a", 0), ("own", 0)])).unwrap().0, "own");
    }

    #[test]
    fn fixed_addresses_and_options_are_kept() {
        let block = NetworkAttachment {
            name: "a".into(),
            ipv4_address: "10.0.0.9".into(),
            driver_opts: vec!["x=1=2".to_owned()].into(),
            ..NetworkAttachment::default()
        };
        let endpoint = endpoint(&block);
        assert_eq!(endpoint.ipam_config.unwrap().ipv4_address.as_deref(), Some("10.0.0.9"));
        assert_eq!(endpoint.driver_opts.unwrap()["x"], "1=2");
    }
}
