//! Values as they are kept: JSON with sensitive parts sealed. The only place that writes or reads
//! this form.

use std::sync::Arc;

use platoform_value::{JsonError, Marks, Path, Step, Type, Value};

/// JSON text in which every sensitive part is `{"$sealed": "…", "$mac": "…"}`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stored(pub Arc<str>);

/// Encrypts and decrypts with the state's key.
pub trait Seal: Send + Sync {
    /// Encrypts; the answer is text without quotes or backslashes.
    ///
    /// # Errors
    /// When no key is at hand.
    fn seal(&self, plain: &[u8]) -> Result<String, SealError>;

    /// Decrypts what [`Seal::seal`] gave.
    ///
    /// # Errors
    /// When the key is not the one it was sealed with, or the text was changed.
    fn open(&self, sealed: &str) -> Result<Vec<u8>, SealError>;

    /// A keyed digest: equal for equal inputs, telling nothing about them without the key.
    fn mac(&self, plain: &[u8]) -> String;
}

/// Sealing or opening failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SealError(pub String);

/// A stored value that cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub enum StoredError {
    /// Not sealed, or not opened.
    #[error("a sensitive part cannot be opened")]
    Seal(#[from] SealError),
    /// Not JSON.
    #[error("the stored text is not JSON")]
    Syntax(#[from] serde_json::Error),
    /// Not of the expected type, or not wholly known.
    #[error("the stored value does not fit")]
    Value(#[from] JsonError),
}

const SEALED: &str = "$sealed";
const MAC: &str = "$mac";

impl Stored {
    /// Writes a wholly known value of a declared type.
    ///
    /// # Errors
    /// When the value has unknown parts, or a sensitive part cannot be sealed.
    pub fn encode(value: &Value, kind: &Type, seal: &dyn Seal) -> Result<Self, StoredError> {
        let mut failure = None;
        let json = value.to_json_with(kind, &mut |_, plain| {
            let text = plain.to_string();
            match seal.seal(text.as_bytes()) {
                Ok(sealed) => serde_json::json!({ SEALED: sealed, MAC: seal.mac(text.as_bytes()) }),
                Err(error) => {
                    failure = Some(error);
                    serde_json::Value::Null
                }
            }
        })?;
        match failure {
            Some(error) => Err(error.into()),
            None => Ok(Self(json.to_string().into())),
        }
    }

    /// Reads a value of a declared type; sealed parts come back marked sensitive.
    ///
    /// # Errors
    /// When the text does not fit the type or a part cannot be opened.
    pub fn decode(&self, kind: &Type, seal: &dyn Seal) -> Result<Value, StoredError> {
        let mut json = serde_json::from_str(&self.0)?;
        let mut sensitive = Vec::new();
        open(&mut json, &mut Vec::new(), seal, &mut sensitive)?;
        let value = Value::from_json(&json, kind)?;
        Ok(sensitive.iter().fold(value, |value, path| mark_at(value, path)))
    }

    /// The JSON with all sealed parts opened, for `upgrade` and for output in clear, and the paths
    /// of those parts.
    ///
    /// # Errors
    /// When the text is not JSON or a part cannot be opened.
    pub fn reveal(&self, seal: &dyn Seal) -> Result<(serde_json::Value, Vec<Path>), StoredError> {
        let mut json = serde_json::from_str(&self.0)?;
        let mut sensitive = Vec::new();
        open(&mut json, &mut Vec::new(), seal, &mut sensitive)?;
        Ok((json, sensitive.into_iter().map(Path).collect()))
    }
}

fn open(
    json: &mut serde_json::Value,
    path: &mut Vec<Step>,
    seal: &dyn Seal,
    sensitive: &mut Vec<Vec<Step>>,
) -> Result<(), StoredError> {
    let sealed = json.get(SEALED).and_then(serde_json::Value::as_str);
    if let Some(sealed) = sealed.filter(|_| json.get(MAC).is_some()) {
        *json = serde_json::from_slice(&seal.open(sealed)?)?;
        sensitive.push(path.clone());
        return Ok(());
    }
    match json {
        serde_json::Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                path.push(Step::Index(index));
                open(item, path, seal, sensitive)?;
                path.pop();
            }
        }
        serde_json::Value::Object(entries) => {
            for (key, value) in entries {
                path.push(Step::Key(key.as_str().into()));
                open(value, path, seal, sensitive)?;
                path.pop();
            }
        }
        _ => {}
    }
    Ok(())
}

/// Marks the part at a path of JSON steps. A dynamic part is stored one level down, under
/// `value`; a path that stops making sense marks what it reached, never less.
fn mark_at(value: Value, path: &[Step]) -> Value {
    let marks = value.marks();
    let Some((step, rest)) = path.split_first() else { return value.mark(Marks::SENSITIVE) };
    match (step, value.data().clone()) {
        (Step::Index(index), platoform_value::Data::List(list)) if *index < list.items.len() => {
            let mut items = list.items.clone();
            items[*index] = mark_at(items[*index].clone(), rest);
            Value::list(list.element.clone(), items).mark(marks)
        }
        (Step::Index(index), platoform_value::Data::Tuple(items)) if *index < items.len() => {
            let mut items = (*items).clone();
            items[*index] = mark_at(items[*index].clone(), rest);
            Value::tuple(items).mark(marks)
        }
        (Step::Key(key), platoform_value::Data::Map(map)) if map.1.get(key).is_some() => {
            let entries = map.1.iter().map(|(name, item)| {
                let item = if name == key { mark_at(item.clone(), rest) } else { item.clone() };
                (name.clone(), item)
            });
            Value::map(map.0.clone(), entries.collect()).mark(marks)
        }
        (Step::Key(key), platoform_value::Data::Object(object)) if object.get(key).is_some() => {
            let entries = object.iter().map(|(name, item)| {
                let item = if name == key { mark_at(item.clone(), rest) } else { item.clone() };
                (name.clone(), item)
            });
            Value::object(entries.collect()).mark(marks)
        }
        (Step::Key(key), _) if &**key == "value" => mark_at(value, rest),
        _ => value.mark(Marks::SENSITIVE),
    }
}
