//! Pulling from a registry that asks who we are: Debian's, on loopback.

use std::fs;
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};

use crate::api;
use crate::world::{Object, Outcome, attempt, environment, harness_of, image, lineage};

/// The program of Debian's package `docker-registry`.
const PROGRAM: &str = "docker-registry";
/// In base64 it needs the letters in which the two alphabets differ.
const PASSWORD: &str = "pass~~~???>>>word";
/// `me` with that password, as `htpasswd -B` writes it.
const USERS: &str = "me:$2b$04$bC91W6TRRE1vyjx/tgXKMeRw9/0uaEGMY6JtYjVV7qOyhif1lHvym\n";

/// Whether the program is here.
pub fn has_registry() -> bool {
    Command::new(PROGRAM).arg("--version").output().is_ok()
}

struct Registry {
    process: Child,
    address: String,
    _storage: tempfile::TempDir,
}

impl Drop for Registry {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn serve() -> Registry {
    let storage = tempfile::tempdir().expect("a directory");
    let free = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = free.local_addr().expect("an address").to_string();
    drop(free);
    let users = storage.path().join("users");
    fs::write(&users, USERS).expect("a file");
    let settings = json!({
        "version": 0.1,
        "storage": { "filesystem": { "rootdirectory": storage.path() } },
        "http": { "addr": address },
        "auth": { "htpasswd": { "realm": "test", "path": users } },
    });
    let config = storage.path().join("config.yml");
    // JSON is YAML.
    fs::write(&config, settings.to_string()).expect("a file");
    let process = Command::new(PROGRAM)
        .arg("serve")
        .arg(config)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("a registry");
    let deadline = Instant::now() + Duration::from_secs(10);
    while std::net::TcpStream::connect(&address).is_err() {
        assert!(Instant::now() < deadline, "the registry does not listen");
        std::thread::sleep(Duration::from_millis(50));
    }
    Registry { process, address, _storage: storage }
}

/// Puts the base image into a registry, with the client library this test does not test.
fn push(registry: &Registry) -> String {
    let repository = format!("{}/base", registry.address);
    let tag = format!("/images/{}/tag?repo={repository}&tag=1", image());
    api::call("POST", &tag, &Json::Null);
    let config = tempfile::tempdir().expect("a directory");
    let auth = base64::Engine::encode(
        &base64::engine::general_purpose::STANDARD,
        format!("me:{PASSWORD}"),
    );
    let text = json!({ "auths": { &registry.address: { "auth": auth } } }).to_string();
    fs::write(config.path().join("config.json"), text).expect("a file");
    let pushed = Command::new("docker")
        .args(["--config", &config.path().display().to_string()])
        .args(["--host", &api::host(), "push", &format!("{repository}:1")])
        .output()
        .expect("the docker program");
    assert!(pushed.status.success(), "{}", String::from_utf8_lossy(&pushed.stderr));
    api::call("DELETE", &format!("/images/{repository}:1"), &Json::Null);
    repository
}

pub async fn image_is_pulled_by_those_who_may() -> Outcome {
    let registry = serve();
    let repository = push(&registry);
    let name = format!("{repository}:1");
    let with = |password: &str| {
        let auth = json!([{ "address": registry.address, "username": "me", "password": password }]);
        json!({ "host": api::host(), "registry_auth": auth })
    };
    for refused in [json!({ "host": api::host() }), with("wrong-hunter2")] {
        let harness = harness_of(&refused, environment()).await?;
        let failure = attempt(&harness, "docker_image", json!({ "name": name })).await;
        let problem = failure.expect_err("a refusal").problems.remove(0);
        assert!(problem.summary.contains(&name), "{problem:?}");
        assert!(!format!("{problem:?}").contains("hunter2"), "{problem:?}");
    }
    let harness = harness_of(&with(PASSWORD), environment()).await?;
    let json = json!({ "name": name, "pull_triggers": ["1"] });
    let object = Object::new(&harness, "docker_image", json.clone()).await?;
    assert!(object.text("repo_digest").starts_with(&format!("{repository}@sha256:")));
    assert_eq!(object.plan(json).await?, (Vec::new(), false));
    let by_digest = json!({ "name": object.text("repo_digest"), "keep_locally": true });
    let pinned = Object::new(&harness, "docker_image", by_digest).await?;
    assert_eq!(pinned.text("image_id"), object.text("image_id"));
    object.destroy().await?;
    // A container's image is pulled where it is missing.
    let json = json!({ "name": format!("{}-pulled", lineage()), "image": name });
    let container = Object::new(&harness, "docker_container", json).await?;
    container.destroy().await?;
    api::call("DELETE", &format!("/images/{name}"), &Json::Null);
    Ok(())
}
