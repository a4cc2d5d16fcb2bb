use platoform_diagnostic::Sources;

use super::*;
use crate::fixture::lines;

const TEXT: &str = r#"# Kept by `platoform init`: the modules and providers that this configuration uses.
# It belongs into version control. `platoform init -upgrade` moves to newer ones.

module "git::https://example.com/network.git?ref=v1" {
  revision = "9c1e5d0b7f3a2c4d6e8f0a1b2c3d4e5f60718293"
  hash     = "h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
}

module "registry.terraform.io/acme/web/docker" {
  constraints = "~> 1.2"
  version     = "1.4.0"
  location    = "https://example.com/web.tar.gz"
  directory   = "web-1.4.0"
  hash        = "h1:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="
}

provider "registry.terraform.io/kreuzwerker/docker" {
  constraints = ">= 3.0"
  version     = "3.6.2"
}
"#;

fn found(text: &str) -> Vec<String> {
    let mut sources = Sources::default();
    let file = sources.add("lock", text);
    match parse_file(file, text) {
        Ok(_) => Vec::new(),
        Err(found) => lines(&found, &sources),
    }
}

#[test]
fn a_lock_is_written_as_it_was_read() {
    let lock = parse(TEXT).unwrap();
    assert_eq!(lock.to_string(), TEXT);
    assert_eq!((lock.modules().len(), lock.providers().len()), (2, 1));
}

#[test]
fn strange_names_survive() {
    let mut lock = Lock::default();
    for name in ["a\"b\\c", "${x}", "%{y}", "$${z}", "é\n\u{7}", "$"] {
        lock.set_module(LockedModule {
            source: name.into(),
            constraints: None,
            version: None,
            location: Some(name.into()),
            revision: None,
            directory: None,
            hash: TreeHash::new(&[7; 32]),
        });
    }
    assert_eq!(parse(&lock.to_string()).unwrap(), lock);
}

#[test]
fn mistakes_have_places() {
    let hash = "hash = \"h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"";
    assert_eq!(found("modul \"a\" {}\n"), ["lock:1,1 Unsupported block type"]);
    assert_eq!(found("module \"a\" {\n}\n"), ["lock:1,12 Missing required argument"]);
    assert_eq!(found("module \"a\" {\n  hash = \"h1:x\"\n}\n"), ["lock:2,10 Invalid hash"]);
    assert_eq!(found("provider \"a\" {\n  version = \"x\"\n}\n"), ["lock:2,13 Invalid version"]);
    let twice = format!("module \"a\" {{\n  {hash}\n}}\n").repeat(2);
    assert_eq!(found(&twice), ["lock:4,1 Duplicate lock"]);
    for path in ["../x", "/x", "a/../../b", "a//b"] {
        let text = format!("module \"a\" {{\n  {hash}\n  directory = \"{path}\"\n}}\n");
        assert_eq!(found(&text), ["lock:3,15 Invalid directory"], "{path}");
    }
}

#[test]
fn no_text_is_too_much() {
    for text in
        ["\0", "module", "module \"", "{{{{", "a = [", "module \"a\" { hash = f() }", "\u{feff}"]
    {
        let _ = parse(text);
    }
}

#[test]
fn a_call_finds_what_was_chosen_for_it() {
    let lock = parse(TEXT).unwrap();
    let version = |source: &str, constraint: Option<&str>| {
        let constraint = constraint.map(|text| Constraint::parse(text).unwrap());
        let source = ModuleSource::parse(source).unwrap();
        lock.module(&source, constraint.as_ref()).map(|found| found.source.to_string())
    };
    assert!(version("acme/web/docker//sub", Some("~> 1.2")).is_some());
    assert!(version("acme/web/docker", Some(">= 1.0")).is_some());
    assert!(version("acme/web/docker", None).is_some());
    assert!(version("acme/web/docker", Some("~> 2.0")).is_none());
    assert!(version("acme/web/other", Some("~> 1.2")).is_none());
    assert!(version("git::https://example.com/network.git//x?ref=v1", None).is_some());
    assert!(version("git::https://example.com/network.git?ref=v2", None).is_none());
}
