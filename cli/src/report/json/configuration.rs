//! The part `configuration` of a plan: what the files say, with every expression told by what it
//! refers to, or by its value where it is constant.

mod expression;

use std::sync::Arc;

use platoform_config::{
    Content, Module, ModuleCall, ModuleId, Output, ProviderId, Repetition, Resource, Topology,
    Variable,
};
use platoform_lang::Expression;
use serde_json::{Map, Value as Json, json};

use super::resource::mode;
use super::value::plain;
use expression::{expression, names};

/// The whole configuration.
pub fn document(topology: &Topology) -> Json {
    let mut json = json!({
        "root_module": topology.modules.first().map(|root| module(topology, root)),
    });
    let providers: Map<String, Json> = topology
        .modules
        .iter()
        .flat_map(|module| module.resources.values())
        .map(|resource| provider(topology, &resource.provider))
        .collect();
    set(&mut json, "provider_config", providers);
    json
}

/// Puts in what is not empty.
fn set(json: &mut Json, name: &str, part: Map<String, Json>) {
    if !part.is_empty() {
        json[name] = part.into();
    }
}

fn provider(topology: &Topology, id: &ProviderId) -> (String, Json) {
    let mut json = json!({ "name": &*id.name, "full_name": &*id.source.0 });
    if let Some(alias) = &id.alias {
        json["alias"] = (**alias).into();
    }
    if id.module != ModuleId::ROOT {
        json["module_address"] = module_address(topology.module(id.module)).into();
    }
    if let Some(content) = topology.provider(id).and_then(|block| block.content.as_ref()) {
        set(&mut json, "expressions", expressions(content));
    }
    (provider_key(topology, id), json)
}

/// How resources name a provider configuration: `[module.a:]name[.alias]`.
fn provider_key(topology: &Topology, id: &ProviderId) -> String {
    let mut key = String::new();
    if id.module != ModuleId::ROOT {
        key = format!("{}:", module_address(topology.module(id.module)));
    }
    key.push_str(&id.name);
    if let Some(alias) = &id.alias {
        key.push('.');
        key.push_str(alias);
    }
    key
}

fn module_address(module: &Module) -> String {
    let calls: Vec<String> = module.path.iter().map(|name| format!("module.{name}")).collect();
    calls.join(".")
}

fn module(topology: &Topology, module: &Module) -> Json {
    let mut json = json!({});
    let named = module.outputs.iter().map(|(name, block)| (name.to_string(), output(block)));
    set(&mut json, "outputs", named.collect());
    let named = module.variables.iter().map(|(name, block)| (name.to_string(), variable(block)));
    set(&mut json, "variables", named.collect());
    let named = module.calls.iter().map(|(name, block)| (name.to_string(), call(topology, block)));
    set(&mut json, "module_calls", named.collect());
    if !module.resources.is_empty() {
        let all = module.resources.values().map(|block| resource(topology, block));
        json["resources"] = all.collect();
    }
    json
}

fn output(output: &Output) -> Json {
    let mut json = json!({ "expression": expression(&output.expression) });
    if output.sensitive {
        json["sensitive"] = true.into();
    }
    if let Some(description) = &output.description {
        json["description"] = (**description).into();
    }
    depends_on(&mut json, &output.depends_on);
    json
}

fn variable(variable: &Variable) -> Json {
    let mut json = json!({});
    if let Some(default) = variable.default.as_ref().filter(|_| !variable.sensitive) {
        json["default"] = plain(default);
    }
    if let Some(description) = &variable.description {
        json["description"] = (**description).into();
    }
    if variable.sensitive {
        json["sensitive"] = true.into();
    }
    json
}

fn call(topology: &Topology, call: &ModuleCall) -> Json {
    let mut json = json!({ "module": module(topology, topology.module(call.module)) });
    let inputs = call.inputs.iter();
    let inputs = inputs.map(|(name, (_, value))| (name.to_string(), expression(value)));
    set(&mut json, "expressions", inputs.collect());
    repetition(&mut json, &call.repetition);
    depends_on(&mut json, &call.depends_on);
    json
}

fn resource(topology: &Topology, resource: &Resource) -> Json {
    let id = &resource.id;
    let mut json = json!({
        "address": id.to_string(),
        "mode": mode(id.mode),
        "type": &*id.kind,
        "name": &*id.name,
        "provider_config_key": provider_key(topology, &resource.provider),
        "schema_version": resource.content.schema().version,
    });
    set(&mut json, "expressions", expressions(&resource.content));
    repetition(&mut json, &resource.repetition);
    depends_on(&mut json, &resource.depends_on);
    json
}

/// What the attributes of a block are set to. Of one that holds a secret a constant is not told.
fn expressions(content: &Content) -> Map<String, Json> {
    let attributes = content.schema().block.attributes.iter();
    let set = attributes.filter_map(|(name, attribute)| {
        let mut json = expression(content.expression(name)?);
        if let Some(json) = json.as_object_mut().filter(|_| attribute.sensitive) {
            json.remove("constant_value");
        }
        Some((name.to_string(), json))
    });
    set.collect()
}

fn repetition(json: &mut Json, repetition: &Repetition) {
    let (name, value) = match repetition {
        Repetition::Single => return,
        Repetition::Count(value) => ("count_expression", value),
        Repetition::ForEach(value) => ("for_each_expression", value),
        Repetition::Enabled(value) => ("enabled_expression", value),
    };
    json[name] = expression(value);
}

fn depends_on(json: &mut Json, on: &[Arc<Expression>]) {
    if !on.is_empty() {
        json["depends_on"] = on.iter().flat_map(|on| names(on).into_iter().next()).collect();
    }
}
