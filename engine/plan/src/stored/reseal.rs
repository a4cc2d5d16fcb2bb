//! Exchanging the key of stored values.

use serde_json::Value as Json;

use super::{MAC, SEALED, Seal, Stored, StoredError};

impl Stored {
    /// The same value, with its sealed parts sealed anew.
    ///
    /// # Errors
    /// When the text is not JSON, or a part cannot be opened or sealed.
    pub fn reseal(&self, from: &dyn Seal, to: &dyn Seal) -> Result<Self, StoredError> {
        let mut json: Json = serde_json::from_str(&self.0)?;
        walk(&mut json, from, to)?;
        Ok(Self(json.to_string().into()))
    }
}

fn walk(json: &mut Json, from: &dyn Seal, to: &dyn Seal) -> Result<(), StoredError> {
    let sealed = json.get(SEALED).and_then(Json::as_str);
    if let Some(sealed) = sealed.filter(|_| json.get(MAC).is_some()) {
        let plain = from.open(sealed)?;
        *json = serde_json::json!({ SEALED: to.seal(&plain)?, MAC: to.mac(&plain) });
        return Ok(());
    }
    match json {
        Json::Array(items) => items.iter_mut().try_for_each(|item| walk(item, from, to)),
        Json::Object(members) => members.values_mut().try_for_each(|item| walk(item, from, to)),
        _ => Ok(()),
    }
}
