//! `recover`

use std::collections::BTreeMap;
use std::sync::Arc;

use platoform_apply::{forget, settle};
use platoform_config::InstanceAddress;
use platoform_diagnostic::Diagnostic;
use platoform_plan::{OpenIntent, PlanOptions, Resolution, plan};
use platoform_state::Store;
use serde_json::{Value as Json, json};

use super::configuration::{Configuration, Purpose};
use super::{planning, workspace};
use crate::args;
use crate::error::{Failure, Outcome};
use crate::providers::Registry;
use crate::report::plan::object_name;
use crate::settings::Settings;

/// Version of the document that `-json` writes.
const FORMAT: &str = "1.0";

/// What became of an open call.
enum Fate {
    Found { tainted: bool },
    Gone,
    Adopted,
    Forgotten,
    Uncertain(String),
}

/// Resolves what earlier runs left open, as far as that can be done.
pub async fn run(settings: &Settings, arguments: args::Recover) -> Result<Outcome, Failure> {
    let registry = Arc::new(Registry::default());
    let inputs = &arguments.variables.inputs;
    let configuration = Configuration::read(settings, &registry, inputs, Purpose::Create)?;
    let path = workspace::path(settings, &configuration.topology);
    if workspace::look(settings, &path).await?.is_none() {
        return Err(workspace::missing(&path));
    }
    let store = workspace::open(settings, &path).await?;
    workspace::lock(settings, &store, "recover", arguments.lock_timeout).await?;
    let open = store.prior().await.map_err(|error| workspace::failure(&error))?.open;
    let forgotten = forgotten(&arguments, &open)?;
    let adopt = adopted(&arguments, &open)?;
    forget(&store, &forgotten).await.map_err(unwritten)?;
    let mut fates: BTreeMap<Arc<str>, Fate> = BTreeMap::new();
    fates.extend(forgotten.into_iter().map(|intent| (intent.owner, Fate::Forgotten)));
    let found = resolve(settings, &configuration, &registry, &store, adopt, &mut fates).await?;
    store.close().await.map_err(|error| workspace::failure(&error))?;
    let text = if arguments.json {
        let calls: Vec<Json> = open.iter().map(|intent| entry(intent, &fates)).collect();
        let document = json!({ "format_version": FORMAT, "calls": calls });
        format!("{document}\n")
    } else if open.is_empty() {
        "Nothing was left open.\n".to_owned()
    } else {
        open.iter().map(|intent| lines(intent, &fates)).collect()
    };
    settings.output.data(&text)?;
    if fates.values().any(|fate| matches!(fate, Fate::Uncertain(_))) {
        return Err(found);
    }
    Ok(Outcome::Done)
}

/// Looks until nothing more is found out. Gives what there is to say where something stays
/// uncertain.
async fn resolve(
    settings: &Settings,
    configuration: &Configuration,
    registry: &Arc<Registry>,
    store: &Store,
    adopt: Vec<(InstanceAddress, String)>,
    fates: &mut BTreeMap<Arc<str>, Fate>,
) -> Result<Failure, Failure> {
    let addresses: Vec<InstanceAddress> =
        adopt.iter().map(|(address, _)| address.clone()).collect();
    let options = PlanOptions { adopt, ..PlanOptions::default() };
    loop {
        let prior = store.prior().await.map_err(|error| workspace::failure(&error))?;
        let open = prior.open.clone();
        let seal = workspace::seal(Some(store));
        let input =
            planning::input(settings, configuration, registry, options.clone(), prior, seal);
        let planned = plan(input).await;
        for recovery in &planned.recovered {
            let fate = match &recovery.resolution {
                Resolution::Exists(_) if addresses.contains(&recovery.key.address) => Fate::Adopted,
                Resolution::Exists(record) => Fate::Found { tainted: record.tainted },
                Resolution::Gone => Fate::Gone,
            };
            fates.insert(recovery.owner.clone(), fate);
        }
        settle(store, &planned.recovered).await.map_err(unwritten)?;
        if !planned.recovered.is_empty() {
            continue;
        }
        for intent in open {
            let reason = planned.uncertain.get(&intent.key).cloned();
            let reason = reason.unwrap_or_else(|| "it was not looked for".to_owned());
            fates.insert(intent.owner, Fate::Uncertain(reason));
        }
        let help = "decide yourself: `platoform recover -adopt=ADDRESS=ID` takes an object over, \
                    `-forget=ADDRESS` says that there is none";
        let undecided = Diagnostic::error(
            "Something stays uncertain",
            "What became of some calls cannot be told",
        );
        let mut diagnostics = planned.plan.diagnostics;
        diagnostics.push(undecided.help(help));
        return Ok(Failure::new(diagnostics, planned.session.sources().clone()));
    }
}

