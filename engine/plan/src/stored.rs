//! Values as they are kept: JSON with sensitive parts sealed. The only place that writes or reads
//! this form.
//!
//! *Invariant:* a key that starts with one `$` is ours. One of the user's gets one more in front,
//! in clear and inside of sealed parts alike, so that nothing a user writes is taken for a sealed
//! part, or for the keys `serde_json` has for itself (`$serde_json::private::Number`).

use std::sync::Arc;

use platoform_value::{JsonError, Marks, Path, Step, Type, Value};
use serde_json::Value as Json;

use crate::sensitive::mark_paths;

mod reseal;

/// JSON text in which every sensitive part is `{"$sealed": "…", "$mac": "…"}`; other keys that
/// start with `$` have one more of it in front.
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
            let text = escape(plain, None).to_string();
            match seal.seal(text.as_bytes()) {
                Ok(sealed) => serde_json::json!({ SEALED: sealed, MAC: seal.mac(text.as_bytes()) }),
                Err(error) => {
                    failure = Some(error);
                    Json::Null
                }
            }
        })?;
        if let Some(error) = failure {
            return Err(error.into());
        }
        // An object of the user may look like a sealed part; only this tells them apart.
        let marked = !value.deep_marks().is_empty();
        let clear = marked.then(|| value.to_json_with(kind, &mut |_, _| Json::Null)).transpose()?;
        Ok(Self(escape(json, clear.as_ref()).to_string().into()))
    }

    /// Reads a value of a declared type; sealed parts come back marked sensitive.
    ///
    /// # Errors
    /// When the text does not fit the type or a part cannot be opened.
    pub fn decode(&self, kind: &Type, seal: &dyn Seal) -> Result<Value, StoredError> {
        let mut opener = Opener::new(seal);
        let json = opener.open(serde_json::from_str(&self.0)?, Some(kind))?;
        let value = Value::from_json(&json, kind)?;
        // The paths lead somewhere: they were found with the type that the value was read with.
        let sensitive: Vec<(Path, Marks)> =
            opener.sensitive.into_iter().map(|path| (path, Marks::SENSITIVE)).collect();
        Ok(mark_paths(value, &sensitive))
    }

    /// The JSON with all sealed parts opened, for `upgrade` and for output in clear, and the paths
    /// of those parts.
    ///
    /// # Errors
    /// When the text is not JSON or a part cannot be opened.
    pub fn reveal(&self, seal: &dyn Seal) -> Result<(Json, Vec<Path>), StoredError> {
        let mut opener = Opener::new(seal);
        let json = opener.open(serde_json::from_str(&self.0)?, None)?;
        Ok((json, opener.sensitive))
    }
}

/// JSON with the user's keys escaped. `clear` is the same JSON with null for every sealed part,
/// `None` when there are none.
fn escape(json: Json, clear: Option<&Json>) -> Json {
    match json {
        Json::Object(_) if clear.is_some_and(Json::is_null) => json,
        Json::Object(members) => {
            let members = members.into_iter().map(|(key, member)| {
                let member = escape(member, clear.and_then(|clear| clear.get(&key)));
                (if key.starts_with('$') { format!("${key}") } else { key }, member)
            });
            Json::Object(members.collect())
        }
        Json::Array(items) => {
            let items = items.into_iter().enumerate();
            let items =
                items.map(|(index, item)| escape(item, clear.and_then(|clear| clear.get(index))));
            Json::Array(items.collect())
        }
        plain => plain,
    }
}

/// The reverse of [`escape`], for JSON without sealed parts.
fn unescape(json: Json) -> Json {
    match json {
        Json::Object(members) => {
            let members =
                members.into_iter().map(|(key, member)| (unescape_key(key), unescape(member)));
            Json::Object(members.collect())
        }
        Json::Array(items) => Json::Array(items.into_iter().map(unescape).collect()),
        plain => plain,
    }
}

fn unescape_key(mut key: String) -> String {
    if key.starts_with("$$") {
        key.remove(0);
    }
    key
}

/// Opens the sealed parts of stored JSON and remembers where they were.
struct Opener<'a> {
    seal: &'a dyn Seal,
    path: Vec<Step>,
    sensitive: Vec<Path>,
}

impl<'a> Opener<'a> {
    fn new(seal: &'a dyn Seal) -> Self {
        Self { seal, path: Vec::new(), sensitive: Vec::new() }
    }

