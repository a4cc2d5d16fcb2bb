//! What the journal keeps, and what it refuses.

use platoform_apply::{IntentClass, Journal, Write};
use platoform_plan::{OutputRecord, Record, Stored, Verb};

use crate::support::*;

#[test]
fn records_come_back_as_they_were() {
    run(async {
        let folder = Folder::new();
        let store = folder.locked().await;
        let full = Record {
            private: vec![0, 1, 255],
            tainted: true,
            create_before_destroy: true,
            protected: true,
            retained: true,
            dependencies: vec!["docker_network.front".into(), "module.a[\"x.y\"].t.u[3]".into()],
            ..record("module.a[\"x.y\"].module.b[2].docker_container.web[\"quo\\\"te\"]", "{}")
        };
        let odd = r#"{"n":12345678901234567890.5,"s":"\u0000 \" \\ ü","e":1e400}"#;
        let writes = vec![Write::Put(Box::new(full.clone())), put("data.docker_image.i[7]", odd)];
        apply(&store, "p", writes).await;
        let prior = store.prior().await.unwrap();
        assert_eq!(prior.serial, 1);
        assert_eq!(prior.lineage, *store.lineage());
        let (data, module) = (&prior.records[0], &prior.records[1]);
        assert_eq!(*data, Record { version: 1, ..record("data.docker_image.i[7]", odd) });
        assert_eq!(*module, Record { version: 1, ..full });
    });
}

#[test]
fn the_last_change_of_a_record_counts() {
    run(async {
        let folder = Folder::new();
        let store = folder.locked().await;
        let writes = vec![
            put("t.a", "1"),
            put("t.a", "2"),
            put("t.b", "1"),
            Write::Remove(key("t.b")),
            Write::Remove(key("t.c")),
            put("t.c", "3"),
        ];
        apply(&store, "p", writes).await;
        let expected =
            [("t.a", "2"), ("t.c", "3")].map(|(a, v)| (a.to_owned(), None, v.to_owned()));
        assert_eq!(contents(&store.prior().await.unwrap()), expected);
    });
}

#[test]
fn a_replacement_leaves_its_predecessor_deposed() {
    run(async {
        let folder = Folder::new();
        let store = folder.locked().await;
        apply(&store, "1", vec![put("t.a", "1")]).await;
        let depose = Write::Depose(key("t.a"), "0badcafe".into());
        apply(&store, "2", vec![depose, put("t.a", "2")]).await;
        let prior = store.prior().await.unwrap();
        let found = contents(&prior);
        assert_eq!(found[0], ("t.a".into(), None, "2".into()));
        assert_eq!(found[1], ("t.a".into(), Some("0badcafe".into()), "1".into()));
        assert_eq!(prior.records[1].key, deposed("t.a", "0badcafe"));
        apply(&store, "3", vec![Write::Remove(deposed("t.a", "0badcafe"))]).await;
        assert_eq!(contents(&store.prior().await.unwrap()).len(), 1);
        // Made and deposed within one transaction.
        let depose = Write::Depose(key("t.a"), "00000001".into());
        apply(&store, "4", vec![put("t.a", "4"), depose]).await;
        let found = contents(&store.prior().await.unwrap());
        assert_eq!(found, [("t.a".into(), Some("00000001".into()), "4".into())]);
    });
}

#[test]
fn outputs_are_set_and_removed() {
    run(async {
        let folder = Folder::new();
        let store = folder.locked().await;
        let value = OutputRecord {
            value: Stored("[1]".into()),
            kind: "[\"list\",\"number\"]".into(),
            sensitive: true,
        };
        apply(&store, "1", vec![Write::Output("o".into(), Some(value.clone()))]).await;
        let prior = store.prior().await.unwrap();
        assert_eq!(prior.outputs.get("o"), Some(&value));
        assert_eq!(prior.serial, 1);
        apply(&store, "2", vec![Write::Output("o".into(), None)]).await;
        assert!(store.prior().await.unwrap().outputs.is_empty());
    });
}

#[test]
fn the_serial_grows_with_the_state_only() {
    run(async {
        let folder = Folder::new();
        let store = folder.locked().await;
        store.begin(start("p")).await.unwrap();
        store.intent(intent("k", "t.a", Verb::Create)).await.unwrap();
        store.outcome(outcome("k", IntentClass::Failed, vec![])).await.unwrap();
        assert_eq!(store.prior().await.unwrap().serial, 0);
        store.write(vec![put("t.a", "1")]).unwrap();
        store.write(vec![put("t.b", "1")]).unwrap();
        assert_eq!(store.prior().await.unwrap().serial, 1);
        store.finish(true).await.unwrap();
        assert_eq!(store.prior().await.unwrap().serial, 1);
    });
}

