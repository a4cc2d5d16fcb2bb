//! How a plan differs from the one that was reviewed, object by object.

use std::collections::BTreeMap;

use platoform_plan::{Action, OutputChange, Plan, RecordKey, ResourceChange};
use platoform_value::{Marks, Value};

use super::build::effect;
use super::cause::name;

/// A difference: what it is about, and a phrase.
pub type Difference = (String, String);

/// How a plan differs from the one that was reviewed. Values are not told, only where they differ.
pub fn differences(reviewed: &Plan, now: &Plan) -> Vec<Difference> {
    let mut found = Vec::new();
    if reviewed.mode != now.mode || reviewed.targeted != now.targeted {
        found.push(("the plan".into(), "other options say what to plan for".into()));
    }
    let mut keys: BTreeMap<&RecordKey, (Option<&ResourceChange>, Option<&ResourceChange>)> =
        BTreeMap::new();
    for change in &reviewed.changes {
        keys.entry(&change.key).or_default().0 = Some(change);
    }
    for change in &now.changes {
        keys.entry(&change.key).or_default().1 = Some(change);
    }
    for (key, (before, after)) in keys {
        found.extend(object(before, after).map(|phrase| (name(key), phrase)));
    }
    let mut outputs: BTreeMap<&str, [Option<&OutputChange>; 2]> = BTreeMap::new();
    for (plan, side) in [(reviewed, 0), (now, 1)] {
        for output in plan.outputs.iter().filter(|output| output.is_change()) {
            outputs.entry(&output.name).or_default()[side] = Some(output);
        }
    }
    for (name, sides) in outputs {
        found.extend(output(sides).map(|phrase| (format!("output.{name}"), phrase.to_owned())));
    }
    let later = |plan: &Plan| plan.later.iter().map(|it| it.address.clone()).collect::<Vec<_>>();
    if later(reviewed) != later(now) {
        found.push(("the next stage".into(), "other blocks are left for it".into()));
    }
    found
}

fn object(before: Option<&ResourceChange>, after: Option<&ResourceChange>) -> Option<String> {
    let acts = |change: Option<&ResourceChange>| change.is_some_and(ResourceChange::acts);
    match (before.filter(|_| acts(before)), after.filter(|_| acts(after))) {
        (Some(before), None) => {
            Some(format!("was to be {}; nothing is done to it now", doing(before)))
        }
        (None, Some(after)) => {
            Some(format!("is {} now; nothing was to be done to it", doing(after)))
        }
        (Some(before), Some(after)) if before.action != after.action => {
            Some(format!("was to be {}, is {} now", doing(before), doing(after)))
        }
        (Some(before), Some(after)) => values(before, after),
        // What the others may have been made from.
        (None, None) => {
            let (before, after) = (before?, after?);
            (before.version != after.version).then(|| "has changed since".to_owned())
        }
    }
}

fn doing(change: &ResourceChange) -> &'static str {
    match change.action {
        Action::NoOp if change.importing.is_some() => "imported",
        _ => effect(change).phrase(),
    }
}

/// How two changes differ that do the same.
fn values(before: &ResourceChange, after: &ResourceChange) -> Option<String> {
    let planned = names(&before.after, &after.after);
    if !planned.is_empty() {
        return Some(format!("other values are planned for {}", planned.join(", ")));
    }
    let found = names(&before.before, &after.before);
    if !found.is_empty() {
        return Some(format!("is another one by now: {} changed since", found.join(", ")));
    }
    if before.version != after.version {
        return Some("has changed since".into());
    }
    if before.previous != after.previous {
        return Some("moves from another address".into());
    }
    (before.importing != after.importing).then(|| "another object is imported".to_owned())
}

/// Names of the attributes in which two objects differ.
fn names(before: &Value, after: &Value) -> Vec<String> {
    let (Some(old), Some(new)) = (before.as_entries(), after.as_entries()) else {
        return if before == after { Vec::new() } else { vec!["the whole object".into()] };
    };
    let differs = |(name, value): (&std::sync::Arc<str>, &Value)| {
        let other = old.get(name)?;
        let same = secret(other) == secret(value)
            && other.clone().unmark_deep() == value.clone().unmark_deep();
        (!same).then(|| format!("`{name}`"))
    };
    new.iter().filter_map(differs).collect()
}

fn secret(value: &Value) -> bool {
    value.deep_marks().contains(Marks::SENSITIVE)
}

fn output(sides: [Option<&OutputChange>; 2]) -> Option<&'static str> {
    match sides {
        [Some(_), None] => Some("was to change, and does not now"),
        [None, Some(_)] => Some("changes now, and was not to"),
        [Some(before), Some(after)] => {
            let same = before.before == after.before && before.after == after.after;
            (!same).then_some("gets another value")
        }
        [None, None] => None,
    }
}
