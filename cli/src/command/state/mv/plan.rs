//! What a move means, and whether it can be made.

use std::collections::BTreeSet;
use std::sync::Arc;

use platoform_config::{InstanceAddress, InstanceKey, ModuleInstance, ResourceAddress, Target};
use platoform_diagnostic::Diagnostic;
use platoform_plan::{Prior, Record};
use platoform_schema::Mode;

use super::rename::Rename;
use super::wrong;

const INVALID_SOURCE: &str = "Invalid source address";
const INVALID_TARGET: &str = "Invalid target address";

/// The moves that were asked for.
///
/// # Errors
/// When nothing is there to be moved, or it cannot go there.
pub fn renames(prior: &Prior, from: &Target, to: &Target) -> Result<Vec<Rename>, Diagnostic> {
    match from {
        Target::Module(source) => modules(prior, source, to),
        Target::Resource(source) => {
            let instances: Vec<_> = addresses(prior).filter(|it| *it.resource == *source).collect();
            // A resource without keys is its only instance, which may get a key.
            match instances.iter().find(|address| address.key == InstanceKey::None) {
                Some(only) => instance(prior, only, to),
                None if instances.is_empty() => Err(wrong(
                    INVALID_SOURCE,
                    format!("Cannot move {source}: does not match anything in the current state"),
                )),
                None => resource(prior, source, to),
            }
        }
        Target::Instance(source) => instance(prior, source, to),
    }
}

fn addresses(prior: &Prior) -> impl Iterator<Item = &InstanceAddress> {
    prior.records.iter().map(|record: &Record| &record.key.address)
}

fn modules(prior: &Prior, source: &ModuleInstance, to: &Target) -> Result<Vec<Rename>, Diagnostic> {
    let present: BTreeSet<&ModuleInstance> =
        addresses(prior).map(|address| &address.resource.module).collect();
    let moved: Vec<_> = present.iter().filter(|it| it.0.starts_with(&source.0)).collect();
    if moved.is_empty() {
        let detail = format!("Cannot move {source}: does not match anything in the current state");
        return Err(wrong(INVALID_SOURCE, detail));
    }
    let Target::Module(target) = to else {
        let detail = format!("Cannot move {source} to {to}: the target must also be a module");
        return Err(wrong(INVALID_TARGET, detail));
    };
    let mut renames = Vec::new();
    for module in moved {
        let rest = module.0.iter().skip(source.0.len());
        let target = ModuleInstance(Arc::new(target.0.iter().chain(rest).cloned().collect()));
        if present.contains(&target) {
            let detail = format!(
                "Cannot move to {target}: there is already a module at that address in the \
                 current state"
            );
            return Err(wrong(INVALID_TARGET, detail));
        }
        renames.push(Rename::Module((*module).clone(), target));
    }
    Ok(renames)
}

fn resource(
    prior: &Prior,
    source: &ResourceAddress,
    to: &Target,
) -> Result<Vec<Rename>, Diagnostic> {
    let Target::Resource(target) = to else {
        let detail = format!(
            "Cannot move {source} to {to}: the source is a whole resource (not a resource \
             instance) so the target must also be a whole resource"
        );
        return Err(wrong(INVALID_TARGET, detail));
    };
    same_kind(source, target)?;
    if addresses(prior).any(|address| *address.resource == *target) {
        let detail = format!(
            "Cannot move to {target}: there is already a resource at that address in the current \
             state"
        );
        return Err(wrong(INVALID_TARGET, detail));
    }
    Ok(vec![Rename::Resource(source.clone(), target.clone())])
}

fn instance(
    prior: &Prior,
    source: &InstanceAddress,
    to: &Target,
) -> Result<Vec<Rename>, Diagnostic> {
    let target = match to {
        Target::Instance(target) => target.clone(),
        Target::Resource(resource) => InstanceAddress::new(resource.clone(), InstanceKey::None),
        Target::Module(_) => {
            let detail = format!(
                "Cannot move {source} to {to}: the target must also be a resource instance"
            );
            return Err(wrong(INVALID_TARGET, detail));
        }
    };
    same_kind(&source.resource, &target.resource)?;
    if addresses(prior).any(|address| *address == target) {
        let detail = format!(
            "Cannot move to {target}: there is already a resource instance at that address in the \
             current state"
        );
        return Err(wrong(INVALID_TARGET, detail));
    }
    if !addresses(prior).any(|address| address == source) {
        let detail = format!("The current state does not contain {source}");
        return Err(wrong(INVALID_SOURCE, detail));
    }
    Ok(vec![Rename::Instance(source.clone(), target)])
}

fn same_kind(from: &ResourceAddress, to: &ResourceAddress) -> Result<(), Diagnostic> {
    let noun = |mode| match mode {
        Mode::Managed => "managed",
        Mode::Data => "data",
        Mode::Ephemeral => "ephemeral",
    };
    let reason = if from.id.mode != to.id.mode {
        let noun = noun(from.id.mode);
        format!("a {noun} resource can be moved only to another {noun} resource address")
    } else if from.id.kind != to.id.kind {
        "resource types don't match".to_owned()
    } else {
        return Ok(());
    };
    Err(wrong("Invalid state move request", format!("Cannot move {from} to {to}: {reason}")))
}