#[test]
fn intents_stay_open_until_settled() {
    run(async {
        let folder = Folder::new();
        let store = folder.locked().await;
        store.begin(start("p")).await.unwrap();
        let classes = [
            ("nothing", None),
            ("unknown", Some(IntentClass::Unknown)),
            ("created", Some(IntentClass::Created)),
            ("done", Some(IntentClass::Done)),
            ("failed", Some(IntentClass::Failed)),
        ];
        for (owner, class) in classes {
            let address = format!("t.{owner}");
            store.intent(intent(owner, &address, Verb::Create)).await.unwrap();
            let Some(class) = class else { continue };
            let tainted = Record { tainted: true, ..record(&address, "1") };
            let writes = match class {
                IntentClass::Created => vec![Write::Put(Box::new(tainted))],
                _ => vec![],
            };
            store.outcome(outcome(owner, class, writes)).await.unwrap();
        }
        drop(store);
        let prior = folder.prior().await;
        let open: Vec<&str> = prior.open.iter().map(|intent| &*intent.owner).collect();
        assert_eq!(open, ["nothing", "unknown"]);
        assert_eq!(prior.open[0].planned, record("t.nothing", r#"{"id":null}"#));
        assert_eq!((prior.open[0].verb, &*prior.open[0].run), (Verb::Create, "1"));
        assert!(prior.open[0].begun.ends_with('Z'));
        assert!(prior.records.len() == 1 && prior.records[0].tainted);
    });
}

#[test]
fn an_intent_of_an_earlier_run_is_settled_without_a_run() {
    run(async {
        let folder = Folder::new();
        let store = folder.locked().await;
        store.begin(start("p")).await.unwrap();
        store.intent(intent("k", "t.a", Verb::Create)).await.unwrap();
        drop(store);
        let store = folder.locked().await;
        store.outcome(outcome("k", IntentClass::Done, vec![put("t.a", "1")])).await.unwrap();
        let prior = store.prior().await.unwrap();
        assert_eq!((prior.open.len(), prior.records.len(), prior.serial), (0, 1, 1));
        store.begin(start("q")).await.unwrap();
    });
}

#[test]
fn a_plan_is_applied_at_most_once() {
    run(async {
        let folder = Folder::new();
        let store = folder.locked().await;
        apply(&store, "p", vec![]).await;
        let refused = store.begin(start("p")).await.unwrap_err();
        assert!(refused.message.starts_with("this plan was already applied ("), "{refused}");
        assert!(refused.message.contains("by alice on "), "{refused}");
        assert!(refused.help.unwrap().contains("a new plan"));
        // A refusal is no failure.
        apply(&store, "q", vec![put("t.a", "1")]).await;
        store.close().await.unwrap();
    });
}

#[test]
fn records_that_moved_on_are_named() {
    run(async {
        let folder = Folder::new();
        let store = folder.locked().await;
        apply(&store, "1", vec![put("t.a", "1"), put("t.b", "1"), put("t.c", "1")]).await;
        let versions = |prior: platoform_plan::Prior| {
            let of = |record: Record| (record.key, record.version);
            prior.records.into_iter().map(of).collect::<Vec<_>>()
        };
        let mut seen = versions(store.prior().await.unwrap());
        seen.push((key("t.d"), 0));
        seen.push((key("t.e"), 0));
        let writes = vec![put("t.a", "2"), Write::Remove(key("t.b")), put("t.d", "1")];
        apply(&store, "2", writes).await;
        let refused = store.begin(start_from("3", &seen)).await.unwrap_err();
        assert_eq!(
            refused.message,
            "the plan is out of date: `t.a` has changed, `t.b` no longer exists, \
             `t.d` exists by now"
        );
        // Made anew with the same content, it is another one all the same.
        apply(&store, "4", vec![put("t.b", "1")]).await;
        let refused = store.begin(start_from("5", &seen[1..2])).await.unwrap_err();
        assert_eq!(refused.message, "the plan is out of date: `t.b` has changed");
        store.begin(start_from("6", &versions(store.prior().await.unwrap()))).await.unwrap();
    });
}

#[test]
fn nothing_is_written_without_the_lease() {
    run(async {
        let folder = Folder::new();
        let store = folder.open().await;
        assert!(store.begin(start("p")).await.unwrap_err().message.contains("not locked"));
        assert!(store.write(vec![put("t.a", "1")]).is_err());
        assert!(store.prior().await.unwrap().records.is_empty());
    });
}

#[test]
fn what_is_only_queued_survives_an_unwinding_engine() {
    run(async {
        let folder = Folder::new();
        let store = folder.locked().await;
        store.begin(start("p")).await.unwrap();
        let broken = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let store = store;
            store.write(vec![put("t.a", "1")]).unwrap();
            std::panic::resume_unwind(Box::new("broken"));
        }));
        assert!(broken.is_err());
        assert_eq!(contents(&folder.prior().await).len(), 1);
    });
}
