//! A container as the Engine tells it.
//!
//! Most of a container never changes while it lives, and its image's defaults are mixed into what
//! the Engine tells; so only what can change by hand is compared: its name, whether it runs, its
//! limits and restart policy, its networks and published ports.

use std::collections::HashMap;

use bollard::models::{ContainerInspectResponse, EndpointSettings, HostConfig, PortBinding};
use platoform_provider::Field;

use super::blocks::{NetworkAttachment, NetworkData, Port};
use super::host_config::{MIB, cpus_text, nano_cpus, port_key};
use super::schema::Container;

/// What is really there, for an object that the state or a plan describes.
pub(super) fn observe(mut state: Container, found: &ContainerInspectResponse) -> Container {
    let host = found.host_config.clone().unwrap_or_default();
    state.id = found.id.clone().into();
    if let Some(name) = &found.name {
        state.name = name.trim_start_matches('/').into();
    }
    let running = is_running(found);
    // One that is not to be started, or is to come to its end, may stand still.
    let expected = state.start.known_or(true) && !state.attach.known_or(false);
    if state.must_run.known_or(true) && !running && expected {
        state.must_run = false.into();
    }
    state.exit_code = exit_code(found).into();
    state.bridge = String::new().into();
    if !state.container_logs.is_known() {
        state.container_logs = Field::Null;
    }
    let networks = networks(found);
    state.network_data = network_data(&networks).into();
    attachments(&mut state, &networks);
    if running {
        published(&mut state, found);
    }
    limits(&mut state, &host);
    computed(&mut state, found, &host);
    state
}

/// Whether its process runs and is not frozen.
pub(super) fn is_running(found: &ContainerInspectResponse) -> bool {
    let state = found.state.as_ref();
    state.is_some_and(|state| state.running == Some(true) && state.paused != Some(true))
}

/// The exit code, once it has come to an end.
pub(super) fn exit_code(found: &ContainerInspectResponse) -> Option<i64> {
    let state = found.state.as_ref()?;
    let ended = state.running != Some(true) && was_started(found);
    state.exit_code.filter(|_| ended)
}

/// Whether it has ever been started.
pub(super) fn was_started(found: &ContainerInspectResponse) -> bool {
    let started = found.state.as_ref().and_then(|state| state.started_at.as_deref());
    // The Engine writes year 1 for never.
    started.is_some_and(|time| !time.is_empty() && !time.starts_with("0001-"))
}

fn networks(found: &ContainerInspectResponse) -> HashMap<String, EndpointSettings> {
    let settings = found.network_settings.clone().unwrap_or_default();
    settings.networks.unwrap_or_default()
}

fn network_data(networks: &HashMap<String, EndpointSettings>) -> Vec<NetworkData> {
    let element = |(name, endpoint): (&String, &EndpointSettings)| NetworkData {
        gateway: endpoint.gateway.clone().into(),
        global_ipv6_address: endpoint.global_ipv6_address.clone().into(),
        global_ipv6_prefix_length: endpoint.global_ipv6_prefix_len.into(),
        ip_address: endpoint.ip_address.clone().into(),
        ip_prefix_length: endpoint.ip_prefix_len.into(),
        ipv6_gateway: endpoint.ipv6_gateway.clone().into(),
        mac_address: endpoint.mac_address.clone().into(),
        network_name: name.clone().into(),
    };
    let mut all: Vec<NetworkData> = networks.iter().map(element).collect();
    all.sort_by(|left, right| left.network_name.as_str().cmp(&right.network_name.as_str()));
    all
}

/// Drops attachments that were taken away, and tells other aliases and addresses. Further
/// attachments show in `network_data` only.
fn attachments(state: &mut Container, networks: &HashMap<String, EndpointSettings>) {
    let Some(blocks) = state.networks_advanced.get_mut() else { return };
    blocks.retain_mut(|block| match endpoint_of(block, networks) {
        Some(endpoint) => {
            compare_endpoint(block, endpoint);
            true
        }
        None => false,
    });
}

fn endpoint_of<'a>(
    block: &NetworkAttachment,
    networks: &'a HashMap<String, EndpointSettings>,
) -> Option<&'a EndpointSettings> {
    let name = block.name.as_str()?;
    let by_id = || networks.values().find(|endpoint| endpoint.network_id.as_deref() == Some(name));
    networks.get(name).or_else(by_id)
}

fn compare_endpoint(block: &mut NetworkAttachment, endpoint: &EndpointSettings) {
    let real = endpoint.aliases.as_deref().unwrap_or_default();
    if let Some(aliases) = block.aliases.get_mut() {
        aliases.retain(|alias| real.contains(alias));
    }
    let addresses = endpoint.ipam_config.clone().unwrap_or_default();
    for (field, real) in [
        (&mut block.ipv4_address, addresses.ipv4_address),
        (&mut block.ipv6_address, addresses.ipv6_address),
    ] {
        let real = real.filter(|address| !address.is_empty());
        if field.as_str().filter(|address| !address.is_empty()) != real.as_deref() {
            *field = real.into();
        }
    }
}

