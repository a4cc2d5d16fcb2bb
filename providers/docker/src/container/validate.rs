//! Checking a `docker_container` block.

use bollard::models::{HostConfigCgroupnsModeEnum, MountType, RestartPolicyNameEnum};
use platoform_provider::value::{Path, Step};
use platoform_provider::{Field, Problem};

use super::blocks::{Healthcheck, Mount, Port, VolumeMount};
use super::host_config::{gpu_request, nano_cpus};
use super::networks::excludes_networks;
use super::schema::Container;
use super::upload;
use crate::common::{check_duration, check_labels, check_name, check_timeouts, in_set, text};

/// Everything that is wrong with a configuration.
pub(super) fn check(config: &Container) -> Vec<Problem> {
    let mut problems = Vec::new();
    check_labels(&config.labels, &mut problems);
    check_name(&config.name, &mut problems);
    check_timeouts(&config.timeouts, &mut problems);
    check_texts(config, &mut problems);
    check_numbers(config, &mut problems);
    check_networks(config, &mut problems);
    config.ports.items().iter().enumerate().for_each(|(index, port)| {
        check_port(index, port, &mut problems);
    });
    config.volumes.items().iter().for_each(|block| check_volume(block, &mut problems));
    config.mounts.items().iter().for_each(|block| check_mount(block, &mut problems));
    config.upload.items().iter().for_each(|block| upload::check(block, &mut problems));
    config.healthcheck.items().iter().for_each(|block| check_health(block, &mut problems));
    problems
}

fn refuse(problems: &mut Vec<Problem>, at: Path, detail: String) {
    problems.push(Problem::error("Wrong value", detail).at(at));
}

fn one_of(field: &Field<String>, allowed: &[&str], at: Path, problems: &mut Vec<Problem>) {
    if let Some(text) = field.as_str().filter(|text| !text.is_empty() && !allowed.contains(text)) {
        refuse(problems, at, format!("`{text}` is not one of {}", allowed.join(", ")));
    }
}

fn check_texts(config: &Container, problems: &mut Vec<Problem>) {
    if let Some(text) = config.restart.as_str()
        && (text.is_empty() || text.parse::<RestartPolicyNameEnum>().is_err())
    {
        let allowed = "no, on-failure, always, unless-stopped";
        let detail = format!("`{text}` is not one of {allowed}");
        refuse(problems, Path::attribute("restart"), detail);
    }
    let retries = config.max_retry_count.copied().is_some_and(|count| count > 0);
    if retries && config.restart.as_str().is_some_and(|restart| restart != "on-failure") {
        let detail = "`max_retry_count` goes with `restart = \"on-failure\"` only".to_owned();
        refuse(problems, Path::attribute("max_retry_count"), detail);
    }
    if let Some(text) = text(&config.cgroupns_mode)
        && text.parse::<HostConfigCgroupnsModeEnum>().is_err()
    {
        let detail = format!("`{text}` is neither `private` nor `host`");
        refuse(problems, Path::attribute("cgroupns_mode"), detail);
    }
    if let Some(text) = text(&config.cpus).filter(|text| nano_cpus(text).is_none()) {
        let detail = format!("`{text}` is not a number of processors such as `1.5`");
        refuse(problems, Path::attribute("cpus"), detail);
    }
    if let Some(text) = text(&config.gpus).filter(|text| gpu_request(text).is_none()) {
        let detail = format!("`{text}` is neither `all`, nor a number, nor `device=ID,…`");
        refuse(problems, Path::attribute("gpus"), detail);
    }
    if text(&config.gpus).is_some() && !config.device_requests.items().is_empty() {
        let detail = "`gpus` and `device_requests` exclude each other".to_owned();
        refuse(problems, Path::attribute("gpus"), detail);
    }
    // Never with the text itself: it may hold a secret.
    if config.env.items().iter().any(|entry| entry.is_empty() || entry.starts_with('=')) {
        let detail = "Each variable is written as `NAME=value`; one here has no name".to_owned();
        refuse(problems, Path::attribute("env"), detail);
    }
    if config.logs.known_or(false) && config.attach.copied() == Some(false) {
        let detail = "`logs` keeps the output of a container that `attach` waits for".to_owned();
        refuse(problems, Path::attribute("logs"), detail);
    }
}

fn check_numbers(config: &Container, problems: &mut Vec<Problem>) {
    for (name, field, least) in [
        ("cpu_period", &config.cpu_period, 0),
        ("cpu_shares", &config.cpu_shares, 0),
        ("destroy_grace_seconds", &config.destroy_grace_seconds, 0),
        ("max_retry_count", &config.max_retry_count, 0),
        ("memory", &config.memory, 0),
        ("memory_reservation", &config.memory_reservation, 0),
        ("memory_swap", &config.memory_swap, -1),
        ("shm_size", &config.shm_size, 0),
        ("stop_timeout", &config.stop_timeout, 0),
        ("wait_timeout", &config.wait_timeout, 1),
    ] {
        if let Some(number) = field.copied().filter(|number| *number < least) {
            let detail = format!("`{name}` must be at least {least}, not {number}");
            refuse(problems, Path::attribute(name), detail);
        }
    }
}

fn check_networks(config: &Container, problems: &mut Vec<Problem>) {
    let mode = config.network_mode.as_str().unwrap_or_default();
    if excludes_networks(mode) && !config.networks_advanced.items().is_empty() {
        let detail = format!("A container in network mode `{mode}` cannot be attached to networks");
        refuse(problems, Path::attribute("networks_advanced"), detail);
    }
    for block in config.networks_advanced.items() {
        if block.name.as_str() == Some("") {
            let detail = "`name` must not be empty".to_owned();
            refuse(problems, in_set("networks_advanced", block, "name"), detail);
        }
        if block.driver_opts.items().iter().any(|option| !option.contains('=')) {
            let detail = "Each option is written as `NAME=value`".to_owned();
            refuse(problems, in_set("networks_advanced", block, "driver_opts"), detail);
        }
    }
}

