//! What providers say belongs to a state.

use std::sync::Arc;

use platoform_provider::{Failure, OwnedObject, OwnedRequest};

use crate::session::{ProviderStatus, Session};

/// What one provider configuration says belongs to the state.
#[derive(Debug)]
pub struct Owned {
    /// The configuration: `[module path.]provider["source"][.alias]`.
    pub configuration: Arc<str>,
    /// The objects that carry the state's mark; `None` where there are no marks to look for, or the
    /// configuration could not be used.
    pub objects: Result<Option<Vec<OwnedObject>>, Failure>,
}

impl Session {
    /// Asks every provider configuration in use which objects carry the mark of this state.
    pub async fn owned(&self) -> Vec<Owned> {
        let mut all = Vec::new();
        for state in &self.providers {
            let objects = if state.status == ProviderStatus::Ready {
                let request = OwnedRequest { lineage: self.lineage.clone() };
                state.provider.owned(request).await
            } else {
                Ok(None)
            };
            let configuration = Self::provider_name(&self.topology, &state.id);
            all.push(Owned { configuration, objects });
        }
        all
    }
}
