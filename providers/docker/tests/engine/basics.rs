//! Networks, volumes, images, data sources.

use std::fs;

use platoform_provider::harness::Recorder;
use platoform_provider::value::Value;
use platoform_provider::{FailureClass, Found};
use serde_json::{Value as Json, json};

use crate::api;
use crate::world::{
    Object, Outcome, attempt, config, data, environment, harness, harness_of, image, name,
};

pub async fn network_lives_and_dies() -> Outcome {
    let harness = harness().await?;
    let plain = config(&harness, "docker_network", &json!({ "name": name("plain") }));
    harness.cycle("docker_network", &plain).await?;
    let whole = json!({
        "name": name("whole"), "driver": "bridge", "internal": true,
        "options": { "com.docker.network.bridge.enable_icc": "false" },
        "labels": [{ "label": "a", "value": "1" }, { "label": "b", "value": "" }],
        "ipam_config": [{ "subnet": "10.213.1.0/24", "ip_range": "10.213.1.128/25",
                          "gateway": "10.213.1.1", "aux_address": { "other": "10.213.1.200" } }],
    });
    let whole = config(&harness, "docker_network", &whole);
    let made = harness.cycle("docker_network", &whole).await?;
    assert_eq!(made.get("scope").and_then(Value::as_str), Some("local"));
    Ok(())
}

pub async fn volume_lives_and_dies() -> Outcome {
    let harness = harness().await?;
    for json in [
        json!({}),
        json!({ "name": name("volume"), "labels": [{ "label": "a", "value": "1" }] }),
        json!({ "name": name("tmpfs"),
                "driver_opts": { "type": "tmpfs", "device": "tmpfs", "o": "size=1m" } }),
    ] {
        let config = config(&harness, "docker_volume", &json);
        let made = harness.cycle("docker_volume", &config).await?;
        assert!(made.get("mountpoint").and_then(Value::as_str).is_some());
    }
    Ok(())
}

/// A directory to build from; the Dockerfile is below it.
fn context(dockerfile: &str) -> tempfile::TempDir {
    let directory = tempfile::tempdir().expect("a directory");
    let write = |path: &str, text: &str| {
        let path = directory.path().join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
        fs::write(path, text).expect("a file");
    };
    write("docker/Dockerfile", dockerfile);
    write(".dockerignore", "*.secret\n");
    write("file", "content");
    write("key.secret", "hidden");
    directory
}

pub async fn image_is_built() -> Outcome {
    let harness = harness().await?;
    let directory = context(&format!(
        "FROM {} AS one\nARG WORD\nENV WORD=$WORD\nCOPY . /all\nFROM one AS two\nENV LAST=1\n",
        image()
    ));
    let name = format!("{}:built", name("image"));
    let json = json!({
        "name": name,
        "build": [{ "context": directory.path(), "dockerfile": "docker/Dockerfile",
                    "build_args": { "WORD": "a b" }, "labels": { "own": "1" }, "target": "one",
                    "tag": [format!("{name}-too")], "no_cache": true }],
        "triggers": { "a": "1" },
    });
    let config = config(&harness, "docker_image", &json);
    harness.cycle("docker_image", &config).await?;

    let object = Object::new(&harness, "docker_image", json).await?;
    let found = api::call("GET", &format!("/images/{name}-too/json"), &Json::Null);
    assert_eq!(found["Id"], object.text("image_id"));
    let env = found["Config"]["Env"].to_string();
    assert!(env.contains("WORD=a b") && !env.contains("LAST"), "{env}");
    assert_eq!(found["Config"]["Labels"]["own"], "1");
    assert!(found["Config"]["Labels"]["io.platoform.key"].is_string());
    let run = json!({
        "name": crate::world::name("ls"), "image": name, "command": ["find", "/all", "-type", "f"],
        "attach": true, "logs": true, "must_run": false,
    });
    let container = Object::new(&harness, "docker_container", run).await?;
    let listed = container.text("container_logs");
    assert!(listed.contains("/all/file") && !listed.contains("secret"), "{listed}");
    container.destroy().await?;
    object.destroy().await?;
    let (status, _) =
        api::request("GET", &format!("/images/{name}-too/json"), &[], "").expect("an answer");
    assert_eq!(status, 404, "its further name goes as well");
    Ok(())
}

