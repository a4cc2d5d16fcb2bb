//! Killed at any moment, out of space at any write.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use platoform_apply::Journal;
use platoform_plan::OpenIntent;

use crate::child::{notes, spawn, wait_for_note};
use crate::support::*;

const KILLS: usize = 40;

/// Everything the child was told is durable is in the state, and the state is whole.
async fn verify(folder: &Folder) -> usize {
    let Some(prior) = folder.try_prior().await else {
        assert!(notes(folder.path()).is_empty(), "the state is gone");
        return 0;
    };
    assert_eq!(folder.integrity().await, "ok");
    let records: HashSet<String> = contents(&prior).into_iter().map(|(key, ..)| key).collect();
    let open: HashSet<&str> = prior.open.iter().map(|intent| &*intent.owner).collect();
    let mut outcomes = 0;
    for note in notes(folder.path()) {
        match note.split_once(' ') {
            Some(("outcome", owner)) => {
                assert!(records.contains(&format!("t.x[\"{owner}\"]")), "{owner} is lost");
                assert!(records.contains(&format!("t.only[\"{owner}\"]")), "{owner} is lost");
                assert!(!open.contains(owner), "{owner} is still open");
                outcomes += 1;
            }
            Some(("intent", owner)) => {
                let settled = records.contains(&format!("t.x[\"{owner}\"]"));
                assert!(settled || open.contains(owner), "the intent {owner} is lost");
            }
            Some(("error", message)) => assert!(message.contains("written"), "{message}"),
            _ => {}
        }
    }
    outcomes
}

#[test]
fn a_kill_loses_nothing_that_was_acknowledged() {
    run(async {
        let mut folder = Folder::new();
        let (mut acknowledged, mut interrupted) = (0, 0);
        for kill in 0..KILLS {
            if kill % 8 == 0 {
                folder = Folder::new();
            }
            let mut child = spawn("write", folder.path(), "");
            // Every fourth one is killed wherever it is, making the state perhaps, the others in
            // the middle of writing.
            if kill % 4 != 0 {
                wait_for_note(folder.path());
            }
            let random = RandomState::new().hash_one(kill);
            std::thread::sleep(Duration::from_micros(random % 120_000));
            child.kill().unwrap();
            child.wait().unwrap();
            acknowledged += verify(&folder).await;
            if kill % 3 == 0 && !notes(folder.path()).is_empty() {
                take_over(&folder, child.id()).await;
                interrupted += 1;
            }
        }
        // It would prove nothing had they been killed too early each time.
        assert!(acknowledged > KILLS, "only {acknowledged} outcomes in {KILLS} runs");
        assert!(interrupted > 3, "only {interrupted} runs were interrupted");
    });
}

/// The account names the child and its run; the state goes on working.
async fn take_over(folder: &Folder, pid: u32) {
    let store = folder.open().await;
    let takeover = store.lock(process(), Duration::ZERO).await.unwrap().unwrap();
    assert_eq!(takeover.holder.process.pid, pid);
    assert_eq!(&*takeover.run.unwrap().plan, format!("plan-{pid}"));
    let owners = |open: &[OpenIntent]| -> Vec<_> {
        open.iter().map(|intent| intent.owner.clone()).collect()
    };
    assert_eq!(owners(&takeover.open), owners(&store.prior().await.unwrap().open));
    store.close().await.unwrap();
}

#[test]
fn a_failed_write_stops_the_run_and_leaves_the_state_readable() {
    run(async {
        let folder = Folder::new();
        // Files may not grow over 600 blocks of 512 or 1024 bytes; instead of a signal the write
        // fails.
        let mut child = spawn("write", folder.path(), "trap '' XFSZ; ulimit -f 600;");
        assert!(child.wait().unwrap().success());
        let failed: Vec<_> =
            notes(folder.path()).into_iter().filter(|note| note.starts_with("error ")).collect();
        assert_eq!(failed.len(), 8, "every later call fails too: {failed:?}");
        assert!(failed[0].contains("cannot be written"), "{}", failed[0]);
        assert!(verify(&folder).await > 0);
        // With space again it goes on.
        let store = folder.open().await;
        assert!(store.lock(process(), Duration::ZERO).await.unwrap().unwrap().run.is_some());
        store.begin(start("next")).await.unwrap();
    });
}

/// A kill while a state is brought to the newest format leaves it in one format or the other, and
/// what is called a copy is whole.
#[test]
fn a_kill_while_a_state_is_migrated_loses_nothing() {
    run(async {
        let (mut copied, mut migrated) = (0, 0);
        for kill in 0..KILLS {
            let folder = Folder::new();
            folder.open().await.close().await.unwrap();
            folder.execute(include_str!("format_1.sql")).await;
            let mut child = spawn("open", folder.path(), "");
            let random = RandomState::new().hash_one(kill);
            std::thread::sleep(Duration::from_micros(random % 60_000));
            child.kill().unwrap();
            child.wait().unwrap();
            let backup = folder.path().join("platoform.db-format-1.backup");
            if backup.exists() {
                copied += 1;
                let other = Folder::new();
                std::fs::copy(&backup, other.database()).unwrap();
                assert_eq!(other.integrity().await, "ok");
                let key = "platoform.key";
                std::fs::copy(folder.path().join(key), other.path().join(key)).unwrap();
                assert_eq!(contents(&other.prior().await).len(), 1);
            }
            let store = folder.open().await;
            migrated += usize::from(store.notices().is_empty());
            assert_eq!(contents(&store.prior().await.unwrap()), [("t.a".into(), None, "1".into())]);
            assert_eq!(store.runs(9).await.unwrap().len(), 2);
        }
        assert!(copied > 0 && migrated < KILLS, "{copied} copied, {migrated} migrated");
    });
}
