//! From a plan to what a reviewer is told of it.

use std::collections::BTreeSet;
use std::sync::Arc;

use platoform_config::InstanceKey;
use platoform_diagnostic::Diagnostic;
use platoform_plan::{Action, Drift, Later, LaterReason, Plan, PlanMode, Planned, ResourceChange};
use platoform_value::{Step, Value};

use super::cause::{self, name};
use super::model::{Change, Drifted, Effect, Finding, Reason, Review};
use super::order;
use super::place::Places;
use crate::report::diff::{Body, Diff, Forced, Sign, body};
use crate::report::plan::output;

/// What a reviewer is told of a plan.
pub fn review(planned: &Planned) -> Review {
    let (plan, session) = (&planned.plan, &planned.session);
    let places = Places::new(session.sources());
    let acts = plan.changes.iter().filter(|change| change.acts());
    let mut changes: Vec<Change> = acts.map(|it| change(it, plan, &places)).collect();
    // In each class the order of addresses stays.
    changes.sort_by_key(|change| change.effect);
    let mut findings: Vec<Finding> =
        plan.diagnostics.iter().map(|it| finding(it, &places)).collect();
    findings.sort_by_key(|finding| !finding.error);
    let outputs = plan.outputs.iter();
    let project = session.directory().file_name().map(|name| name.to_string_lossy().into_owned());
    Review {
        project: project.unwrap_or_else(|| "/".into()),
        workspace: session.workspace().to_string(),
        digest: plan.digest.to_string(),
        partial: plan.targeted,
        applies: plan.has_changes(),
        refresh: plan.mode == PlanMode::RefreshOnly,
        unchanged: plan.changes.iter().filter(|it| !it.acts() && !it.after.is_null()).count(),
        outputs: Body {
            attributes: outputs.filter_map(|it| Some((it.name.clone(), output(it)?))).collect(),
            blocks: Vec::new(),
        },
        drift: plan.drift.iter().map(drifted).collect(),
        later: plan.later.iter().map(|it| later(it, &places)).collect(),
        order: order::order(session),
        findings,
        changes,
    }
}

/// The class of what happens to an object.
pub fn effect(change: &ResourceChange) -> Effect {
    match change.action {
        Action::Delete => Effect::Destroy,
        Action::DeleteThenCreate => Effect::Replace,
        Action::CreateThenDelete => Effect::ReplaceLater,
        Action::Forget => Effect::Forget,
        Action::ForgetThenCreate => Effect::ForgetReplace,
        Action::Update => Effect::Update,
        Action::Create => Effect::Create,
        Action::Read => Effect::Read,
        Action::NoOp if change.importing.is_some() => Effect::Import,
        Action::NoOp => Effect::Move,
    }
}

fn change(change: &ResourceChange, plan: &Plan, places: &Places<'_>) -> Change {
    let replaced = change.action.is_replace();
    let forced = if replaced { Forced::new(&change.replace) } else { Forced::default() };
    let (before, after) = (present(&change.before), present(&change.after));
    let after = if change.action == Action::Forget { before } else { after };
    let body = body(&change.schema.block, before, after, &forced);
    let forcing = change.replace.iter().filter_map(|path| match path.0.first()? {
        Step::Attribute(name) | Step::Key(name) => Some(name.clone()),
        Step::Index(_) | Step::Element(_) => None,
    });
    let attributes = match change.action {
        Action::Update => changed(&body),
        _ if replaced => unique(forcing),
        _ => Vec::new(),
    };
    let mut resource = change.key.address.clone();
    resource.key = InstanceKey::None;
    Change {
        effect: effect(change),
        name: name(&change.key),
        resource: resource.to_string(),
        previous: change.previous.as_ref().map(ToString::to_string),
        imported: change.importing.is_some(),
        attributes,
        reasons: cause::reasons(change, plan, places),
        place: change.header.and_then(|header| places.of(header)),
        body,
    }
}

fn present(value: &Value) -> Option<&Value> {
    (!value.is_null()).then_some(value)
}

/// Names of what is not the same.
fn changed(body: &Body) -> Vec<String> {
    let differs = |diff: &Diff| diff.sign != Sign::Same;
    let attributes = body.attributes.iter().filter(|(_, diff)| differs(diff));
    let blocks = body.blocks.iter().filter(|block| block.sign != Sign::Same);
    unique(attributes.map(|(name, _)| name.clone()).chain(blocks.map(|block| block.name.clone())))
}

fn unique(names: impl Iterator<Item = Arc<str>>) -> Vec<String> {
    let names: BTreeSet<Arc<str>> = names.collect();
    names.iter().map(ToString::to_string).collect()
}

fn drifted(drift: &Drift) -> Drifted {
    let (before, after) = (present(&drift.before), present(&drift.after));
    let mut body = body(&drift.schema.block, before, after, &Forced::default());
    let gone = after.is_none();
    if gone {
        // That it is gone is all there is to say.
        body = Body::default();
    }
    Drifted { name: name(&drift.key), gone, attributes: changed(&body), body }
}

fn later(later: &Later, places: &Places<'_>) -> (String, Reason) {
    let reason = match &later.reason {
        LaterReason::Needs(other) => Reason::Needs(other.to_string()),
        LaterReason::Instances(found) => {
            Reason::Instances(found.span.and_then(|span| places.of(span)))
        }
    };
    (later.address.to_string(), reason)
}

fn finding(diagnostic: &Diagnostic, places: &Places<'_>) -> Finding {
    Finding {
        error: diagnostic.is_error(),
        summary: diagnostic.summary.clone(),
        detail: diagnostic.explanation(|span| Some(places.of(span)?.to_string())).into_owned(),
        place: diagnostic.span.and_then(|span| places.of(span)),
    }
}

impl Review {
    /// How many objects each of these effects happens to; those to which none does are left out.
    pub fn counts(&self) -> Vec<(Effect, usize)> {
        let count = |effect| self.changes.iter().filter(|change| change.effect == effect).count();
        let all = Effect::ALL.into_iter().map(|effect| (effect, count(effect)));
        all.filter(|(_, count)| *count > 0).collect()
    }

    /// Whether something keeps the plan from being applied.
    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(|finding| finding.error)
    }

    /// How many objects are lost, and how many lost sight of.
    pub fn danger(&self) -> (usize, usize) {
        let severe = self.changes.iter().filter(|change| change.effect.is_severe());
        let (lost, forgotten): (Vec<_>, Vec<_>) = severe.partition(|it| it.effect.destroys());
        (lost.len(), forgotten.len())
    }
}
