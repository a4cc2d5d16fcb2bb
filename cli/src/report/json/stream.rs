//! The event stream: one object a line, each with a level, a message for people and a type.

use platoform_config::{LANGUAGE_LEVEL, ProviderSource};
use platoform_diagnostic::{Diagnostic, Severity, Sources};
use serde_json::{Map, Value as Json, json};

use super::diagnostic::Writer;
use super::format;
use crate::ports::timestamp_precise;

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
