//! The document of `show -json`: a state.

use platoform_config::LANGUAGE_LEVEL;
use platoform_plan::Record;
use platoform_value::{Marks, Value};
use serde_json::{Map, Value as Json, json};

use super::format;
use super::module::Tree;
use super::resource::Object;
use super::value::known;
use crate::report::value::Output;

/// The document of a state with these objects and outputs.
pub fn document<'a>(
    objects: impl IntoIterator<Item = (&'a Record, &'a Value)>,
    outputs: &[Output],
) -> Json {
    let mut tree = Tree::default();
    for (record, values) in objects {
        let object = Object {
            key: &record.key,
            provider: &record.provider.0,
            schema_version: record.schema_version,
            values,
            tainted: record.tainted,
            depends_on: &record.dependencies,
        };
        tree.add(&record.key.address.resource.module, object.json());
    }
    let outputs =
        outputs.iter().map(|entry| (entry.name.to_string(), output(&entry.value, entry.sensitive)));
    let outputs: Map<String, Json> = outputs.collect();
    let root = tree.json();
    if outputs.is_empty() && root.as_object().is_some_and(Map::is_empty) {
        return empty();
    }
    values(outputs, root)
}

/// The document where there is nothing.
pub fn empty() -> Json {
    json!({ "format_version": format::STATE })
}

/// A state with these outputs and this root module.
pub fn values(outputs: Map<String, Json>, root: Json) -> Json {
    let mut values = json!({ "root_module": root });
    if !outputs.is_empty() {
        values["outputs"] = outputs.into();
    }
    json!({
        "format_version": format::STATE,
        "terraform_version": LANGUAGE_LEVEL,
        "values": values,
    })
}

/// An output with its type; a value that is unknown has neither.
pub fn output(value: &Value, sensitive: bool) -> Json {
    let mut json = json!({ "sensitive": sensitive });
    if !value.is_wholly_known() {
        return json;
    }
    json["type"] = value.kind().to_json();
    let secret = sensitive || value.deep_marks().contains(Marks::SENSITIVE);
    json["value"] = if secret { Json::Null } else { known(value).unwrap_or_default() };
    json
}