/// The ports on the machine, of which the Engine may choose others at each start.
fn published(state: &mut Container, found: &ContainerInspectResponse) {
    let settings = found.network_settings.clone().unwrap_or_default();
    let real = settings.ports.unwrap_or_default();
    let Some(ports) = state.ports.get_mut() else { return };
    let mut taken: Vec<(String, i64)> = Vec::new();
    for port in ports.iter_mut() {
        let Some(key) = port_key(port) else { continue };
        let bindings = real.get(&key).and_then(Option::as_deref).unwrap_or_default();
        let numbers = bindings.iter().filter(|binding| on_address(port, binding));
        let numbers = numbers.filter_map(|binding| binding.host_port.as_ref()?.parse().ok());
        let numbers: Vec<i64> = numbers.collect();
        let kept = port.external.copied().filter(|number| numbers.contains(number));
        let free = || numbers.iter().find(|number| !taken.contains(&(key.clone(), **number)));
        if let Some(number) = kept.or_else(|| free().copied()) {
            taken.push((key, number));
            port.external = number.into();
        }
    }
}

fn on_address(port: &Port, binding: &PortBinding) -> bool {
    let wanted = port.ip.as_str().unwrap_or("0.0.0.0");
    let real = binding.host_ip.as_deref().unwrap_or_default();
    real == wanted || real.is_empty() || wanted.is_empty()
}

/// What `docker update` can change.
fn limits(state: &mut Container, host: &HostConfig) {
    let policy = host.restart_policy.clone().unwrap_or_default();
    let name = policy.name.map(|name| name.to_string()).unwrap_or_default();
    state.restart = if name.is_empty() { "no".into() } else { name.into() };
    compare(&mut state.max_retry_count, policy.maximum_retry_count, 1);
    compare(&mut state.cpu_shares, host.cpu_shares, 1);
    compare(&mut state.cpu_period, host.cpu_period, 1);
    compare(&mut state.cpu_quota, host.cpu_quota.map(|quota| quota.max(0)), 1);
    compare(&mut state.memory, host.memory, MIB);
    compare(&mut state.memory_reservation, host.memory_reservation, MIB);
    // Unset, it follows the memory limit in a way that depends on the machine.
    if state.memory_swap.is_known() {
        compare(&mut state.memory_swap, host.memory_swap, MIB);
    }
    let set = host.cpuset_cpus.clone().unwrap_or_default();
    if state.cpu_set.as_str().unwrap_or_default() != set {
        state.cpu_set = set.into();
    }
    let real = host.nano_cpus.unwrap_or_default();
    if state.cpus.as_str().and_then(nano_cpus).unwrap_or_default() != real {
        state.cpus = Some(real).filter(|real| *real != 0).map(cpus_text).into();
    }
}

/// Takes over a number that differs. Zero and null are the same to the Engine.
fn compare(field: &mut Field<i64>, real: Option<i64>, unit: i64) {
    let real = real.unwrap_or_default();
    let known = field.copied().unwrap_or_default();
    let known = if known < 0 { known } else { known.saturating_mul(unit) };
    if known != real {
        *field = if real < 0 { real.into() } else { (real / unit).into() };
    } else if field.is_unknown() {
        *field = Field::Null;
    }
}

/// What was left to the Engine. What comes from the image is not the container's own and stays
/// null.
fn computed(state: &mut Container, found: &ContainerInspectResponse, host: &HostConfig) {
    let config = found.config.clone().unwrap_or_default();
    let log = host.log_config.clone().unwrap_or_default();
    fill(&mut state.command, None);
    fill(&mut state.entrypoint, None);
    fill(&mut state.env, None);
    fill(&mut state.labels, Some(Vec::new()));
    fill(&mut state.healthcheck, Some(Vec::new()));
    fill(&mut state.hostname, config.hostname);
    fill(&mut state.init, Some(host.init.unwrap_or_default()));
    fill(&mut state.ipc_mode, host.ipc_mode.clone());
    fill(&mut state.log_driver, log.typ);
    fill(&mut state.platform, found.platform.clone());
    fill(&mut state.runtime, host.runtime.clone());
    fill(&mut state.security_opts, Some(host.security_opt.clone().unwrap_or_default()));
    fill(&mut state.shm_size, host.shm_size.map(|size| size / MIB));
    fill(&mut state.stop_signal, config.stop_signal.filter(|signal| !signal.is_empty()));
    fill(&mut state.stop_timeout, config.stop_timeout);
    if let Some(ports) = state.ports.get_mut() {
        ports.iter_mut().for_each(|port| fill(&mut port.external, None));
    }
}

fn fill<T>(field: &mut Field<T>, value: Option<T>) {
    if field.is_unknown() {
        *field = value.into();
    }
}

/// Null for all that could not be learned of a container that exists.
pub(super) fn without_unknowns(mut state: Container) -> Container {
    let nothing = ContainerInspectResponse::default();
    computed(&mut state, &nothing, &HostConfig::default());
    fill(&mut state.bridge, None);
    fill(&mut state.container_logs, None);
    fill(&mut state.exit_code, None);
    fill(&mut state.network_data, None);
    state
}

#[cfg(test)]
#[path = "read_tests.rs"]
mod tests;
