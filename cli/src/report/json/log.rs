//! The documents of `log -json` and `log show -json`.

use platoform_plan::{OutputChange, RecordKey};
use platoform_state::{FailedCall, Run};
use platoform_value::Value;
use serde_json::{Map, Value as Json, json};

use super::value::known;

/// An object that a run changed.
#[derive(Debug)]
pub struct Object<'a> {
    /// Which.
    pub key: &'a RecordKey,
    /// What it held before.
    pub before: Option<&'a Value>,
    /// What it held after.
    pub after: Option<&'a Value>,
    /// Whether it is tainted since; `None` when it is gone.
    pub tainted: Option<bool>,
}

/// A run, without what it changed.
pub fn run(run: &Run) -> Json {
    json!({
        "run": run.number,
        "command": run.process.command,
        "user": run.process.user,
        "host": run.process.host,
        "pid": run.process.pid,
        "plan_digest": (!run.digest.is_empty()).then_some(&*run.digest),
        "begun": &*run.begun,
        "ended": run.ended.as_deref(),
        "outcome": run.outcome.as_deref(),
        "added": run.added,
        "changed": run.changed,
        "removed": run.removed,
    })
}

/// A run with what it changed; secrets are null.
pub fn changes(
    run: Json,
    objects: &[Object<'_>],
    outputs: &[OutputChange],
    failures: &[FailedCall],
) -> Json {
    let mut json = run;
    json["objects"] = objects.iter().map(object).collect();
    let outputs = outputs.iter().map(|change| (change.name.to_string(), output(change)));
    json["outputs"] = outputs.collect::<Map<_, _>>().into();
    let failures = failures.iter().map(|call| {
        json!({
            "address": &*call.address,
            "verb": &*call.verb,
            "class": &*call.class,
            "note": call.note.as_deref(),
        })
    });
    json["failures"] = failures.collect();
    json
}

fn object(object: &Object<'_>) -> Json {
    json!({
        "address": object.key.address.to_string(),
        "deposed": object.key.deposed.as_deref(),
        "action": match (object.before, object.after) {
            (None, _) => "add",
            (_, None) => "remove",
            _ => "change",
        },
        "tainted": object.tainted,
        "before": object.before.and_then(known),
        "after": object.after.and_then(known),
    })
}

fn output(change: &OutputChange) -> Json {
    let value = |value: &Option<Value>| {
        value.as_ref().filter(|_| !change.sensitive).and_then(known).unwrap_or_default()
    };
    json!({
        "before": value(&change.before),
        "after": value(&change.after),
        "sensitive": change.sensitive,
    })
}
