//! The part of a container's configuration that is about its machine.

use std::collections::{BTreeMap, HashMap};

use bollard::models::{
    DeviceMapping, DeviceRequest as DeviceRequestModel, HostConfig, HostConfigLogConfig,
    PortBinding, ResourcesUlimits, RestartPolicy, ThrottleDevice,
};
use platoform_provider::Field;

use super::blocks::{Device, DeviceRequest, Host, Port, Throttle, Ulimit};
use super::mounts;
use super::networks;
use super::schema::Container;
use crate::common::text;

/// Bytes per MiB, the unit of memory in configurations.
pub(super) const MIB: i64 = 1024 * 1024;

/// All of it.
pub(super) fn host_config(planned: &Container) -> HostConfig {
    let capabilities = planned.capabilities.items().first();
    HostConfig {
        binds: some(mounts::binds(planned.volumes.items())),
        volumes_from: some(mounts::volumes_from(planned.volumes.items())),
        mounts: some(planned.mounts.items().iter().map(mounts::mount).collect()),
        tmpfs: map(&planned.tmpfs),
        network_mode: networks::mode(planned),
        port_bindings: port_bindings(planned.ports.items()),
        publish_all_ports: planned.publish_all_ports.copied(),
        restart_policy: restart_policy(planned),
        auto_remove: planned.rm.copied(),
        cap_add: capabilities.and_then(|block| block.add.get().cloned()),
        cap_drop: capabilities.and_then(|block| block.drop.get().cloned()),
        cgroup_parent: text(&planned.cgroup_parent),
        cgroupns_mode: text(&planned.cgroupns_mode).and_then(|mode| mode.parse().ok()),
        dns: planned.dns.get().cloned(),
        dns_options: planned.dns_opts.get().cloned(),
        dns_search: planned.dns_search.get().cloned(),
        extra_hosts: some(planned.host.items().iter().map(extra_host).collect()),
        group_add: planned.group_add.get().cloned(),
        ipc_mode: text(&planned.ipc_mode),
        pid_mode: text(&planned.pid_mode),
        privileged: planned.privileged.copied(),
        readonly_rootfs: planned.read_only.copied(),
        security_opt: planned.security_opts.get().cloned(),
        storage_opt: map(&planned.storage_opts),
        sysctls: map(&planned.sysctls),
        userns_mode: text(&planned.userns_mode),
        shm_size: planned.shm_size.copied().map(|size| size.saturating_mul(MIB)),
        runtime: text(&planned.runtime),
        init: planned.init.copied(),
        log_config: log_config(planned),
        ..resources(planned)
    }
}

fn resources(planned: &Container) -> HostConfig {
    HostConfig {
        cpu_shares: planned.cpu_shares.copied(),
        cpu_period: planned.cpu_period.copied(),
        cpu_quota: planned.cpu_quota.copied(),
        cpuset_cpus: text(&planned.cpu_set),
        nano_cpus: planned.cpus.as_str().and_then(nano_cpus),
        memory: bytes(&planned.memory),
        memory_reservation: bytes(&planned.memory_reservation),
        memory_swap: bytes(&planned.memory_swap),
        blkio_device_read_bps: throttles(&planned.device_read_bps),
        blkio_device_read_iops: throttles(&planned.device_read_iops),
        blkio_device_write_bps: throttles(&planned.device_write_bps),
        blkio_device_write_iops: throttles(&planned.device_write_iops),
        devices: some(planned.devices.items().iter().map(device).collect()),
        device_requests: some(device_requests(planned)),
        ulimits: some(planned.ulimit.items().iter().map(ulimit).collect()),
        ..HostConfig::default()
    }
}

/// Memory in bytes; -1 means the same in any unit.
pub(super) fn bytes(field: &Field<i64>) -> Option<i64> {
    field.copied().map(|size| if size < 0 { size } else { size.saturating_mul(MIB) })
}

/// A decimal number of processors in billionths.
pub(super) fn nano_cpus(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let empty = whole.is_empty() && fraction.is_empty();
    if empty || !digits(whole) || !digits(fraction) || fraction.len() > 9 {
        return None;
    }
    let whole: i64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let fraction: i64 = format!("{fraction:0<9}").parse().ok()?;
    whole.checked_mul(1_000_000_000)?.checked_add(fraction)
}

