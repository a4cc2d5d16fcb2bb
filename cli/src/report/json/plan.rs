//! The document of `show -json FILE`: a plan.

use platoform_config::LANGUAGE_LEVEL;
use platoform_plan::{Later, LaterReason, Plan, PlanMode, Planned, ResourceChange, Session};
use platoform_schema::Mode;
use platoform_value::{Marks, Value};
use serde_json::{Map, Value as Json, json};

use super::module::Tree;
use super::resource::Object;
use super::value::known;
use super::{change, check, configuration, format, state};

/// A plan, whole. One that failed while it was made holds what had been planned by then.
pub fn document(planned: &Planned) -> Json {
    let (plan, session) = (&planned.plan, &planned.session);
    let errored = plan.diagnostics.has_errors();
    let changes = plan.changes.iter().map(|change| &**change);
    let mut changes: Vec<&ResourceChange> = changes.filter(|it| exists(it)).collect();
    changes.sort_by_key(|change| {
        let address = &change.key.address.resource;
        (&address.module, address.id.mode != Mode::Data)
    });
    let mut json = json!({
        "format_version": format::PLAN,
        "terraform_version": LANGUAGE_LEVEL,
        "platoform": {
            "version": env!("CARGO_PKG_VERSION"),
            "plan": &*plan.id,
            "digest": &*plan.digest,
        },
        "planned_values": planned_values(plan, &changes),
        "configuration": configuration::document(session.topology(), session.sources()),
        "timestamp": &**session.timestamp(),
        "applyable": !errored && plan.has_changes(),
        "complete": !errored && !plan.targeted && plan.later.is_empty(),
        "errored": errored,
    });
    if !plan.later.is_empty() {
        json["platoform"]["later"] = plan.later.iter().map(later).collect();
    }
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
    add("checks", check::checks(&plan.checks).into());
    add("prior_state", prior_state(planned));
    json
}

/// A block that is planned in a later stage.
pub fn later(later: &Later) -> Json {
    match &later.reason {
        LaterReason::Instances(found) => {
            json!({ "address": &*later.address, "reason": "instances_unknown", "detail": found.detail })
        }
        LaterReason::Needs(other) => {
            json!({ "address": &*later.address, "reason": "dependency_later", "needs": &**other })
        }
    }
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
        add(&mut tree, change, &change.after);
    }
    let mut json = json!({ "root_module": tree.json() });
    if !outputs.is_empty() {
        json["outputs"] = outputs.into();
    }
    json
}

/// The state as it was found. Like Terraform, outputs count as what they will be, as far as that is
/// known.
fn prior_state(planned: &Planned) -> Json {
    let plan = &planned.plan;
    let kept = plan.kept_outputs.iter().map(|kept| (&kept.name, Some(&kept.value), kept.sensitive));
    let gone = plan.mode == PlanMode::Destroy;
    let known = plan.outputs.iter().map(|output| {
        let value = if gone { &output.before } else { &output.after };
        let value = value.as_ref().filter(|value| value.is_wholly_known());
        (&output.name, value, output.sensitive)
    });
    let outputs = kept.chain(known).filter_map(|(name, value, sensitive)| {
        Some((name.to_string(), state::output(value?, sensitive)))
    });
    let mut tree = Tree::default();
    for object in planned.found() {
        let entry = Object {
            key: &object.key,
            provider: &object.provider.0,
            schema_version: object.schema_version,
            values: &object.value,
            tainted: object.tainted,
            depends_on: &object.dependencies,
        };
        tree.add(&object.key.address.resource.module, entry.json());
    }
    let (outputs, root): (Map<String, Json>, Json) = (outputs.collect(), tree.json());
    if outputs.is_empty() && root.as_object().is_some_and(Map::is_empty) {
        return Json::Object(Map::new());
    }
    state::values(outputs, root)
}

fn add(tree: &mut Tree, change: &ResourceChange, values: &Value) {
    let object = Object {
        key: &change.key,
        provider: &change.provider.source.0,
        schema_version: change.schema.version,
        values,
        tainted: false,
        depends_on: &[],
    };
    tree.add(&change.key.address.resource.module, object.json());
}
