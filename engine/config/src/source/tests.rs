use super::*;

fn shown(text: &str) -> String {
    match ModuleSource::parse(text) {
        Ok(source) => source.to_string(),
        Err(error) => format!("{error:?}").split(['(', ' ']).next().unwrap_or_default().to_owned(),
    }
}

#[test]
fn addresses_are_read_as_in_terraform() {
    for (text, expected) in [
        ("./a//b", "./a/b"),
        ("../a/./b/../c", "../a/c"),
        (".\\a", "./a"),
        ("./..", ".."),
        ("./", "./."),
        ("a/b/c", "registry.terraform.io/a/b/c"),
        ("a/b/c//sub/dir", "registry.terraform.io/a/b/c//sub/dir"),
        ("Example.com:443/a/b/c", "example.com/a/b/c"),
        ("github.com/a/b", "git::https://github.com/a/b.git"),
        ("github.com/a/b.git/c/d?ref=x", "git::https://github.com/a/b.git//c/d?ref=x"),
        ("github.com/a/b//c?ref=x", "git::https://github.com/a/b.git//c?ref=x"),
        ("github.com/a/b/c//d", "git::https://github.com/a/b.git//c/d"),
        ("bitbucket.org/a/b", "git::https://bitbucket.org/a/b.git"),
        ("git@github.com:a/b.git", "git::ssh://git@github.com/a/b.git"),
        ("git::git@host.x:/a/b.git//c?ref=v1", "git::ssh://git@host.x/a/b.git//c?ref=v1"),
        ("git::https://x.com/y.git//a?ref=v1", "git::https://x.com/y.git//a?ref=v1"),
        ("git::/srv/repo//a", "git::file:///srv/repo//a"),
        ("https://x.com/a.zip", "https://x.com/a.zip"),
        ("https://x.com/a//b?archive=zip", "https://x.com/a//b?archive=zip"),
        ("/srv/module//a", "file::file:///srv/module//a"),
        ("git::https://u:secret@x.com/y?sshkey=abc&ref=1", "git::https://x.com/y?ref=1"),
    ] {
        assert_eq!(shown(text), expected, "{text}");
    }
}

#[test]
fn what_is_no_address_is_refused_with_its_reason() {
    for (text, expected) in [
        (".", "Unknown"),
        ("..", "Unknown"),
        ("foo", "Unknown"),
        (" ./x", "Unknown"),
        ("gitlab.com/foo/bar", "Unknown"),
        ("git::-foo", "Unknown"),
        ("git::ssh://git@h:foo/bar", "Unknown"),
        ("user@host:path", "Unknown"),
        ("", "Invalid"),
        ("github.com/foo", "Invalid"),
        ("ssh://git@host/x", "Invalid"),
        ("git::ext::sh -c true", "Invalid"),
        ("git::ext://sh", "Invalid"),
        ("git::https://x/y?ref=--upload-pack=x", "Invalid"),
        ("git::ssh://-oProxyCommand=x/y", "Invalid"),
        ("https://x/y?archive=rar", "Invalid"),
        ("https://x/y.zip?checksum=abc", "Invalid"),
        ("file://relative/x", "Invalid"),
        ("a/b/c//../x", "Outside"),
        ("git::https://x.com/y.git//a/../../z", "Outside"),
        ("hg::http://x/y", "Unsupported"),
        ("s3::https://s3.amazonaws.com/b/k.zip", "Unsupported"),
        ("bucket.s3.amazonaws.com/k.zip", "Unsupported"),
        ("www.googleapis.com/storage/v1/b/k", "Unsupported"),
    ] {
        assert_eq!(shown(text), expected, "{text}");
    }
}

#[test]
fn only_registries_have_versions() {
    assert!(ModuleSource::parse_registry("example.com/a/b/c//d").is_ok());
    for text in
        ["./x", "a/b", "github.com/a/b/c", "localhost/a/b/c", "A_b/c-/d", "a/b/C", "x:y/a/b/c"]
    {
        let error = ModuleSource::parse_registry(text).unwrap_err();
        assert!(matches!(error, SourceError::NotRegistry(_)), "{text}");
        let summary = error.diagnostic().summary;
        assert_eq!(summary, "Invalid registry module source address");
    }
}

