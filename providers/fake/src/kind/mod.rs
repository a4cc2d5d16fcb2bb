//! The kinds, and what they share.

mod address;
mod machine;
mod volume;

use std::time::Duration;

use platoform_provider::value::Path;
use platoform_provider::{Failure, Field, Located, Owner, Problem};
use serde_json::Value as Json;

use crate::client::Client;
use crate::cloud::{Attributes, Collection, LAG_LIMIT, LINGER_LIMIT, Shown};

pub(crate) use address::AddressKind;
pub(crate) use machine::MachineKind;
pub(crate) use volume::VolumeKind;

/// How long a create that was cut off may go unnoticed: lists lag, and a request goes on without
/// whoever sent it.
pub(crate) const SETTLES: Duration =
    LAG_LIMIT.saturating_add(LINGER_LIMIT).saturating_add(Duration::from_millis(200));

/// The id of an object that there is.
fn id(field: &Field<String>) -> Result<&str, Problem> {
    field.as_str().ok_or_else(|| Problem::error("The object has no id", "The state is damaged"))
}

/// A name must not be empty.
fn check_name(name: &Field<String>) -> Vec<Problem> {
    let problem = || Problem::error("Nothing has an empty name", "Give it a name");
    let empty = name.as_str() == Some("");
    if empty { vec![problem().at(Path::attribute("name"))] } else { Vec::new() }
}

/// A text as an attribute; null takes it out.
fn text(field: &Field<String>) -> Json {
    field.get().cloned().map_or(Json::Null, Json::String)
}

/// A text among an object's attributes.
fn shown_text(shown: &Shown, name: &str) -> Field<String> {
    shown.attributes.get(name).and_then(Json::as_str).map(str::to_owned).into()
}

/// Attributes without those that are not set.
fn set<const COUNT: usize>(all: [(&str, Json); COUNT]) -> Attributes {
    let set = all.into_iter().filter(|(_, value)| !value.is_null());
    set.map(|(name, value)| (name.to_owned(), value)).collect()
}

/// Attributes that differ, null for those that are no longer set.
fn changed<const COUNT: usize>(all: [(&str, Json, Json); COUNT]) -> Attributes {
    let changed = all.into_iter().filter(|(_, before, after)| before != after);
    changed.map(|(name, _, after)| (name.to_owned(), after)).collect()
}

/// The object that carries an owner's mark.
async fn marked(
    client: &Client,
    collection: Collection,
    owner: &Owner,
) -> Result<Located<Shown>, Failure> {
    let mut found = client.list(collection, Some(&owner.key)).await?;
    Ok(match (found.pop(), found.is_empty()) {
        (None, _) => Located::Nothing,
        (Some(one), true) => Located::Object(one),
        _ => Located::Uncertain("several objects carry the same mark".to_owned()),
    })
}

/// An object that somebody wants to import.
async fn imported(client: &Client, collection: Collection, id: &str) -> Result<Shown, Failure> {
    let found = client.read(collection, id).await?;
    found.ok_or_else(|| {
        let detail = format!("There is none with the id `{id}`");
        Problem::error("There is no such object", detail).into()
    })
}
