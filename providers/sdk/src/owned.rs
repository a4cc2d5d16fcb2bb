//! Objects that belong to a state by their mark.

use std::sync::Arc;

/// `owned`: which objects carry this lineage?
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnedRequest {
    /// The state's identity, which its objects carry as a mark.
    pub lineage: Arc<str>,
}

/// An object that carries the mark of a state.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OwnedObject {
    /// Its kind, e.g. `docker_container`.
    pub kind: Arc<str>,
    /// Its id in the provider's own form, as an import takes it.
    pub id: String,
    /// What people call it.
    pub name: Option<String>,
    /// The key of the action that made it, where its mark tells.
    pub owner: Option<Arc<str>>,
}
