//! Laws, for graphs and states drawn by chance.

use std::collections::{BTreeMap, BTreeSet};

use platoform_plan::{PlanMode, PlanOptions, Prior, Selector};
use proptest::prelude::*;

use crate::check::settled;
use crate::scenario::{Node, Scenario};
use crate::simulate;
use crate::world::{Ended, Strike, World, options};

/// A world in which the first version of a scenario was applied.
async fn applied(scenario: &Scenario) -> World {
    let mut world = World::new(scenario.cloud().await, scenario.seed);
    run(&mut world, &scenario.text(&scenario.before), &options(PlanMode::Normal)).await;
    world
}

/// A run that must succeed.
async fn run(
    world: &mut World,
    text: &str,
    options: &PlanOptions,
) -> Box<platoform_apply::Applied> {
    let (ended, _) = world.run(text, options, Strike::default()).await;
    assert_eq!(ended.failure(), None, "{text}");
    match ended {
        Ended::Applied(applied) => applied,
        Ended::Killed | Ended::Unplanned(_) => unreachable!("it succeeded"),
    }
}

/// Everything that a block is made from, and itself.
fn closure(nodes: &[Node], number: usize) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    let mut open = vec![number];
    while let Some(number) = open.pop() {
        if found.insert(number) {
            let node = nodes.iter().find(|node| node.number == number);
            open.extend(node.into_iter().flat_map(Node::uses));
        }
    }
    found
}

/// Addresses of objects by their ids.
fn addresses(prior: &Prior) -> BTreeMap<String, String> {
    let address = |record: &platoform_plan::Record| {
        let json: serde_json::Value = serde_json::from_str(&record.attributes.0).ok()?;
        Some((json["id"].as_str()?.to_owned(), record.key.address.to_string()))
    };
    prior.records.iter().filter_map(address).collect()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 8,
        failure_persistence: None,
        max_shrink_iters: 0,
        ..ProptestConfig::default()
    })]

    #[test]
    fn what_was_applied_needs_no_second_apply(seed in 0..1_000_000_u64) {
        let scenario = Scenario::new(seed);
        simulate(async {
            let mut world = applied(&scenario).await;
            prop_assert_eq!(settled(&world, &scenario, &scenario.before).await, Ok(()));
            let text = scenario.text(&scenario.after);
            let (_, planned) = world.plan(&text, &options(PlanMode::Normal)).await;
            let promised = planned.plan.summary();
            let done = run(&mut world, &text, &options(PlanMode::Normal)).await;
            prop_assert_eq!(done.summary, promised);
            prop_assert_eq!(settled(&world, &scenario, &scenario.after).await, Ok(()));
            Ok(())
        })?;
    }

    #[test]
    fn equal_inputs_give_equal_digests(seed in 0..1_000_000_u64) {
        let scenario = Scenario::new(seed);
        simulate(async {
            let world = applied(&scenario).await;
            let text = scenario.text(&scenario.after);
            for mode in [PlanMode::Normal, PlanMode::Destroy] {
                let (_, one) = world.plan(&text, &options(mode)).await;
                let (_, other) = world.fork().plan(&text, &options(mode)).await;
                prop_assert_eq!(&one.plan.digest, &other.plan.digest);
            }
            let (_, now) = world.plan(&text, &options(PlanMode::Normal)).await;
            let (_, then) =
                world.plan(&scenario.text(&scenario.before), &options(PlanMode::Normal)).await;
            let differ = now.plan.has_changes() || then.plan.has_changes();
            prop_assert_eq!(differ, now.plan.digest != then.plan.digest);
            Ok(())
        })?;
    }

    #[test]
    fn nothing_outside_a_selection_is_touched(seed in 0..1_000_000_u64, pick in any::<prop::sample::Index>()) {
        let scenario = Scenario::new(seed);
        let target = &scenario.after[pick.index(scenario.after.len())];
        simulate(async {
            let mut world = applied(&scenario).await;
            let first = world.cloud.calls().len();
            let normal = options(PlanMode::Normal);
            let targets = vec![target.address().parse::<Selector>().unwrap()];
            let narrowed = PlanOptions { targets, ..normal.clone() };
            let text = scenario.text(&scenario.after);
            let (before, _) = world.plan(&text, &normal).await;
            let (ended, _) = world.run(&text, &narrowed, Strike::default()).await;
            // What is left out may be in the way of what is asked for, such as a volume that
            // belongs to a machine which is to be replaced.
            prop_assert!(!matches!(ended, Ended::Killed));
            let (after, _) = world.plan(&text, &normal).await;
            let mut known = addresses(&before);
            known.extend(addresses(&after));
            let nodes = closure(&scenario.after, target.number);
            let allowed: BTreeSet<String> = scenario
                .after
                .iter()
                .filter(|node| nodes.contains(&node.number))
                .map(Node::address)
                .collect();
            for call in &world.cloud.calls()[first..] {
                if let Some(id) = &call.object {
                    let address = known.get(id);
                    prop_assert!(
                        address.is_some_and(|address| allowed.contains(address)),
                        "{id} ({address:?}) was touched for {}:\n{text}", target.address()
                    );
                }
            }
            Ok(())
        })?;
    }
}
