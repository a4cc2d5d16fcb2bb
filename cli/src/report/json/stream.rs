//! The event stream: one object a line, each with a level, a message for people and a type.

use platoform_config::{LANGUAGE_LEVEL, ProviderSource};
use platoform_diagnostic::{Diagnostic, Severity, Sources};
use platoform_plan::{Action, Later, Plan, ResourceChange, Summary};
use serde_json::{Map, Value as Json, json};

use super::change::{output_action, reason};
use super::diagnostic::Writer;
use super::format;
use super::resource::event_name;
use super::state::output;
use crate::ports::timestamp_precise;
use crate::report::value::Output;

/// Name that clients know the stream by.
const MODULE: &str = "terraform.ui";

/// A line: `kind` is its type, `rest` an object with what belongs to it.
pub fn line(kind: &str, message: &str, rest: Json) -> String {
    levelled("info", kind, message, rest)
}

fn levelled(level: &str, kind: &str, message: &str, rest: Json) -> String {
    let mut object = match rest {
        Json::Object(object) => object,
        _ => Map::new(),
    };
    for (name, value) in [
        ("@level", level),
        ("@message", message),
        ("@module", MODULE),
        ("@timestamp", &timestamp_precise()),
        ("type", kind),
    ] {
        object.insert(name.into(), value.into());
    }
    format!("{}\n", Json::from(object))
}

/// The first line: whose stream it is.
pub fn version() -> String {
    let version = env!("CARGO_PKG_VERSION");
    let rest = json!({ "platoform": version, "terraform": LANGUAGE_LEVEL, "ui": format::STREAM });
    line("version", &format!("platoform {version}"), rest)
}

/// A line of what goes on that has no type of its own.
pub fn log(message: &str) -> String {
    line("log", message.trim(), Json::Null)
}

/// A line for each finding.
pub fn diagnostics<'a>(all: impl IntoIterator<Item = &'a Diagnostic>, sources: &Sources) -> String {
    let mut writer = Writer::new(sources);
    let lines = all.into_iter().map(|diagnostic| {
        let (level, word) = match diagnostic.severity {
            Severity::Error => ("error", "Error"),
            Severity::Warning => ("warn", "Warning"),
        };
        let message = format!("{word}: {}", diagnostic.summary);
        let rest = json!({ "diagnostic": writer.object(diagnostic) });
        levelled(level, "diagnostic", &message, rest)
    });
    lines.collect()
}

/// The lines of an `init` that found nothing wrong.
pub fn initialized<'a>(providers: impl Iterator<Item = &'a ProviderSource>) -> String {
    let output =
        |code: &str, message: &str| line("init_output", message, json!({ "message_code": code }));
    let mut lines = output("initializing_backend_message", "Initializing the backend...");
    lines += &output("initializing_provider_plugin_message", "Initializing provider plugins...");
    lines.extend(providers.map(|source| log(&format!("{source} is built in"))));
    lines + &output("output_init_success_message", "platoform has been successfully initialized!")
}

/// What a plan says: drift, changes, their number, and outputs.
pub fn plan(plan: &Plan) -> String {
    let mut lines = String::new();
    for drift in &plan.drift {
        let action = if drift.after.is_null() { "delete" } else { "update" };
        let address = &drift.key.address;
        let message = format!("{address}: Drift detected ({action})");
        let change = json!({ "resource": event_name(address), "action": action });
        lines += &line("resource_drift", &message, json!({ "change": change }));
    }
    let acts = plan.changes.iter().filter(|change| change.acts());
    lines.extend(acts.map(|change| planned_change(change)));
    lines.extend(plan.later.iter().map(planned_later));
    let counts = plan.summary();
    let (add, change, destroy) = (counts.add, counts.change, counts.destroy);
    let import = match counts.import {
        0 => String::new(),
        count => format!("{count} to import, "),
    };
    let message = format!("Plan: {import}{add} to add, {change} to change, {destroy} to destroy.");
    lines += &summary(counts, "plan", &message);
    if !plan.outputs.is_empty() {
        let outputs = plan.outputs.iter().map(|output| {
            let action = word(output_action(output));
            let json = json!({ "sensitive": output.sensitive, "action": action });
            (output.name.to_string(), json)
        });
        lines += &outputs_line(plan.outputs.len(), outputs.collect());
    }
    lines
}

/// The actions of a plan that was made before: all that is told of it again.
pub fn planned_changes(plan: &Plan) -> String {
    let acts = plan.changes.iter().filter(|change| change.action != Action::NoOp);
    acts.map(|change| planned_change(change)).collect()
}

/// A block of the next stage.
fn planned_later(later: &Later) -> String {
    let rest = json!({ "later": super::plan::later(later) });
    line("planned_later", &format!("{}: Planned in the next stage", later.address), rest)
}

fn planned_change(change: &ResourceChange) -> String {
    let address = &change.key.address;
    let action = match change.action {
        Action::NoOp if change.importing.is_some() => "import",
        Action::NoOp if change.previous.is_some() => "move",
        action => word(action),
    };
    let mut json = json!({ "resource": event_name(address), "action": action });
    if let Some(previous) = &change.previous {
        json["previous_resource"] = event_name(previous);
    }
    if let Some(id) = &change.importing {
        json["importing"] = json!({ "id": &**id });
    }
    if let Some(reason) = change.reason.as_ref().and_then(reason) {
        let short = match reason {
            "replace_by_triggers" => "replace_triggered_by",
            "replace_by_request" => "requested",
            other => other.strip_prefix("replace_because_").unwrap_or(other),
        };
        json["reason"] = short.into();
    }
    line("planned_change", &format!("{address}: Plan to {action}"), json!({ "change": json }))
}

/// An action in a word.
fn word(action: Action) -> &'static str {
    match action {
        Action::NoOp => "noop",
        Action::Read => "read",
        Action::Create => "create",
        Action::Update => "update",
        Action::Delete => "delete",
        Action::DeleteThenCreate | Action::CreateThenDelete | Action::ForgetThenCreate => "replace",
        Action::Forget => "remove",
    }
}

/// How many objects a plan or a run changes. `operation` is `plan`, `apply` or `destroy`.
pub fn summary(counts: Summary, operation: &str, message: &str) -> String {
    let changes = json!({
        "add": counts.add,
        "change": counts.change,
        "import": counts.import,
        "remove": counts.destroy,
        "operation": operation,
    });
    line("change_summary", message, json!({ "changes": changes }))
}

/// The values of outputs after an apply.
pub fn outputs(outputs: &[Output]) -> String {
    let all =
        outputs.iter().map(|entry| (entry.name.to_string(), output(&entry.value, entry.sensitive)));
    outputs_line(outputs.len(), all.collect())
}

fn outputs_line(count: usize, outputs: Map<String, Json>) -> String {
    line("outputs", &format!("Outputs: {count}"), json!({ "outputs": outputs }))
}