/// What is left of a build that was cut off between its last layer and its name.
pub async fn image_without_its_name_is_still_known() -> Outcome {
    let harness = harness().await?;
    let directory = context(&format!("FROM {}\nENV UNNAMED=1\n", image()));
    let json = json!({
        "name": format!("{}:unnamed", name("image")),
        "build": [{ "context": directory.path(), "dockerfile": "docker/Dockerfile" }],
    });
    let config = config(&harness, "docker_image", &json);
    let nothing = harness.nothing("docker_image")?;
    let owner = harness.owner();
    let planned = harness.plan("docker_image", &nothing, &config).await?.planned;
    // An image with the marks of the build and without a name.
    let container = api::call(
        "POST",
        &format!("/containers/create?name={}", name("commit")),
        &json!({ "Image": image() }),
    );
    let container = container["Id"].as_str().expect("an id");
    let labels =
        json!({ "io.platoform.key": &*owner.key, "io.platoform.lineage": &*owner.lineage });
    let path = format!("/commit?container={container}");
    let committed = api::call("POST", &path, &json!({ "Labels": labels }));
    let id = committed["Id"].as_str().expect("an id").to_owned();
    api::call("DELETE", &format!("/containers/{container}"), &Json::Null);

    let Found::Object { current, .. } = harness.find("docker_image", &planned, &owner).await?
    else {
        panic!("it is not found");
    };
    let mut object = Object { harness: &harness, kind: "docker_image", current };
    object.read().await?;
    assert_eq!((object.text("image_id"), object.text("name")), (id.clone(), String::new()));
    assert_eq!(object.plan(json).await?.0, ["name"]);
    object.destroy().await?;
    let (status, _) = api::request("GET", &format!("/images/{id}/json"), &[], "").expect("answer");
    assert_eq!(status, 404);
    Ok(())
}

pub async fn image_build_that_fails_says_why() -> Outcome {
    let harness = harness().await?;
    let dockerfile =
        format!("FROM {}\nARG TOKEN\nRUN echo token=$TOKEN; echo broken; false\n", image());
    let directory = context(&dockerfile);
    let json = json!({
        "name": format!("{}:failed", name("image")),
        "build": [{ "context": directory.path(), "dockerfile": "docker/Dockerfile",
                    "build_args": { "TOKEN": "hunter2" } }],
    });
    let failure = attempt(&harness, "docker_image", json).await.expect_err("a failure");
    assert_eq!(failure.class, FailureClass::Fail);
    let detail = &failure.problems[0].detail;
    assert!(detail.contains("non-zero code") && detail.contains("\nbroken"), "{detail}");
    assert!(!detail.contains("hunter2"), "{detail}");
    Ok(())
}

pub async fn image_that_is_there_is_kept() -> Outcome {
    let harness = harness().await?;
    let json = json!({ "name": image(), "keep_locally": true });
    let object = Object::new(&harness, "docker_image", json.clone()).await?;
    assert_eq!(object.plan(json).await?, (Vec::new(), false));
    let nothing = harness.nothing("docker_image")?;
    let sink = Recorder::default();
    let change = (&object.current, &nothing, &nothing);
    harness.apply("docker_image", change, &harness.owner(), &sink).await.expect("a delete");
    api::call("GET", &format!("/images/{}/json", image()), &Json::Null);
    Ok(())
}

pub async fn image_that_is_nowhere_cannot_be_had() -> Outcome {
    let harness = harness().await?;
    let json = json!({ "name": "127.0.0.1:1/nothing:1" });
    let failure = attempt(&harness, "docker_image", json).await.expect_err("a failure");
    assert!(failure.problems[0].summary.contains("127.0.0.1:1/nothing:1"), "{failure:?}");
    Ok(())
}

