//! `show`

mod github;

use std::sync::Arc;

use platoform_config::Schemas;
use platoform_plan::{Planned, Record, Seal, StoredError};
use platoform_schema::{Attribute, AttributeKind, Block, Mode};
use platoform_value::{Marks, Type, Value};
use serde_json::Value as Json;

use super::configuration::glance;
use super::{plan, planning, workspace};
use crate::args;
use crate::error::{Failure, Outcome};
use crate::providers::Registry;
use crate::report::json;
use crate::report::paint::Paint;
use crate::report::review::html::html;
use crate::report::review::markdown::{BUDGET, markdown};
use crate::report::review::review;
use crate::report::value::{self, outputs_block};
use crate::settings::Settings;

/// Shows a saved plan, or the state.
pub async fn run(settings: &Settings, arguments: args::Show) -> Result<Outcome, Failure> {
    let registry = Arc::new(Registry::default());
    let path = workspace::path(settings, &glance(settings, &registry));
    let store = workspace::look(settings, &path).await?;
    if let Some(file) = &arguments.plan {
        let seal = workspace::seal(store.as_ref());
        let planned = planning::reopen(settings, &registry, &settings.path(file), seal).await?;
        settings.output.data(&saved(settings, &arguments, &planned)?)?;
        return Ok(Outcome::Done);
    }
    let Some(store) = store else {
        if arguments.json {
            settings.output.data(&format!("{}\n", json::state::empty()))?;
            return Ok(Outcome::Done);
        }
        settings.output.data("The state is empty: nothing was applied yet.\n")?;
        return Ok(Outcome::Done);
    };
    let prior = store.prior().await.map_err(|error| workspace::failure(&error))?;
    let paint = settings.output.data;
    let mut records: Vec<&Record> = prior.records.iter().collect();
    records.sort_by(|left, right| left.key.cmp(&right.key));
    let found = super::output::read(&prior, store.sealer())?;
    if arguments.json {
        let values: Vec<Value> =
            records.iter().map(|record| contents(record, &*registry, store.sealer()).1).collect();
        let document = json::state::document(records.into_iter().zip(&values), &found);
        settings.output.data(&format!("{document}\n"))?;
        return Ok(Outcome::Done);
    }
    let mut parts: Vec<String> = records
        .into_iter()
        .map(|record| object(record, &*registry, store.sealer(), paint))
        .collect();
    let outputs = outputs_block(&found, paint, settings.output.printer());
    parts.extend(Some(outputs).filter(|outputs| !outputs.is_empty()));
    if parts.is_empty() {
        parts.push("The state holds no objects and no outputs.\n".into());
    }
    settings.output.data(&parts.join("\n"))?;
    Ok(Outcome::Done)
}

/// A saved plan in the form that was asked for.
fn saved(
    settings: &Settings,
    arguments: &args::Show,
    planned: &Planned,
) -> Result<String, Failure> {
    Ok(if arguments.json {
        let document = json::plan::document(planned);
        format!("{document}\n")
    } else if arguments.markdown {
        markdown(&review(planned), arguments.budget.unwrap_or(BUDGET))
    } else if arguments.html {
        html(&review(planned))
    } else if arguments.github {
        github::write(settings, &review(planned))?
    } else {
        plan::text(settings, planned)
    })
}

/// An object of the state as a block; secrets are hidden. One that does not fit its kind's schema,
/// or whose kind nobody knows, is shown as it is stored.
pub fn object(record: &Record, schemas: &dyn Schemas, seal: &dyn Seal, paint: Paint) -> String {
    let (block, value) = contents(record, schemas, seal);
    let note = match &record.key.deposed {
        Some(deposed) => format!(" (deposed object {deposed})"),
        None if record.tainted => " (tainted)".to_owned(),
        None => String::new(),
    };
    value::object(&record.key.address, &note, &block, &value, paint)
}

/// What an object holds, by its kind's schema where it fits one.
pub fn contents(record: &Record, schemas: &dyn Schemas, seal: &dyn Seal) -> (Block, Value) {
    let id = &record.key.address.resource.id;
    let provider = schemas.provider(&record.provider);
    let schema = provider.as_ref().and_then(|provider| provider.kind(Mode::Managed, &id.kind));
    let decoded = schema.and_then(|schema| {
        let value = record.attributes.decode(&schema.block.implied_type(), seal).ok()?;
        Some((schema.block.clone(), value))
    });
    decoded.unwrap_or_else(|| as_stored(record))
}

fn as_stored(record: &Record) -> (Block, Value) {
    let json: Result<Json, StoredError> =
        serde_json::from_str(&record.attributes.0).map_err(Into::into);
    let value = closed(&json.unwrap_or_default());
    let names = value.as_entries().into_iter().flat_map(|entries| entries.keys());
    let attributes = names.map(|name| (name.clone(), any_attribute()));
    (Block { attributes: attributes.collect(), ..Block::default() }, value)
}

/// A stored value whose sealed parts stay sealed.
fn closed(json: &Json) -> Value {
    match json {
        Json::Object(entries) if entries.contains_key("$sealed") => {
            Value::from("").mark(Marks::SENSITIVE)
        }
        Json::Object(entries) => {
            Value::object_of(entries.iter().map(|(name, item)| (name.as_str(), closed(item))))
        }
        Json::Array(items) => Value::tuple(items.iter().map(closed).collect()),
        plain => Value::from_json_implied(plain).unwrap_or_else(|_| Value::null(Type::Dynamic)),
    }
}

fn any_attribute() -> Attribute {
    Attribute {
        kind: AttributeKind::Type(Type::Dynamic),
        required: false,
        optional: true,
        computed: true,
        sensitive: false,
        write_only: false,
        replace: false,
        default: None,
        description: String::new(),
        deprecated: None,
    }
}
