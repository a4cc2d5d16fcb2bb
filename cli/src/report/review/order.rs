//! The order in which a plan's actions are performed.

use std::collections::{BTreeMap, BTreeSet};

use platoform_config::InstanceKey;
use platoform_plan::{Action, Session, StepId, StepKind, Steps};

use super::cause::name;
use super::model::Order;
use crate::report::drawing::{Drawing, Node, Tone};

/// Up to this many actions each is drawn by itself; of more, those of a resource are drawn as one.
pub const SINGLE_LIMIT: usize = 40;
/// More things than this are not drawn: nobody could follow the arrows.
const DRAWN_LIMIT: usize = 80;

/// The order of a plan's actions. Linear in its steps and their dependencies, times what is drawn.
pub fn order(session: &Session) -> Order {
    let Ok(steps) = session.steps() else { return Order::default() };
    let sequence = sequence(&steps);
    let (count, longest) = chain(&steps, &sequence);
    let mut drawing = None;
    if count <= SINGLE_LIMIT {
        drawing = Some(draw(session, &steps, &sequence, true));
    } else {
        let names = groups(session, &steps, false);
        if names.len() <= DRAWN_LIMIT {
            drawing = Some(draw(session, &steps, &sequence, false));
        }
    }
    Order { steps: count, longest, drawing }
}

/// Every action of a plan, however many there are; `None` where there is no order for them.
pub fn whole(session: &Session) -> Option<Drawing> {
    let steps = session.steps().ok()?;
    Some(draw(session, &steps, &sequence(&steps), true))
}

/// All steps, each after those that it waits for.
fn sequence(steps: &Steps) -> Vec<StepId> {
    let mut waits = steps.waits().to_vec();
    let all = (0..).map(StepId).take(waits.len());
    let mut sequence: Vec<StepId> = all.filter(|step| waits[step.0 as usize] == 0).collect();
    let mut done = 0;
    while let Some(step) = sequence.get(done).copied() {
        done += 1;
        for next in steps.dependents(step) {
            let wait = &mut waits[next.0 as usize];
            *wait -= 1;
            if *wait == 0 {
                sequence.push(*next);
            }
        }
    }
    sequence
}

fn acts(kind: StepKind) -> bool {
    matches!(kind, StepKind::Up(_) | StepKind::Destroy(_))
}

/// How many actions there are, and how many wait for each other at most.
fn chain(steps: &Steps, sequence: &[StepId]) -> (usize, usize) {
    let mut length = vec![0_usize; steps.len()];
    for step in sequence {
        let own = length[step.0 as usize] + usize::from(acts(steps.kind(*step)));
        length[step.0 as usize] = own;
        for next in steps.dependents(*step) {
            let next = &mut length[next.0 as usize];
            *next = (*next).max(own);
        }
    }
    (steps.actions(), length.into_iter().max().unwrap_or_default())
}

/// What is drawn as one: its name, and what is done, worst first.
type Group = (String, &'static str);

/// The group of a step that acts.
fn group(session: &Session, kind: StepKind, single: bool) -> Option<(Group, Tone)> {
    let (work, destroys) = match kind {
        StepKind::Up(work) => (work, false),
        StepKind::Destroy(work) => (work, true),
        StepKind::Join | StepKind::Evaluate(_) | StepKind::Check(_) => return None,
    };
    let change = session.change(work);
    let (verb, tone) = match change.action {
        _ if destroys => ("destroy", Tone::Gone),
        Action::Update => ("update", Tone::Changed),
        Action::Read => ("read", Tone::Plain),
        _ => ("create", Tone::New),
    };
    let name = if single {
        name(&change.key)
    } else {
        let mut address = change.key.address.clone();
        address.key = InstanceKey::None;
        address.to_string()
    };
    Some(((name, verb), tone))
}

/// The groups of all steps, with how many steps are in each and how it looks.
fn groups(session: &Session, steps: &Steps, single: bool) -> BTreeMap<Group, (usize, Tone)> {
    let mut groups = BTreeMap::new();
    for step in (0..).map(StepId).take(steps.len()) {
        if let Some((group, tone)) = group(session, steps.kind(step), single) {
            groups.entry(group).or_insert((0, tone)).0 += 1;
        }
    }
    groups
}

fn draw(session: &Session, steps: &Steps, sequence: &[StepId], single: bool) -> Drawing {
    let groups = groups(session, steps, single);
    let numbers: BTreeMap<&Group, usize> = groups.keys().zip(0..).collect();
    let node = |((name, verb), (count, tone)): (&Group, &(usize, Tone))| {
        let note = if *count > 1 { format!("{verb} × {count}") } else { (*verb).to_owned() };
        Node { name: name.clone(), note, tone: *tone }
    };
    // For each step the groups that it comes right after.
    let mut after: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); steps.len()];
    let mut edges = BTreeSet::new();
    for step in sequence {
        let mut earlier = std::mem::take(&mut after[step.0 as usize]);
        if let Some((group, _)) = group(session, steps.kind(*step), single) {
            let own = numbers[&group];
            edges.extend(earlier.iter().filter(|it| **it != own).map(|it| (*it, own)));
            earlier = [own].into();
        }
        for next in steps.dependents(*step) {
            after[next.0 as usize].extend(&earlier);
        }
    }
    let mut drawing =
        Drawing { nodes: groups.iter().map(node).collect(), edges: edges.into_iter().collect() };
    drawing.reduce();
    drawing
}
