//! `output`

use platoform_config::ModuleId;
use platoform_diagnostic::Diagnostic;
use platoform_plan::{OutputRecord, Prior, Seal, StoredError};
use platoform_value::{JsonError, Type, Value};
use serde_json::{Map, json};

use super::configuration::glance;
use super::workspace;
use crate::args;
use crate::error::{Failure, Outcome};
use crate::providers::Registry;
use crate::report::value::{Output, Printer, outputs};
use crate::settings::Settings;

/// Shows the values of outputs.
pub async fn run(settings: &Settings, arguments: args::Output) -> Result<Outcome, Failure> {
    let topology = glance(settings, &Registry::default());
    let path = workspace::path(settings, &topology);
    let found = match workspace::look(settings, &path).await? {
        Some(store) => {
            let prior = store.prior().await.map_err(|error| workspace::failure(&error))?;
            read(&prior, store.sealer())?
        }
        None => Vec::new(),
    };
    let text = match &arguments.name {
        Some(name) => {
            let declared = topology
                .modules
                .get(ModuleId::ROOT.0 as usize)
                .is_some_and(|root| root.outputs.contains_key(name.as_str()));
            let output = found.iter().find(|output| *output.name == **name);
            let output = output.ok_or_else(|| unknown(name, declared))?;
            one(output, &arguments, settings.output.printer())?
        }
        None if arguments.raw => {
            let detail = "`-raw` writes one value, so it needs the name of an output";
            return Err(Diagnostic::error("Output name required", detail).into());
        }
        None if arguments.json => format!("{:#}\n", all_json(&found)?),
        None => {
            if found.is_empty() {
                settings.output.diagnostics([&none()], &topology.sources);
            }
            outputs(&found, settings.output.printer())
        }
    };
    settings.output.data(&text)?;
    Ok(Outcome::Done)
}

/// The outputs that a state holds.
pub fn read(prior: &Prior, seal: &dyn Seal) -> Result<Vec<Output>, Failure> {
    let outputs = prior.outputs.iter().map(|(name, record)| {
        let value = decode(name, record, seal)?;
        Ok(Output { name: name.clone(), value, sensitive: record.sensitive })
    });
    outputs.collect()
}

/// The value of an output that a state holds.
///
/// # Errors
/// When it cannot be read.
pub fn decode(name: &str, record: &OutputRecord, seal: &dyn Seal) -> Result<Value, Failure> {
    let decoded = || -> Result<Value, StoredError> {
        let kind = Type::from_json(&serde_json::from_str(&record.kind)?)?;
        record.value.decode(&kind, seal)
    };
    decoded().map_err(|error| {
        let detail = format!("The state's value of it is not readable: {error}");
        Diagnostic::error(format!("Output `{name}` cannot be read"), detail).into()
    })
}

fn one(output: &Output, arguments: &args::Output, printer: Printer) -> Result<String, Failure> {
    if arguments.json {
        return Ok(format!("{}\n", plain_json(output)?));
    }
    if arguments.raw {
        return raw(output).map_err(Failure::from);
    }
    Ok(format!("{}\n", printer.value(&output.value)))
}

/// Text, numbers and truth values as they are, without a line break after them.
fn raw(output: &Output) -> Result<String, Diagnostic> {
    let plain = output.value.clone().unmark();
    if let Some(text) = plain.as_str() {
        return Ok(text.to_owned());
    }
    if plain.as_number().is_some() || plain.as_bool().is_some() {
        return Ok(Printer::default().value(&plain));
    }
    let kind = if plain.is_null() { "null".into() } else { plain.kind().friendly_name() };
    Err(Diagnostic::error(
        "Unsupported value for raw output",
        format!("`-raw` writes strings, numbers and bools only, and `{}` is {kind}", output.name),
    )
    .help("`-json` writes any value"))
}

fn plain_json(output: &Output) -> Result<serde_json::Value, Failure> {
    output.value.clone().unmark_deep().to_json().map_err(|error: JsonError| {
        Diagnostic::error(format!("Output `{}` cannot be written", output.name), error.to_string())
            .into()
    })
}

fn all_json(outputs: &[Output]) -> Result<serde_json::Value, Failure> {
    let mut all = Map::new();
    for output in outputs {
        let one = json!({
            "sensitive": output.sensitive,
            "type": output.value.kind().to_json(),
            "value": plain_json(output)?,
        });
        all.insert(output.name.to_string(), one);
    }
    Ok(all.into())
}

fn unknown(name: &str, declared: bool) -> Diagnostic {
    let detail = format!("The state has no output `{name}`");
    let diagnostic = Diagnostic::error(format!("Output `{name}` not found"), detail);
    if declared {
        diagnostic.help("it is declared: `platoform apply` gives it its value")
    } else {
        diagnostic.help("`platoform output` lists all there are")
    }
}

fn none() -> Diagnostic {
    let detail = "The state has no outputs: none is declared, or nothing was applied yet";
    Diagnostic::warning("No outputs found", detail)
}

#[cfg(test)]
mod tests {
    use platoform_value::Marks;

    use super::*;

    fn output(value: Value) -> Output {
        Output { name: "o".into(), value, sensitive: false }
    }

    #[test]
    fn raw_values_are_bare() {
        assert_eq!(raw(&output("a\n".into())).unwrap(), "a\n");
        assert_eq!(raw(&output(Value::from(3))).unwrap(), "3");
        assert_eq!(raw(&output(Value::from(true).mark(Marks::SENSITIVE))).unwrap(), "true");
        let error = raw(&output(Value::tuple(Vec::new()))).unwrap_err();
        assert!(error.detail.contains("is tuple"), "{}", error.detail);
    }

    #[test]
    fn json_tells_types() {
        let outputs = [output(Value::object_of([("a", Value::from("x").mark(Marks::SENSITIVE))]))];
        let json = all_json(&outputs).unwrap();
        assert_eq!(
            json.to_string(),
            r#"{"o":{"sensitive":false,"type":["object",{"a":"string"}],"value":{"a":"x"}}}"#
        );
    }
}
