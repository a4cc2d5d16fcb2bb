//! The document of `show -json FILE`: a plan.

use platoform_config::LANGUAGE_LEVEL;
use platoform_plan::{Action, Plan, ResourceChange, Session};
use platoform_schema::Mode;
use platoform_value::{Marks, Value};
use serde_json::{Map, Value as Json, json};

use super::module::Tree;
use super::resource::Object;
use super::value::known;
use super::{change, configuration, format, state};

/// A plan, whole. One that failed while it was made holds what had been planned by then.
pub fn document(plan: &Plan, session: &Session) -> Json {
    let errored = plan.diagnostics.has_errors();
    let changes = plan.changes.iter().map(|change| &**change);
    let changes: Vec<&ResourceChange> = changes.filter(|it| exists(it)).collect();
    let mut json = json!({
        "format_version": format::PLAN,
        "terraform_version": LANGUAGE_LEVEL,
        "platoform": {
            "version": env!("CARGO_PKG_VERSION"),
            "plan": &*plan.id,
            "digest": &*plan.digest,
        },
        "planned_values": planned_values(plan, &changes),
        "configuration": configuration::document(session.topology()),
        "timestamp": &**session.timestamp(),
        "applyable": !errored && plan.has_changes(),
        "complete": !errored && !plan.targeted,
        "errored": errored,
    });
    let mut add = |name: &str, part: Json| {
        let empty = part.as_array().is_some_and(Vec::is_empty)
            || part.as_object().is_some_and(Map::is_empty);
        if !empty {
            json[name] = part;
        }
    };
    add("variables", variables(session));
    add("resource_changes", changes.iter().map(|it| change::resource(it)).collect());
    add("resource_drift", drift(plan));
    let outputs = plan.outputs.iter().map(|it| (it.name.to_string(), change::output(it)));
    add("output_changes", outputs.collect());
    add("prior_state", prior_state(plan, &changes));
    json
}

/// Whether there is an object, before or after. One that was found gone is drift and nothing else.
pub fn exists(change: &ResourceChange) -> bool {
    !(change.before.is_null() && change.after.is_null())
}

fn variables(session: &Session) -> Json {
    let kept = session
        .variables()
        .filter(|(_, value)| !value.deep_marks().contains(Marks::EPHEMERAL) && !value.is_null());
    let variables = kept
        .filter_map(|(name, value)| Some((name.to_string(), json!({ "value": known(value)? }))));
    variables.collect()
}

fn drift(plan: &Plan) -> Json {
    plan.drift.iter().map(change::drift).collect()
}

fn planned_values(plan: &Plan, changes: &[&ResourceChange]) -> Json {
    let outputs = plan.outputs.iter().filter_map(|output| {
        let value = output.after.as_ref()?;
        Some((output.name.to_string(), state::output(value, output.sensitive)))
    });
    let outputs: Map<String, Json> = outputs.collect();
    let mut tree = Tree::default();
    for change in changes.iter().filter(|change| !change.after.is_null()) {
        add(&mut tree, change, &change.after, false);
    }
    let mut json = json!({ "root_module": tree.json() });
    if !outputs.is_empty() {
        json["outputs"] = outputs.into();
    }
    json
}

fn prior_state(plan: &Plan, changes: &[&ResourceChange]) -> Json {
    let outputs = plan.outputs.iter().filter_map(|output| {
        let value = output.before.as_ref()?;
        Some((output.name.to_string(), state::output(value, output.sensitive)))
    });
    let outputs: Map<String, Json> = outputs.collect();
    let recorded = |change: &&&ResourceChange| {
        !change.before.is_null() && change.key.address.resource.id.mode == Mode::Managed
    };
    let mut tree = Tree::default();
    for change in changes.iter().filter(recorded) {
        let tainted = matches!(change.reason, Some(platoform_plan::ActionReason::Tainted));
        add(&mut tree, change, &change.before, tainted && change.action != Action::NoOp);
    }
    let root = tree.json();
    if outputs.is_empty() && root.as_object().is_some_and(Map::is_empty) {
        return Json::Object(Map::new());
    }
    state::values(outputs, root)
}

fn add(tree: &mut Tree, change: &ResourceChange, values: &Value, tainted: bool) {
    let object = Object {
        key: &change.key,
        provider: &change.provider.source.0,
        schema_version: change.schema.version,
        values,
        tainted,
        depends_on: &[],
    };
    tree.add(&change.key.address.resource.module, object.json());
}
