//! `state list`

use platoform_config::{InstanceAddress, Target};
use platoform_diagnostic::Diagnostic;
use platoform_plan::{Prior, Seal};

use super::address;
use crate::args;
use crate::error::{Failure, Outcome};
use crate::settings::Settings;

/// Lists addresses.
pub async fn run(settings: &Settings, arguments: &args::StateList) -> Result<Outcome, Failure> {
    let (store, prior) = super::read(settings, &arguments.which).await?;
    let mut targets = Vec::new();
    for text in &arguments.addresses {
        let target = address::target(text)?;
        if !prior.records.iter().any(|record| target.covers(&record.key.address)) {
            return Err(absent(&target).into());
        }
        targets.push(target);
    }
    let mut addresses = addresses(&prior, store.sealer(), arguments.id.as_deref());
    addresses.retain(|address| {
        targets.is_empty() || targets.iter().any(|target| target.covers(address))
    });
    let text: String = addresses.into_iter().map(|address| format!("{address}\n")).collect();
    settings.output.data(&text)?;
    Ok(Outcome::Done)
}

/// Each address once, though there may be deposed objects beside the current one.
fn addresses(prior: &Prior, seal: &dyn Seal, id: Option<&str>) -> Vec<InstanceAddress> {
    let has_id = |record: &&platoform_plan::Record| {
        let Some(wanted) = id else { return true };
        let found = record.attributes.reveal(seal);
        found.is_ok_and(|(json, _)| json.get("id").and_then(|id| id.as_str()) == Some(wanted))
    };
    let found = prior.records.iter().filter(has_id);
    let mut addresses: Vec<_> = found.map(|record| record.key.address.clone()).collect();
    addresses.sort();
    addresses.dedup();
    addresses
}

fn absent(target: &Target) -> Diagnostic {
    let (summary, what) = match target {
        Target::Module(_) => ("Unknown module", format!("module at {target}")),
        Target::Resource(_) | Target::Instance(_) => {
            ("Unknown resource", format!("resource {target}"))
        }
    };
    let noun = if matches!(target, Target::Module(_)) { "module" } else { "resource" };
    let detail = format!(
        "The current state contains no {what}. If you've just added this {noun} to the \
         configuration, you must run \"platoform apply\" first to create the {noun}'s entry in the \
         state"
    );
    Diagnostic::error(summary, detail)
}