pub async fn image_names_change_in_place() -> Outcome {
    let harness = harness().await?;
    let directory = context(&format!("FROM {}\nENV A=1\n", image()));
    let name = format!("{}:named", name("image"));
    let with = |tags: &[String]| {
        json!({ "name": name, "build": [{
            "context": directory.path(), "dockerfile": "docker/Dockerfile", "tag": tags,
        }] })
    };
    let (one, two) = (format!("{name}-1"), format!("{name}-2"));
    let mut object =
        Object::new(&harness, "docker_image", with(std::slice::from_ref(&one))).await?;
    object.update(with(std::slice::from_ref(&two))).await?;
    let status = |name: &str| {
        api::request("GET", &format!("/images/{name}/json"), &[], "").expect("an answer").0
    };
    assert_eq!((status(&one), status(&two)), (404, 200));
    object.destroy().await
}

pub async fn taken_names_are_never_taken_over() -> Outcome {
    let harness = harness().await?;
    let taken = name("taken");
    let mark = json!({ "io.platoform.lineage": crate::world::lineage() });
    api::call("POST", "/networks/create", &json!({ "Name": taken, "Labels": mark }));
    api::call("POST", "/volumes/create", &json!({ "Name": taken, "Labels": mark }));
    let body = json!({ "Image": image(), "Labels": mark });
    api::call("POST", &format!("/containers/create?name={taken}"), &body);
    for (kind, json) in [
        ("docker_network", json!({ "name": taken })),
        ("docker_volume", json!({ "name": taken })),
        ("docker_container", json!({ "name": taken, "image": image() })),
    ] {
        let failure = attempt(&harness, kind, json).await.expect_err(kind);
        assert_eq!(failure.class, FailureClass::Fail, "{kind}");
        let problem = &failure.problems[0];
        assert!(problem.summary.contains("is taken"), "{kind}: {problem:?}");
        assert!(problem.detail.contains(&taken), "{kind}: {problem:?}");
    }
    Ok(())
}

pub async fn data_sources_tell_what_is_there() -> Outcome {
    let harness = harness().await?;
    let found = data(harness.provider(), "docker_image", &json!({ "name": image() })).await;
    let found = found.expect("the image");
    let id = found.get("id").and_then(Value::as_str).unwrap_or_default();
    assert!(id.starts_with("sha256:"), "{found:?}");
    let found = data(harness.provider(), "docker_network", &json!({ "name": "bridge" })).await;
    let found = found.expect("the network");
    assert_eq!(found.get("driver").and_then(Value::as_str), Some("bridge"));
    for kind in ["docker_image", "docker_network"] {
        let gone = data(harness.provider(), kind, &json!({ "name": name("gone") })).await;
        let problem = gone.expect_err(kind).problems.remove(0);
        assert_eq!(problem.path.to_string(), "name");
    }
    Ok(())
}

pub async fn imports_tell_what_is_there() -> Outcome {
    let harness = harness().await?;
    let network =
        Object::new(&harness, "docker_network", json!({ "name": name("import") })).await?;
    let volume = Object::new(&harness, "docker_volume", json!({ "name": name("import") })).await?;
    let json = json!({ "name": name("import"), "image": image(), "env": ["A=1"], "memory": 32,
                       "ports": [{ "internal": 80 }], "command": ["sleep", "500"] });
    let container = Object::new(&harness, "docker_container", json).await?;
    for (kind, object) in
        [("docker_network", &network), ("docker_volume", &volume), ("docker_container", &container)]
    {
        let id = object.text("id");
        let request = platoform_provider::ImportRequest { kind: kind.into(), id: id.clone() };
        let mut imported = harness.provider().import(request).await.expect(kind);
        let state = harness.read(kind, &imported.remove(0).current).await?;
        for name in ["id", "name", "env", "memory", "command", "driver", "hostname", "labels"] {
            assert_eq!(state.get(name), object.current.get(name), "{kind}.{name}");
        }
    }
    container.destroy().await?;
    volume.destroy().await?;
    network.destroy().await
}

