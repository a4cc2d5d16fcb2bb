//! The state as each run left it, and what each run did.

use platoform_apply::{IntentClass, Journal, Write};
use platoform_plan::{Prior, Verb};
use platoform_state::{StateError, Store};

use crate::support::*;

/// What a run left, as `address=attributes`.
async fn at(store: &Store, run: i64) -> Vec<String> {
    texts(&store.prior_at(run).await.unwrap())
}

fn texts(prior: &Prior) -> Vec<String> {
    let text = |(address, deposed, attributes): (String, Option<_>, String)| match deposed {
        Some(deposed) => format!("{address}({deposed})={attributes}"),
        None => format!("{address}={attributes}"),
    };
    contents(prior).into_iter().map(text).collect()
}

/// `before -> after` for each object of a run.
async fn changes(store: &Store, run: i64) -> Vec<String> {
    let changes = store.changes(run).await.unwrap();
    let text = |record: Option<platoform_plan::Record>| {
        record.map_or("nothing".into(), |record| record.attributes.0.to_string())
    };
    let lines = changes.objects.into_iter().map(|(key, (before, after))| {
        format!("{}: {} -> {}", key.address, text(before), text(after))
    });
    lines.collect()
}

#[test]
fn every_run_can_be_looked_back_at() {
    run(async {
        let folder = Folder::new();
        let store = folder.locked().await;
        apply(&store, "p", vec![put("t.a", "1"), put("t.b", "1"), output("o", "1")]).await;
        apply(&store, "q", vec![put("t.a", "2"), Write::Remove(key("t.b"))]).await;
        apply(&store, "r", vec![]).await;
        let depose = Write::Depose(key("t.a"), "aaaaaaaa".into());
        apply(&store, "s", vec![depose, put("t.a", "3"), output("o", "2")]).await;
        assert_eq!(at(&store, 0).await, [""; 0]);
        assert_eq!(at(&store, 1).await, ["t.a=1", "t.b=1"]);
        assert_eq!(at(&store, 2).await, ["t.a=2"]);
        assert_eq!(at(&store, 3).await, ["t.a=2"]);
        assert_eq!(at(&store, 4).await, ["t.a=3", "t.a(aaaaaaaa)=2"]);
        assert_eq!(texts(&store.prior().await.unwrap()), at(&store, 4).await);
        let value = |prior: Prior| prior.outputs["o"].value.0.to_string();
        assert_eq!(value(store.prior_at(3).await.unwrap()), "1");
        assert_eq!(value(store.prior_at(4).await.unwrap()), "2");
        assert_eq!(changes(&store, 2).await, ["t.a: 1 -> 2", "t.b: 1 -> nothing"]);
        let counts = store.runs(9).await.unwrap().into_iter();
        let counts: Vec<_> =
            counts.map(|run| (run.number, run.added, run.changed, run.removed)).collect();
        assert_eq!(counts, [(4, 1, 1, 0), (3, 0, 0, 0), (2, 0, 1, 1), (1, 2, 0, 0)]);
        let error = store.prior_at(5).await.unwrap_err();
        assert!(matches!(error, StateError::NoHistory { first: 0, last: 4, .. }), "{error}");
    });
}

/// One row per change, nothing written again.
#[test]
fn what_one_run_wrote_twice_is_kept_once() {
    run(async {
        let folder = Folder::new();
        let store = folder.locked().await;
        let writes: Vec<Write> = (0..50).map(|number| put("t.a", &number.to_string())).collect();
        store.begin(start("p")).await.unwrap();
        for write in writes {
            store.write(vec![write]).unwrap();
            store.prior().await.unwrap();
        }
        store.finish(true).await.unwrap();
        for number in 0..5 {
            let others = (0..100).map(|other| put(&format!("t.x[{other}]"), "0")).collect();
            apply(&store, &format!("q{number}"), if number == 0 { others } else { vec![] }).await;
            apply(&store, &format!("r{number}"), vec![put("t.a", "again")]).await;
        }
        store.close().await.unwrap();
        let reader = folder.reader().await;
        let table = reader.ask("select count(*) from history").await.unwrap();
        assert_eq!(table.rows, [[serde_json::json!(5)]]);
    });
}

