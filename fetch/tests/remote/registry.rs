//! The module registry protocol.

use std::sync::Arc;

use crate::server::{Answer, Asked, Server};
use crate::world::{World, archive};

const VERSIONS: &str = r#"{"modules":[{"versions":[{"version":"1.0.0"},{"version":"1.2.0"},
    {"version":"1.10.0"},{"version":"2.0.0-rc1"},{"version":"nonsense"}]}]}"#;

/// A registry with one module, whose packages have the version in their file.
fn registry(more: impl Fn(&Asked) -> Option<Answer> + Send + Sync + 'static) -> (World, Server) {
    let server = Server::https(move |asked| {
        if let Some(answer) = more(asked) {
            return answer;
        }
        match asked.path.split('?').next().unwrap() {
            "/.well-known/terraform.json" => Answer::ok(r#"{"modules.v1":"/api/modules"}"#),
            "/api/modules/acme/web/docker/versions" => Answer::ok(VERSIONS),
            "/api/modules/acme/empty/docker/versions" => {
                Answer::ok(r#"{"modules":[{"versions":[]}]}"#)
            }
            "/api/modules/acme/odd/docker/versions" => Answer::ok("<html>"),
            path => match path.strip_prefix("/api/modules/acme/web/docker/") {
                Some(rest) if rest.ends_with("/download") => {
                    let version = rest.trim_end_matches("/download");
                    let location = format!("/files/{version}//*?archive=tar.gz");
                    Answer::new(204, "").header("X-Terraform-Get", location)
                }
                _ => match path.strip_prefix("/files/") {
                    Some(version) => {
                        let name = format!("web-{version}/main.tf");
                        Answer::ok(archive(&[(&name, version)]))
                    }
                    None => Answer::new(404, ""),
                },
            },
        }
    });
    let mut world = World::new();
    std::fs::write(world.path("ca.pem"), server.certificate.as_ref().unwrap()).unwrap();
    world.set("SSL_CERT_FILE", "ca.pem");
    (world, server)
}

#[test]
fn the_newest_version_that_may_be_is_chosen() {
    let (world, server) = registry(|_| None);
    let source = format!("{}/acme/web/docker//sub", server.host);
    for (constraint, version) in [
        (None, "1.10.0"),
        (Some("~> 1.0"), "1.10.0"),
        (Some("< 1.10"), "1.2.0"),
        (Some("1.0.0"), "1.0.0"),
        (Some("!= 1.10.0, >= 1.1"), "1.2.0"),
        (Some("2.0.0-rc1"), "2.0.0-rc1"),
    ] {
        let module = world.fetch_locked(&source, constraint, None).unwrap().module;
        assert_eq!(module.version.as_ref().unwrap().to_string(), version, "{constraint:?}");
        assert_eq!(module.constraints.as_deref(), constraint);
        assert_eq!(module.directory, Some(format!("web-{version}").into()));
        assert_eq!(&*module.source, format!("{}/acme/web/docker", server.host));
        assert!(module.location.unwrap().ends_with("?archive=tar.gz"));
    }
    let error = world.fetch_locked(&source, Some("> 2.0"), None).unwrap_err();
    assert_eq!(error.summary(), "Unresolvable module version constraint");
    assert!(error.to_string().contains("the newest one is 1.10.0"));
}

#[test]
fn what_is_locked_stays() {
    let (world, server) = registry(|_| None);
    let source = format!("{}/acme/web/docker", server.host);
    let locked = world.fetch_locked(&source, Some("1.2.0"), None).unwrap().module;
    std::fs::remove_dir_all(world.path(".platoform")).unwrap();
    let again = world.fetch_locked(&source, Some("~> 1.0"), Some(&locked)).unwrap();
    assert_eq!(world.read(&again, "web-1.2.0/main.tf"), "1.2.0");
    assert_eq!(again.module.constraints.as_deref(), Some("~> 1.0"));
}

#[test]
fn registries_that_do_not_have_it_say_so() {
    let (world, server) = registry(|_| None);
    let summary = |path: &str| {
        let error = world.fetch(&format!("{}/{path}", server.host)).unwrap_err();
        (error.summary(), error.to_string())
    };
    assert_eq!(summary("acme/none/docker").0, "Module not found");
    assert_eq!(summary("acme/empty/docker").0, "Module has no versions");
    let (odd, why) = summary("acme/odd/docker");
    assert_eq!(odd, "Error accessing remote module registry");
    assert!(why.contains("list of versions is wrong"), "{why}");
    let (world, server) = registry(|asked| {
        let discovery = asked.path.starts_with("/.well-known");
        discovery.then(|| Answer::ok(r#"{"providers.v1":"/x"}"#))
    });
    let error = world.fetch(&format!("{}/acme/web/docker", server.host)).unwrap_err();
    assert!(error.to_string().contains("offers no modules"), "{error}");
}

#[test]
fn tokens_are_for_the_registry_only() {
    let elsewhere = Arc::new(Server::http(|_| Answer::ok(archive(&[("main.tf", "x")]))));
    let host = elsewhere.host.clone();
    let (mut world, server) = registry(move |asked| {
        if asked.header("authorization") != Some("Bearer secret") {
            return Some(Answer::new(401, ""));
        }
        let download = asked.path.ends_with("/download");
        let location = format!(r#"{{"location":"http://{host}/a.tgz?token=hidden&x=1"}}"#);
        download.then(|| Answer::ok(location))
    });
    let source = format!("{}/acme/web/docker", server.host);
    assert!(world.refused(&source).contains("401"));
    world.set("TF_TOKEN_127_0_0_1", "secret");
    let fetched = world.fetch(&source).unwrap();
    assert_eq!(world.read(&fetched, "main.tf"), "x");
    assert_eq!(elsewhere.asked().len(), 1);
    assert_eq!(elsewhere.asked()[0].header("authorization"), None);
    assert_eq!(elsewhere.asked()[0].path, "/a.tgz?token=hidden&x=1");
    // What is locked goes into version control.
    assert_eq!(
        fetched.module.location,
        Some(format!("http://{}/a.tgz?x=1", elsewhere.host).into())
    );
}
