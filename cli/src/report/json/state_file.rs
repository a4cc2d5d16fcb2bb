//! The document of `state pull`: a state in the format of Terraform's state files, secrets
//! included.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use platoform_config::{LANGUAGE_LEVEL, ResourceAddress};
use platoform_plan::{Prior, Record, Seal, StoredError};
use platoform_value::{Path, Step};
use serde_json::{Map, Value as Json, json};

use super::format;
use super::resource::{blocks, index, mode};
use super::value::plain;
use crate::report::value::Output;

/// A state, whole.
///
/// # Errors
/// When an object cannot be opened.
pub fn document(prior: &Prior, outputs: &[Output], seal: &dyn Seal) -> Result<Json, StoredError> {
    let mut grouped: BTreeMap<(&ResourceAddress, &str), Vec<&Record>> = BTreeMap::new();
    for record in &prior.records {
        let group = (&*record.key.address.resource, &*record.provider_config);
        grouped.entry(group).or_default().push(record);
    }
    let resources = grouped.into_iter().map(|((address, provider), mut records)| {
        records.sort_by(|left, right| left.key.cmp(&right.key));
        resource(address, provider, &records, seal)
    });
    Ok(json!({
        "version": format::STATE_FILE,
        "terraform_version": LANGUAGE_LEVEL,
        "serial": prior.serial,
        "lineage": &*prior.lineage,
        "outputs": outputs.iter().map(output).collect::<Map<_, _>>(),
        "resources": resources.collect::<Result<Vec<_>, _>>()?,
        "check_results": null,
    }))
}

fn output(output: &Output) -> (String, Json) {
    let mut json = json!({ "value": plain(&output.value), "type": output.value.kind().to_json() });
    if output.sensitive {
        json["sensitive"] = true.into();
    }
    (output.name.to_string(), json)
}

fn resource(
    address: &ResourceAddress,
    provider: &str,
    records: &[&Record],
    seal: &dyn Seal,
) -> Result<Json, StoredError> {
    let instances: Result<Vec<Json>, _> =
        records.iter().map(|record| instance(record, seal)).collect();
    let mut json = json!({
        "mode": mode(address.id.mode),
        "type": &*address.id.kind,
        "name": &*address.id.name,
        "provider": provider,
        "instances": instances?,
    });
    if !address.module.0.is_empty() {
        json["module"] = address.module.to_string().into();
    }
    Ok(json)
}

fn instance(record: &Record, seal: &dyn Seal) -> Result<Json, StoredError> {
    let (attributes, secrets) = record.attributes.reveal(seal)?;
    let mut json = json!({
        "schema_version": record.schema_version,
        "attributes": attributes,
        "sensitive_attributes": secrets.iter().map(path).collect::<Vec<_>>(),
    });
    let key = index(&record.key.address.key);
    if !key.is_null() {
        json["index_key"] = key;
    }
    if let Some(deposed) = &record.key.deposed {
        json["deposed"] = (**deposed).into();
    }
    if record.tainted {
        json["status"] = "tainted".into();
    }
    if record.create_before_destroy {
        json["create_before_destroy"] = true.into();
    }
    if !record.private.is_empty() {
        json["private"] = STANDARD.encode(&record.private).into();
    }
    let dependencies = blocks(&record.dependencies);
    if !dependencies.is_empty() {
        json["dependencies"] = dependencies.into();
    }
    Ok(json)
}

fn path(path: &Path) -> Json {
    let steps = path.0.iter().map(|step| match step {
        Step::Attribute(name) => json!({ "type": "get_attr", "value": &**name }),
        Step::Key(key) => {
            json!({ "type": "index", "value": { "value": &**key, "type": "string" } })
        }
        Step::Index(index) => {
            json!({ "type": "index", "value": { "value": index, "type": "number" } })
        }
        Step::Element(element) => json!({
            "type": "index", "value": { "value": plain(element), "type": element.kind().to_json() },
        }),
    });
    steps.collect()
}
