//! What is on the disk, and what is refused.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use platoform_apply::Journal;
use platoform_state::{Notice, OpenOptions, StateError, Store};
use sqlx::{Connection, SqliteConnection};

use crate::child::spawn;
use crate::support::*;

async fn open_error(folder: &Folder) -> StateError {
    Store::open(&folder.database(), OpenOptions::default()).await.unwrap_err()
}

#[test]
fn all_files_are_private_whatever_the_umask() {
    run(async {
        let folder = Folder::new();
        for umask in ["umask 0;", "umask 077;"] {
            let mut child = spawn("write", folder.path(), umask);
            crate::child::wait_for_note(folder.path());
            let mut seen = 0;
            for file in fs::read_dir(folder.path()).unwrap() {
                let file = file.unwrap();
                if file.file_name() == "notes" {
                    continue;
                }
                let mode = file.metadata().unwrap().permissions().mode() & 0o777;
                assert_eq!(mode, 0o600, "{:?}", file.file_name());
                seen += 1;
            }
            assert_eq!(seen, 5, "database, -wal, -shm, -lock and key");
            child.kill().unwrap();
            child.wait().unwrap();
        }
    });
}

#[test]
fn reading_makes_no_files() {
    run(async {
        let folder = Folder::new();
        let options = OpenOptions::default();
        assert!(Store::open_read_only(&folder.database(), options).await.unwrap().is_none());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    });
}

#[test]
fn a_new_state_has_an_identity_that_stays() {
    run(async {
        let folder = Folder::new();
        let store = folder.open().await;
        let lineage = store.lineage().clone();
        assert_eq!(lineage.len(), 32);
        let path = folder.path().join("platoform.key");
        assert_eq!(store.notices(), [Notice::KeyGenerated { path }]);
        store.close().await.unwrap();
        let store = folder.open().await;
        assert_eq!((store.lineage(), store.notices()), (&lineage, &[][..]));
        assert_ne!(Folder::new().open().await.lineage(), &lineage);
    });
}

#[test]
fn many_may_open_a_new_state_at_once() {
    run(async {
        let folder = Folder::new();
        let mut children: Vec<_> = (0..12).map(|_| spawn("open", folder.path(), "")).collect();
        for child in &mut children {
            assert!(child.wait().unwrap().success());
        }
        assert_eq!(folder.integrity().await, "ok");
    });
}

#[test]
fn a_database_of_another_program_is_left_alone() {
    run(async {
        let folder = Folder::new();
        folder.execute("CREATE TABLE songs (title TEXT)").await;
        let before = fs::read(folder.database()).unwrap();
        assert!(matches!(open_error(&folder).await, StateError::Foreign { .. }));
        assert_eq!(fs::read(folder.database()).unwrap(), before);
        fs::write(folder.database(), "{\"version\": 4, \"terraform_version\": \"1.11.4\"}")
            .unwrap();
        assert!(matches!(open_error(&folder).await, StateError::Foreign { .. }));
    });
}

#[test]
fn a_newer_format_is_refused_with_advice() {
    run(async {
        let folder = Folder::new();
        folder.open().await.close().await.unwrap();
        folder.execute("PRAGMA user_version = 99").await;
        let error = open_error(&folder).await;
        let shown = error.to_string();
        assert!(shown.ends_with("has format 99; this platoform knows formats up to 2"), "{shown}");
        assert!(error.hints()[0].contains("a newer one"));
    });
}

#[test]
fn damage_is_found_after_an_unclean_end() {
    run(async {
        let folder = Folder::new();
        let store = folder.locked().await;
        store.begin(start("p")).await.unwrap();
        let writes = (0..500).map(|i| put(&format!("t.a[{i}]"), &"1".repeat(200))).collect();
        store.write(writes).unwrap();
        drop(store);
        let mut bytes = fs::read(folder.database()).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle..middle + 8192].fill(0x5a);
        fs::write(folder.database(), bytes).unwrap();
        let error = open_error(&folder).await;
        assert!(matches!(error, StateError::Damaged { .. }), "{error}");
        assert!(error.hints()[0].contains("backup"));
    });
}

#[test]
fn a_rollback_journal_left_by_a_crash_is_no_obstacle_to_reading() {
    run(async {
        let folder = Folder::new();
        let store = folder.locked().await;
        apply(&store, "p", vec![put("t.a", "1")]).await;
        store.close().await.unwrap();
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(folder.database());
        let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
        // Half a transaction is in the file already, because the cache is too small for it.
        let half = "PRAGMA journal_mode = DELETE; PRAGMA cache_size = 2; BEGIN;
            UPDATE resources SET attributes = '2';
            INSERT INTO outputs SELECT value, hex(zeroblob(9000)), '', 0, 0
            FROM json_each('[1, 2, 3, 4, 5, 6, 7, 8, 9]');";
        sqlx::raw_sql(half).execute(&mut connection).await.unwrap();
        let crashed = Folder::new();
        for name in ["platoform.db", "platoform.db-journal", "platoform.key"] {
            fs::copy(folder.path().join(name), crashed.path().join(name)).unwrap();
        }
        let prior = crashed.prior().await;
        assert_eq!((&*prior.records[0].attributes.0, prior.outputs.len()), ("1", 0));
        assert_eq!(crashed.integrity().await, "ok");
    });
}

/// A state of format 1, as an older program left it after a kill, with two runs.
async fn old(folder: &Folder) {
    folder.open().await.close().await.unwrap();
    folder.execute(include_str!("format_1.sql")).await;
}

#[test]
fn an_older_format_is_brought_to_the_newest_after_a_copy() {
    run(async {
        for read_only in [false, true] {
            let folder = Folder::new();
            old(&folder).await;
            let store = if read_only {
                let options = OpenOptions::default();
                Store::open_read_only(&folder.database(), options).await.unwrap().unwrap()
            } else {
                folder.open().await
            };
            let backup = folder.path().join("platoform.db-format-1.backup");
            let notice = Notice::Migrated { found: 1, backup: backup.clone() };
            assert_eq!(store.notices(), [notice]);
            assert_eq!(fs::metadata(&backup).unwrap().permissions().mode() & 0o777, 0o600);
            let prior = store.prior().await.unwrap();
            assert_eq!(contents(&prior), [("t.a".into(), None, "1".into())]);
            assert_eq!(store.runs(9).await.unwrap().len(), 2);
            // The state is known from then on.
            assert!(store.prior_at(1).await.is_err());
            assert_eq!(store.prior_at(2).await.unwrap().records, prior.records);
            store.close().await.unwrap();
            assert!(folder.open().await.notices().is_empty());

            // The copy is a whole state of its own, in the old format.
            fs::copy(&backup, folder.database()).unwrap();
            assert_eq!(contents(&folder.prior().await).len(), 1);
        }
    });
}

#[test]
fn an_older_format_stays_while_somebody_works_in_it() {
    run(async {
        let folder = Folder::new();
        old(&folder).await;
        let file = fs::File::create(folder.path().join("platoform.db-lock")).unwrap();
        file.lock().unwrap();
        let begun = std::time::Instant::now();
        assert!(matches!(open_error(&folder).await, StateError::Locked { .. }));
        assert!(begun.elapsed() < std::time::Duration::from_secs(30));
        assert!(!folder.path().join("platoform.db-format-1.backup").exists());
        drop(file);
        folder.open().await;
    });
}
