//! `state rm`

use std::collections::BTreeSet;

use platoform_apply::Write;
use platoform_config::{InstanceAddress, Target};
use platoform_diagnostic::Diagnostic;
use platoform_plan::Prior;

use super::address;
use super::edit::Edit;
use crate::args::{self, Which};
use crate::error::{Failure, Outcome};
use crate::settings::Settings;

/// Forgets objects, current and deposed ones.
pub async fn run(settings: &Settings, arguments: &args::StateRemove) -> Result<Outcome, Failure> {
    let targets: Result<Vec<Target>, _> =
        arguments.addresses.iter().map(|text| address::target(text)).collect();
    let targets = targets?;
    if arguments.dry_run {
        let which = Which { file: arguments.editing.file.clone(), at: None };
        let (_, prior) = super::read(settings, &which).await?;
        let found = matching(&prior, &targets);
        let mut text: String = found.iter().map(|it| format!("Would remove {it}\n")).collect();
        if found.is_empty() {
            text.push_str("Would have removed nothing.\n");
        }
        settings.output.data(&text)?;
        return Ok(Outcome::Done);
    }
    let command = format!("state rm {}", arguments.addresses.join(" "));
    let edit = Edit::begin(settings, &arguments.editing, &command).await?;
    let found = matching(&edit.prior, &targets);
    if found.is_empty() {
        edit.abandon().await?;
        return Err(nothing().into());
    }
    let keys = edit.prior.records.iter().map(|record| &record.key);
    let gone = keys.filter(|key| found.contains(&key.address)).cloned();
    let writes = gone.map(Write::Remove).collect();
    edit.write(writes).await?;
    let mut text: String = found.iter().map(|it| format!("Removed {it}\n")).collect();
    text.push_str(&format!("Successfully removed {} resource instance(s).\n", found.len()));
    settings.output.data(&text)?;
    Ok(Outcome::Done)
}

fn matching(prior: &Prior, targets: &[Target]) -> BTreeSet<InstanceAddress> {
    let addresses = prior.records.iter().map(|record| &record.key.address);
    let covered = |address: &&InstanceAddress| targets.iter().any(|target| target.covers(address));
    addresses.filter(covered).cloned().collect()
}

fn nothing() -> Diagnostic {
    Diagnostic::error(
        "Invalid target address",
        "No matching objects found. To view the available instances, use \"platoform state list\". \
         Please modify the address to reference a specific instance",
    )
}