/// What is found out about an earlier run's calls belongs to no run that has begun.
#[test]
fn changes_outside_of_runs_get_one_of_their_own() {
    run(async {
        let folder = Folder::new();
        let store = folder.locked().await;
        store.begin(start("p")).await.unwrap();
        store.intent(intent("k", "t.a", Verb::Create)).await.unwrap();
        store.intent(intent("l", "t.b", Verb::Create)).await.unwrap();
        drop(store);
        let store = folder.locked().await;
        for (owner, address) in [("k", "t.a"), ("l", "t.b")] {
            let done = outcome(owner, IntentClass::Done, vec![put(address, "1")]);
            store.outcome(done).await.unwrap();
        }
        apply(&store, "q", vec![put("t.a", "2")]).await;
        let runs = store.runs(9).await.unwrap();
        let told: Vec<_> =
            runs.iter().map(|run| (run.number, run.outcome.as_deref(), run.added)).collect();
        let succeeded = Some("succeeded");
        assert_eq!(told, [(3, succeeded, 0), (2, succeeded, 2), (1, Some("interrupted"), 0)]);
        assert_eq!(at(&store, 2).await, ["t.a=1", "t.b=1"]);
    });
}

#[test]
fn calls_that_failed_are_named() {
    run(async {
        let folder = Folder::new();
        let store = folder.locked().await;
        store.begin(start("p")).await.unwrap();
        for (owner, address) in [("k", "t.a"), ("l", "t.b"), ("m", "t.c")] {
            store.intent(intent(owner, address, Verb::Create)).await.unwrap();
        }
        store.outcome(outcome("k", IntentClass::Done, vec![put("t.a", "1")])).await.unwrap();
        let mut failed = outcome("l", IntentClass::Failed, vec![]);
        failed.note = Some("no room".into());
        store.outcome(failed).await.unwrap();
        store.finish(false).await.unwrap();
        let failures = store.changes(1).await.unwrap().failures;
        let told: Vec<_> = failures
            .iter()
            .map(|call| (&*call.address, &*call.class, call.note.as_deref()))
            .collect();
        assert_eq!(told, [("t.b", "failed", Some("no room")), ("t.c", "open", None)]);
    });
}

#[test]
fn what_is_pruned_is_gone_and_no_more() {
    run(async {
        let folder = Folder::new();
        let store = folder.locked().await;
        for number in 1..=5 {
            apply(&store, &format!("p{number}"), vec![put("t.a", &number.to_string())]).await;
        }
        assert_eq!(store.prune(3).await.unwrap(), 2);
        assert!(matches!(
            store.prior_at(2).await,
            Err(StateError::NoHistory { first: 3, last: 5, .. })
        ));
        assert_eq!(at(&store, 3).await, ["t.a=3"]);
        assert_eq!(at(&store, 4).await, ["t.a=4"]);
        assert_eq!(store.runs(9).await.unwrap().len(), 5);
        assert!(folder.open().await.prune(4).await.is_err(), "it has no lease");
    });
}

#[test]
fn questions_change_nothing() {
    run(async {
        let folder = Folder::new();
        let store = folder.locked().await;
        apply(&store, "p", vec![put("t.a", r#"{"id":"x"}"#)]).await;
        assert!(store.ask("select 1").await.is_err(), "it is open for writing");
        store.close().await.unwrap();
        let reader = folder.reader().await;
        let table = reader
            .ask("select address, attributes ->> 'id' as id, null n, 1.5 r, x'00ff' b from resources;")
            .await
            .unwrap();
        assert_eq!(table.columns, ["address", "id", "n", "r", "b"]);
        let row = serde_json::json!(["t.a", "x", null, 1.5, "00ff"]);
        assert_eq!(serde_json::json!(table.rows), serde_json::json!([row]));
        assert_eq!(reader.ask("select 1 a from meta where 0").await.unwrap().columns, ["a"]);
        let other = folder.path().join("other");
        for question in [
            "delete from resources".to_owned(),
            "with a as (select 1) delete from resources".to_owned(),
            format!("vacuum into '{}'", other.display()),
            format!("select 1; vacuum into '{}'", other.display()),
            "select nothing from nowhere".to_owned(),
            "pragma query_only = off".to_owned(),
        ] {
            let error = reader.ask(&question).await.unwrap_err();
            assert!(matches!(error, StateError::Sql(_)), "{question}: {error}");
        }
        assert!(!other.exists());
        assert_eq!(folder.prior().await.records.len(), 1);
    });
}