pub async fn volume_made_anew_by_hand_shows() -> Outcome {
    let harness = harness().await?;
    let json = json!({ "name": name("anew"), "labels": [{ "label": "a", "value": "1" }] });
    let mut volume = Object::new(&harness, "docker_volume", json.clone()).await?;
    let id = volume.text("id");
    api::call("DELETE", &format!("/volumes/{id}"), &Json::Null);
    assert!(harness.read("docker_volume", &volume.current).await?.is_null());
    let mark = json!({ "io.platoform.lineage": crate::world::lineage() });
    api::call("POST", "/volumes/create", &json!({ "Name": id, "Labels": mark }));
    volume.read().await?;
    assert_eq!(volume.plan(json).await?.0, ["labels"]);
    volume.destroy().await
}

pub async fn without_an_engine_only_what_needs_it_fails() -> Outcome {
    let nowhere = json!({ "host": "unix:///nowhere/docker.sock" });
    let harness = harness_of(&nowhere, environment()).await?;
    let config = config(&harness, "docker_network", &json!({ "name": "n" }));
    harness.plan("docker_network", &harness.nothing("docker_network")?, &config).await?;
    let failure = attempt(&harness, "docker_network", json!({ "name": "n" })).await;
    let failure = failure.expect_err("no Engine");
    assert_eq!(failure.class, FailureClass::Fail);
    let detail = &failure.problems[0].detail;
    for part in ["unix:///nowhere/docker.sock", "No such file", "`host` of the provider block"] {
        assert!(detail.contains(part), "{part}: {detail}");
    }
    Ok(())
}

pub async fn schema_is_sound() -> Outcome {
    platoform_provider::harness::check_schema(&platoform_docker::factory().schema())
}

pub async fn what_cannot_be_done_is_refused() -> Outcome {
    let harness = harness_of(&json!({}), environment()).await?;
    let build = |more: Json| {
        let mut build = json!({ "context": "." });
        build.as_object_mut().expect("an object").extend(more.as_object().expect("one").clone());
        json!({ "name": "x", "build": [build] })
    };
    for (kind, json, path) in [
        ("docker_volume", json!({ "cluster": [{}] }), "cluster"),
        ("docker_volume", json!({ "name": "../containers/x" }), "name"),
        ("docker_network", json!({ "name": "a?b" }), "name"),
        ("docker_image", json!({ "name": "a/../b" }), "name"),
        ("docker_container", json!({ "name": "/a", "image": "x" }), "name"),
        ("docker_image", build(json!({ "cache_to": ["x"] })), "build[*].cache_to"),
        ("docker_image", build(json!({ "builder": "x" })), "build[*].builder"),
        ("docker_image", build(json!({ "version": "2" })), "build[*].version"),
        ("docker_image", build(json!({ "build_log_file": "x" })), "build[*].build_log_file"),
        (
            "docker_image",
            build(json!({ "secrets": [{ "id": "a", "env": "b", "src": "c" }] })),
            "build[*].secrets",
        ),
        (
            "docker_network",
            json!({ "name": "n", "labels": [{ "label": "io.platoform.key", "value": "x" }] }),
            "labels",
        ),
        (
            "docker_network",
            json!({ "name": "n", "ipam_config": [{ "gateway": "10.0.0.1" }] }),
            "ipam_config[*].subnet",
        ),
    ] {
        let config = config(&harness, kind, &json);
        let mode = platoform_provider::schema::Mode::Managed;
        let problems = harness.provider().validate(mode, kind, &config);
        let paths: Vec<String> = problems.iter().map(|one| one.path.to_string()).collect();
        assert_eq!(paths, [path], "{kind} {json}");
    }
    Ok(())
}
