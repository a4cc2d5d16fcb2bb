//! Two applies at once.

use std::sync::Arc;
use std::time::Duration;

use platoform_plan::{PlanMode, PlanOptions, Planned, Selector};
use platoform_state::{OpenOptions, Process, StateError, Store};

use crate::check::settled;
use crate::scenario::Scenario;
use crate::simulate;
use crate::world::{Strike, World, options, texts};

fn process() -> Process {
    Process::current("simulation", "platoform apply")
}

#[test]
fn a_second_apply_is_refused_whole_while_the_first_one_runs() {
    for seed in 0..4 {
        let scenario = Scenario::new(seed);
        simulate(async {
            let mut world = World::new(scenario.cloud().await, seed);
            let cloud = world.cloud.clone();
            let path = world.database();
            let text = scenario.text(&scenario.before);
            let options = options(PlanMode::Normal);
            let mut first = Box::pin(world.run(&text, &options, Strike::default()));
            let under_way = async {
                while !cloud.calls()[scenario.others()..].iter().any(|call| call.request.changes())
                {
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }
            };
            tokio::select! {
                biased;
                _ = &mut first => panic!("seed {seed}: it was over before"),
                () = under_way => {}
            }
            // As long as nobody waits for the first one, it does not come to its end.
            let store = Store::open(&path, OpenOptions::default()).await.unwrap();
            match store.lock(process(), Duration::ZERO).await {
                Err(StateError::Locked { holder, .. }) => {
                    assert_eq!(holder.unwrap().process.command, "platoform apply");
                }
                other => panic!("seed {seed}: {other:?}"),
            }
            store.close().await.unwrap();
            let (ended, _) = first.await;
            assert_eq!(ended.failure(), None, "seed {seed}");
            settled(&world, &scenario, &scenario.before).await.unwrap();
        });
    }
}

/// Applies a plan that was made some time ago; what is said about it, and how many calls it made.
async fn apply(world: &World, planned: Planned) -> (Vec<String>, usize) {
    let before = world.cloud.calls().len();
    let store = Arc::new(world.open().await);
    store.lock(process(), Duration::ZERO).await.unwrap();
    let applied = world.apply(planned, &store).await;
    Arc::into_inner(store).expect("nobody else has it").close().await.unwrap();
    let calls = world.cloud.calls().split_off(before);
    let changed = calls.iter().filter(|call| call.request.changes()).count();
    (texts(&applied.diagnostics), changed)
}

#[test]
fn of_two_plans_made_from_one_state_the_second_is_refused_whole() {
    for seed in 0..6 {
        let scenario = Scenario::new(seed);
        simulate(async {
            let mut world = World::new(scenario.cloud().await, seed);
            let text = scenario.text(&scenario.before);
            let normal = options(PlanMode::Normal);
            let (_, one) = world.plan(&text, &normal).await;
            world.next_run();
            let (_, other) = world.plan(&text, &normal).await;
            assert_eq!(apply(&world, one).await.0, Vec::<String>::new());
            let (said, calls) = apply(&world, other).await;
            assert!(said.iter().any(|text| text.contains("exists by now")), "{said:?}");
            assert_eq!(calls, 0, "seed {seed}");
            settled(&world, &scenario, &scenario.before).await.unwrap();
        });
    }
}

#[test]
fn two_plans_that_share_nothing_are_applied_in_turn() {
    simulate(async {
        let scenario = Scenario::new(1);
        let mut world = World::new(scenario.cloud().await, 1);
        let text = "
            terraform {
              required_providers {
                fake = { source = \"platoform/fake\" }
              }
            }
            resource \"fake_machine\" \"a\" {
              name = \"a\"
            }
            resource \"fake_machine\" \"b\" {
              name = \"b\"
            }";
        let narrowed = |address: &str| PlanOptions {
            targets: vec![address.parse::<Selector>().unwrap()],
            ..options(PlanMode::Normal)
        };
        let (_, one) = world.plan(text, &narrowed("fake_machine.a")).await;
        world.next_run();
        let (_, other) = world.plan(text, &narrowed("fake_machine.b")).await;
        for planned in [one, other] {
            assert_eq!(apply(&world, planned).await.0, Vec::<String>::new());
        }
        let (prior, planned) = world.plan(text, &options(PlanMode::Normal)).await;
        assert_eq!(prior.records.len(), 2);
        assert!(!planned.plan.has_changes());
    });
}
