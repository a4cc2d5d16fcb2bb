//! Why things happen, followed to the lines of the configuration where they began.

use platoform_plan::{Action, ActionReason, Cause, Plan, RecordKey, ResourceChange};
use platoform_value::{Path, Value};

use super::model::{Link, Origin, Reason};
use super::place::Places;

/// Objects that are named on the way to where a change began.
const CHAIN_LIMIT: usize = 4;

/// An object's address, and which one when it is left over.
pub fn name(key: &RecordKey) -> String {
    match &key.deposed {
        Some(deposed) => format!("{} (deposed object {deposed})", key.address),
        None => key.address.to_string(),
    }
}

/// All reasons for what happens to an object.
pub fn reasons(change: &ResourceChange, plan: &Plan, places: &Places<'_>) -> Vec<Reason> {
    let mut reasons: Vec<Reason> = change.reason.as_ref().and_then(said).into_iter().collect();
    reasons.extend(origins(change, plan, places).into_iter().map(Reason::Origin));
    reasons
}

/// A reason that has nothing to do with values. That an object cannot be updated in place is told
/// by the attributes that need a new one.
fn said(reason: &ActionReason) -> Option<Reason> {
    Some(Reason::Plain(match reason {
        ActionReason::CannotUpdate => return None,
        ActionReason::Triggered(reference) => return Some(Reason::Trigger(reference.to_string())),
        ActionReason::Tainted => "an earlier run left it tainted",
        ActionReason::Requested => "asked for with -replace",
        ActionReason::NoBlock => "not in the configuration any more",
        ActionReason::NoModule => "its module is not in the configuration any more",
        ActionReason::NoMoveTarget => "moved to an address that is not in the configuration",
        ActionReason::WrongRepetition => "its block got or lost count or for_each",
        ActionReason::CountIndex => "its index is beyond count",
        ActionReason::EachKey => "its key is not in for_each any more",
        ActionReason::Deposed => "left over from a replacement that did not finish",
        ActionReason::ConfigUnknown => "its configuration is not known yet",
        ActionReason::DependencyPending => "it depends on something that changes",
        ActionReason::CheckNested => "its check is made again after the apply",
    }))
}

/// Which lines of the configuration changed: for a replacement, those that make it necessary.
pub fn origins(change: &ResourceChange, plan: &Plan, places: &Places<'_>) -> Vec<Origin> {
    let relevant = |cause: &&Cause| {
        !change.action.is_replace()
            || change.replace.iter().any(|path| path.covers(&cause.path) || cause.path.covers(path))
    };
    if !change.action.is_replace() && change.action != Action::Update {
        return Vec::new();
    }
    let causes = change.causes.iter().filter(relevant);
    let mut origins: Vec<Origin> = causes
        .filter_map(|cause| {
            let place = places.of(cause.span?)?;
            let (chain, cut) = chain(cause, plan, places);
            let known = is_known(change, &cause.path);
            Some(Origin { path: cause.path.to_string(), known, place, chain, cut })
        })
        .collect();
    origins.dedup();
    origins
}

/// What a change follows from, object by object, to where it began; and whether there is more.
fn chain(cause: &Cause, plan: &Plan, places: &Places<'_>) -> (Vec<Link>, bool) {
    let mut links = Vec::new();
    let mut next = cause.upstream.as_ref();
    for _ in 0..CHAIN_LIMIT {
        let Some(key) = next else { return (links, false) };
        let found = plan.changes.binary_search_by(|change| change.key.cmp(key));
        let Some(change) = found.ok().map(|index| &plan.changes[index]) else {
            return (links, false);
        };
        let phrase = match change.action {
            Action::Create => "is created",
            Action::Read => "is read",
            action if action.is_replace() => "is replaced",
            _ => "changes",
        };
        let first = first_cause(change);
        let origin =
            first.and_then(|first| Some((first.path.to_string(), places.of(first.span?)?)));
        links.push(Link { name: name(key), phrase, origin });
        let Some(first) = first else { return (links, false) };
        next = first.upstream.as_ref();
    }
    (links, next.is_some())
}

/// The cause that says most: of a replacement, one that makes it necessary.
fn first_cause(change: &ResourceChange) -> Option<&Cause> {
    let forces = |cause: &&Cause| change.replace.iter().any(|path| path.covers(&cause.path));
    change.causes.iter().find(forces).or_else(|| change.causes.first())
}

fn is_known(change: &ResourceChange, path: &Path) -> bool {
    change.after.at(path).is_none_or(Value::is_wholly_known)
}
