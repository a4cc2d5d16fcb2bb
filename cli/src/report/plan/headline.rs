//! What is done to an object, why, and where that comes from, in a line each.

use platoform_config::InstanceKey;
use platoform_plan::{Action, ActionReason, Plan, ResourceChange};

use super::Paint;
use crate::report::literal::quoted;
use crate::report::review::cause::{self, name};
use crate::report::review::model::Origin;
use crate::report::review::place::Places;

/// Places that are named for one object.
const PLACES_LIMIT: usize = 3;

/// The sign of an action, three columns wide, aligned to the right.
pub fn symbol(action: Action, paint: Paint) -> String {
    let (add, remove) = (paint.green("+"), paint.red("-"));
    match action {
        Action::NoOp => "   ".into(),
        Action::Read => format!(" {}", paint.cyan("<=")),
        Action::Create => format!("  {add}"),
        Action::Update => format!("  {}", paint.yellow("~")),
        Action::Delete => format!("  {remove}"),
        Action::DeleteThenCreate => format!("{remove}/{add}"),
        Action::CreateThenDelete => format!("{add}/{remove}"),
        Action::Forget => format!("  {}", paint.red(".")),
        Action::ForgetThenCreate => format!("{}/{add}", paint.red(".")),
    }
}

/// The comment lines above an object, without the `#`.
pub fn lines(
    change: &ResourceChange,
    plan: &Plan,
    places: &Places<'_>,
    paint: Paint,
) -> Vec<String> {
    let stays = change.action == Action::NoOp;
    let title = match &change.previous {
        Some(previous) if stays => {
            format!("{previous} has moved to {}", paint.bold(name(&change.key)))
        }
        _ => format!("{} {}", paint.bold(name(&change.key)), verdict(change, paint)),
    };
    let mut lines = vec![title];
    lines.extend(because(change).map(|reason| format!("({reason})")));
    let moved = change.previous.as_ref().filter(|_| !stays);
    lines.extend(moved.map(|previous| format!("(moved from {previous})")));
    let imported = change.importing.as_ref().filter(|_| !stays);
    lines.extend(imported.map(|id| format!("(imported from {})", quoted(id))));
    if change.importing.is_some() && change.action.is_replace() {
        lines.push(paint.yellow("Warning: this will destroy the imported resource"));
    }
    lines.extend(origin(change, plan, places));
    lines
}

fn verdict(change: &ResourceChange, paint: Paint) -> String {
    match (change.action, &change.reason) {
        (Action::NoOp, _) if change.importing.is_some() => "will be imported".into(),
        (Action::NoOp, _) => "stays as it is".into(),
        (Action::Forget, _) => {
            "will no longer be managed by platoform, but will not be destroyed".into()
        }
        (Action::Read, _) => "will be read during apply".into(),
        (Action::Create, _) => "will be created".into(),
        (Action::Update, _) => "will be updated in-place".into(),
        (Action::Delete, _) => format!("will be {}", paint.red("destroyed")),
        (_, Some(ActionReason::Tainted)) => {
            format!("is tainted, so must be {}", paint.red("replaced"))
        }
        (_, Some(ActionReason::Requested)) => {
            format!("will be {}, as requested", paint.red("replaced"))
        }
        (_, Some(ActionReason::Triggered(reference))) => {
            format!("will be {} because `{reference}` changes", paint.red("replaced"))
        }
        _ => format!("must be {}", paint.red("replaced")),
    }
}

fn because(change: &ResourceChange) -> Option<String> {
    let address = &change.key.address;
    if change.action == Action::Forget {
        return Some("destroy = false is set in the configuration".into());
    }
    let reason = match change.reason.as_ref()? {
        ActionReason::Tainted
        | ActionReason::CannotUpdate
        | ActionReason::Requested
        | ActionReason::Triggered(_) => {
            return None;
        }
        ActionReason::NoBlock => format!("because {} is not in configuration", address.resource),
        ActionReason::NoModule => {
            format!("because {} is not in configuration", address.resource.module)
        }
        ActionReason::NoMoveTarget => match &change.previous {
            Some(previous) => {
                format!("because {previous} was moved to {address}, which is not in configuration")
            }
            None => format!("because {address} is not in configuration"),
        },
        ActionReason::WrongRepetition => match address.key {
            InstanceKey::None => "because the block uses count or for_each now".into(),
            InstanceKey::Index(_) => "because the block does not use count any more".into(),
            InstanceKey::Name(_) => "because the block does not use for_each any more".into(),
        },
        ActionReason::CountIndex => {
            format!("because index {} is out of range for count", address.key)
        }
        ActionReason::EachKey => format!("because key {} is not in for_each", address.key),
        ActionReason::Deposed => "left over from a replacement that did not finish".into(),
        ActionReason::ConfigUnknown => "its configuration is not known yet".into(),
        ActionReason::DependencyPending => "it depends on something that changes".into(),
        ActionReason::CheckNested => "its check is made again after the apply".into(),
    };
    Some(reason)
}

/// Which lines of the configuration changed: for a replacement, those that make it necessary.
fn origin(change: &ResourceChange, plan: &Plan, places: &Places<'_>) -> Option<String> {
    let mut places: Vec<String> =
        cause::origins(change, plan, places).iter().map(sentence).collect();
    let more = places.len().saturating_sub(PLACES_LIMIT);
    places.truncate(PLACES_LIMIT);
    if more > 0 {
        places.push(format!("and {more} more"));
    }
    (!places.is_empty()).then(|| places.join(", "))
}

/// Where an attribute changed, and what that follows from.
fn sentence(origin: &Origin) -> String {
    let verb = if origin.known { "changed" } else { "may change" };
    let mut text = format!("{} {verb} at {}", origin.path, origin.place);
    for link in &origin.chain {
        text.push_str(&format!(", as {} {}", link.name, link.phrase));
        if let Some((path, place)) = &link.origin {
            text.push_str(&format!(" ({path} at {place})"));
        }
    }
    if origin.cut {
        text.push_str(", and so on");
    }
    text
}
