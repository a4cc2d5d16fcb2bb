//! What can only be provoked from inside.
#![allow(clippy::unwrap_used)]

use std::time::Duration;

use platoform_apply::{Journal, RunStart, Write};
use platoform_plan::{OutputRecord, Stored};

use crate::{OpenOptions, Process, Store};

fn output(name: &str, length: usize) -> Vec<Write> {
    let value = Stored("1".repeat(length).into());
    let record = OutputRecord { value, kind: "\"number\"".to_owned(), sensitive: false };
    vec![Write::Output(name.into(), Some(record))]
}

/// A full disk, as SQLite reports it.
#[tokio::test]
async fn a_full_disk_stops_the_run_with_advice_and_can_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("platoform.db");
    let store = Store::open(&path, OpenOptions::default()).await.unwrap();
    store.lock(Process::current("alice", "apply"), Duration::ZERO).await.unwrap();
    let start = |plan: &str| RunStart {
        plan: plan.into(),
        digest: "".into(),
        versions: [].into_iter().collect(),
    };
    store.begin(start("p")).await.unwrap();
    store.write(output("kept", 10)).unwrap();
    store.prior().await.unwrap();
    let limited = store.run(|writer| {
        Box::pin(async move {
            let limit = sqlx::raw_sql("PRAGMA max_page_count = 60");
            limit.execute(&mut writer.connection).await.unwrap();
            Ok(())
        })
    });
    limited.await.unwrap();
    store.write(output("lost", 1_000_000)).unwrap();
    let error = store.finish(true).await.unwrap_err();
    assert_eq!(error.message, format!("the disk with the state `{}` is full", path.display()));
    assert!(error.help.unwrap().starts_with("free some space"));
    // Nothing after it is taken, small as it may be.
    assert!(store.write(output("small", 1)).is_err());
    assert!(store.finish(true).await.is_err());
    let names = |prior: platoform_plan::Prior| prior.outputs.into_keys().collect::<Vec<_>>();
    assert_eq!(names(store.prior().await.unwrap()), ["kept".into()]);
    assert!(store.close().await.is_err());
    let store = Store::open(&path, OpenOptions::default()).await.unwrap();
    let process = Process::current("bob", "apply");
    let takeover = store.lock(process, Duration::ZERO).await.unwrap().unwrap();
    assert_eq!(&*takeover.run.unwrap().plan, "p");
    assert_eq!(names(store.prior().await.unwrap()), ["kept".into()]);
    store.begin(start("q")).await.unwrap();
}
