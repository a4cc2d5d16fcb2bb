//! `state orphans`

use std::collections::BTreeSet;
use std::sync::Arc;

use platoform_plan::{PlanOptions, Prior, plan};
use platoform_provider::OwnedObject;
use serde_json::{Value as Json, json};

use super::configuration::{Configuration, Purpose};
use super::{planning, workspace};
use crate::args;
use crate::error::{Failure, Outcome};
use crate::providers::Registry;
use crate::report::literal::line;
use crate::settings::Settings;

/// Version of the document that `-json` writes.
const FORMAT: &str = "1.0";

/// Lists the objects that carry the state's mark and that it does not know.
pub async fn run(settings: &Settings, arguments: args::Orphans) -> Result<Outcome, Failure> {
    let registry = Arc::new(Registry::default());
    let inputs = &arguments.variables.inputs;
    let configuration = Configuration::read(settings, &registry, inputs, Purpose::Create)?;
    let path = workspace::path(settings, &configuration.topology);
    let store = workspace::look(settings, &path).await?.ok_or_else(|| workspace::missing(&path))?;
    let prior = store.prior().await.map_err(|error| workspace::failure(&error))?;
    let (known, open) = known(&prior);
    let seal = workspace::seal(Some(&store));
    let options = PlanOptions::default();
    let input = planning::input(settings, &configuration, &registry, options, prior, seal);
    let planned = plan(input).await;
    let mut orphans: BTreeSet<OwnedObject> = BTreeSet::new();
    for owned in planned.session.owned().await {
        let note = |text: &str| {
            let paint = settings.output.note;
            settings.output.note(&format!("{}: {text}\n", paint.yellow("Note")));
        };
        match owned.objects {
            Ok(Some(objects)) => orphans.extend(objects),
            Ok(None) => {
                note(&format!("`{}` cannot be asked what belongs to a state", owned.configuration));
            }
            Err(failure) => {
                let why = failure.problems.first().map(|problem| line(&problem.summary));
                let why = why.unwrap_or_default();
                note(&format!("`{}` cannot be asked: {why}", owned.configuration));
            }
        }
    }
    orphans.retain(|object| !known.contains(&(object.kind.to_string(), object.id.clone())));
    let pending =
        |object: &OwnedObject| object.owner.as_ref().is_some_and(|owner| open.contains(owner));
    let text = if arguments.json {
        let objects: Vec<Json> =
            orphans.iter().map(|object| entry(object, pending(object))).collect();
        format!("{}\n", json!({ "format_version": FORMAT, "orphans": objects }))
    } else if orphans.is_empty() {
        "Nothing carries the mark of this state that it does not know.\n".to_owned()
    } else {
        orphans.iter().map(|object| described(object, pending(object))).collect()
    };
    settings.output.data(&text)?;
    Ok(Outcome::Done)
}

/// Kinds and ids of the objects that the state knows, and keys of calls that are open.
fn known(prior: &Prior) -> (BTreeSet<(String, String)>, BTreeSet<Arc<str>>) {
    let id = |attributes: &str| {
        let attributes: Json = serde_json::from_str(attributes).ok()?;
        attributes["id"].as_str().map(str::to_owned)
    };
    let known = prior.records.iter().filter_map(|record| {
        let kind = record.key.address.resource.id.kind.to_string();
        Some((kind, id(&record.attributes.0)?))
    });
    (known.collect(), prior.open.iter().map(|intent| intent.owner.clone()).collect())
}

fn described(object: &OwnedObject, pending: bool) -> String {
    let name = object.name.as_deref().map(|name| format!(" ({})", line(name))).unwrap_or_default();
    let pending =
        if pending { ": made by a call that is open, see `platoform recover`" } else { "" };
    format!("{} {}{name}{pending}\n", object.kind, line(&object.id))
}

fn entry(object: &OwnedObject, pending: bool) -> Json {
    json!({
        "type": *object.kind,
        "id": object.id,
        "name": object.name,
        "open": pending,
    })
}
