//! State files of Terraform's, format 4.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use platoform_provider::value::{Type, Value};
use serde_json::Value as Json;

use super::Outputs;

/// The only format of state files that is read.
const VERSION: u64 = 4;

/// What every SQLite database begins with.
const DATABASE: &[u8; 16] = b"SQLite format 3\0";

/// Whether a file is a database.
pub(super) fn is_database(path: &Path) -> bool {
    let mut start = [0; DATABASE.len()];
    File::open(path).and_then(|mut file| file.read_exact(&mut start)).is_ok() && start == *DATABASE
}

/// The outputs in a state file; `None` when there is no such file, or nothing in it. `Err` says
/// what is wrong with it.
pub(super) fn outputs(path: &Path) -> Result<Option<Outputs>, String> {
    let text = match std::fs::read(path) {
        Ok(text) if text.is_empty() => return Ok(None),
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.to_string()),
    };
    let state: Json = serde_json::from_slice(&text).map_err(|error| error.to_string())?;
    match state["version"].as_u64() {
        Some(VERSION) => {}
        Some(other) => return Err(format!("it has format {other}, and {VERSION} is needed")),
        None => return Err("it does not say which format it has".into()),
    }
    let outputs = state["outputs"].as_object().into_iter().flatten();
    let outputs = outputs.map(|(name, output)| {
        let wrong = |why: String| format!("the output `{name}` cannot be read: {why}");
        let kind = Type::from_json(&output["type"]).map_err(|error| wrong(error.to_string()))?;
        let value = Value::from_json(&output["value"], &kind);
        Ok((name.as_str().into(), value.map_err(|error| wrong(error.to_string()))?))
    });
    outputs.collect::<Result<Outputs, String>>().map(Some)
}
