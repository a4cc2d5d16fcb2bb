//! That an intent is on the disk before the call, as the system's calls tell it:
//! `cargo test -p platoform-tests --test crash -- --ignored synced`.

use regex::Regex;

use crate::fleet::Fleet;

/// What the kernel is asked to do, in order, with one call of the cloud at a time: between any two
/// changes of the cloud the state's log is synced.
#[test]
#[ignore = "needs strace"]
fn the_log_is_synced_before_every_change_of_the_cloud() {
    let fleet = Fleet::new(1);
    let trace = fleet.project.path("trace");
    let calls = "trace=fsync,fdatasync,write,writev,sendto,sendmsg";
    let strace = ["strace", "-f", "-y", "-s", "16", "-o", trace.to_str().unwrap(), "-e", calls];
    fleet.command("apply -auto-approve -parallelism=1").under(&strace).run().exits(0);
    let text = fleet.project.read("trace");
    let sync = Regex::new(r"f(data)?sync\(\d+<[^>]*platoform\.db-wal>").unwrap();
    let change = Regex::new(r#"(write|writev|send\w+)\(.*"(POST|PATCH|DELETE) /v1"#).unwrap();
    let (mut synced, mut changes) = (false, 0);
    for line in text.lines() {
        if sync.is_match(line) {
            synced = true;
        } else if change.is_match(line) {
            assert!(synced, "change {changes} was asked for without a sync before: {line}");
            (synced, changes) = (false, changes + 1);
        }
    }
    assert_eq!(changes, fleet.objects().len(), "{text}");
}
