//! Which Engine is meant, with a home directory made for each test.

use std::fs;

use sha2::{Digest, Sha256};
use tempfile::TempDir;

use super::*;

struct Home(TempDir, Environment);

impl Home {
    fn new(variables: &[(&str, &str)]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let variables = variables.iter().map(|(name, value)| ((*name).into(), (*value).into()));
        let environment = Environment {
            variables: variables.collect(),
            home: Some(directory.path().into()),
            directory: directory.path().into(),
        };
        Self(directory, environment)
    }

    fn context(self, name: &str, meta: &str) -> Self {
        let id: String = Sha256::digest(name).iter().map(|byte| format!("{byte:02x}")).collect();
        let meta_directory = self.0.path().join(".docker/contexts/meta").join(id);
        fs::create_dir_all(&meta_directory).unwrap();
        fs::write(meta_directory.join("meta.json"), meta).unwrap();
        self
    }

    fn config(self, text: &str) -> Self {
        fs::create_dir_all(self.0.path().join(".docker")).unwrap();
        fs::write(self.0.path().join(".docker/config.json"), text).unwrap();
        self
    }

    fn resolve(&self, settings: &Settings) -> Result<(String, Origin), Problem> {
        resolve(settings, &self.1).map(|endpoint| (endpoint.to_string(), endpoint.origin))
    }
}

fn context_at(host: &str) -> String {
    format!(r#"{{"Name":"x","Metadata":{{}},"Endpoints":{{"docker":{{"Host":"{host}"}}}}}}"#)
}

fn host(host: &str) -> Settings {
    Settings { host: Some(host.into()), ..Settings::default() }
}

fn context(name: &str) -> Settings {
    Settings { context: Some(name.into()), ..Settings::default() }
}

#[test]
fn nothing_set_means_the_usual_socket() {
    let (place, origin) = Home::new(&[]).resolve(&Settings::default()).unwrap();
    assert_eq!(place, DEFAULT_SOCKET);
    assert_eq!(origin, Origin::Default);
}

#[test]
fn each_source_wins_over_the_next() {
    let all = [("DOCKER_CONTEXT", "b"), ("DOCKER_HOST", "tcp://variable:1")];
    let home = |variables| {
        let home = Home::new(variables).config(r#"{"currentContext":"c"}"#);
        let home = home.context("a", &context_at("tcp://a:1"));
        home.context("b", &context_at("tcp://b:1")).context("c", &context_at("tcp://c:1"))
    };
    let both = Settings { context: Some("a".into()), ..host("tcp://host:1") };
    assert_eq!(home(&all).resolve(&both).unwrap().0, "tcp://a:1");
    assert_eq!(home(&all).resolve(&host("tcp://host:1")).unwrap().0, "tcp://host:1");
    assert_eq!(home(&all).resolve(&Settings::default()).unwrap().0, "tcp://b:1");
    assert_eq!(home(&all[1..]).resolve(&Settings::default()).unwrap().0, "tcp://variable:1");
    assert_eq!(home(&[]).resolve(&Settings::default()).unwrap().0, "tcp://c:1");
    assert_eq!(home(&[]).resolve(&context("default")).unwrap().0, DEFAULT_SOCKET);
}

#[test]
fn a_context_that_cannot_be_used_says_why() {
    let missing = Home::new(&[]).resolve(&context("gone")).unwrap_err();
    assert_eq!(missing.path.to_string(), "context");
    assert!(missing.detail.contains("no Docker context `gone`"), "{}", missing.detail);
    let skips = r#"{"Endpoints":{"docker":{"Host":"tcp://a:1","SkipTLSVerify":true}}}"#;
    let unverified = Home::new(&[]).context("lax", skips).resolve(&context("lax")).unwrap_err();
    assert!(unverified.detail.contains("verification"), "{}", unverified.detail);
    let broken = Home::new(&[]).context("bad", "{").resolve(&context("bad")).unwrap_err();
    assert!(broken.detail.contains("meta.json"), "{}", broken.detail);
}

#[test]
fn certificates_come_from_block_variables_or_directory() {
    let home = Home::new(&[("DOCKER_CERT_PATH", "certs")]);
    fs::create_dir(home.0.path().join("certs")).unwrap();
    fs::write(home.0.path().join("certs/ca.pem"), "from the directory").unwrap();
    let authority = |home: &Home, settings: &Settings| {
        let tls = resolve(settings, &home.1).unwrap().tls;
        tls.and_then(|material| material.authority)
    };
    assert_eq!(authority(&home, &host("tcp://a")).as_deref(), Some("from the directory"));
    assert_eq!(authority(&home, &host("unix:///run/a")), None);
    let material = [Some("from the block".into()), None, None];
    let settings = Settings { material, ..host("tcp://a") };
    assert_eq!(authority(&home, &settings).as_deref(), Some("from the block"));
    let plain = Home::new(&[]);
    assert_eq!(resolve(&host("tcp://a"), &plain.1).unwrap().tls, None);
    assert!(resolve(&host("https://a"), &plain.1).unwrap().tls.is_some());
    let verify = Home::new(&[("DOCKER_TLS_VERIFY", "1")]);
    assert_eq!(resolve(&host("tcp://a"), &verify.1).unwrap_err().path.to_string(), "cert_path");
}
