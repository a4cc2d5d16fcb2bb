//! Figures, printed; nothing is asserted of them.
#![allow(clippy::print_stdout)]

use std::time::Instant;

use platoform_apply::{IntentClass, Journal};
use platoform_plan::Verb;

use crate::support::*;

const RECORDS: usize = 10_000;
const CHAIN: usize = 1_000;
const PARALLEL: usize = 10;

/// Attributes of a middling size.
fn attributes(number: usize) -> String {
    format!(r#"{{"id":"{number:032x}","image":"nginx:1.29","env":["A=1","B={number}"]}}"#)
}

#[test]
#[ignore = "prints figures"]
fn records_without_outside_effect() {
    run(async {
        let folder = Folder::new();
        let begun = Instant::now();
        let store = folder.locked().await;
        println!("open a new state and lock it: {:?}", begun.elapsed());
        let begun = Instant::now();
        store.begin(start("p")).await.unwrap();
        for number in 0..RECORDS {
            store.write(vec![put(&format!("t.x[{number}]"), &attributes(number))]).unwrap();
        }
        store.finish(true).await.unwrap();
        println!("{RECORDS} writes, begin and finish: {:?}", begun.elapsed());
        let begun = Instant::now();
        store.close().await.unwrap();
        println!("close: {:?}", begun.elapsed());
        let begun = Instant::now();
        let store = folder.open().await;
        println!("open it again: {:?}", begun.elapsed());
        let begun = Instant::now();
        assert_eq!(store.prior().await.unwrap().records.len(), RECORDS);
        println!("read {RECORDS} records: {:?}", begun.elapsed());
    });
}

#[test]
#[ignore = "prints figures"]
fn intents_and_outcomes() {
    run(async {
        let folder = Folder::new();
        let store = folder.locked().await;
        store.begin(start("p")).await.unwrap();
        let begun = Instant::now();
        for number in 0..CHAIN {
            let (owner, address) = (format!("{number}"), format!("t.x[{number}]"));
            store.intent(intent(&owner, &address, Verb::Create)).await.unwrap();
            let writes = vec![put(&address, &attributes(number))];
            store.outcome(outcome(&owner, IntentClass::Done, writes)).await.unwrap();
        }
        println!("{CHAIN} intents and outcomes, each waited for: {:?}", begun.elapsed());
        let begun = Instant::now();
        let name = |number: usize| (format!("{number}"), format!("t.x[{number}]"));
        let (owner, address) = name(CHAIN);
        store.intent(intent(&owner, &address, Verb::Create)).await.unwrap();
        for number in CHAIN..2 * CHAIN {
            let ((owner, address), (next, following)) = (name(number), name(number + 1));
            let writes = vec![put(&address, &attributes(number))];
            let (done, begun) = tokio::join!(
                store.outcome(outcome(&owner, IntentClass::Done, writes)),
                store.intent(intent(&next, &following, Verb::Create)),
            );
            done.and(begun).unwrap();
        }
        println!("{CHAIN}, outcome and next intent together: {:?}", begun.elapsed());
    });
}

#[test]
#[ignore = "prints figures"]
fn intents_and_outcomes_in_parallel() {
    run(async {
        let folder = Folder::new();
        let store = std::rc::Rc::new(folder.locked().await);
        store.begin(start("p")).await.unwrap();
        let begun = Instant::now();
        let local = tokio::task::LocalSet::new();
        for lane in 0..PARALLEL {
            let store = store.clone();
            local.spawn_local(async move {
                for number in (lane..RECORDS).step_by(PARALLEL) {
                    let (owner, address) = (format!("{number}"), format!("t.x[{number}]"));
                    store.intent(intent(&owner, &address, Verb::Create)).await.unwrap();
                    let writes = vec![put(&address, &attributes(number))];
                    store.outcome(outcome(&owner, IntentClass::Done, writes)).await.unwrap();
                }
            });
        }
        local.await;
        println!("{RECORDS} intents and outcomes, {PARALLEL} at a time: {:?}", begun.elapsed());
    });
}
