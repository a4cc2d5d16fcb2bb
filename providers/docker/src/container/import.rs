//! A container that was made elsewhere.

use std::collections::HashMap;

use bollard::models::{ContainerInspectResponse, ImageInspect};
use platoform_provider::{BlockType, Field, value::Value};

use super::blocks::{Capabilities, NetworkAttachment, Port};
use super::read;
use super::schema::Container;
use crate::common::shown;

/// Everything about it that its image does not bring, as far as the Engine tells it; the rest has
/// its defaults.
pub(super) fn state(
    found: &ContainerInspectResponse,
    image: Option<&ImageInspect>,
    defaults: Container,
) -> Container {
    let config = found.config.clone().unwrap_or_default();
    let host = found.host_config.clone().unwrap_or_default();
    let own = image.and_then(|image| image.config.clone()).unwrap_or_default();
    let list = |all: Option<Vec<String>>| Field::from(all.filter(|all| !all.is_empty()));
    let env = config.env.unwrap_or_default();
    let image_env = own.env.unwrap_or_default();
    let env: Vec<String> = env.into_iter().filter(|entry| !image_env.contains(entry)).collect();
    let capabilities =
        Capabilities { add: list(host.cap_add.clone()), drop: list(host.cap_drop.clone()) };
    let state = Container {
        image: config.image.into(),
        command: list(config.cmd.filter(|cmd| Some(cmd) != own.cmd.as_ref())),
        entrypoint: list(config.entrypoint.filter(|entry| Some(entry) != own.entrypoint.as_ref())),
        env: list(Some(env)),
        labels: shown(config.labels.as_ref(), own.labels.as_ref()).into(),
        healthcheck: Vec::new().into(),
        user: own_text(config.user, own.user),
        working_dir: own_text(config.working_dir, own.working_dir),
        domainname: own_text(config.domainname, None),
        tty: config.tty.unwrap_or_default().into(),
        stdin_open: config.open_stdin.unwrap_or_default().into(),
        read_only: host.readonly_rootfs.unwrap_or_default().into(),
        rm: host.auto_remove.unwrap_or_default().into(),
        privileged: host.privileged.filter(|yes| *yes).into(),
        network_mode: match host.network_mode.as_deref() {
            None | Some("default" | "") => "bridge".into(),
            Some(mode) => mode.into(),
        },
        dns: list(host.dns.clone()),
        dns_opts: list(host.dns_options.clone()),
        dns_search: list(host.dns_search.clone()),
        ports: ports(host.port_bindings.as_ref()).into(),
        capabilities: match capabilities == Capabilities::default() {
            true => Vec::new().into(),
            false => vec![capabilities].into(),
        },
        networks_advanced: attachments(found).into(),
        must_run: true.into(),
        hostname: Field::Unknown,
        init: Field::Unknown,
        ipc_mode: Field::Unknown,
        log_driver: Field::Unknown,
        platform: Field::Unknown,
        runtime: Field::Unknown,
        security_opts: Field::Unknown,
        shm_size: Field::Unknown,
        stop_signal: Field::Unknown,
        stop_timeout: Field::Unknown,
        ..defaults
    };
    read::observe(state, found)
}

/// A container with nothing set but the schema's defaults.
pub(super) fn defaults() -> Container {
    let block = Container::block();
    let entries = block.empty_value().as_entries().cloned().unwrap_or_default();
    let filled = entries.into_iter().map(|(name, value)| {
        let default = block.attributes.get(&name).and_then(|schema| schema.default.clone());
        (name, default.unwrap_or(value))
    });
    // An empty block with its defaults always conforms.
    Container::decode(&Value::object(filled.collect())).unwrap_or_default()
}

fn own_text(text: Option<String>, image: Option<String>) -> Field<String> {
    let differs = text.as_ref().is_some_and(|text| !text.is_empty()) && text != image;
    text.filter(|_| differs).into()
}

type Bindings = HashMap<String, Option<Vec<bollard::models::PortBinding>>>;

fn ports(bindings: Option<&Bindings>) -> Vec<Port> {
    let mut ports = Vec::new();
    for (key, bound) in bindings.into_iter().flatten() {
        let (internal, protocol) = key.split_once('/').unwrap_or((key, "tcp"));
        let Ok(internal) = internal.parse::<i64>() else { continue };
        for binding in bound.iter().flatten() {
            let external = binding.host_port.as_deref().and_then(|port| port.parse::<i64>().ok());
            let address = binding.host_ip.clone().filter(|address| !address.is_empty());
            ports.push(Port {
                internal: internal.into(),
                external: external.filter(|port| *port != 0).into(),
                ip: address.unwrap_or_else(|| "0.0.0.0".to_owned()).into(),
                protocol: protocol.into(),
            });
        }
    }
    ports.sort_by_key(|port| (port.internal.copied(), port.external.copied()));
    ports
}

/// Networks other than the default bridge.
fn attachments(found: &ContainerInspectResponse) -> Vec<NetworkAttachment> {
    let settings = found.network_settings.clone().unwrap_or_default();
    let networks = settings.networks.unwrap_or_default();
    let id = found.id.as_deref().unwrap_or_default();
    let mut all: Vec<NetworkAttachment> = networks
        .into_iter()
        .filter(|(name, _)| !["bridge", "host", "none"].contains(&&**name))
        .map(|(name, endpoint)| {
            let addresses = endpoint.ipam_config.unwrap_or_default();
            let aliases = endpoint.aliases.unwrap_or_default().into_iter();
            // The Engine adds the beginning of the container's id.
            let aliases: Vec<String> = aliases.filter(|alias| !id.starts_with(alias)).collect();
            let set = |text: Option<String>| Field::from(text.filter(|text| !text.is_empty()));
            NetworkAttachment {
                name: name.into(),
                aliases: Some(aliases).filter(|aliases| !aliases.is_empty()).into(),
                ipv4_address: set(addresses.ipv4_address),
                ipv6_address: set(addresses.ipv6_address),
                ..NetworkAttachment::default()
            }
        })
        .collect();
    all.sort_by(|left, right| left.name.as_str().cmp(&right.name.as_str()));
    all
}
