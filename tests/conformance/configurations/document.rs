//! Plans as documents: what of Terraform's has to be in ours, part by part.

use regex::Regex;
use serde_json::{Map, Value as Json};

/// Parts of a plan that are left out of the comparison, each for its reason.
const APART: [&str; 3] = [
    // Ours alone.
    "platoform",
    // The moment.
    "timestamp",
    // Causes tell more, under `platoform`; nobody is known to read this.
    "relevant_attributes",
];

/// The comparable part of a plan. Ids are random, and what an object was made from is told more
/// precisely here: directly, where Terraform has all that is behind it, too.
pub fn comparable(mut plan: Json) -> Json {
    let errored = plan["errored"] == true;
    if let Some(parts) = plan.as_object_mut() {
        for name in APART {
            parts.remove(name);
        }
        if errored {
            // Values that do not fit their variables are not told again.
            parts.remove("variables");
        }
    }
    if let Some(prior) = plan.get_mut("prior_state") {
        every(prior, &mut |entries| drop(entries.remove("depends_on")));
    }
    every(&mut plan, &mut |entries| {
        for name in ["deposed", "deposed_key"] {
            if let Some(key) = entries.get_mut(name) {
                *key = "<deposed>".into();
            }
        }
    });
    let ids = Regex::new("<uuid-[0-9]+>").expect("an expression");
    let text = ids.replace_all(&plan.to_string(), "<uuid>").into_owned();
    let mut plan: Json = serde_json::from_str(&text).expect("a document");
    // Objects that are left over at one address stand in the order of their random keys.
    every(&mut plan, &mut |entries| {
        for name in ["resources", "resource_changes"] {
            if let Some(Json::Array(objects)) = entries.get_mut(name) {
                objects.sort_by_cached_key(|object| {
                    (
                        object["address"].to_string(),
                        object["deposed"].is_string(),
                        object.to_string(),
                    )
                });
            }
        }
    });
    plan
}

/// Does something to every object in a document.
fn every(json: &mut Json, act: &mut dyn FnMut(&mut Map<String, Json>)) {
    match json {
        Json::Object(entries) => {
            act(entries);
            entries.values_mut().for_each(|entry| every(entry, act));
        }
        Json::Array(items) => items.iter_mut().for_each(|item| every(item, act)),
        _ => {}
    }
}
