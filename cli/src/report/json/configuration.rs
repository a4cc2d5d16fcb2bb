//! The part `configuration` of a plan: what the files say, with every expression told by what it
//! refers to, or by its value where it is constant.

mod expression;

use std::sync::Arc;

use platoform_config::{
    Module, ModuleCall, ModuleId, Output, ProviderId, Provisioner, Repetition, Resource, Topology,
    Variable, Written,
};
use platoform_diagnostic::Sources;
use platoform_lang::Expression;
use platoform_schema::BlockNesting;
use serde_json::{Map, Value as Json, json};

use super::resource::mode;
use super::value::plain;
use expression::{expression, names};

/// The whole configuration. Constants of JSON syntax are told as the sources spell them.
pub fn document(topology: &Topology, sources: &Sources) -> Json {
    let writer = Writer { topology, sources };
    let mut json = json!({
        "root_module": topology.modules.first().map(|root| writer.module(root)),
    });
    set(&mut json, "provider_config", writer.providers());
    json
}

/// Puts in what is not empty.
fn set(json: &mut Json, name: &str, part: Map<String, Json>) {
    if !part.is_empty() {
        json[name] = part.into();
    }
}

/// What all parts are written from.
struct Writer<'a> {
    topology: &'a Topology,
    sources: &'a Sources,
}

fn module_address(module: &Module) -> String {
    let calls: Vec<String> = module.path.iter().map(|name| format!("module.{name}")).collect();
    calls.join(".")
}