    /// The JSON in clear. Paths are those of the value where its type is declared, in which what
    /// is dynamic is not one level down, under `value`; those of the JSON otherwise.
    fn open(&mut self, json: Json, declared: Option<&Type>) -> Result<Json, StoredError> {
        let sealed = json.get(SEALED).and_then(Json::as_str);
        if let Some(sealed) = sealed.filter(|_| json.get(MAC).is_some()) {
            self.sensitive.push(Path(self.path.clone()));
            return Ok(unescape(serde_json::from_slice(&self.seal.open(sealed)?)?));
        }
        match json {
            Json::Array(items) => {
                let items = items.into_iter().enumerate().map(|(index, item)| {
                    self.step(Step::Index(index), item, declared.and_then(|of| element(of, index)))
                });
                Ok(Json::Array(items.collect::<Result<_, _>>()?))
            }
            Json::Object(mut members) if declared == Some(&Type::Dynamic) => {
                let kind = members.remove("type").map(unescape);
                if let Some(value) = members.remove("value") {
                    let declared = kind.as_ref().and_then(|kind| Type::from_json(kind).ok());
                    members.insert("value".into(), self.open(value, declared.as_ref())?);
                }
                members.extend(kind.map(|kind| ("type".into(), kind)));
                Ok(Json::Object(members))
            }
            Json::Object(members) => {
                let members = members.into_iter().map(|(key, member)| {
                    let key = unescape_key(key);
                    let declared = declared.and_then(|of| entry(of, &key));
                    let member = self.step(Step::Key(key.as_str().into()), member, declared)?;
                    Ok((key, member))
                });
                Ok(Json::Object(members.collect::<Result<_, StoredError>>()?))
            }
            plain => Ok(plain),
        }
    }

    fn step(
        &mut self,
        step: Step,
        json: Json,
        declared: Option<&Type>,
    ) -> Result<Json, StoredError> {
        self.path.push(step);
        let opened = self.open(json, declared);
        self.path.pop();
        opened
    }
}

/// The type of an element of a value of this type.
fn element(kind: &Type, index: usize) -> Option<&Type> {
    match kind {
        Type::List(element) | Type::Set(element) => Some(element),
        Type::Tuple(elements) => elements.get(index),
        _ => None,
    }
}

