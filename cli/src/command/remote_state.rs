//! States of other configurations, for the data source that reads them.

use std::path::Path;

use platoform_builtin::{Outputs, States};
use platoform_diagnostic::Environment;
use platoform_provider::BoxFuture;
use platoform_state::Store;

use super::{output, workspace};
use crate::error::Failure;

/// Opens databases for a moment, to read them.
pub struct RemoteStates;

impl States for RemoteStates {
    fn outputs<'a>(
        &'a self,
        path: &'a Path,
        environment: &'a Environment,
    ) -> BoxFuture<'a, Result<Option<Outputs>, String>> {
        Box::pin(async move {
            let options = workspace::options(environment).map_err(|failure| first(&failure))?;
            let store = Store::open_read_only(path, options).await;
            let store = store.map_err(|error| workspace::with_causes(&error))?;
            let Some(store) = store else { return Ok(None) };
            let prior = store.prior().await.map_err(|error| workspace::with_causes(&error))?;
            // A plan that was saved makes a state that holds nothing yet.
            if prior.serial == 0 {
                return Ok(None);
            }
            let outputs = output::read(&prior, store.sealer());
            let outputs = outputs.map_err(|failure| first(&failure))?;
            store.close().await.map_err(|error| workspace::with_causes(&error))?;
            let values = outputs.into_iter();
            Ok(Some(values.map(|it| (it.name, it.value.unmark_deep())).collect()))
        })
    }
}

/// Why something failed, in a sentence.
fn first(failure: &Failure) -> String {
    let first = failure.diagnostics.iter().next();
    first.map(|error| error.detail.clone()).unwrap_or_default()
}