fn unwritten(error: platoform_apply::JournalError) -> Failure {
    let diagnostic = Diagnostic::error("State cannot be written", error.message);
    error.help.into_iter().fold(diagnostic, Diagnostic::help).into()
}

/// The open calls that the user says nothing came of.
fn forgotten(arguments: &args::Recover, open: &[OpenIntent]) -> Result<Vec<OpenIntent>, Failure> {
    let mut intents = Vec::new();
    for text in &arguments.forget {
        let address = address(text)?;
        let before = intents.len();
        intents.extend(open.iter().filter(|intent| intent.key.address == address).cloned());
        if intents.len() == before {
            return Err(not_open(text).into());
        }
    }
    Ok(intents)
}

/// The objects that the user names for open calls.
fn adopted(
    arguments: &args::Recover,
    open: &[OpenIntent],
) -> Result<Vec<(InstanceAddress, String)>, Failure> {
    let mut all = Vec::new();
    for text in &arguments.adopt {
        // Keys of instances may hold the sign, too.
        let mut places = text.match_indices('=').map(|(place, _)| place);
        let split =
            places.find_map(|place| Some((text[..place].parse().ok()?, &text[place + 1..])));
        let Some((address, id)): Option<(InstanceAddress, &str)> = split else {
            return Err(Diagnostic::error(
                "Invalid `-adopt`",
                format!("`{text}` is no address and id"),
            )
            .help("`-adopt=docker_container.web=3f2a90…`")
            .into());
        };
        if !open.iter().any(|intent| intent.key.address == address) {
            return Err(not_open(&address.to_string()).into());
        }
        all.push((address, id.to_owned()));
    }
    Ok(all)
}

fn address(text: &str) -> Result<InstanceAddress, Diagnostic> {
    text.parse()
        .map_err(|error| Diagnostic::error(format!("Invalid address `{text}`"), format!("{error}")))
}

fn not_open(address: &str) -> Diagnostic {
    Diagnostic::error("No such call", format!("No call on `{address}` was left open"))
        .help("`platoform recover` shows those that are")
}

fn lines(intent: &OpenIntent, fates: &BTreeMap<Arc<str>, Fate>) -> String {
    let (result, reason) = told(intent, fates);
    let reason = reason.map(|reason| format!(": {reason}")).unwrap_or_default();
    format!(
        "{} ({}, begun {}): {result}{reason}\n",
        object_name(&intent.key),
        intent.verb.as_str(),
        intent.begun,
    )
}

fn entry(intent: &OpenIntent, fates: &BTreeMap<Arc<str>, Fate>) -> Json {
    let (result, reason) = told(intent, fates);
    let mut entry = json!({
        "address": intent.key.address.to_string(),
        "action": intent.verb.as_str(),
        "begun": *intent.begun,
        "run": *intent.run,
        "result": result,
    });
    if let Some(deposed) = &intent.key.deposed {
        entry["deposed"] = (**deposed).into();
    }
    if let Some(reason) = reason {
        entry["reason"] = reason.into();
    }
    entry
}

/// What became of a call in a word, and what there is to know about that.
fn told<'a>(
    intent: &OpenIntent,
    fates: &'a BTreeMap<Arc<str>, Fate>,
) -> (&'static str, Option<&'a str>) {
    match fates.get(&intent.owner) {
        Some(Fate::Found { tainted: true }) => {
            ("found", Some("it is recorded, and replaced by the next run"))
        }
        Some(Fate::Found { tainted: false }) => ("found", Some("it is recorded as it is")),
        Some(Fate::Gone) => ("gone", Some("there is no such object")),
        Some(Fate::Adopted) => ("adopted", None),
        Some(Fate::Forgotten) => ("forgotten", None),
        Some(Fate::Uncertain(reason)) => ("uncertain", Some(reason)),
        None => ("uncertain", None),
    }
}
