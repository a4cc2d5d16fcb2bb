//! What can be asked of the cloud, and its form over HTTP.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::object::{Attributes, Collection, Mark};

/// A request.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    /// `POST /v1/COLLECTION`
    Create {
        /// Of which sort.
        collection: Collection,
        /// What it is to be.
        body: Created,
    },
    /// `GET /v1/COLLECTION/ID`
    Read {
        /// Of which sort.
        collection: Collection,
        /// Which one.
        id: String,
    },
    /// `GET /v1/COLLECTION?page=N[&key=KEY]`
    List {
        /// Of which sort.
        collection: Collection,
        /// Only those with this owner key.
        key: Option<String>,
        /// Which page, from 0.
        page: usize,
    },
    /// `PATCH /v1/COLLECTION/ID`
    Update {
        /// Of which sort.
        collection: Collection,
        /// Which one.
        id: String,
        /// Attributes that change; null takes one out.
        attributes: Attributes,
    },
    /// `DELETE /v1/COLLECTION/ID`
    Delete {
        /// Of which sort.
        collection: Collection,
        /// Which one.
        id: String,
    },
}

/// Body of a `POST`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Created {
    /// Goes onto the object where it can carry one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<Mark>,
    /// What it is to be.
    pub attributes: Attributes,
}

/// An answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// `Retry-After`.
    pub retry_after: Option<Duration>,
    /// An object, `{"objects": […], "next": PAGE}`, `{"code": "…", "message": "…"}`, or null.
    pub body: Json,
}

impl Answer {
    /// One without a hint when to try again.
    pub(crate) fn new(status: u16, body: Json) -> Self {
        Self { status, retry_after: None, body }
    }

    /// A refusal.
    pub(crate) fn refusal(status: u16, code: &str, message: impl Into<String>) -> Self {
        let message: String = message.into();
        Self::new(status, json!({ "code": code, "message": message }))
    }
}

impl Request {
    /// HTTP method.
    #[must_use]
    pub fn method(&self) -> &'static str {
        match self {
            Self::Create { .. } => "POST",
            Self::Read { .. } | Self::List { .. } => "GET",
            Self::Update { .. } => "PATCH",
            Self::Delete { .. } => "DELETE",
        }
    }

    /// What it is about.
    #[must_use]
    pub fn collection(&self) -> Collection {
        match self {
            Self::Create { collection, .. }
            | Self::Read { collection, .. }
            | Self::List { collection, .. }
            | Self::Update { collection, .. }
            | Self::Delete { collection, .. } => *collection,
        }
    }

    /// The object it is about, where there is one already.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        match self {
            Self::Create { .. } | Self::List { .. } => None,
            Self::Read { id, .. } | Self::Update { id, .. } | Self::Delete { id, .. } => Some(id),
        }
    }

    /// Whether it may change something.
    #[must_use]
    pub fn changes(&self) -> bool {
        self.method() != "GET"
    }

    /// Path and query. Ids and owner keys hold nothing that needs escaping.
    #[must_use]
    pub fn path(&self) -> String {
        let collection = self.collection().as_str();
        match self {
            Self::Create { .. } => format!("/v1/{collection}"),
            Self::List { key: None, page, .. } => format!("/v1/{collection}?page={page}"),
            Self::List { key: Some(key), page, .. } => {
                format!("/v1/{collection}?page={page}&key={key}")
            }
            Self::Read { id, .. } | Self::Update { id, .. } | Self::Delete { id, .. } => {
                format!("/v1/{collection}/{id}")
            }
        }
    }

    /// The body, if it has one.
    #[must_use]
    pub fn body(&self) -> Option<Json> {
        match self {
            Self::Create { body, .. } => serde_json::to_value(body).ok(),
            Self::Update { attributes, .. } => Some(Json::Object(attributes.clone())),
            _ => None,
        }
    }

    /// The request with this method, path with query, and body; `None` when there is none such.
    #[must_use]
    pub fn parse(method: &str, path: &str, body: &[u8]) -> Option<Self> {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let (collection, id) = match path.strip_prefix("/v1/")?.split_once('/') {
            Some((collection, id)) => (collection, Some(id.to_owned())),
            None => (path.strip_prefix("/v1/")?, None),
        };
        let collection = Collection::parse(collection)?;
        Some(match (method, id) {
            ("POST", None) => Self::Create { collection, body: serde_json::from_slice(body).ok()? },
            ("GET", None) => {
                let parameter = |name: &str| {
                    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
                    pairs.find(|(known, _)| *known == name).map(|(_, value)| value.to_owned())
                };
                let page = parameter("page").map_or(Some(0), |page| page.parse().ok())?;
                Self::List { collection, key: parameter("key"), page }
            }
            ("GET", Some(id)) => Self::Read { collection, id },
            ("PATCH", Some(id)) => {
                Self::Update { collection, id, attributes: serde_json::from_slice(body).ok()? }
            }
            ("DELETE", Some(id)) => Self::Delete { collection, id },
            _ => return None,
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on panics")]
mod tests {
    use super::*;

    #[test]
    fn requests_come_through_http_as_they_are() {
        let collection = Collection::Volumes;
        let attributes: Attributes =
            serde_json::from_str(r#"{"name": "data", "machine": null}"#).unwrap();
        let mark = Some(Mark { key: "k".into(), lineage: "l".into() });
        for request in [
            Request::Create { collection, body: Created { mark, attributes: attributes.clone() } },
            Request::Read { collection, id: "v-1".into() },
            Request::List { collection, key: None, page: 0 },
            Request::List { collection, key: Some("k".into()), page: 7 },
            Request::Update { collection, id: "v-1".into(), attributes },
            Request::Delete { collection, id: "v-1".into() },
        ] {
            let body = request.body().map(|body| body.to_string()).unwrap_or_default();
            let again = Request::parse(request.method(), &request.path(), body.as_bytes());
            assert_eq!(again, Some(request));
        }
        for (method, path) in [("GET", "/"), ("GET", "/v1/disks"), ("PUT", "/v1/volumes/1")] {
            assert_eq!(Request::parse(method, path, b"{}"), None, "{method} {path}");
        }
    }
}
