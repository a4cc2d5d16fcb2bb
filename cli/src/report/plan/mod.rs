//! A plan as text, in the manner Terraform users know.

mod group;
mod headline;
mod resource;
#[cfg(test)]
mod tests;

use std::fmt::Write as _;
use std::sync::Arc;

use platoform_diagnostic::Sources;
use platoform_plan::{
    Action, Drift, Later, LaterReason, OutputChange, Plan, PlanMode, ResourceChange,
};
use platoform_value::Marks;

pub use super::review::cause::name as object_name;
pub use group::Length;
pub use resource::{header, write_change};

use super::diff::{self, Diff, Forced, Shape, Sign};
use super::paint::Paint;
use super::render::Renderer;
use super::review::place::Places;

/// The line between what was found and what will be done.
const RULE_WIDTH: usize = 77;

/// A plan, worst first. Empty lines separate its parts; it starts and ends without one.
pub fn plan(plan: &Plan, sources: &Sources, length: Length, paint: Paint) -> String {
    let mut out = drift(&plan.drift, paint);
    let acts = group::worst_first(plan);
    let outputs = outputs(&plan.outputs, paint);
    if acts.is_empty() && (outputs.is_empty() || !plan.has_changes()) {
        out.push_str(&nothing(plan, paint));
        return out;
    }
    if !acts.is_empty() {
        let shortens = group::shortens(length, acts.len());
        if shortens {
            let all = paint.cyan("-full");
            let _ =
                writeln!(out, "{} Shortened: {all} shows every object.\n", summary(plan, paint));
        }
        out.push_str(&legend(&acts, paint));
        let _ =
            writeln!(out, "\n{}\n", paint.bold("platoform will perform the following actions:"));
        let places = Places::new(sources);
        if shortens {
            group::write(&mut out, &acts, plan, &places, paint);
        } else {
            for change in acts {
                resource::write(&mut out, change, plan, &places, paint);
                out.push('\n');
            }
        }
        let _ = writeln!(out, "{}", summary(plan, paint));
    }
    out.push_str(&later(&plan.later, sources, paint));
    if !outputs.is_empty() {
        let alone = !plan.changes.iter().any(|change| change.acts());
        out.push_str(if alone { "" } else { "\n" });
        out.push_str(&outputs);
        if alone {
            out.push_str(
                "\nApplying this plan saves the new output values. No object is touched.\n",
            );
        }
    }
    out
}

/// What is planned once this was applied, and why not now.
fn later(later: &[Later], sources: &Sources, paint: Paint) -> String {
    let mut out = String::new();
    for (index, block) in later.iter().enumerate() {
        if index == 0 {
            let title = "Planned in the next stage, once this one was applied:";
            let _ = writeln!(out, "\n{}\n", paint.bold(title));
        }
        let reason = match &block.reason {
            LaterReason::Instances(found) => {
                let place = found.span.and_then(|span| sources.place(span));
                let place = place.map(|place| format!(" at {place}")).unwrap_or_default();
                format!("how many there will be is not known yet{place}")
            }
            LaterReason::Needs(other) => format!("needs {other}"),
        };
        let _ = writeln!(out, "  # {}: {reason}", paint.bold(&block.address));
    }
    out
}

/// `Plan: 1 to add, 0 to change, 1 to destroy.`
pub fn summary(plan: &Plan, paint: Paint) -> String {
    let counts = plan.summary();
    let (add, change, destroy) = (counts.add, counts.change, counts.destroy);
    let title = paint.bold("Plan:");
    let import = match counts.import {
        0 => String::new(),
        count => format!("{count} to import, "),
    };
    format!("{title} {import}{add} to add, {change} to change, {destroy} to destroy.")
}

