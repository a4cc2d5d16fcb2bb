//! What happens to objects and outputs.

use platoform_plan::{Action, ActionReason, Drift, OutputChange, ResourceChange};
use platoform_value::{Marks, Path, Step, Value};
use serde_json::{Map, Value as Json, json};

use super::resource::name;
use super::value::{known, plain, sensitive, unknown};

/// An entry of `resource_changes`.
pub fn resource(change: &ResourceChange) -> Json {
    let mut json = entry(change, &change.provider.source.0);
    let mut inner = values(actions(change.action), &change.before, &change.after);
    if let Some(previous) = &change.previous {
        json.insert("previous_address".into(), previous.to_string().into());
    }
    if let Some(id) = &change.importing {
        inner.insert("importing".into(), json!({ "id": &**id }));
    }
    if !change.replace.is_empty() {
        inner.insert("replace_paths".into(), change.replace.iter().map(path).collect());
    }
    json.insert("change".into(), inner.into());
    if let Some(reason) = change.reason.as_ref().and_then(reason) {
        json.insert("action_reason".into(), reason.into());
    }
    json.into()
}

fn entry(change: &ResourceChange, provider: &str) -> Map<String, Json> {
    let mut json = name(&change.key.address, provider);
    let module = &change.key.address.resource.module;
    if !module.0.is_empty() {
        json.insert("module_address".into(), module.to_string().into());
    }
    if let Some(deposed) = &change.key.deposed {
        json.insert("deposed".into(), (**deposed).into());
    }
    json
}

/// An entry of `resource_drift`.
pub fn drift(drift: &Drift) -> Json {
    let mut json = name(&drift.key.address, &drift.provider.0);
    let module = &drift.key.address.resource.module;
    if !module.0.is_empty() {
        json.insert("module_address".into(), module.to_string().into());
    }
    let gone = drift.after.is_null();
    let actions: &[&str] = if gone { &["delete"] } else { &["update"] };
    json.insert("change".into(), values(actions, &drift.before, &drift.after).into());
    json.into()
}

/// An entry of `output_changes`.
pub fn output(change: &OutputChange) -> Json {
    let shown = |value: &Option<Value>| {
        value.as_ref().map_or(Json::Null, |value| {
            let secret = change.sensitive || value.deep_marks().contains(Marks::SENSITIVE);
            if secret { Json::Null } else { known(value).unwrap_or_default() }
        })
    };
    let after_unknown = match change.after.as_ref().filter(|value| !value.is_wholly_known()) {
        Some(_) if change.sensitive => Json::Bool(true),
        Some(value) => unknown(value),
        None => Json::Bool(false),
    };
    let mut json = json!({
        "actions": actions(output_action(change)),
        "before": shown(&change.before),
        "after_unknown": after_unknown,
        "before_sensitive": change.sensitive,
        "after_sensitive": change.sensitive,
    });
    if change.after.as_ref().is_none_or(Value::is_known) {
        json["after"] = shown(&change.after);
    }
    json
}

/// What happens to an output.
pub fn output_action(change: &OutputChange) -> Action {
    match (&change.before, &change.after) {
        _ if !change.is_change() => Action::NoOp,
        (None, _) => Action::Create,
        (_, None) if !change.declared => Action::Delete,
        _ => Action::Update,
    }
}

fn values(actions: &[&str], before: &Value, after: &Value) -> Map<String, Json> {
    let gone = after.is_null();
    let mut json = Map::new();
    json.insert("actions".into(), actions.into());
    json.insert("before".into(), known(before).unwrap_or_default());
    if let Some(after) = known(after) {
        json.insert("after".into(), after);
    }
    let unknown = if gone { json!({}) } else { unknown(after) };
    json.insert("after_unknown".into(), unknown);
    json.insert("before_sensitive".into(), sensitive(before));
    json.insert("after_sensitive".into(), sensitive(after));
    json
}

fn actions(action: Action) -> &'static [&'static str] {
    match action {
        Action::NoOp => &["no-op"],
        Action::Read => &["read"],
        Action::Create => &["create"],
        Action::Update => &["update"],
        Action::Delete => &["delete"],
        Action::DeleteThenCreate => &["delete", "create"],
        Action::CreateThenDelete => &["create", "delete"],
        Action::Forget => &["forget"],
        Action::ForgetThenCreate => &["forget", "create"],
    }
}

/// Why an object is replaced, destroyed or read later, where there is a word for it.
pub fn reason(reason: &ActionReason) -> Option<&'static str> {
    Some(match reason {
        ActionReason::Tainted => "replace_because_tainted",
        ActionReason::CannotUpdate => "replace_because_cannot_update",
        ActionReason::Requested => "replace_by_request",
        ActionReason::Triggered(_) => "replace_by_triggers",
        ActionReason::NoBlock => "delete_because_no_resource_config",
        ActionReason::NoModule => "delete_because_no_module",
        ActionReason::NoMoveTarget => "delete_because_no_move_target",
        ActionReason::WrongRepetition => "delete_because_wrong_repetition",
        ActionReason::CountIndex => "delete_because_count_index",
        ActionReason::EachKey => "delete_because_each_key",
        ActionReason::Deposed => return None,
        ActionReason::ConfigUnknown => "read_because_config_unknown",
        ActionReason::DependencyPending => "read_because_dependency_pending",
        ActionReason::CheckNested => "read_because_check_nested",
    })
}

/// A path as names and indexes.
fn path(path: &Path) -> Json {
    let steps = path.0.iter().map(|step| match step {
        Step::Attribute(name) | Step::Key(name) => Json::from(&**name),
        Step::Index(index) => (*index).into(),
        Step::Element(element) => {
            if element.deep_marks().contains(Marks::SENSITIVE) {
                Json::Null
            } else {
                plain(element)
            }
        }
    });
    steps.collect()
}
