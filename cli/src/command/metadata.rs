//! `metadata`: what other tools ask about the language.

use platoform_diagnostic::Diagnostic;
use platoform_lang::functions::{ParameterSignature, Signature, signatures};
use serde_json::{Map, Value as Json, json};

use crate::args::Metadata;
use crate::error::{Failure, Outcome};
use crate::settings::Settings;

/// Version of the format of what `functions` writes.
const FORMAT_VERSION: &str = "1.0";

/// Tells about the language.
///
/// # Errors
/// Without `-json`: there is no other form.
pub fn run(settings: &Settings, arguments: &Metadata) -> Result<Outcome, Failure> {
    let Metadata::Functions { json } = arguments;
    if !json {
        let detail = "`metadata functions` has no other form than JSON";
        return Err(Diagnostic::error("The `-json` flag is required", detail)
            .help("write `metadata functions -json`")
            .into());
    }
    settings.output.data(&format!("{}\n", functions()))?;
    Ok(Outcome::Done)
}

/// All functions, with the `core` namespace and without.
fn functions() -> Json {
    let mut all = Map::new();
    for signature in signatures() {
        let described = function(&signature);
        all.insert(format!("core::{}", signature.name), described.clone());
        all.insert(signature.name.to_owned(), described);
    }
    json!({ "format_version": FORMAT_VERSION, "function_signatures": all })
}

fn function(signature: &Signature) -> Json {
    let mut all = Map::new();
    all.insert("description".into(), signature.description.into());
    all.insert("return_type".into(), signature.returns.to_json());
    if !signature.parameters.is_empty() {
        all.insert("parameters".into(), signature.parameters.iter().map(parameter).collect());
    }
    if let Some(variadic) = &signature.variadic {
        all.insert("variadic_parameter".into(), parameter(variadic));
    }
    Json::Object(all)
}

fn parameter(parameter: &ParameterSignature) -> Json {
    let mut all = Map::new();
    all.insert("name".into(), parameter.name.into());
    if parameter.nullable {
        all.insert("is_nullable".into(), true.into());
    }
    all.insert("type".into(), parameter.kind.to_json());
    Json::Object(all)
}
