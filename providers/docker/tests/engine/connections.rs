//! Ways to the Engine other than its socket, each in front of the real one.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;

use platoform_provider::FailureClass;
use rcgen::{CertificateParams, CertifiedIssuer, KeyPair};
use serde_json::json;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, UnixStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig};

use crate::api;
use crate::world::{Outcome, config, environment, harness_of, name};

/// A certificate authority with a certificate for a server and one for a client.
struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).expect("parameters");
        params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        Self { issuer: CertifiedIssuer::self_signed(params, key).expect("an authority") }
    }

    fn issue(&self) -> (rcgen::Certificate, KeyPair) {
        let key = KeyPair::generate().expect("a key");
        let params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).expect("parameters");
        (params.signed_by(&key, &self.issuer).expect("a certificate"), key)
    }

    fn server(&self) -> ServerConfig {
        let mut roots = RootCertStore::empty();
        roots.add(self.issuer.der().clone()).expect("an authority");
        let provider = Arc::new(ring::default_provider());
        let verifier = WebPkiClientVerifier::builder_with_provider(roots.into(), provider.clone());
        let (certificate, key) = self.issue();
        let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
        ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("protocols")
            .with_client_cert_verifier(verifier.build().expect("a verifier"))
            .with_single_cert(vec![certificate.der().clone()], key)
            .expect("a server")
    }
}

/// Passes connections with TLS on to the Engine; returns its address.
async fn front(server: ServerConfig) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let acceptor = TlsAcceptor::from(Arc::new(server));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let Ok(mut near) = acceptor.accept(stream).await else { return };
                let path = api::host().replace("unix://", "");
                let Ok(mut far) = UnixStream::connect(path).await else { return };
                let _ = copy_bidirectional(&mut near, &mut far).await;
            });
        }
    });
    format!("tcp://{address}")
}

pub async fn engine_behind_tls_is_verified() -> Outcome {
    let authority = Authority::new();
    let host = front(authority.server()).await;
    let (certificate, key) = authority.issue();
    let with = |ca: String| {
        json!({ "host": host, "ca_material": ca, "cert_material": certificate.pem(),
                "key_material": key.serialize_pem() })
    };
    let harness = harness_of(&with(authority.issuer.pem()), environment()).await?;
    let volume = config(&harness, "docker_volume", &json!({ "name": name("tls") }));
    harness.cycle("docker_volume", &volume).await?;
    let stranger = Authority::new().issuer.pem();
    let harness = harness_of(&with(stranger), environment()).await?;
    let json = json!({ "name": name("tls") });
    let failure = crate::world::attempt(&harness, "docker_volume", json).await.expect_err("a lie");
    assert_eq!(failure.class, FailureClass::Fail);
    let detail = &failure.problems[0].detail;
    assert!(detail.contains("invalid peer certificate"), "{detail}");
    assert!(!detail.contains("PRIVATE KEY"));
    Ok(())
}

/// Whether the `docker` program is here, which speaks for the far side.
pub fn has_client() -> bool {
    std::process::Command::new("docker").arg("--version").output().is_ok()
}

/// Stands in for `ssh`: keeps its arguments and talks to the Engine here.
const SSH: &str = r#"#!/bin/sh
printf '%s\n' "$*" >> "$0.arguments"
case "$*" in *refused*) echo "Permission denied (publickey)." >&2; exit 255 ;; esac
exec docker system dial-stdio
"#;

pub async fn engine_behind_ssh_is_reached() -> Outcome {
    let directory = tempfile::tempdir().expect("a directory");
    let ssh = directory.path().join("ssh");
    fs::write(&ssh, SSH).expect("a program");
    fs::set_permissions(&ssh, fs::Permissions::from_mode(0o755)).expect("a program");
    let mut environment = environment();
    let path = environment.variables.get("PATH").cloned().unwrap_or_default();
    let path = format!("{}:{path}", directory.path().display());
    environment.variables.insert("PATH".into(), path);
    environment.variables.insert("DOCKER_HOST".into(), api::host());
    let with = |host: &str| json!({ "host": host, "ssh_opts": ["-i", "key"] });
    let harness = harness_of(&with("ssh://me@node:2222"), environment.clone()).await?;
    let volume = config(&harness, "docker_volume", &json!({ "name": name("ssh") }));
    harness.cycle("docker_volume", &volume).await?;
    let arguments = fs::read_to_string(ssh.with_extension("arguments")).expect("arguments");
    let wanted = "-i key -o ConnectTimeout=30 -T -l me -p 2222 -- node docker system dial-stdio";
    assert!(arguments.lines().all(|line| line == wanted), "{arguments}");
    assert!(arguments.lines().count() <= 4, "connections are used again: {arguments}");
    let harness = harness_of(&with("ssh://refused"), environment).await?;
    let json = json!({ "name": name("ssh") });
    let failure = crate::world::attempt(&harness, "docker_volume", json).await;
    let detail = failure.expect_err("refused").problems.remove(0).detail;
    assert!(detail.contains("Permission denied (publickey)"), "{detail}");
    Ok(())
}