fn check_port(index: usize, port: &Port, problems: &mut Vec<Problem>) {
    let at = |name: &str| {
        let port = Path::attribute("ports").join(Step::Index(index));
        port.join(Step::Attribute(name.into()))
    };
    for (name, field) in [("internal", &port.internal), ("external", &port.external)] {
        if let Some(number) = field.copied().filter(|port| !(1..=65535).contains(port)) {
            refuse(problems, at(name), format!("{number} is not a port from 1 to 65535"));
        }
    }
    one_of(&port.protocol, &["tcp", "udp", "sctp"], at("protocol"), problems);
}

fn check_volume(block: &VolumeMount, problems: &mut Vec<Problem>) {
    let at = |name: &str| in_set("volumes", block, name);
    if text(&block.host_path).is_some() && text(&block.volume_name).is_some() {
        let detail = "`host_path` and `volume_name` exclude each other".to_owned();
        refuse(problems, at("host_path"), detail);
    }
    if let Some(path) = text(&block.host_path).filter(|path| !path.starts_with(['/', '\\']))
        && !path.contains(":\\")
    {
        refuse(problems, at("host_path"), format!("`{path}` is not an absolute path"));
    }
    let from = block.from_container.is_null() || block.from_container.as_str() == Some("");
    let nowhere = block.container_path.is_null() || block.container_path.as_str() == Some("");
    if from && nowhere {
        let detail = "`container_path` says where to mount it".to_owned();
        refuse(problems, at("container_path"), detail);
    }
    one_of(&block.selinux_relabel, &["z", "Z"], at("selinux_relabel"), problems);
}

fn check_mount(block: &Mount, problems: &mut Vec<Problem>) {
    let at = |name: &str| in_set("mounts", block, name);
    one_of(&block.r#type, &["bind", "volume", "tmpfs", "npipe"], at("type"), problems);
    let kind = block.r#type.as_str().and_then(|kind| kind.parse::<MountType>().ok());
    let Some(kind) = kind else { return };
    for (name, wanted, present) in [
        ("bind_options", MountType::BIND, !block.bind_options.items().is_empty()),
        ("tmpfs_options", MountType::TMPFS, !block.tmpfs_options.items().is_empty()),
        ("volume_options", MountType::VOLUME, !block.volume_options.items().is_empty()),
    ] {
        if present && kind != wanted {
            refuse(problems, at(name), format!("`{name}` goes with `type = \"{wanted}\"` only"));
        }
    }
    for options in block.bind_options.items() {
        let allowed = ["private", "rprivate", "shared", "rshared", "slave", "rslave"];
        one_of(&options.propagation, &allowed, at("bind_options"), problems);
    }
}

fn check_health(block: &Healthcheck, problems: &mut Vec<Problem>) {
    let at = |name: &str| {
        let block = Path::attribute("healthcheck").join(Step::Index(0));
        block.join(Step::Attribute(name.into()))
    };
    check_duration(&block.interval, at("interval"), problems);
    check_duration(&block.timeout, at("timeout"), problems);
    check_duration(&block.start_period, at("start_period"), problems);
    check_duration(&block.start_interval, at("start_interval"), problems);
    let kinds = ["NONE", "CMD", "CMD-SHELL"];
    if let Some(first) = block.test.items().first().filter(|first| !kinds.contains(&&***first)) {
        let detail =
            format!("A check begins with `CMD`, `CMD-SHELL` or `NONE`, not with `{first}`");
        refuse(problems, at("test"), detail);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(config: &Container) -> Vec<String> {
        check(config).iter().map(|problem| problem.path.to_string()).collect()
    }

    #[test]
    fn nothing_wrong_is_not_refused() {
        assert_eq!(paths(&Container::default()), [""; 0]);
    }

    #[test]
    fn contradictions_are_refused_where_they_stand() {
        let base = Container::default;
        let port = Port { internal: 0.into(), ..Port::default() };
        let mount = Mount { target: "/a".into(), r#type: "disk".into(), ..Mount::default() };
        let volume = VolumeMount { host_path: "relative".into(), ..VolumeMount::default() };
        let check = Healthcheck { interval: "often".into(), ..Healthcheck::default() };
        let network =
            crate::container::blocks::NetworkAttachment { name: "n".into(), ..Default::default() };
        for (config, wanted) in [
            (Container { restart: "never".into(), ..base() }, vec!["restart"]),
            (Container { cpus: "many".into(), ..base() }, vec!["cpus"]),
            (Container { memory: (-1).into(), ..base() }, vec!["memory"]),
            (Container { env: vec!["=x".to_owned()].into(), ..base() }, vec!["env"]),
            (Container { ports: vec![port].into(), ..base() }, vec!["ports[0].internal"]),
            (Container { mounts: vec![mount].into(), ..base() }, vec!["mounts[*].type"]),
            (
                Container { volumes: vec![volume].into(), ..base() },
                vec!["volumes[*].host_path", "volumes[*].container_path"],
            ),
            (
                Container { healthcheck: vec![check].into(), ..base() },
                vec!["healthcheck[0].interval"],
            ),
            (
                Container {
                    network_mode: "host".into(),
                    networks_advanced: vec![network].into(),
                    ..base()
                },
                vec!["networks_advanced"],
            ),
        ] {
            assert_eq!(paths(&config), wanted);
        }
    }

    #[test]
    fn secrets_never_show() {
        let config = Container { env: vec!["=hunter2".to_owned()].into(), ..Container::default() };
        assert!(!format!("{:?}", check(&config)).contains("hunter2"));
    }
}
