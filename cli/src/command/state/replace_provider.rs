//! `state replace-provider`

use std::collections::BTreeSet;
use std::sync::Arc;

use platoform_apply::Write;
use platoform_config::{ProviderSource, ResourceAddress};
use platoform_diagnostic::Diagnostic;
use platoform_plan::{Prior, Record};

use super::edit::Edit;
use crate::args;
use crate::confirm::{Question, confirm};
use crate::error::{Failure, Outcome};
use crate::settings::Settings;

/// Says that other objects than so far belong to a provider.
pub async fn run(
    settings: &Settings,
    arguments: &args::StateReplaceProvider,
) -> Result<Outcome, Failure> {
    let from = provider(&arguments.from, "from")?;
    let to = provider(&arguments.to, "to")?;
    let command = format!("state replace-provider {from} {to}");
    let edit = Edit::begin(settings, &arguments.editing, &command).await?;
    let records: Vec<&Record> =
        edit.prior.records.iter().filter(|record| record.provider == from).collect();
    let writes = records.iter().map(|record| Write::Put(Box::new(replaced(record, &from, &to))));
    let writes: Vec<Write> = writes.collect();
    if writes.is_empty() {
        settings.output.data("No matching resources found.\n")?;
        edit.abandon().await?;
        return Ok(Outcome::Done);
    }
    let resources = resources(&edit.prior, &from);
    let lines: String = resources.iter().map(|resource| format!("  {resource}\n")).collect();
    let count = resources.len();
    let paint = settings.output.data;
    settings.output.data(&format!(
        "platoform will perform the following actions:\n\n\
         \x20 {} Updating provider:\n    {} {from}\n    {} {to}\n\n\
         {}\n\n{lines}\n",
        paint.yellow("~"),
        paint.red("-"),
        paint.green("+"),
        paint.bold(format!("Changing {count} resources:")),
    ))?;
    let question = Question {
        title: "Do you want to make these changes?",
        detail: "No object is changed, only the state",
    };
    if !arguments.auto_approve && !confirm(settings, question)? {
        settings.output.data("Cancelled replacing providers.\n")?;
        edit.abandon().await?;
        return Ok(Outcome::Done);
    }
    edit.write(writes).await?;
    settings.output.data(&format!("Successfully replaced provider for {count} resources.\n"))?;
    Ok(Outcome::Done)
}

fn provider(text: &str, which: &str) -> Result<ProviderSource, Diagnostic> {
    ProviderSource::parse(text).map_err(|_| {
        let detail = format!("`{text}` is not `[HOST/]NAMESPACE/NAME`");
        Diagnostic::error(format!("Invalid {which:?} provider {text:?}"), detail)
    })
}

fn resources(prior: &Prior, from: &ProviderSource) -> BTreeSet<Arc<ResourceAddress>> {
    let records = prior.records.iter().filter(|record| record.provider == *from);
    records.map(|record| record.key.address.resource.clone()).collect()
}

fn replaced(record: &Record, from: &ProviderSource, to: &ProviderSource) -> Record {
    let quoted = |source: &ProviderSource| format!("provider[\"{source}\"]");
    let provider_config = record.provider_config.replace(&quoted(from), &quoted(to)).into();
    Record { provider: to.clone(), provider_config, ..record.clone() }
}
