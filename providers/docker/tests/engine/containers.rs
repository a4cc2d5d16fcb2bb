//! Containers.

use platoform_provider::FailureClass;
use platoform_provider::value::Value;
use serde_json::{Value as Json, json};

use crate::api;
use crate::world::{Object, Outcome, attempt, config, harness, image, name};

fn with(name: &str, more: Json) -> Json {
    let mut json = json!({ "name": name, "image": image() });
    let (Some(all), Json::Object(more)) = (json.as_object_mut(), more) else { return json };
    all.extend(more);
    json
}

fn inspect(object: &Object<'_>) -> Json {
    api::call("GET", &format!("/containers/{}/json", object.text("id")), &Json::Null)
}

/// Waits until the Engine says that a container is in a state.
async fn until(id: &str, status: &str) {
    for _ in 0..200 {
        let found = api::call("GET", &format!("/containers/{id}/json"), &Json::Null);
        if found["State"]["Status"] == status {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("{id} is not {status}");
}

pub async fn plain_container_lives_and_dies() -> Outcome {
    let harness = harness().await?;
    let config = config(&harness, "docker_container", &with(&name("plain"), json!({})));
    let made = harness.cycle("docker_container", &config).await?;
    for absent in ["env", "command", "entrypoint"] {
        assert!(made.get(absent).is_some_and(Value::is_null), "{absent}: {made:?}");
    }
    for empty in ["labels", "healthcheck"] {
        let items = made.get(empty).and_then(Value::as_items);
        assert!(items.is_some_and(<[Value]>::is_empty), "{empty}: {made:?}");
    }
    assert_eq!(made.get("shm_size").and_then(Value::as_i64), Some(64));
    assert!(made.get("hostname").and_then(Value::as_str).is_some());
    Ok(())
}

/// Nearly every attribute that this kind of machine can do.
fn everything(name: &str, network: &str, volume: &str) -> Json {
    with(
        name,
        json!({
            "command": ["sh", "-c", "trap 'exit 0' TERM; while :; do sleep 1; done"],
            "entrypoint": ["/bin/busybox"], "env": ["A=1", "B=two words"], "user": "0:0",
            "working_dir": "/tmp", "hostname": "host", "domainname": "example.com",
            "labels": [{ "label": "a", "value": "1" }], "init": true, "tty": true, "stdin_open": true,
            "restart": "on-failure", "max_retry_count": 3, "memory": 64, "memory_swap": 128,
            "memory_reservation": 32, "cpu_shares": 512, "cpu_set": "0", "cpu_period": 50000,
            "cpu_quota": 25000, "shm_size": 32, "stop_signal": "SIGTERM", "stop_timeout": 3,
            "destroy_grace_seconds": 5, "read_only": false, "privileged": false, "ipc_mode": "private",
            "dns": ["10.0.0.2"], "dns_search": ["a.example", "b.example"], "dns_opts": ["ndots:2"],
            "group_add": ["7"], "log_driver": "json-file", "log_opts": { "max-size": "1m" },
            "security_opts": ["no-new-privileges"], "sysctls": { "net.ipv4.ip_forward": "1" },
            "tmpfs": { "/cache": "rw,size=1m" }, "userns_mode": "host", "runtime": "runc",
            "cgroup_parent": "/platoform-test", "pid_mode": "", "publish_all_ports": false,
            "capabilities": [{ "add": ["NET_ADMIN"], "drop": ["MKNOD"] }],
            "devices": [{ "host_path": "/dev/null", "container_path": "/dev/nothing" }],
            "healthcheck": [{ "test": ["CMD", "true"], "interval": "1s", "retries": 2,
                              "timeout": "1s500ms", "start_period": "0s" }],
            "host": [{ "host": "other", "ip": "10.0.0.9" }],
            "mounts": [
                { "type": "tmpfs", "target": "/memory", "tmpfs_options": [{ "size_bytes": 1048576 }] },
                { "type": "bind", "target": "/host-etc", "source": "/etc", "read_only": true,
                  "bind_options": [{ "propagation": "rprivate" }] },
            ],
            "volumes": [{ "volume_name": volume, "container_path": "/data" },
                        { "host_path": "/usr", "container_path": "/host-usr", "read_only": true },
                        { "container_path": "/anonymous" }],
            "networks_advanced": [{ "name": network, "aliases": ["alias"],
                                    "ipv4_address": "10.213.2.77" }],
            "ports": [{ "internal": 80 },
                      { "internal": 53, "protocol": "udp", "ip": "127.0.0.1", "external": 39153 }],
            "ulimit": [{ "name": "nofile", "soft": 512, "hard": 1024 }],
            "upload": [{ "file": "/etc/app.conf", "content": "hello" },
                       { "file": "/opt/deep/run", "content_base64": "IyEvYmluL3NoCg==",
                         "executable": true }],
            "wait": true, "wait_timeout": 30, "timeouts": { "create": "5m" },
        }),
    )
}

pub async fn whole_container_lives_and_dies() -> Outcome {
    let harness = harness().await?;
    let network = json!({ "name": name("all"), "ipam_config": [{ "subnet": "10.213.2.0/24" }] });
    let network = Object::new(&harness, "docker_network", network).await?;
    let volume = Object::new(&harness, "docker_volume", json!({ "name": name("all") })).await?;
    let json = everything(&name("all"), &network.text("name"), &volume.text("name"));
    let config = config(&harness, "docker_container", &json);
    harness.cycle("docker_container", &config).await?;

    let object = Object::new(&harness, "docker_container", json).await?;
    let found = inspect(&object);
    let labels = &found["Config"]["Labels"];
    assert_eq!((&labels["a"], &labels["from.image"]), (&json!("1"), &json!("1")));
    assert_eq!(labels["io.platoform.lineage"], crate::world::lineage());
    let endpoint = &found["NetworkSettings"]["Networks"][network.text("name")];
    assert_eq!(endpoint["IPAddress"], "10.213.2.77");
    assert!(endpoint["Aliases"].to_string().contains("alias"));
    assert!(found["NetworkSettings"]["Networks"]["bridge"].is_null());
    assert_eq!(found["State"]["Health"]["Status"], "healthy");
    assert_eq!(found["HostConfig"]["Memory"], 64 << 20);
    assert_eq!(found["HostConfig"]["PortBindings"]["53/udp"][0]["HostPort"], "39153");
    let chosen = object.current.get("ports").and_then(Value::as_items).expect("ports")[0].clone();
    assert!(chosen.get("external").and_then(Value::as_i64).is_some_and(|port| port > 0));
    object.destroy().await?;
    volume.destroy().await?;
    network.destroy().await
}

pub async fn uploads_arrive_before_the_start() -> Outcome {
    let harness = harness().await?;
    let directory = tempfile::tempdir().expect("a directory");
    std::fs::write(directory.path().join("source"), "from a file\n").expect("a file");
    let json = with(
        &name("upload"),
        json!({
            "command": ["sh", "-c", "cat /one /deep/down/two /three; stat -c %a /deep/down/two /three"],
            "upload": [
                { "file": "/one", "content": "text\n" },
                { "file": "/deep/down/two", "content_base64": "YmFzZTY0Cg==", "permissions": "0600" },
                { "file": "/three", "source": directory.path().join("source"), "executable": true },
            ],
            "attach": true, "logs": true, "must_run": false,
        }),
    );
    let container = Object::new(&harness, "docker_container", json.clone()).await?;
    assert_eq!(container.text("container_logs"), "text\nbase64\nfrom a file\n600\n744\n");
    assert_eq!(container.current.get("exit_code").and_then(Value::as_i64), Some(0));
    assert_eq!(container.plan(json).await?, (Vec::new(), false));
    container.destroy().await?;
    let gone = json!([{ "file": "/x", "source": "/nowhere/x" }]);
    let json = with(&name("no-upload"), json!({ "upload": gone }));
    let failure = attempt(&harness, "docker_container", json).await.expect_err("no source");
    assert_eq!(failure.class, FailureClass::Fail);
    Ok(())
}

pub async fn container_that_never_gets_healthy_exists_with_an_error() -> Outcome {
    let harness = harness().await?;
    let json = with(
        &name("sick"),
        json!({
            "healthcheck": [{ "test": ["CMD", "false"], "interval": "1s", "retries": 1 }],
            "wait": true, "wait_timeout": 3,
        }),
    );
    let (current, errors) = attempt(&harness, "docker_container", json).await.expect("an object");
    assert!(errors[0].contains("did not become healthy"), "{errors:?}");
    assert!(current.get("id").and_then(Value::as_str).is_some());
    harness.destroy("docker_container", &current, true).await?;
    let json = with(&name("none"), json!({ "wait": true }));
    let (current, errors) = attempt(&harness, "docker_container", json).await.expect("an object");
    assert!(errors[0].contains("needs a `healthcheck`"), "{errors:?}");
    harness.destroy("docker_container", &current, true).await
}

pub async fn container_that_ends_at_once_says_so() -> Outcome {
    let harness = harness().await?;
    let json = with(&name("ends"), json!({ "command": ["sh", "-c", "exit 7"] }));
    // Whether the Engine still sees it running is a matter of luck; the next read is not.
    let (current, errors) = attempt(&harness, "docker_container", json).await.expect("an object");
    if let Some(error) = errors.first() {
        assert!(error.contains("exit code 7"), "{error}");
    }
    until(current.get("id").and_then(Value::as_str).unwrap_or_default(), "exited").await;
    let real = harness.read("docker_container", &current).await?;
    assert_eq!(real.get("exit_code").and_then(Value::as_i64), Some(7));
    assert_eq!(real.get("must_run").and_then(Value::as_bool), Some(false));
    harness.destroy("docker_container", &current, true).await
}

pub async fn stopped_container_is_started_again() -> Outcome {
    let harness = harness().await?;
    let json = with(&name("stopped"), json!({ "ports": [{ "internal": 80 }] }));
    let mut container = Object::new(&harness, "docker_container", json.clone()).await?;
    for (verb, status) in [("kill", "exited"), ("pause", "paused")] {
        api::call("POST", &format!("/containers/{}/{verb}", container.text("id")), &Json::Null);
        until(&container.text("id"), status).await;
        let real = container.read().await?;
        assert_eq!(real.get("must_run").and_then(Value::as_bool), Some(false), "{verb}");
        assert_eq!(container.plan(json.clone()).await?, (Vec::new(), true), "{verb}");
        container.update(json.clone()).await?;
        assert_eq!(inspect(&container)["State"]["Status"], "running", "{verb}");
        container.read().await?;
        assert_eq!(container.plan(json.clone()).await?, (Vec::new(), false), "{verb}");
    }
    container.destroy().await
}

pub async fn container_need_not_run() -> Outcome {
    let harness = harness().await?;
    for (more, status) in [
        (json!({ "start": false }), "created"),
        (json!({ "must_run": false, "command": ["true"] }), "exited"),
        (json!({ "attach": true, "command": ["sh", "-c", "exit 3"] }), "exited"),
    ] {
        let json = with(&name("idle"), more);
        let mut container = Object::new(&harness, "docker_container", json.clone()).await?;
        until(&container.text("id"), status).await;
        container.read().await?;
        assert_eq!(container.plan(json).await?, (Vec::new(), false));
        container.destroy().await?;
    }
    Ok(())
}

pub async fn removed_container_is_gone() -> Outcome {
    let harness = harness().await?;
    let json = with(&name("removed"), json!({}));
    let container = Object::new(&harness, "docker_container", json).await?;
    api::call("DELETE", &format!("/containers/{}?force=1", container.text("id")), &Json::Null);
    assert!(harness.read("docker_container", &container.current).await?.is_null());
    container.destroy().await
}

pub async fn changes_by_hand_show() -> Outcome {
    let harness = harness().await?;
    let network = Object::new(&harness, "docker_network", json!({ "name": name("hand") })).await?;
    let json = with(
        &name("hand"),
        json!({
            "memory": 64, "networks_advanced": [{ "name": network.text("name") }],
        }),
    );
    let mut container = Object::new(&harness, "docker_container", json.clone()).await?;
    let id = container.text("id");
    let body = json!({ "Memory": 32 << 20, "RestartPolicy": { "Name": "always" } });
    api::call("POST", &format!("/containers/{id}/update"), &body);
    let real = container.read().await?;
    assert_eq!(real.get("memory").and_then(Value::as_i64), Some(32));
    assert_eq!(real.get("restart").and_then(Value::as_str), Some("always"));
    container.update(json.clone()).await?;
    let host = inspect(&container)["HostConfig"].take();
    assert_eq!((&host["Memory"], &host["RestartPolicy"]["Name"]), (&json!(64 << 20), &json!("no")));
    let path = format!("/networks/{}/disconnect", network.text("id"));
    api::call("POST", &path, &json!({ "Container": id }));
    container.read().await?;
    assert_eq!(container.plan(json).await?.0, ["networks_advanced"]);
    container.destroy().await?;
    network.destroy().await
}

pub async fn limits_change_in_place() -> Outcome {
    let harness = harness().await?;
    let with = |more| config(&harness, "docker_container", &with(&name("limits"), more));
    let (from, to) = (
        with(json!({ "memory": 64, "cpu_shares": 256, "restart": "no" })),
        with(json!({ "memory": 256, "memory_reservation": 16, "cpu_shares": 512, "cpu_set": "0",
                     "cpu_period": 50000, "cpu_quota": 20000, "restart": "on-failure",
                     "max_retry_count": 2, "destroy_grace_seconds": 1 })),
    );
    harness.update("docker_container", &from, &to).await?;
    Ok(())
}

pub async fn changes_that_need_a_new_container_are_named() -> Outcome {
    let harness = harness().await?;
    let (me, other) = (name("new"), name("other"));
    let base = json!({ "memory": 64, "env": ["A=1"], "ports": [{ "internal": 80 }] });
    let container = Object::new(&harness, "docker_container", with(&me, base)).await?;
    let change = |more: Json| {
        let mut json = json!({ "memory": 64, "env": ["A=1"], "ports": [{ "internal": 80 }] });
        json.as_object_mut().expect("an object").extend(more.as_object().expect("one").clone());
        json
    };
    for (more, path) in [
        (json!({ "env": ["A=2"] }), "env"),
        (json!({ "memory": null }), "memory"),
        (json!({ "tmpfs": { "/x": "" } }), "tmpfs"),
        (json!({ "rm": true }), "rm"),
        (json!({ "user": "app" }), "user"),
        (json!({ "ports": [{ "internal": 81 }] }), "ports"),
        (json!({ "healthcheck": [{ "test": ["NONE"] }] }), "healthcheck"),
        (json!({ "networks_advanced": [{ "name": other }] }), "networks_advanced"),
    ] {
        assert_eq!(container.plan(with(&me, change(more))).await?.0, [path]);
    }
    container.destroy().await
}

pub async fn what_the_engine_is_too_old_for_is_refused() -> Outcome {
    let version = api::call("GET", "/version", &Json::Null)["ApiVersion"].to_string();
    let minor = version.trim_matches('"').split_once('.').and_then(|(_, minor)| minor.parse().ok());
    if minor.is_none_or(|minor: u32| minor >= 48) {
        return Ok(());
    }
    let harness = harness().await?;
    let network = json!([{ "name": name("old"), "gw_priority": 5 }]);
    let json = with(&name("old"), json!({ "networks_advanced": network }));
    let failure = attempt(&harness, "docker_container", json).await.expect_err("too old");
    let problem = &failure.problems[0];
    assert_eq!(problem.path.to_string(), "networks_advanced[*].gw_priority");
    assert!(problem.detail.contains("needs version 1.48"), "{problem:?}");
    Ok(())
}

/// What is applied is never planned again, whatever corner of the schema is used.
pub async fn nothing_is_planned_twice() -> Outcome {
    let harness = harness().await?;
    let base = Object::new(&harness, "docker_container", with(&name("base"), json!({}))).await?;
    let network = Object::new(&harness, "docker_network", json!({ "name": name("twice") })).await?;
    let second = Object::new(&harness, "docker_network", json!({ "name": name("second") })).await?;
    let (first, second_name) = (network.text("name"), second.text("name"));
    for (index, more) in [
        json!({ "network_mode": "host", "hostname": "h" }),
        json!({ "network_mode": "none" }),
        json!({ "network_mode": format!("container:{}", base.text("id")) }),
        json!({ "network_mode": first, "networks_advanced": [{ "name": second_name }] }),
        json!({ "networks_advanced": [{ "name": network.text("id") }, { "name": second_name,
                "aliases": ["x", "y"] }] }),
        json!({ "volumes": [{ "from_container": base.text("name") }] }),
        json!({ "publish_all_ports": true, "platform": "linux/amd64" }),
        json!({ "rm": true, "init": false, "command": [], "env": [], "user": "", "working_dir": "" }),
        json!({ "env": ["FROM_IMAGE=1"], "labels": [{ "label": "from.image", "value": "1" }] }),
        json!({ "command": ["sleep", "600"], "entrypoint": [] }),
        json!({ "ports": [{ "internal": 80 }, { "internal": 80 }, { "internal": 81,
                "protocol": "udp" }] }),
        json!({ "memory": 32, "memory_swap": -1, "cpus": "0.50", "log_driver": "none" }),
        json!({ "restart": "unless-stopped", "max_retry_count": 0, "shm_size": 1 }),
        json!({ "ipc_mode": "host", "pid_mode": "host", "security_opts": ["seccomp=unconfined"] }),
        json!({ "device_read_bps": [{ "path": "/dev/vda", "rate": 1048576 }] }),
        json!({ "mounts": [{ "type": "volume", "target": "/v", "volume_options": [{
                "no_copy": true, "labels": [{ "label": "a", "value": "1" }] }] }] }),
        json!({ "capabilities": [{ "drop": ["ALL"] }], "read_only": true, "tmpfs": {} }),
        json!({ "healthcheck": [{ "test": ["NONE"] }], "stop_timeout": 1, "logs": false }),
    ]
    .into_iter()
    .enumerate()
    {
        if more.get("device_read_bps").is_some() && !std::path::Path::new("/dev/vda").exists() {
            continue;
        }
        let json = with(&name(&format!("twice-{index}")), more);
        let object = Object::new(&harness, "docker_container", json.clone()).await.map_err(|fault| {
            let detail = format!("{json}: {}", fault.detail);
            platoform_provider::harness::Fault { detail, ..fault }
        })?;
        let config = config(&harness, "docker_container", &json);
        harness.unchanged("docker_container", &object.current, &config).await?;
        object.destroy().await?;
    }
    base.destroy().await?;
    network.destroy().await?;
    second.destroy().await
}
