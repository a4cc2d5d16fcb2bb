//! `state list`, `state show` and `state pull`

use platoform_config::{InstanceAddress, Target};
use platoform_diagnostic::Diagnostic;
use platoform_plan::{Prior, Seal};

use super::configuration::glance;
use super::show::object;
use super::{orphans, workspace};
use crate::args;
use crate::error::{Failure, Outcome};
use crate::providers::Registry;
use crate::report::json::state_file;
use crate::report::plan::object_name;
use crate::settings::Settings;

/// Looks into the state.
pub async fn run(settings: &Settings, arguments: args::State) -> Result<Outcome, Failure> {
    let registry = Registry::default();
    let path = workspace::path(settings, &glance(settings, &registry));
    let store = workspace::look(settings, &path).await?;
    if store.is_none() && matches!(arguments, args::State::Pull) {
        return Ok(Outcome::Done);
    }
    let store = store.ok_or_else(|| workspace::missing(&path))?;
    let prior = store.prior().await.map_err(|error| workspace::failure(&error))?;
    let text = match arguments {
        args::State::Orphans(arguments) => return orphans::run(settings, arguments).await,
        args::State::Pull => pull(&prior, store.sealer())?,
        args::State::List { addresses } => list(&prior, &addresses)?,
        args::State::Show { address } => {
            let wanted: InstanceAddress =
                address.parse().map_err(|error| invalid(&address, &error))?;
            let record = prior
                .records
                .iter()
                .find(|record| record.key.address == wanted && record.key.deposed.is_none());
            let record = record.ok_or_else(|| absent(&address))?;
            object(record, &registry, store.sealer(), settings.output.data)
        }
    };
    settings.output.data(&text)?;
    Ok(Outcome::Done)
}

/// The state as Terraform writes it to a file, for those who ask for all of it.
fn pull(prior: &Prior, seal: &dyn Seal) -> Result<String, Failure> {
    let outputs = super::output::read(prior, seal)?;
    let document = state_file::document(prior, &outputs, seal)
        .map_err(|error| Diagnostic::error("The state is not readable", error.to_string()))?;
    Ok(format!("{document:#}\n"))
}

fn list(prior: &Prior, addresses: &[String]) -> Result<String, Failure> {
    let mut targets = Vec::new();
    for text in addresses {
        let target: Target = text.parse().map_err(|error| invalid(text, &error))?;
        if !prior.records.iter().any(|record| target.covers(&record.key.address)) {
            return Err(absent(text).into());
        }
        targets.push(target);
    }
    let wanted = |address: &InstanceAddress| {
        targets.is_empty() || targets.iter().any(|target| target.covers(address))
    };
    let mut keys: Vec<_> =
        prior.records.iter().map(|record| &record.key).filter(|key| wanted(&key.address)).collect();
    keys.sort();
    Ok(keys.into_iter().map(|key| object_name(key) + "\n").collect())
}

fn invalid(text: &str, error: &platoform_config::AddressError) -> Diagnostic {
    Diagnostic::error(format!("Invalid address `{text}`"), error.to_string())
}

fn absent(address: &str) -> Diagnostic {
    Diagnostic::error("No such object", format!("The state has nothing at `{address}`"))
        .help("`platoform state list` lists all there is")
}
