//! Containers as an Engine tells them.

use super::*;

fn planned() -> Container {
    Container {
        name: "web".into(),
        image: "i".into(),
        must_run: true.into(),
        start: true.into(),
        restart: "no".into(),
        memory_reservation: 0.into(),
        command: Field::Unknown,
        env: Field::Unknown,
        labels: Field::Unknown,
        hostname: Field::Unknown,
        network_data: Field::Unknown,
        exit_code: Field::Unknown,
        ..Container::default()
    }
}

fn inspected(json: serde_json::Value) -> ContainerInspectResponse {
    serde_json::from_value(json).unwrap()
}

fn running() -> serde_json::Value {
    serde_json::json!({
        "Id": "abc", "Name": "/web", "Platform": "linux",
        "State": { "Running": true, "Paused": false, "StartedAt": "2026-01-01T00:00:00Z" },
        "Config": { "Hostname": "abc", "Cmd": ["from-image"], "Env": ["PATH=/bin"],
                    "Labels": { "image": "label", "io.platoform.key": "k" } },
        "HostConfig": { "RestartPolicy": { "Name": "", "MaximumRetryCount": 0 }, "Memory": 0 },
        "NetworkSettings": { "Networks": { "bridge": { "IPAddress": "172.17.0.2" } },
            "Ports": { "80/tcp": [{ "HostIp": "0.0.0.0", "HostPort": "32768" }] } }
    })
}

#[test]
fn what_the_image_brings_is_not_the_containers_own() {
    let state = observe(planned(), &inspected(running()));
    assert_eq!((state.command, state.env), (Field::Null, Field::Null));
    assert_eq!(state.labels, Vec::new().into());
    assert_eq!(state.hostname.as_str(), Some("abc"));
    assert_eq!(state.network_data.items()[0].ip_address.as_str(), Some("172.17.0.2"));
    assert_eq!(state.exit_code, Field::Null);
}

#[test]
fn reading_again_changes_nothing() {
    let found = inspected(running());
    let once = observe(planned(), &found);
    assert_eq!(observe(once.clone(), &found), once);
}

#[test]
fn a_container_that_stands_still_asks_to_be_started_unless_it_may() {
    let mut json = running();
    json["State"] = serde_json::json!({
        "Running": false, "ExitCode": 3, "StartedAt": "2026-01-01T00:00:00Z"
    });
    let found = inspected(json);
    let state = observe(planned(), &found);
    assert_eq!((state.must_run.copied(), state.exit_code.copied()), (Some(false), Some(3)));
    let waiting = Container { start: false.into(), ..planned() };
    assert_eq!(observe(waiting, &found).must_run.copied(), Some(true));
    let ending = Container { attach: true.into(), ..planned() };
    assert_eq!(observe(ending, &found).must_run.copied(), Some(true));
    let mut frozen = running();
    frozen["State"]["Paused"] = true.into();
    assert_eq!(observe(planned(), &inspected(frozen)).must_run.copied(), Some(false));
}

#[test]
fn limits_changed_by_hand_show() {
    let mut json = running();
    json["HostConfig"] = serde_json::json!({
        "Memory": 64 * MIB, "MemorySwap": 128 * MIB, "NanoCpus": 1_500_000_000, "CpuQuota": -1,
        "RestartPolicy": { "Name": "always", "MaximumRetryCount": 0 }
    });
    let found = inspected(json);
    let state = observe(planned(), &found);
    assert_eq!((state.memory.copied(), state.restart.as_str()), (Some(64), Some("always")));
    assert_eq!((state.cpus.as_str(), state.cpu_quota), (Some("1.5"), Field::Null));
    assert_eq!(state.memory_swap, Field::Null, "unset, it follows the memory limit");
    let same = Container { cpus: "1.50".into(), memory: 64.into(), ..planned() };
    let state = observe(same, &found);
    assert_eq!((state.cpus.as_str(), state.memory.copied()), (Some("1.50"), Some(64)));
}

#[test]
fn chosen_ports_are_told_and_set_ones_kept() {
    let port = |external: Field<i64>| Port {
        internal: 80.into(),
        external,
        ip: "0.0.0.0".into(),
        protocol: "tcp".into(),
    };
    let mut json = running();
    json["NetworkSettings"]["Ports"]["80/tcp"] = serde_json::json!([
        { "HostIp": "0.0.0.0", "HostPort": "8080" }, { "HostIp": "0.0.0.0", "HostPort": "32768" },
    ]);
    let ports = vec![port(8080.into()), port(Field::Unknown)];
    let state = observe(Container { ports: ports.into(), ..planned() }, &inspected(json));
    let numbers: Vec<_> = state.ports.items().iter().map(|port| port.external.copied()).collect();
    assert_eq!(numbers, [Some(8080), Some(32768)]);
}

#[test]
fn a_network_taken_away_is_gone_from_the_state() {
    let block = |name: &str| NetworkAttachment {
        name: name.into(),
        aliases: vec!["web".to_owned()].into(),
        ipv4_address: "10.0.0.9".into(),
        ..NetworkAttachment::default()
    };
    let mut json = running();
    json["NetworkSettings"]["Networks"] = serde_json::json!({
        "own": { "Aliases": ["web", "abc"], "IPAMConfig": { "IPv4Address": "10.0.0.9" } },
    });
    let blocks = vec![block("own"), block("gone")];
    let state = Container { networks_advanced: blocks.into(), ..planned() };
    assert_eq!(observe(state, &inspected(json)).networks_advanced.items(), [block("own")]);
}
