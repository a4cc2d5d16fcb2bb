//! Files of variable values.

use std::path::Path;
use std::sync::Arc;

use platoform_diagnostic::{Diagnostic, Diagnostics, FileKind, Files, Sources};
use platoform_lang::Attribute;
use platoform_value::{Type, Value};

use super::{VariableInput, VariableOrigin, VariableText};
use crate::load::{constant, read};

/// Reads a file of variable values, `NAME = VALUE` lines or, when it is called `*.json`, a JSON
/// object. Its text is added to `sources`. The origin goes with each value.
#[must_use]
pub fn tfvars(
    files: &dyn Files,
    path: &Path,
    origin: &VariableOrigin,
    sources: &mut Sources,
) -> (Vec<VariableInput>, Diagnostics) {
    let mut diagnostics = Diagnostics::default();
    if files.kind(path) != Some(FileKind::File) {
        let detail = format!("There is no file `{}`", path.display());
        diagnostics.push(Diagnostic::error("Failed to read variables file", detail));
        return (Vec::new(), diagnostics);
    }
    let Some(text) = diagnostics.take(read(files, path)) else {
        return (Vec::new(), diagnostics);
    };
    let name = path.to_string_lossy();
    let inputs = if name.ends_with(".json") {
        json(&name, &text, origin, &mut diagnostics)
    } else {
        native(&name, &text, origin, sources, &mut diagnostics)
    };
    (inputs, diagnostics)
}

fn json(
    name: &str,
    text: &str,
    origin: &VariableOrigin,
    diagnostics: &mut Diagnostics,
) -> Vec<VariableInput> {
    let invalid = |why: String| {
        Diagnostic::error("Invalid variables file", format!("`{name}` cannot be used: {why}"))
    };
    let object = match serde_json::from_str(text) {
        Ok(serde_json::Value::Object(object)) => object,
        Ok(_) => {
            diagnostics.push(invalid("it must hold a JSON object".into()));
            return Vec::new();
        }
        Err(error) => {
            diagnostics.push(invalid(error.to_string()));
            return Vec::new();
        }
    };
    let mut inputs = Vec::new();
    for (name, value) in &object {
        let value = Value::from_json_implied(value).map_err(|error| invalid(error.to_string()));
        if let Some(value) = diagnostics.take(value) {
            inputs.push(VariableInput {
                origin: origin.clone(),
                name: Arc::from(name.as_str()),
                text: VariableText::Value(value),
                span: None,
            });
        }
    }
    inputs
}

fn native(
    name: &str,
    text: &Arc<str>,
    origin: &VariableOrigin,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Vec<VariableInput> {
    let file = sources.add(name, text.clone());
    let (body, errors) = platoform_lang::parse(file, text);
    diagnostics.extend(errors);
    for block in &body.blocks {
        let kind = &block.kind.name;
        let error = if &**kind == "variable" {
            Diagnostic::error(
                "Variable declaration in .tfvars file",
                "Files of values give values to variables that are declared elsewhere",
            )
            .help("put this block into a configuration file, and write `NAME = VALUE` here")
        } else {
            Diagnostic::error(
                format!("Unexpected \"{kind}\" block"),
                "Blocks are not allowed here: each value is `NAME = VALUE`",
            )
        };
        diagnostics.push(error.at(block.kind.span));
    }
    let input = |attribute: &Attribute| {
        // A value that is wrong has been reported; the variable is not missing, too.
        let value = constant::value(&attribute.expression).unwrap_or_else(|errors| {
            diagnostics.extend(errors);
            Value::unknown(Type::Dynamic)
        });
        VariableInput {
            origin: origin.clone(),
            name: attribute.name.name.clone(),
            text: VariableText::Value(value),
            span: Some(attribute.expression.span),
        }
    };
    body.attributes.iter().map(input).collect()
}