fn nothing(plan: &Plan, paint: Paint) -> String {
    let (title, text) = match plan.mode {
        PlanMode::Destroy => (
            "No changes. No objects need to be destroyed.",
            "The state holds no object that is still there.",
        ),
        PlanMode::RefreshOnly if plan.drift.is_empty() => (
            "No changes. Your infrastructure still matches the state.",
            "What is there was compared with what the state says: there is no difference.",
        ),
        PlanMode::RefreshOnly => (
            "The state is to be brought up to date.",
            "Applying this plan writes what was found to the state, and changes nothing else.",
        ),
        PlanMode::Normal if plan.drift.is_empty() => (
            "No changes. Your infrastructure matches the configuration.",
            "What is there was compared with what is configured: there is no difference.",
        ),
        PlanMode::Normal => (
            "No changes. Your infrastructure still matches the configuration.",
            "The changes that were found are none that the configuration says anything about.\n\
             Applying this plan records them.",
        ),
    };
    format!("{}\n\n{text}\n", paint.bold(paint.green(title)))
}

/// Which signs occur, and what they mean.
fn legend(acts: &[&ResourceChange], paint: Paint) -> String {
    let signs = [
        (Action::Create, "create"),
        (Action::Update, "update in-place"),
        (Action::Delete, "destroy"),
        (Action::DeleteThenCreate, "destroy and then create replacement"),
        (Action::CreateThenDelete, "create replacement and then destroy"),
        (Action::Read, "read (data resources)"),
        (Action::Forget, "forget"),
        (Action::ForgetThenCreate, "forget and then create replacement"),
    ];
    if acts.iter().all(|change| change.action == Action::NoOp) {
        return String::new();
    }
    let mut out = "Actions are marked with these symbols:\n".to_owned();
    for (action, meaning) in signs {
        if acts.iter().any(|change| change.action == action) {
            let _ = writeln!(out, "{} {meaning}", headline::symbol(action, paint));
        }
    }
    out
}

/// What happens to outputs, those of which nothing does left out.
pub fn outputs(changes: &[OutputChange], paint: Paint) -> String {
    let changed: Vec<(&Arc<str>, Diff)> =
        changes.iter().filter_map(|change| Some((&change.name, output(change)?))).collect();
    let width = changed.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default();
    let renderer = Renderer::plan(paint);
    let mut out = String::new();
    for (index, (name, diff)) in changed.iter().enumerate() {
        if index == 0 {
            let _ = writeln!(out, "{}", paint.bold("Changes to Outputs:"));
        }
        renderer.start(&mut out, 0, diff.sign);
        let _ = write!(out, "{name:width$} = ");
        renderer.value(&mut out, diff, 0, true);
        out.push('\n');
    }
    out
}

/// What happens to an output; `None` when nothing does.
pub fn output(change: &OutputChange) -> Option<Diff> {
    let marks = if change.sensitive { Marks::SENSITIVE } else { Marks::NONE };
    let present =
        |value: &Option<_>| value.clone().map(|value: platoform_value::Value| value.mark(marks));
    let diff = match (present(&change.before), present(&change.after)) {
        (None, None) => return None,
        (None, Some(after)) => diff::added(&after),
        (Some(before), None) => diff::removed(&before),
        (Some(before), Some(after)) => diff::compare(&before, &after, &Forced::default()),
    };
    let secret = change.sensitive && change.is_change() && diff.sign == Sign::Same;
    let diff =
        if secret { Diff { sign: Sign::Change, shape: Shape::Sensitive, ..diff } } else { diff };
    (diff.sign != Sign::Same).then_some(diff)
}

/// What was found to be different from what the state says.
fn drift(drift: &[Drift], paint: Paint) -> String {
    let mut out = String::new();
    if drift.is_empty() {
        return out;
    }
    let title = "Note: Objects have changed outside of platoform";
    let _ = writeln!(
        out,
        "{}\n\nSince the last apply, these objects were changed by somebody or something else:\n",
        paint.bold(paint.cyan(title))
    );
    for object in drift {
        resource::write_drift(&mut out, object, paint);
        out.push('\n');
    }
    let _ = writeln!(
        out,
        "Unless the configuration says the same, or says to ignore it, the plan below\n\
         takes these changes back.\n\n{}\n",
        paint.dim("─".repeat(RULE_WIDTH))
    );
    out
}
