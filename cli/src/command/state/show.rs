//! `state show`

use platoform_diagnostic::Diagnostic;

use super::super::show::object;
use super::address;
use crate::args;
use crate::error::{Failure, Outcome};
use crate::providers::Registry;
use crate::settings::Settings;

/// Shows one object; secrets are hidden.
pub async fn run(settings: &Settings, arguments: &args::StateShow) -> Result<Outcome, Failure> {
    let (store, prior) = super::read(settings, &arguments.which).await?;
    let wanted = address::instance(&arguments.address)?;
    let record = prior
        .records
        .iter()
        .find(|record| record.key.address == wanted && record.key.deposed.is_none());
    let record = record.ok_or_else(absent)?;
    let text = object(record, &Registry::default(), store.sealer(), settings.output.data);
    settings.output.data(&text)?;
    Ok(Outcome::Done)
}

fn absent() -> Diagnostic {
    Diagnostic::error(
        "No instance found for the given address",
        "This command requires that the address references one specific instance. To view the \
         available instances, use \"platoform state list\". Please modify the address to reference \
         a specific instance",
    )
}