/// Billionths of processors as a decimal number.
pub(super) fn cpus_text(nano_cpus: i64) -> String {
    let (whole, fraction) = (nano_cpus / 1_000_000_000, nano_cpus % 1_000_000_000);
    let text = format!("{whole}.{fraction:09}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The restart policy, both parts of it.
pub(super) fn restart_policy(planned: &Container) -> Option<RestartPolicy> {
    let name = planned.restart.as_str()?.parse().ok()?;
    let count = planned.max_retry_count.copied();
    Some(RestartPolicy { name: Some(name), maximum_retry_count: count })
}

/// A port as the Engine names it: `80/tcp`.
pub(super) fn port_key(port: &Port) -> Option<String> {
    let protocol = port.protocol.as_str().unwrap_or("tcp");
    Some(format!("{}/{protocol}", port.internal.copied()?))
}

fn port_bindings(ports: &[Port]) -> Option<HashMap<String, Option<Vec<PortBinding>>>> {
    let mut bindings: HashMap<String, Option<Vec<PortBinding>>> = HashMap::new();
    for port in ports {
        let Some(key) = port_key(port) else { continue };
        let binding = PortBinding {
            host_ip: text(&port.ip),
            // Without a number the Engine chooses one.
            host_port: Some(
                port.external.copied().map_or_else(String::new, |port| port.to_string()),
            ),
        };
        bindings.entry(key).or_default().get_or_insert_default().push(binding);
    }
    Some(bindings).filter(|bindings| !bindings.is_empty())
}

fn log_config(planned: &Container) -> Option<HostConfigLogConfig> {
    let (typ, config) = (text(&planned.log_driver), map(&planned.log_opts));
    (typ.is_some() || config.is_some()).then_some(HostConfigLogConfig { typ, config })
}

fn extra_host(block: &Host) -> String {
    format!("{}:{}", block.host.known_or_default(), block.ip.known_or_default())
}

fn throttles(blocks: &Field<Vec<Throttle>>) -> Option<Vec<ThrottleDevice>> {
    let model = |block: &Throttle| ThrottleDevice {
        path: block.path.get().cloned(),
        rate: block.rate.copied(),
    };
    some(blocks.items().iter().map(model).collect())
}

fn device(block: &Device) -> DeviceMapping {
    DeviceMapping {
        path_on_host: block.host_path.get().cloned(),
        path_in_container: text(&block.container_path).or_else(|| block.host_path.get().cloned()),
        cgroup_permissions: Some(block.permissions.known_or("rwm".into())),
    }
}

fn ulimit(block: &Ulimit) -> ResourcesUlimits {
    ResourcesUlimits {
        name: block.name.get().cloned(),
        soft: block.soft.copied(),
        hard: block.hard.copied(),
    }
}

fn device_requests(planned: &Container) -> Vec<DeviceRequestModel> {
    let model = |block: &DeviceRequest| DeviceRequestModel {
        driver: text(&block.driver),
        count: block.count.copied(),
        device_ids: block.device_ids.get().cloned(),
        capabilities: block.capabilities.get().map(|all| vec![all.clone()]),
        options: map(&block.options),
    };
    let gpus = text(&planned.gpus).and_then(|gpus| gpu_request(&gpus));
    planned.device_requests.items().iter().map(model).chain(gpus).collect()
}

/// `all`, a number, or `device=ID,…`, as the `docker` program takes it.
pub(super) fn gpu_request(text: &str) -> Option<DeviceRequestModel> {
    let (count, device_ids) = match text.strip_prefix("device=") {
        Some(ids) if !ids.is_empty() => (None, Some(ids.split(',').map(str::to_owned).collect())),
        Some(_) => return None,
        None if text == "all" => (Some(-1), None),
        None => (Some(text.parse().ok().filter(|count| *count > 0)?), None),
    };
    let capabilities = Some(vec![vec!["gpu".to_owned()]]);
    Some(DeviceRequestModel { count, device_ids, capabilities, ..DeviceRequestModel::default() })
}

fn map(field: &Field<BTreeMap<String, String>>) -> Option<HashMap<String, String>> {
    field.get().map(|map| map.clone().into_iter().collect())
}

/// The list, unless there is nothing in it.
fn some<T>(list: Vec<T>) -> Option<Vec<T>> {
    Some(list).filter(|list| !list.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processors_are_decimal_numbers() {
        for (text, number) in [("1", 1_000_000_000), ("0.5", 500_000_000), (".25", 250_000_000)] {
            assert_eq!(nano_cpus(text), Some(number));
        }
        for text in ["", ".", "x", "-1", "1.5.5", "1,5"] {
            assert_eq!(nano_cpus(text), None, "{text}");
        }
        assert_eq!(cpus_text(1_500_000_000), "1.5");
        assert_eq!(cpus_text(2_000_000_000), "2");
    }

    #[test]
    fn memory_is_in_mib_and_unlimited_stays_unlimited() {
        assert_eq!(bytes(&64.into()), Some(64 * MIB));
        assert_eq!(bytes(&(-1).into()), Some(-1));
        assert_eq!(bytes(&Field::Null), None);
    }

    #[test]
    fn ports_of_the_same_number_are_bound_together() {
        let port = |external: Field<i64>, ip: &str| Port {
            internal: 80.into(),
            external,
            ip: ip.into(),
            protocol: "tcp".into(),
        };
        let ports = [port(8080.into(), "127.0.0.1"), port(Field::Unknown, "0.0.0.0")];
        let bindings = port_bindings(&ports).unwrap();
        let bound = bindings["80/tcp"].as_ref().unwrap();
        assert_eq!(bound[0].host_port.as_deref(), Some("8080"));
        assert_eq!(bound[1].host_port.as_deref(), Some(""));
    }

    #[test]
    fn graphics_processors_are_asked_for_as_docker_does() {
        assert_eq!(gpu_request("all").unwrap().count, Some(-1));
        assert_eq!(gpu_request("2").unwrap().count, Some(2));
        let ids = gpu_request("device=0,1").unwrap().device_ids.unwrap();
        assert_eq!(ids, ["0", "1"]);
        assert!(gpu_request("some").is_none() && gpu_request("device=").is_none());
    }
}
