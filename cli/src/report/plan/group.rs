//! Which of many changes are shown: those of a resource to which the same happens are one to who
//! reads a plan on a terminal.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use platoform_config::{InstanceKey, ResourceAddress};
use platoform_plan::{Plan, ResourceChange};

use super::Paint;
use super::resource;
use crate::report::review::cause::name;
use crate::report::review::effect;
use crate::report::review::model::Effect;
use crate::report::review::place::Places;

/// Up to this many changes are all shown.
const WHOLE_LIMIT: usize = 50;
/// Groups of which one object is shown.
const GROUPS_LIMIT: usize = 40;
/// Objects of a group that are named where they are lost.
const NAMES_LIMIT: usize = 20;

/// How much of a long plan is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// Everything.
    Whole,
    /// As much as can be read.
    Short,
}

/// The changes of a plan that do something, worst first.
pub fn worst_first(plan: &Plan) -> Vec<&ResourceChange> {
    let mut acts: Vec<&ResourceChange> =
        plan.changes.iter().map(|change| &**change).filter(|change| change.acts()).collect();
    acts.sort_by_key(|change| effect(change));
    acts
}

/// Whether not all of so many changes are shown.
pub fn shortens(length: Length, count: usize) -> bool {
    length == Length::Short && count > WHOLE_LIMIT
}

/// Writes one change of each group, and what else is in it.
pub fn write(
    out: &mut String,
    acts: &[&ResourceChange],
    plan: &Plan,
    places: &Places<'_>,
    paint: Paint,
) {
    let key = |change: &ResourceChange| {
        let resource = ResourceAddress::clone(&change.key.address.resource);
        (effect(change), resource, change.key.deposed.is_some())
    };
    let groups: Vec<&[&ResourceChange]> =
        acts.chunk_by(|left, right| key(left) == key(right)).collect();
    let severe = groups.iter().filter(|group| effect(group[0]).is_severe()).count();
    // What is lost is shown however much it is; the rest as far as there is room.
    let shown = groups.len().min(GROUPS_LIMIT.max(severe));
    for group in &groups[..shown] {
        resource::write(out, group[0], plan, places, paint);
        rest(out, group, paint);
        out.push('\n');
    }
    let mut left: BTreeMap<Effect, usize> = BTreeMap::new();
    for change in groups[shown..].iter().copied().flatten() {
        *left.entry(effect(change)).or_default() += 1;
    }
    for (effect, count) in left {
        let plural = if count == 1 { "object" } else { "objects" };
        let _ = writeln!(out, "  # {count} more {plural} of other resources: {}", effect.phrase());
    }
    if shown < groups.len() {
        out.push('\n');
    }
}

/// What else is in a group.
fn rest(out: &mut String, group: &[&ResourceChange], paint: Paint) {
    let rest = &group[1..];
    let Some(first) = rest.first() else { return };
    let effect = effect(first);
    let mut resource = first.key.address.clone();
    resource.key = InstanceKey::None;
    let count = rest.len();
    let plural = if count == 1 { "instance" } else { "instances" };
    let _ = writeln!(
        out,
        "  # and {} {plural} of {resource}: {}",
        paint.bold(format!("{count} more")),
        effect.phrase()
    );
    if effect.is_severe() {
        for change in rest.iter().take(NAMES_LIMIT) {
            let _ = writeln!(out, "  #   {}", name(&change.key));
        }
        if count > NAMES_LIMIT {
            let _ = writeln!(out, "  #   … and {} more", count - NAMES_LIMIT);
        }
    }
}
