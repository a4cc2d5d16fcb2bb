//! Exchanging keys, and being killed while at it.

use std::fs;
use std::hash::{BuildHasher, RandomState};
use std::path::Path;
use std::time::Duration;

use platoform_apply::{Journal, Write};
use platoform_plan::{OutputRecord, Seal, Stored, Verb};
use platoform_state::{KeySource, OpenOptions, StateError, Store};
use platoform_value::{Marks, Type, Value};
use zeroize::Zeroizing;

use crate::child::{spawn, wait_for_note};
use crate::support::*;

const SECRET: &str = "correct-horse";
const KILLS: usize = 40;

fn passphrase(text: &str) -> KeySource {
    KeySource::Passphrase(Zeroizing::new(text.to_owned()))
}

async fn open(folder: &Folder, key: KeySource) -> Result<Store, StateError> {
    Store::open(&folder.database(), OpenOptions { key }).await
}

fn secret(seal: &dyn Seal) -> Stored {
    let value = Value::object_of([("s", Value::from(SECRET).mark(Marks::SENSITIVE))]);
    Stored::encode(&value, &value.kind(), seal).unwrap()
}

/// Puts a secret wherever one can be: now, in the history, in outputs, and in an open intent.
async fn fill(store: &Store) {
    let seal = store.sealer().clone();
    let sealed = |tainted| {
        let mut record = record("t.a", "");
        record.attributes = secret(&seal);
        record.private = SECRET.into();
        record.tainted = tainted;
        Write::Put(Box::new(record))
    };
    let output = || {
        let record =
            OutputRecord { value: secret(&seal), kind: "\"dynamic\"".into(), sensitive: true };
        Write::Output("o".into(), Some(record))
    };
    apply(store, "p", vec![sealed(true), output()]).await;
    apply(store, "q", vec![sealed(false), output()]).await;
    store.begin(start("r")).await.unwrap();
    let mut intent = intent("k", "t.b", Verb::Create);
    intent.planned.attributes = secret(&seal);
    intent.planned.private = SECRET.into();
    store.intent(intent).await.unwrap();
}

/// Everything can be read.
async fn verify(store: &Store) {
    let kind = Type::object([("s", Type::String)]);
    let plain = |stored: &Stored| {
        let value = stored.decode(&kind, store.sealer()).unwrap();
        value.unmark_deep().children().next().unwrap().as_str().unwrap().to_owned()
    };
    let prior = store.prior().await.unwrap();
    let mut records = prior.records;
    records.extend(store.prior_at(1).await.unwrap().records);
    records.extend(prior.open.into_iter().map(|intent| intent.planned));
    assert_eq!(records.len(), 3);
    for record in records {
        assert_eq!(plain(&record.attributes), SECRET);
        assert_eq!(record.private, SECRET.as_bytes());
    }
    for prior in [store.prior().await.unwrap(), store.prior_at(1).await.unwrap()] {
        assert_eq!(plain(&prior.outputs["o"].value), SECRET);
    }
}

#[test]
fn only_the_new_key_opens() {
    run(async {
        let folder = Folder::new();
        fill(&folder.locked().await).await;
        let file = folder.path().join("platoform.key");
        let former = fs::read_to_string(&file).unwrap();
        let store = folder.locked().await;
        let made = store.rotate_user_key(KeySource::Beside, KeySource::Beside).await.unwrap();
        assert_eq!(made.as_ref(), Some(&file));
        verify(&store).await;
        store.close().await.unwrap();
        assert_ne!(fs::read_to_string(&file).unwrap(), former);
        verify(&folder.open().await).await;
        let text = KeySource::Text(Zeroizing::new(former));
        assert!(matches!(open(&folder, text).await, Err(StateError::Key(_))));

        // From a file to a passphrase, and from one to another.
        let store = folder.locked().await;
        let made = store.rotate_user_key(KeySource::Beside, passphrase("one")).await.unwrap();
        assert_eq!(made, None);
        store.close().await.unwrap();
        assert!(matches!(open(&folder, KeySource::Beside).await, Err(StateError::Key(_))));
        let store = open(&folder, passphrase("one")).await.unwrap();
        store.lock(process(), Duration::ZERO).await.unwrap();
        store.rotate_user_key(passphrase("one"), passphrase("two")).await.unwrap();
        store.close().await.unwrap();
        assert!(open(&folder, passphrase("one")).await.is_err());
        verify(&open(&folder, passphrase("two")).await.unwrap()).await;
    });
}