#[test]
fn arguments_of_an_address_are_taken_out() {
    let package = |text: &str| match ModuleSource::parse(text) {
        Ok(ModuleSource::Remote(remote)) => remote.package,
        other => panic!("{other:?}"),
    };
    assert_eq!(
        package("git::https://x.com/y?depth=1&ref=a%2Fb&sshkey=a2V5&z=1").getter,
        Getter::Git {
            url: "https://x.com/y?z=1".into(),
            reference: Some("a/b".into()),
            depth: Some(1),
            ssh_key: Some("a2V5".into()),
        }
    );
    let digits = "A".repeat(64);
    let Getter::Http { url, archive, checksum } =
        package(&format!("https://x.com/y?checksum=sha256:{digits}&archive=tgz&v=2")).getter
    else {
        panic!("not fetched by HTTP")
    };
    assert_eq!((&*url, archive), ("https://x.com/y?v=2", Some(ArchiveFormat::TarGzip)));
    let digits = digits.to_lowercase();
    assert_eq!(checksum, Some(Checksum { algorithm: "sha256", digits }));
    assert_eq!(package("/srv/m").in_place(), Some(std::path::Path::new("/srv/m")));
    assert_eq!(package("/srv/m.tar.xz").in_place(), None);
}

#[test]
fn packages_are_named_without_the_module() {
    let package = |text| ModuleSource::parse(text).ok().and_then(|source| source.package());
    assert_eq!(package("a/b/c//d").as_deref(), Some("registry.terraform.io/a/b/c"));
    assert_eq!(package("git::https://x/y//d?ref=1").as_deref(), Some("git::https://x/y?ref=1"));
    assert_eq!((package("./x"), package("/srv/x")), (None, None));
}

#[test]
fn secrets_are_not_in_the_address_that_is_shown() {
    for (text, expected) in [
        ("git::https://ghp_token@x.com/y", "git::https://x.com/y"),
        ("git::https://ghp_token:x-oauth-basic@x.com/y?depth=1", "git::https://x.com/y?depth=1"),
        ("git::ssh://me:pw@x.com/y", "git::ssh://me@x.com/y"),
        ("https://x.com/y.zip?token=abc&v=1", "https://x.com/y.zip?v=1"),
        ("https://x.com/y.zip?%74oken=abc", "https://x.com/y.zip"),
        ("https://x.com/y.zip?X-Amz-Signature=a&X-Amz-Security-Token=b", "https://x.com/y.zip"),
        ("https://x.com/y?archive=zip&sv=1&sig=abc", "https://x.com/y?archive=zip&sv=1"),
        ("https://x.com/y.zip?design=1", "https://x.com/y.zip?design=1"),
    ] {
        assert_eq!(shown(text), expected, "{text}");
    }
    let ModuleSource::Remote(remote) =
        ModuleSource::parse("https://x.com/y.zip?token=abc").unwrap()
    else {
        panic!("it is an archive")
    };
    let Getter::Http { url, .. } = remote.package.getter else { panic!("it is an archive") };
    assert_eq!(url, "https://x.com/y.zip?token=abc");
}

#[test]
fn control_characters_are_refused_and_not_shown() {
    for text in ["git::https://x.com/\u{1b}[2Jy", "a/b/c//\u{7}", "https://x.com/y.zip?ref=\0"] {
        let error = ModuleSource::parse(text).unwrap_err().to_string();
        assert!(error.contains("control characters"), "{error}");
        assert!(!error.contains(char::is_control), "{error}");
    }
    assert!(ModuleSource::parse_registry("a/b/c//\u{7}").is_err());
    assert!(RemoteSource::parse("https://x.com/\u{9b}y.zip").is_err());
}