impl Writer<'_> {
    /// Every provider configuration that is written or assumed, by the key that names it.
    fn providers(&self) -> Map<String, Json> {
        let mut all = Map::new();
        for module in &self.topology.modules {
            let blocks = module
                .providers
                .keys()
                .map(|(name, alias)| module.provider_id(name.clone(), alias.clone()));
            let used = module.resources.values().map(|resource| resource.provider.clone());
            for id in blocks.chain(used) {
                let owner = self.owner(module, &id);
                all.entry(key(owner, &id)).or_insert_with(|| self.provider(owner, &id));
            }
        }
        all
    }

    /// The module that counts as the one with a provider configuration: where its block is, or,
    /// where there is none, as far out as each module has something of that provider.
    fn owner<'m>(&'m self, user: &'m Module, id: &ProviderId) -> &'m Module {
        if id.alias.is_some() || id.module != ModuleId::ROOT || self.topology.provider(id).is_some()
        {
            return self.topology.module(id.module);
        }
        let mut module = user;
        while let Some((parent, _)) = &module.parent {
            let parent = self.topology.module(*parent);
            let uses = |resource: &Resource| resource.provider.source == id.source;
            let known =
                parent.requirements.contains_key(&id.name) || parent.resources.values().any(uses);
            if !known {
                break;
            }
            module = parent;
        }
        module
    }

    fn provider(&self, owner: &Module, id: &ProviderId) -> Json {
        let mut json = json!({ "name": &*id.name, "full_name": &*id.source.0 });
        if let Some(alias) = &id.alias {
            json["alias"] = (**alias).into();
        }
        let required = owner.requirements.get(&id.name);
        if let Some((version, _)) = required.and_then(|required| required.version.as_ref()) {
            json["version_constraint"] = (**version).into();
        }
        if owner.id != ModuleId::ROOT {
            json["module_address"] = module_address(owner).into();
        }
        let block = self.topology.provider(id);
        if let Some(content) = block.and_then(|block| block.content.as_ref()) {
            set(&mut json, "expressions", self.expressions(content.written()));
        }
        json
    }

    /// How a resource of a module names its provider configuration.
    fn key_in(&self, module: &Module, id: &ProviderId) -> String {
        key(self.owner(module, id), id)
    }

    /// An expression; one of JSON syntax comes with its text, which its references are taken out of.
    fn expression(&self, value: &Expression) -> Json {
        let mut json = expression(value);
        let in_json = || {
            let name = &self.sources.get(value.span.file)?.name;
            name.ends_with(".json").then(|| self.sources.slice(value.span))
        };
        if let Some(text) = in_json()
            && let Ok(spelled) = serde_json::from_str::<Json>(text)
        {
            json["constant_value"] = spelled;
        }
        json
    }

    fn module(&self, module: &Module) -> Json {
        let mut json = json!({});
        let named =
            module.outputs.iter().map(|(name, block)| (name.to_string(), self.output(block)));
        set(&mut json, "outputs", named.collect());
        let named =
            module.variables.iter().map(|(name, block)| (name.to_string(), variable(block)));
        set(&mut json, "variables", named.collect());
        let named = module.calls.iter().map(|(name, block)| (name.to_string(), self.call(block)));
        set(&mut json, "module_calls", named.collect());
        if !module.resources.is_empty() {
            let all = module.resources.values().map(|block| self.resource(module, block));
            json["resources"] = all.collect();
        }
        json
    }

    fn output(&self, output: &Output) -> Json {
        let mut json = json!({ "expression": self.expression(&output.expression) });
        if output.sensitive {
            json["sensitive"] = true.into();
        }
        if let Some(description) = &output.description {
            json["description"] = (**description).into();
        }
        depends_on(&mut json, &output.depends_on);
        json
    }

    fn call(&self, call: &ModuleCall) -> Json {
        let mut json = json!({
            "source": call.source.to_string(),
            "module": self.module(self.topology.module(call.module)),
        });
        if let Some(version) = &call.version {
            json["version_constraint"] = (**version).into();
        }
        let inputs = call.inputs.iter();
        let inputs = inputs.map(|(name, (_, value))| (name.to_string(), self.expression(value)));
        set(&mut json, "expressions", inputs.collect());
        self.repetition(&mut json, &call.repetition);
        depends_on(&mut json, &call.depends_on);
        json
    }

    fn resource(&self, module: &Module, resource: &Resource) -> Json {
        let id = &resource.id;
        let mut json = json!({
            "address": id.to_string(),
            "mode": mode(id.mode),
            "type": &*id.kind,
            "name": &*id.name,
            "provider_config_key": self.key_in(module, &resource.provider),
            "schema_version": resource.content.schema().version,
        });
        set(&mut json, "expressions", self.expressions(resource.content.written()));
        if !resource.provisioners.is_empty() {
            let all = resource.provisioners.iter().map(|block| self.provisioner(block));
            json["provisioners"] = all.collect();
        }
        self.repetition(&mut json, &resource.repetition);
        depends_on(&mut json, &resource.depends_on);
        json
    }

    fn provisioner(&self, provisioner: &Provisioner) -> Json {
        let mut json = json!({ "type": &*provisioner.kind.name });
        set(&mut json, "expressions", self.expressions(provisioner.content.written()));
        json
    }

    /// What a block says. Of an attribute that holds a secret a constant is not told.
    fn expressions(&self, written: Written<'_>) -> Map<String, Json> {
        let mut all = Map::new();
        for (name, attribute, value) in written.attributes() {
            let mut json = self.expression(value);
            if let Some(json) = json.as_object_mut().filter(|_| attribute.sensitive) {
                json.remove("constant_value");
            }
            all.insert(name.to_string(), json);
        }
        for (name, block) in written.blocks() {
            let inside = Json::from(self.expressions(block.body));
            let name = name.to_string();
            match (block.nested.nesting, block.label) {
                (BlockNesting::Single | BlockNesting::Group, _) => {
                    all.insert(name, inside);
                }
                (BlockNesting::Map, Some(label)) => {
                    all.entry(name).or_insert_with(|| json!({}))[&**label] = inside;
                }
                _ => {
                    let blocks = all.entry(name).or_insert_with(|| json!([]));
                    if let Some(blocks) = blocks.as_array_mut() {
                        blocks.push(inside);
                    }
                }
            }
        }
        all
    }

    fn repetition(&self, json: &mut Json, repetition: &Repetition) {
        let (name, value) = match repetition {
            Repetition::Single => return,
            Repetition::Count(value) => ("count_expression", value),
            Repetition::ForEach(value) => ("for_each_expression", value),
            Repetition::Enabled(value) => ("enabled_expression", value),
        };
        let value = self.expression(value);
        if value.as_object().is_some_and(|value| !value.is_empty()) {
            json[name] = value;
        }
    }
}

/// How a provider configuration is named: `[module.a:]name[.alias]`.
fn key(owner: &Module, id: &ProviderId) -> String {
    let mut key = String::new();
    if owner.id != ModuleId::ROOT {
        key = format!("{}:", module_address(owner));
    }
    key.push_str(&id.name);
    if let Some(alias) = &id.alias {
        key.push('.');
        key.push_str(alias);
    }
    key
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

fn depends_on(json: &mut Json, on: &[Arc<Expression>]) {
    if !on.is_empty() {
        json["depends_on"] = on.iter().flat_map(|on| names(on).into_iter().next()).collect();
    }
}
