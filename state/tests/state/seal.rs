//! No secret is on the disk in clear.

use std::fs;

use platoform_apply::{Journal, Write};
use platoform_plan::{Record, Seal, Verb};
use platoform_state::{KeyError, KeySource, OpenOptions, StateError, Store};

use crate::support::*;

const SECRET: &str = "correct horse battery staple";

fn with(key: KeySource) -> OpenOptions {
    OpenOptions { key }
}

fn key_error(result: Result<Store, StateError>) -> KeyError {
    match result {
        Err(StateError::Key(error)) => error,
        other => panic!("{other:?}"),
    }
}

#[test]
fn secrets_are_in_no_file() {
    run(async {
        let folder = Folder::new();
        let store = folder.locked().await;
        let sealed = store.sealer().seal(SECRET.as_bytes()).unwrap();
        let attributes = format!(r#"{{"password":{{"$sealed":"{sealed}","$mac":"m"}}}}"#);
        let private = SECRET.as_bytes().to_vec();
        let record = Record { private, ..record("t.a", &attributes) };
        store.begin(start("p")).await.unwrap();
        let mut before = intent("k", "t.a", Verb::Create);
        before.planned = record.clone();
        store.intent(before).await.unwrap();
        store.write(vec![Write::Put(Box::new(record.clone()))]).unwrap();
        let prior = store.prior().await.unwrap();
        assert_eq!(prior.records[0].private, record.private);
        assert_eq!(prior.open[0].planned, record);
        let while_open = look(&folder);
        drop(store);
        assert!(while_open + look(&folder) > 1, "the test looks at the wrong files");
    });
}

/// How many files have something sealed in them; none has the secret.
fn look(folder: &Folder) -> usize {
    let has = |bytes: &[u8], text: &str| bytes.windows(text.len()).any(|at| at == text.as_bytes());
    let files = fs::read_dir(folder.path()).unwrap();
    let files = files.map(|file| fs::read(file.unwrap().path()).unwrap());
    files
        .inspect(|bytes| assert!(!has(bytes, SECRET)))
        .filter(|bytes| has(bytes, "$sealed"))
        .count()
}

#[test]
fn sealing_is_random_and_opening_exact() {
    run(async {
        let folder = Folder::new();
        let store = folder.open().await;
        let sealer = store.sealer().clone();
        let one = sealer.seal(b"x").unwrap();
        assert_ne!(one, sealer.seal(b"x").unwrap());
        assert!(one.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/".contains(&byte)));
        assert_eq!(sealer.open(&one).unwrap(), b"x");
        assert_eq!(sealer.mac(b"x"), sealer.mac(b"x"));
        assert_ne!(sealer.mac(b"x"), sealer.mac(b"y"));
        for index in 0..one.len() {
            let mut changed = one.clone().into_bytes();
            changed[index] = if changed[index] == b'A' { b'B' } else { b'A' };
            assert!(sealer.open(&String::from_utf8(changed).unwrap()).is_err(), "{index}");
        }
        let other = Folder::new();
        let other = other.open().await;
        assert!(other.sealer().open(&one).is_err());
        assert_ne!(other.sealer().mac(b"x"), sealer.mac(b"x"));
        for text in ["", "A", "AQ", "ü"] {
            assert!(sealer.open(text).is_err());
        }
    });
}

#[test]
fn the_wrong_key_is_refused_as_such() {
    run(async {
        let folder = Folder::new();
        let path = folder.database();
        folder.open().await.close().await.unwrap();
        let key = folder.path().join("platoform.key");
        let right = fs::read_to_string(&key).unwrap();
        fs::write(&key, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").unwrap();
        let error = key_error(Store::open(&path, with(KeySource::Beside)).await);
        assert_eq!(error.to_string(), "the state was sealed with another key");
        fs::write(&key, "not a key").unwrap();
        let error = key_error(Store::open(&path, with(KeySource::Beside)).await);
        assert!(matches!(error, KeyError::Form { .. }));
        fs::remove_file(&key).unwrap();
        let error = key_error(Store::open(&path, with(KeySource::Beside)).await);
        assert!(matches!(error, KeyError::Missing { .. }));
        assert!(!key.exists(), "no other key takes the place of a lost one");
        Store::open(&path, with(KeySource::Text(right.into()))).await.unwrap();
    });
}

#[test]
fn a_passphrase_opens_its_state_only() {
    run(async {
        let folder = Folder::new();
        let path = folder.database();
        let phrase = |text: &str| with(KeySource::Passphrase(text.to_owned().into()));
        let store = Store::open(&path, phrase("one")).await.unwrap();
        let sealed = store.sealer().seal(b"x").unwrap();
        store.close().await.unwrap();
        assert!(!folder.path().join("platoform.key").exists());
        let store = Store::open(&path, phrase("one")).await.unwrap();
        assert_eq!(store.sealer().open(&sealed).unwrap(), b"x");
        let error = key_error(Store::open(&path, phrase("two")).await);
        assert_eq!(error.to_string(), "the state was sealed with another passphrase");
        let error = key_error(Store::open(&path, with(KeySource::Beside)).await);
        assert!(matches!(error, KeyError::Kind { .. }));
    });
}

#[test]
fn debug_output_has_no_keys() {
    let shown = format!("{:?}", with(KeySource::Text(SECRET.to_owned().into())));
    assert_eq!(shown, "OpenOptions { key: Text(…) }");
}
