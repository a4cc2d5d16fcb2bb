//! Objects by module: the tree under `root_module`.

use std::collections::BTreeMap;

use platoform_config::ModuleInstance;
use serde_json::{Map, Value as Json};

/// The objects of a module instance, and the modules it calls.
#[derive(Default)]
pub struct Tree {
    objects: Vec<Json>,
    children: BTreeMap<ModuleInstance, Tree>,
}

impl Tree {
    /// Adds an object to the module instance it is in.
    pub fn add(&mut self, module: &ModuleInstance, object: Json) {
        let mut tree = self;
        for depth in 1..=module.0.len() {
            let path = ModuleInstance(module.0[..depth].to_vec().into());
            tree = tree.children.entry(path).or_default();
        }
        tree.objects.push(object);
    }

    /// The object of the root module.
    pub fn json(mut self) -> Json {
        // By their addresses as text, as readers that compare documents expect it.
        let address = |object: &Json| object["address"].as_str().map(str::to_owned);
        self.objects.sort_by_cached_key(address);
        let mut json = Map::new();
        if !self.objects.is_empty() {
            json.insert("resources".into(), self.objects.into());
        }
        if !self.children.is_empty() {
            let children = self.children.into_iter().map(|(module, tree)| {
                let mut json = tree.json();
                json["address"] = module.to_string().into();
                json
            });
            json.insert("child_modules".into(), children.collect());
        }
        json.into()
    }
}

#[cfg(test)]
mod tests {
    use platoform_config::InstanceAddress;
    use serde_json::json;

    use super::*;

    #[test]
    fn modules_nest() {
        let mut tree = Tree::default();
        for text in ["a.x", "module.m[0].a.x", "module.m[0].module.n.a.x"] {
            let address: InstanceAddress = text.parse().unwrap();
            tree.add(&address.resource.module, text.into());
        }
        let inner =
            json!({ "address": "module.m[0].module.n", "resources": ["module.m[0].module.n.a.x"] });
        let child = json!({
            "address": "module.m[0]", "resources": ["module.m[0].a.x"], "child_modules": [inner],
        });
        assert_eq!(tree.json(), json!({ "resources": ["a.x"], "child_modules": [child] }));
    }
}
