//! `state pull`

use platoform_diagnostic::Diagnostic;
use platoform_plan::{Prior, Seal};

use super::super::configuration::glance;
use super::super::{output, workspace};
use crate::error::{Failure, Outcome};
use crate::providers::Registry;
use crate::report::json::state_file;
use crate::settings::Settings;

/// Writes all of the state, for those who ask for it.
pub async fn run(settings: &Settings) -> Result<Outcome, Failure> {
    let path = workspace::path(settings, &glance(settings, &Registry::default()));
    let Some(store) = workspace::look(settings, &path).await? else { return Ok(Outcome::Done) };
    let prior = store.prior().await.map_err(|error| workspace::failure(&error))?;
    settings.output.data(&document(&prior, store.sealer())?)?;
    Ok(Outcome::Done)
}

/// The state as Terraform writes it to a file.
fn document(prior: &Prior, seal: &dyn Seal) -> Result<String, Failure> {
    let outputs = output::read(prior, seal)?;
    let document = state_file::document(prior, &outputs, seal)
        .map_err(|error| Diagnostic::error("The state is not readable", error.to_string()))?;
    Ok(format!("{document:#}\n"))
}