#[test]
fn a_new_data_key_seals_everything_anew() {
    run(async {
        let folder = Folder::new();
        fill(&folder.locked().await).await;
        let sealed = sealed(&folder).await;
        assert_eq!(sealed.len(), 8);
        let store = folder.locked().await;
        let former = store.sealer().clone();
        store.rotate_data_key(KeySource::Beside).await.unwrap();
        store.close().await.unwrap();
        let store = folder.open().await;
        verify(&store).await;
        for text in &sealed {
            assert!(former.open(text).is_ok() && store.sealer().open(text).is_err());
        }
        store.close().await.unwrap();
        // Not even what was replaced is in the file.
        let bytes = fs::read(folder.database()).unwrap();
        for text in &sealed {
            assert!(!bytes.windows(text.len()).any(|window| window == text.as_bytes()));
        }
    });
}

/// All sealed texts in the tables.
async fn sealed(folder: &Folder) -> Vec<String> {
    let table = folder
        .reader()
        .await
        .ask(
            "select attributes ->> '$.s.$sealed' from resources union all
             select attributes ->> '$.s.$sealed' from history union all
             select private from resources union all select private from history union all
             select value ->> '$.s.$sealed' from outputs union all
             select value ->> '$.s.$sealed' from output_history union all
             select planned ->> 'private' from intents union all
             select (planned ->> 'attributes') ->> '$.s.$sealed' from intents",
        )
        .await
        .unwrap();
    table.rows.iter().map(|row| row[0].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_kill_while_keys_are_exchanged_locks_nobody_out() {
    run(async {
        let folder = Folder::new();
        fill(&folder.locked().await).await;
        let mut keys = std::collections::HashSet::new();
        for kill in 0..KILLS {
            let mut child = spawn("rotate", folder.path(), "");
            wait_for_note(folder.path());
            let random = RandomState::new().hash_one(kill);
            std::thread::sleep(Duration::from_micros(random % 60_000));
            child.kill().unwrap();
            child.wait().unwrap();
            verify(&folder.open().await).await;
            keys.insert(fs::read_to_string(folder.path().join("platoform.key")).unwrap());
        }
        assert!(keys.len() > KILLS / 4, "only {} keys in {KILLS} runs", keys.len());
        assert_eq!(folder.integrity().await, "ok");
    });
}

/// Each moment in which an exchange can be cut off.
#[test]
fn half_an_exchange_opens_with_either_key() {
    run(async {
        let (before, after) = (Folder::new(), Folder::new());
        fill(&before.locked().await).await;
        copy(before.path(), after.path());
        let former = fs::read(before.path().join("platoform.key")).unwrap();
        let store = after.locked().await;
        store.rotate_user_key(KeySource::Beside, KeySource::Beside).await.unwrap();
        store.close().await.unwrap();
        let new = fs::read(after.path().join("platoform.key")).unwrap();
        // Both seals, as between the first and the last step.
        let row = before.reader().await.ask("select hex(data_key) from meta").await.unwrap();
        let wrapped = row.rows[0][0].as_str().unwrap().to_owned();
        after
            .execute(&format!(
                "UPDATE meta SET former_salt = x'', former_rounds = 0,
                        former_data_key = CAST(x'{wrapped}' AS TEXT)"
            ))
            .await;
        let key = after.path().join("platoform.key");
        fs::write(&key, &former).unwrap();
        verify(&after.open().await).await;
        fs::write(&key, &new).unwrap();
        verify(&after.reader().await).await;
        // Whoever opens it to write, with the new key, ends the exchange.
        verify(&after.open().await).await;
        fs::write(&key, &former).unwrap();
        let error = Store::open(&after.database(), OpenOptions::default()).await.unwrap_err();
        assert!(matches!(error, StateError::Key(_)), "{error}");
    });
}

fn copy(from: &Path, to: &Path) {
    for file in fs::read_dir(from).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), to.join(file.file_name())).unwrap();
    }
}
