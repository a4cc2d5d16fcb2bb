//! Which recorded objects a plan may destroy.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use crate::dependencies::recorded_names;
use crate::planner::existing::Existing;
use crate::planner::selection::Scope;

impl Scope {
    /// The recorded objects that a plan may destroy, by number: all, or those that a target covers.
    /// With `users`, also everything that was made from one of these: it cannot outlive them. What is
    /// excluded stays, and so does what it was made from.
    pub fn objects(&self, existing: &[Existing], users: bool) -> Vec<usize> {
        if !self.is_narrow() {
            return (0..existing.len()).collect();
        }
        let covered = |number: &usize| self.covers_object(&existing[*number].record.key.address);
        let mut selected: BTreeSet<usize> = (0..existing.len()).filter(covered).collect();
        if users && !self.targets.is_empty() {
            spread(&mut selected, &users_of(existing));
        }
        let excluded = |number: &usize| self.excludes(&existing[*number].record.key.address);
        let mut kept: BTreeSet<usize> = (0..existing.len()).filter(excluded).collect();
        if !kept.is_empty() {
            let mut made_of = vec![Vec::new(); existing.len()];
            for (number, users) in users_of(existing).into_iter().enumerate() {
                for user in users {
                    made_of[user].push(number);
                }
            }
            spread(&mut kept, &made_of);
        }
        selected.difference(&kept).copied().collect()
    }
}

/// For each object those that were made from it.
fn users_of(existing: &[Existing]) -> Vec<Vec<usize>> {
    let mut made_from: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
    for (number, existing) in existing.iter().enumerate() {
        for address in &existing.record.dependencies {
            made_from.entry(address).or_default().push(number);
        }
    }
    let all = existing.iter().map(|existing| {
        let former = existing.former();
        let former = former.as_ref().map(recorded_names).unwrap_or_default();
        let names = recorded_names(&existing.record.key.address);
        let users = names.union(&former).filter_map(|name| made_from.get(&**name));
        users.flatten().copied().collect()
    });
    all.collect()
}

/// Adds everything that edges lead to.
fn spread(reached: &mut BTreeSet<usize>, edges: &[Vec<usize>]) {
    let mut waiting: Vec<usize> = reached.iter().copied().collect();
    while let Some(number) = waiting.pop() {
        for next in &edges[number] {
            if reached.insert(*next) {
                waiting.push(*next);
            }
        }
    }
}
