//! One object.

use std::fmt::Write as _;

use platoform_config::InstanceAddress;
use platoform_plan::{Action, Drift, Plan, ResourceChange};
use platoform_schema::{Block, Mode};
use platoform_value::Value;

use super::Paint;
use super::headline::{lines, symbol};
use crate::report::diff::{Forced, body};
use crate::report::literal::quoted;
use crate::report::render::{IDENTIFYING, Renderer};
use crate::report::review::cause::name;
use crate::report::review::place::Places;

/// Writes what happens to an object.
pub fn write(
    out: &mut String,
    change: &ResourceChange,
    plan: &Plan,
    places: &Places<'_>,
    paint: Paint,
) {
    for line in lines(change, plan, places, paint) {
        let _ = writeln!(out, "  # {line}");
    }
    let forced =
        if change.action.is_replace() { Forced::new(&change.replace) } else { Forced::default() };
    let (before, after) = (present(&change.before), present(&change.after));
    let after = if change.action == Action::Forget { before } else { after };
    let body = body(&change.schema.block, before, after, &forced);
    let _ = writeln!(out, "{} {} {{", symbol(change.action, paint), header(&change.key.address));
    Renderer::plan(paint).body(out, &body, 1);
    out.push_str("    }\n");
}

/// Writes how an object differs from what the state says.
pub fn write_drift(out: &mut String, drift: &Drift, paint: Paint) {
    let (before, after) = (present(&drift.before), present(&drift.after));
    let (verb, action) = match (before, after) {
        (_, None) => ("has been deleted", Action::Delete),
        (None, Some(_)) => ("has appeared", Action::Create),
        (Some(_), Some(_)) => ("has changed", Action::Update),
    };
    let _ = writeln!(out, "  # {} {verb}", paint.bold(name(&drift.key)));
    let _ = writeln!(out, "{} {} {{", symbol(action, paint), header(&drift.key.address));
    let mut body = body(&drift.schema.block, before, after, &Forced::default());
    if after.is_none() {
        // That it is gone is all there is to say.
        body.attributes.retain(|(name, _)| IDENTIFYING.contains(&&**name));
        body.blocks.clear();
    }
    Renderer::plan(paint).body(out, &body, 1);
    out.push_str("    }\n");
}

/// Writes how the record of an object was changed, under a title.
pub fn write_change(
    out: &mut String,
    title: &str,
    address: &InstanceAddress,
    block: &Block,
    (before, after): (Option<&Value>, Option<&Value>),
    paint: Paint,
) {
    let action = match (before, after) {
        (None, _) => Action::Create,
        (_, None) => Action::Delete,
        _ => Action::Update,
    };
    let _ = writeln!(out, "  # {title}");
    let _ = writeln!(out, "{} {} {{", symbol(action, paint), header(address));
    let body = body(block, before, after, &Forced::default());
    Renderer::plan(paint).body(out, &body, 1);
    out.push_str("    }\n");
}

/// `resource "kind" "name"`.
pub fn header(address: &InstanceAddress) -> String {
    let id = &address.resource.id;
    let noun = match id.mode {
        Mode::Managed => "resource",
        Mode::Data => "data",
        Mode::Ephemeral => "ephemeral",
    };
    format!("{noun} {} {}", quoted(&id.kind), quoted(&id.name))
}

fn present(value: &Value) -> Option<&Value> {
    (!value.is_null()).then_some(value)
}
