//! One process at a time.

use std::time::{Duration, Instant};

use platoform_apply::Journal;
use platoform_plan::Verb;
use platoform_state::{Lease, StateError, Store};
use rustix::process::{Pid, Signal, kill_process};

use crate::child::{spawn, wait_for_note};
use crate::support::*;

async fn try_lock(store: &Store) -> Result<(), StateError> {
    store.lock(process(), Duration::ZERO).await.map(|_| ())
}

fn holder(error: StateError) -> u32 {
    match error {
        StateError::Locked { holder: Some(holder), .. } => holder.process.pid,
        other => panic!("{other}"),
    }
}

#[test]
fn a_living_holder_keeps_others_out_even_when_stopped() {
    run(async {
        let folder = Folder::new();
        let mut child = spawn("hold", folder.path(), "");
        wait_for_note(folder.path());
        let store = folder.open().await;
        let error = try_lock(&store).await.unwrap_err();
        let shown = error.to_string();
        assert!(shown.contains("is locked by `platoform apply` of alice on "), "{shown}");
        assert_eq!(holder(error), child.id());
        let Lease::Held(Some(found)) = store.lease().await.unwrap() else { panic!("it is held") };
        assert_eq!(found.process.pid, child.id());
        let pid = Pid::from_child(&child);
        kill_process(pid, Signal::STOP).unwrap();
        assert_eq!(holder(try_lock(&store).await.unwrap_err()), child.id());
        // Others may read meanwhile.
        assert!(folder.prior().await.records.is_empty());
        child.kill().unwrap();
        child.wait().unwrap();
        let Lease::Left(found) = store.lease().await.unwrap() else { panic!("it is left") };
        assert_eq!(found.process.pid, child.id());
        try_lock(&store).await.unwrap();
    });
}

#[test]
fn who_waits_gets_the_lock_as_soon_as_its_holder_dies() {
    run(async {
        let folder = Folder::new();
        let mut child = spawn("hold", folder.path(), "");
        wait_for_note(folder.path());
        let store = folder.open().await;
        let begun = Instant::now();
        let killer = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(400));
            child.kill().unwrap();
            child.wait().unwrap();
            child.id()
        });
        let takeover = store.lock(process(), Duration::from_secs(20)).await.unwrap().unwrap();
        assert!(begun.elapsed() >= Duration::from_millis(400));
        assert_eq!(takeover.holder.process.pid, killer.join().unwrap());
        assert_eq!((takeover.run, takeover.open), (None, vec![]));
    });
}

#[test]
fn a_run_that_did_not_end_is_accounted_for_once() {
    run(async {
        let folder = Folder::new();
        let store = folder.locked().await;
        store.begin(start("p")).await.unwrap();
        store.intent(intent("k", "t.a", Verb::Delete)).await.unwrap();
        drop(store);
        let store = folder.open().await;
        let takeover = store.lock(process(), Duration::ZERO).await.unwrap().unwrap();
        let found = takeover.run.unwrap();
        assert_eq!((&*found.plan, &*found.run), ("p", "1"));
        assert_eq!(&*takeover.open[0].owner, "k");
        store.close().await.unwrap();
        let store = folder.open().await;
        assert_eq!(store.lock(process(), Duration::ZERO).await.unwrap(), None);
        // Unsettled it stays, for whoever plans.
        assert_eq!(store.prior().await.unwrap().open.len(), 1);
    });
}

#[test]
fn a_closed_store_leaves_the_lock_to_others() {
    run(async {
        let folder = Folder::new();
        let first = folder.locked().await;
        let second = folder.open().await;
        assert!(try_lock(&second).await.is_err());
        apply(&first, "p", vec![put("t.a", "1")]).await;
        first.close().await.unwrap();
        assert_eq!(second.lock(process(), Duration::ZERO).await.unwrap(), None);
        assert_eq!(second.prior().await.unwrap().records.len(), 1);
    });
}

#[test]
fn a_lease_is_taken_away_from_the_dead_only_unless_forced() {
    run(async {
        let folder = Folder::new();
        let mut child = spawn("hold", folder.path(), "");
        wait_for_note(folder.path());
        let store = folder.open().await;
        let Lease::Held(Some(found)) = store.lease().await.unwrap() else { panic!("it is held") };
        let id = found.id;
        let error = store.force_unlock(Some("other"), true).await.unwrap_err();
        assert!(matches!(&error, StateError::OtherLease { found, .. } if *found == id));
        let error = store.force_unlock(Some(&*id), false).await.unwrap_err();
        assert!(matches!(error, StateError::Alive { .. }), "{error}");
        assert_eq!(holder(try_lock(&store).await.unwrap_err()), child.id());
        child.kill().unwrap();
        child.wait().unwrap();
        let left = store.force_unlock(Some(&*id), false).await.unwrap();
        assert!(matches!(left, Lease::Left(_)));
        let error = store.force_unlock(None, true).await.unwrap_err();
        assert!(matches!(error, StateError::Unlocked { .. }), "{error}");
        try_lock(&store).await.unwrap();
    });
}

#[test]
fn whoever_lost_the_lease_writes_nothing_more() {
    run(async {
        let folder = Folder::new();
        let first = folder.locked().await;
        first.begin(start("p")).await.unwrap();
        first.write(vec![put("t.a", "1")]).unwrap();
        first.intent(intent("k", "t.b", Verb::Create)).await.unwrap();
        let second = folder.open().await;
        second.force_unlock(None, true).await.unwrap();
        assert_eq!(second.lease().await.unwrap(), Lease::Free);
        try_lock(&second).await.unwrap();
        apply(&second, "q", vec![put("t.c", "3")]).await;
        first.write(vec![put("t.a", "2")]).unwrap();
        let error = first.finish(true).await.unwrap_err();
        assert!(error.message.contains("was taken away from this process"), "{}", error.message);
        assert!(first.close().await.is_err());
        let prior = second.prior().await.unwrap();
        assert_eq!(
            contents(&prior),
            [("t.a".into(), None, "1".into()), ("t.c".into(), None, "3".into())]
        );
        // What it had under way is left to whoever plans next.
        assert_eq!(&*prior.open[0].owner, "k");
        let outcomes: Vec<_> =
            second.runs(9).await.unwrap().into_iter().map(|it| it.outcome).collect();
        assert_eq!(outcomes, [Some("succeeded".into()), Some("interrupted".into())]);
        // The one that lost it does not end the other's.
        assert!(matches!(second.lease().await.unwrap(), Lease::Held(Some(_))));
    });
}