/// The type of what has this name in a value of this type.
fn entry<'a>(kind: &'a Type, name: &str) -> Option<&'a Type> {
    match kind {
        Type::Map(element) => Some(element),
        Type::Object(object) => object.attributes.get(name),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD as BASE64;
    use platoform_value::Data;
    use serde_json::json;

    use super::*;

    /// Equal sealed texts for equal parts: a user can copy one.
    struct Plain;

    impl Seal for Plain {
        fn seal(&self, plain: &[u8]) -> Result<String, SealError> {
            Ok(BASE64.encode(plain))
        }

        fn open(&self, sealed: &str) -> Result<Vec<u8>, SealError> {
            BASE64.decode(sealed).map_err(|error| SealError(error.to_string()))
        }

        fn mac(&self, _plain: &[u8]) -> String {
            "m".into()
        }
    }

    fn secret(value: impl Into<Value>) -> Value {
        value.into().mark(Marks::SENSITIVE)
    }

    /// What can be mistaken for something else, without any marks.
    fn odd() -> Vec<Value> {
        let sealed = BASE64.encode("\"s\"");
        let keys = ["$", "$$", "$a", "$$a", "$sealed", "$$sealed", "$mac", "value", "type", ""];
        let private = ["$serde_json::private::Number", "$serde_json::private::RawValue"];
        let every = keys.iter().chain(&private).map(|key| (*key, Value::from(*key)));
        let alike = [("$sealed", Value::from(&*sealed)), ("$mac", Value::from("m"))];
        let mut objects = vec![
            Value::object_of(every),
            Value::object_of(alike.clone()),
            Value::object_of(alike.map(|(key, value)| (format!("${key}"), value))),
            Value::object_of([("value", Value::from("x")), ("type", Value::from("string"))]),
            Value::object_of([("value", Value::object_of([("$", 1.into())])), ("$y", 2.into())]),
            Value::null(Type::object([("$sealed", Type::String), ("$$", Type::Bool)])),
            Value::list(Type::object([("$mac", Type::String)]), Vec::new()),
        ];
        objects.extend(private.map(|key| Value::object_of([(key, Value::from("1"))])));
        let maps = objects.iter().filter_map(|object| match object.data() {
            Data::Object(entries) if entries.values().all(|value| value.as_str().is_some()) => {
                Some(Value::map(Type::String, (**entries).clone()))
            }
            _ => None,
        });
        let maps: Vec<Value> = maps.collect();
        objects.extend(maps);
        objects
    }

    /// The value with each of its parts marked in turn.
    fn partly_sealed(value: &Value) -> Vec<Value> {
        let path = |step| (Path(vec![step]), Marks::SENSITIVE);
        value.steps().map(|(step, _)| mark_paths(value.clone(), &[path(step)])).collect()
    }

    #[track_caller]
    fn there_and_back(value: &Value, kind: &Type) {
        let stored = Stored::encode(value, kind, &Plain).unwrap();
        let back =
            stored.decode(kind, &Plain).unwrap_or_else(|error| panic!("{error:?}: {stored:?}"));
        assert_eq!(&back, value, "{stored:?} as {kind:?}");
        let (json, _) = stored.reveal(&Plain).unwrap();
        assert_eq!(json, value.to_json_as(kind).unwrap(), "{stored:?} as {kind:?}");
    }

    #[test]
    fn every_key_comes_back() {
        for plain in odd() {
            let mut values = partly_sealed(&plain);
            values.extend([plain.clone(), plain.mark(Marks::SENSITIVE)]);
            for value in values {
                there_and_back(&value, &value.kind());
                there_and_back(&value, &Type::Dynamic);
                let tuple = Value::tuple(vec![value.clone(), secret("s"), value.clone()]);
                there_and_back(&tuple, &tuple.kind());
                there_and_back(&tuple, &Type::Dynamic);
                let kind = Type::object([("$k", Type::Dynamic), ("k", value.kind())]);
                let object = Value::object_of([("$k", value.clone()), ("k", value)]);
                there_and_back(&object, &kind);
                there_and_back(&secret(object.unmark_deep()), &kind);
            }
        }
    }

    #[test]
    fn only_our_own_keys_start_with_one_dollar() {
        let value = Value::object_of([
            ("$sealed", Value::from("x")),
            ("$mac", Value::object_of([("$$", secret("s"))])),
            ("a", secret("s")),
        ]);
        let kind = value.kind();
        let stored = Stored::encode(&value, &kind, &Plain).unwrap();
        let json: Json = serde_json::from_str(&stored.0).unwrap();
        let sealed = json!({"$sealed": BASE64.encode("\"s\""), "$mac": "m"});
        let expected = json!({"$$sealed": "x", "$$mac": {"$$$": sealed}, "a": sealed});
        assert_eq!(json, expected);
        let (json, paths) = stored.reveal(&Plain).unwrap();
        assert_eq!(json, json!({"$sealed": "x", "$mac": {"$$": "s"}, "a": "s"}));
        let paths: Vec<String> = paths.iter().map(Path::to_string).collect();
        assert_eq!(paths, [r#"["$mac"]["$$"]"#, r#"["a"]"#]);
    }

    /// The object in a dynamic place has an attribute with the name under which it is stored.
    #[test]
    fn a_secret_beside_an_attribute_called_value_stays_one() {
        let inner = Value::object_of([("y", 1.into())]);
        let value = Value::object_of([("value", inner), ("y", secret("s"))]);
        let list = Value::list(value.kind(), vec![value.clone()]);
        there_and_back(&value, &Type::Dynamic);
        there_and_back(&list, &Type::list(Type::Dynamic));
    }

    #[test]
    fn what_cannot_be_opened_is_an_error() {
        let kind = Type::object([("a", Type::String)]);
        let stored = Stored(r#"{"a":{"$sealed":"?","$mac":"m"}}"#.into());
        assert!(matches!(stored.decode(&kind, &Plain), Err(StoredError::Seal(_))));
        assert!(matches!(stored.reveal(&Plain), Err(StoredError::Seal(_))));
        assert!(matches!(Stored("{".into()).reveal(&Plain), Err(StoredError::Syntax(_))));
    }

    /// Takes long when each secret costs a walk over all of them.
    #[test]
    fn many_secrets_are_opened_in_one_walk() {
        let entries = (0..5_000).map(|n| (format!("k{n}").into(), secret(format!("s{n}"))));
        let map = Value::map(Type::String, entries.collect());
        let object = Value::object(map.as_entries().unwrap().clone());
        there_and_back(&map, &map.kind());
        there_and_back(&map, &Type::Dynamic);
        there_and_back(&object, &Type::Dynamic);
    }
}
