//! Who we are, with a home directory and a helper program made for each test.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use tempfile::TempDir;

use super::*;

const HELPER: &str = r#"#!/bin/sh
read -r server
case "$server" in
  vault.example.com) echo '{"ServerURL":"x","Username":"me","Secret":"from the vault"}' ;;
  token.example.com) echo '{"ServerURL":"x","Username":"<token>","Secret":"a token"}' ;;
  broken.example.com) echo 'the vault is locked'; exit 1 ;;
  *) echo 'credentials not found in native keychain'; exit 1 ;;
esac
"#;

fn home(config: &str) -> (TempDir, Arc<Environment>) {
    let directory = tempfile::tempdir().unwrap();
    fs::create_dir_all(directory.path().join(".docker")).unwrap();
    fs::write(directory.path().join(".docker/config.json"), config).unwrap();
    let helper = directory.path().join("docker-credential-vault");
    fs::write(&helper, HELPER).unwrap();
    fs::set_permissions(&helper, fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:/usr/bin:/bin", directory.path().display());
    let environment = Environment {
        variables: [("PATH".to_owned(), path)].into(),
        home: Some(directory.path().into()),
        directory: directory.path().into(),
    };
    (directory, Arc::new(environment))
}

fn ask(credentials: &Credentials, host: &str) -> Result<Option<DockerCredentials>, Problem> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(credentials.of(host))
}

fn password(credentials: &Credentials, host: &str) -> Option<String> {
    ask(credentials, host).unwrap().and_then(|found| found.password)
}

#[test]
fn the_configuration_file_is_read_with_all_spellings_of_a_host() {
    // "bWU6c2VjcmV0" is "me:secret".
    let config = r#"{"auths":{"https://index.docker.io/v1/":{"auth":"bWU6c2VjcmV0"},
        "https://r.example.com:5000/v2/":{"auth":"bWU6c2VjcmV0"},
        "other.example.com":{"identitytoken":"t"},"empty.example.com":{}}}"#;
    let (_home, environment) = home(config);
    let credentials = Credentials::new(Vec::new(), environment);
    assert_eq!(password(&credentials, "docker.io").as_deref(), Some("secret"));
    assert_eq!(password(&credentials, "r.example.com:5000").as_deref(), Some("secret"));
    let token = ask(&credentials, "other.example.com").unwrap().unwrap();
    assert_eq!(token.identitytoken.as_deref(), Some("t"));
    assert_eq!(ask(&credentials, "empty.example.com").unwrap(), None);
    assert_eq!(ask(&credentials, "unknown.example.com").unwrap(), None);
    let hub = ask(&credentials, "docker.io").unwrap().unwrap();
    assert_eq!(hub.serveraddress.as_deref(), Some(HUB_KEY));
}

#[test]
fn helpers_are_asked_and_their_failures_told() {
    let config = r#"{"credsStore":"vault","auths":{"plain.example.com":{"auth":"bWU6c2VjcmV0"}}}"#;
    let (_home, environment) = home(config);
    let credentials = Credentials::new(Vec::new(), environment);
    assert_eq!(password(&credentials, "vault.example.com").as_deref(), Some("from the vault"));
    assert_eq!(password(&credentials, "plain.example.com").as_deref(), Some("secret"));
    let token = ask(&credentials, "token.example.com").unwrap().unwrap();
    assert_eq!((token.username, token.identitytoken.as_deref()), (None, Some("a token")));
    let broken = ask(&credentials, "broken.example.com").unwrap_err();
    assert!(broken.detail.contains("the vault is locked"), "{}", broken.detail);
}

#[test]
fn a_block_of_the_provider_wins() {
    let (_home, environment) = home(r#"{"auths":{"a.example.com":{"auth":"bWU6c2VjcmV0"}}}"#);
    let block = |address: &str| RegistryAuth { address: address.into(), ..Default::default() };
    let named = RegistryAuth {
        username: Some("you".into()),
        password: Some("other".into()),
        ..block("https://a.example.com")
    };
    let content = r#"{"auths":{"b.example.com":{"auth":"bWU6c2VjcmV0"}}}"#;
    let text = RegistryAuth { config_file_content: Some(content.into()), ..block("b.example.com") };
    let off = RegistryAuth { auth_disabled: true, ..block("c.example.com") };
    let lost = RegistryAuth { config_file: Some("gone.json".into()), ..block("d.example.com") };
    let credentials = Credentials::new(vec![named, text, off, lost], environment);
    assert_eq!(password(&credentials, "a.example.com").as_deref(), Some("other"));
    assert_eq!(password(&credentials, "b.example.com").as_deref(), Some("secret"));
    assert_eq!(ask(&credentials, "c.example.com").unwrap(), None);
    assert!(ask(&credentials, "d.example.com").is_err());
}

#[test]
fn broken_configuration_never_shows_its_text() {
    let (_home, environment) = home(r#"{"auths":{"a.example.com":{"auth":"c2VjcmV0"}}}"#);
    let error = ask(&Credentials::new(Vec::new(), environment), "a.example.com").unwrap_err();
    assert!(!error.detail.contains("c2VjcmV0") && !error.detail.contains("secret"));
    let (_home, environment) = home(r#"{"auths":{"a.example.com": hunter2 }}"#);
    let error = ask(&Credentials::new(Vec::new(), environment), "a.example.com").unwrap_err();
    assert!(!error.detail.contains("hunter2"), "{}", error.detail);
}
