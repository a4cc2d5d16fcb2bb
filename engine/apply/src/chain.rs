//! How much is still to come after each step.

use platoform_plan::{StepId, StepKind, Steps};

/// For each step the number of calls on the longest way from it to the end, itself included.
/// Linear in steps and edges. `steps` has no cycle.
pub(crate) fn longest(steps: &Steps) -> Vec<u32> {
    let mut waits = steps.waits().to_vec();
    let mut order: Vec<StepId> = Vec::with_capacity(steps.len());
    let all = (0..).map(StepId).take(steps.len());
    order.extend(all.filter(|step| waits[step.0 as usize] == 0));
    let mut next = 0;
    while let Some(&step) = order.get(next) {
        next += 1;
        for later in steps.dependents(step) {
            let wait = &mut waits[later.0 as usize];
            *wait -= 1;
            if *wait == 0 {
                order.push(*later);
            }
        }
    }
    let mut lengths = vec![0; steps.len()];
    for step in order.into_iter().rev() {
        let after = steps.dependents(step).iter().map(|later| lengths[later.0 as usize]).max();
        lengths[step.0 as usize] = weight(steps.kind(step)) + after.unwrap_or_default();
    }
    lengths
}

fn weight(kind: StepKind) -> u32 {
    match kind {
        StepKind::Up(_) | StepKind::Destroy(_) => 1,
        StepKind::Join | StepKind::Evaluate(_) | StepKind::Check(_) => 0,
    }
}
