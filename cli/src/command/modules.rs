//! `modules`

use std::sync::Arc;

use platoform_config::LoadedCall;
use serde_json::json;

use super::configuration::{warn, whole};
use crate::args;
use crate::error::{Failure, Outcome};
use crate::modules;
use crate::providers::Registry;
use crate::report::tree::Tree;
use crate::settings::Settings;

/// Version of the JSON form.
const FORMAT: &str = "1.0";

/// Lists the modules that are called, with their sources and versions.
pub fn run(settings: &Settings, arguments: &args::Modules) -> Result<Outcome, Failure> {
    let loaded = modules::load(settings, &settings.files(), &Registry::default(), &[])?;
    let mut calls = loaded.calls.clone();
    let (topology, found) = whole(settings, loaded)?;
    warn(settings, &found, &topology.sources);
    calls.sort_by(|left, right| left.path.cmp(&right.path));
    let text = if arguments.json {
        format!("{}\n", json(&calls))
    } else if calls.is_empty() {
        "No modules found in configuration.\n".to_owned()
    } else {
        let tree = Tree { label: ".".into(), branches: branches(&calls, &[]) };
        format!("\nModules declared by configuration:\n{tree}\n")
    };
    settings.output.data(&text)?;
    Ok(Outcome::Done)
}

fn json(calls: &[LoadedCall]) -> serde_json::Value {
    let modules: Vec<_> = calls
        .iter()
        .map(|call| {
            let version = call.version.as_ref().map(ToString::to_string).unwrap_or_default();
            json!({ "key": call.path.last(), "source": call.source.to_string(), "version": version })
        })
        .collect();
    let modules = if modules.is_empty() { serde_json::Value::Null } else { modules.into() };
    json!({ "format_version": FORMAT, "modules": modules })
}

/// The calls in a module, with those in what they call.
fn branches(calls: &[LoadedCall], path: &[Arc<str>]) -> Vec<Tree> {
    let here = calls
        .iter()
        .filter(|call| call.path.split_last().is_some_and(|(_, caller)| caller == path));
    let branch = |call: &LoadedCall| {
        let name = call.path.last().map(|name| &**name).unwrap_or_default();
        let version = call.version.as_ref().map(|version| format!(" {version}"));
        let constraint = call.constraint.as_ref().map(|constraint| format!(" ({constraint})"));
        let (version, constraint) = (version.unwrap_or_default(), constraint.unwrap_or_default());
        let label = format!("\"{name}\"[{}]{version}{constraint}", call.source);
        Tree { label, branches: branches(calls, &call.path) }
    };
    here.map(branch).collect()
}
