//! `taint` and `untaint`

use platoform_apply::Write;
use platoform_config::InstanceAddress;
use platoform_diagnostic::{Diagnostic, Sources};
use platoform_plan::Record;
use platoform_schema::Mode;

use super::state::address;
use super::state::edit::Edit;
use crate::args;
use crate::error::{Failure, Outcome};
use crate::settings::Settings;

/// Marks an instance as one to be replaced, or takes the mark back.
pub async fn run(
    settings: &Settings,
    arguments: &args::Taint,
    taint: bool,
) -> Result<Outcome, Failure> {
    let verb = if taint { "taint" } else { "untaint" };
    let address = address::instance(&arguments.address)?;
    if address.resource.id.mode != Mode::Managed {
        let summary = format!("Resource instance {address} cannot be tainted");
        return Err(Diagnostic::error(summary, "Only managed resources can be").into());
    }
    let edit = Edit::begin(settings, &arguments.editing, &format!("{verb} {address}")).await?;
    let current = |record: &&Record| record.key.address == address && record.key.deposed.is_none();
    let Some(record) = edit.prior.records.iter().find(current).cloned() else {
        let deposed = edit.prior.records.iter().any(|record| record.key.address == address);
        edit.abandon().await?;
        if !arguments.allow_missing.unwrap_or(false) {
            return Err(absent(&address, deposed, verb).into());
        }
        let detail = format!(
            "Resource instance {address} was not found, but this is not an error because \
             -allow-missing was set"
        );
        let warning = Diagnostic::warning("No such resource instance", detail);
        settings.output.diagnostics([&warning], &Sources::default());
        return Ok(Outcome::Done);
    };
    if !taint && !record.tainted {
        edit.abandon().await?;
        let detail = format!(
            "Resource instance {address} is not currently tainted, and so it cannot be untainted"
        );
        return Err(Diagnostic::error("Resource instance is not tainted", detail).into());
    }
    if record.tainted == taint {
        edit.abandon().await?;
    } else {
        edit.write(vec![Write::Put(Box::new(Record { tainted: taint, ..record }))]).await?;
    }
    let done = if taint { "marked as tainted" } else { "successfully untainted" };
    settings.output.data(&format!("Resource instance {address} has been {done}.\n"))?;
    Ok(Outcome::Done)
}

fn absent(address: &InstanceAddress, deposed: bool, verb: &str) -> Diagnostic {
    let detail = if deposed {
        format!(
            "Resource instance {address} is currently part-way through a create_before_destroy \
             replacement action. Run \"platoform apply\" to complete its replacement before \
             {verb}ing it"
        )
    } else {
        format!(
            "There is no resource instance in the state with the address {address}. If the \
             resource configuration has just been added, you must run \"platoform apply\" once to \
             create the corresponding instance(s) before they can be tainted"
        )
    };
    Diagnostic::error("No such resource instance", detail)
}
