//! What became of conditions: the part `checks` of a plan.

use platoform_config::{InstanceAddress, InstanceKey, ModuleInstance, ResourceAddress};
use platoform_plan::{CheckInstance, CheckResult, CheckStatus, CheckSubject};
use serde_json::{Map, Value as Json, json};

use super::resource::{index, mode};

/// The entries, in order of what they are shown as.
pub fn checks(results: &[CheckResult]) -> Vec<Json> {
    let mut all: Vec<(String, Json)> = results.iter().map(entry).collect();
    all.sort_by(|left, right| left.0.cmp(&right.0));
    all.into_iter().map(|(_, json)| json).collect()
}

fn entry(result: &CheckResult) -> (String, Json) {
    let module: Vec<String> = result.module.iter().map(|name| format!("module.{name}")).collect();
    let module = module.join(".");
    let shown = within(&module, &subject(&result.subject));
    let mut address = Map::new();
    match &result.subject {
        CheckSubject::Resource(id) => {
            address.insert("kind".into(), "resource".into());
            address.insert("mode".into(), mode(id.mode).into());
            address.insert("type".into(), (*id.kind).into());
            address.insert("name".into(), (*id.name).into());
        }
        CheckSubject::Output(name) => named(&mut address, "output_value", name),
        CheckSubject::Check(name) => named(&mut address, "check", name),
        CheckSubject::Variable(name) => named(&mut address, "var", name),
    }
    if !module.is_empty() {
        address.insert("module".into(), module.into());
    }
    address.insert("to_display".into(), shown.clone().into());
    let mut json = json!({ "address": address, "status": status(result.status) });
    if !result.instances.is_empty() {
        json["instances"] =
            result.instances.iter().map(|instance| one(&result.subject, instance)).collect();
    }
    (shown, json)
}

fn named(address: &mut Map<String, Json>, kind: &str, name: &str) {
    address.insert("kind".into(), kind.into());
    address.insert("name".into(), name.into());
}

fn one(of: &CheckSubject, instance: &CheckInstance) -> Json {
    let module = instance.module.to_string();
    let shown = match of {
        CheckSubject::Resource(id) => {
            let resource = ResourceAddress { module: ModuleInstance::default(), id: id.clone() };
            InstanceAddress::new(resource, instance.key.clone()).to_string()
        }
        other => subject(other),
    };
    let mut address = json!({ "to_display": within(&module, &shown) });
    if !module.is_empty() {
        address["module"] = module.into();
    }
    if instance.key != InstanceKey::None {
        address["instance_key"] = index(&instance.key);
    }
    let mut json = json!({ "address": address, "status": status(instance.status) });
    if !instance.problems.is_empty() {
        let problems = instance.problems.iter().map(|text| json!({ "message": &**text }));
        json["problems"] = problems.collect();
    }
    json
}

fn subject(of: &CheckSubject) -> String {
    match of {
        CheckSubject::Resource(id) => id.to_string(),
        CheckSubject::Output(name) => format!("output.{name}"),
        CheckSubject::Check(name) => format!("check.{name}"),
        CheckSubject::Variable(name) => format!("var.{name}"),
    }
}

fn within(module: &str, name: &str) -> String {
    if module.is_empty() { name.to_owned() } else { format!("{module}.{name}") }
}

fn status(of: CheckStatus) -> &'static str {
    match of {
        CheckStatus::Pass => "pass",
        CheckStatus::Unknown => "unknown",
        CheckStatus::Fail => "fail",
        CheckStatus::Error => "error",
    }
}
