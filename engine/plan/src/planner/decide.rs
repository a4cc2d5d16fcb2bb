//! From a provider's plan to an action.

use std::sync::Arc;

use platoform_config::Resource;
use platoform_diagnostic::{Diagnostic, Diagnostics};
use platoform_provider::PlanResponse;
use platoform_value::{Path, Type, Value, convert};

use crate::planner::Planner;
use crate::planner::existing::Existing;
use crate::planner::resource::{Candidate, Common, visible};
use crate::redact::redacted;
use crate::sensitive::mark_repeated;
use crate::session::module::Each;
use crate::session::nodes::NodeKind;
use crate::session::{Keep, ProviderStatus, Work};
use crate::{Action, ActionReason, RecordKey, ResourceChange};

/// An instance that is to be replaced, why, and what makes that necessary.
type Replaced = (Candidate, ActionReason, Vec<Path>);

impl Planner {
    /// Asks what becomes of instances and decides what happens to them. Those that are to be replaced
    /// come back, to be planned again as new objects.
    pub(crate) async fn decide(
        &mut self,
        common: &Common,
        candidates: Vec<Candidate>,
    ) -> Vec<Replaced> {
        let ready = self.session.providers[common.provider].status;
        if !matches!(ready, ProviderStatus::Ready | ProviderStatus::Partial) {
            return Vec::new();
        }
        let responses = self.ask_plan(common, candidates.iter(), false).await;
        let decided = candidates.into_iter().zip(responses);
        decided
            .filter_map(|(candidate, response)| self.settle(common, candidate, response))
            .collect()
    }

    /// Decides what happens to an instance. One that is to be replaced comes back with its reason,
    /// to be planned again as a new object.
    fn settle(
        &mut self,
        common: &Common,
        candidate: Candidate,
        mut response: PlanResponse,
    ) -> Option<Replaced> {
        if self.failed(common, &candidate, &response) {
            return None;
        }
        let planned = &response.planned;
        if candidate.prior.is_null() {
            self.record_change(common, candidate, response, Action::Create, None, Vec::new());
            return None;
        }
        let tainted =
            candidate.existing.is_some_and(|existing| self.existing[existing].record.tainted);
        let replace: Vec<Path> = response
            .replace
            .iter()
            .filter(|path| candidate.prior.at(path) != planned.at(path))
            .cloned()
            .collect();
        let reason = if tainted {
            Some(ActionReason::Tainted)
        } else if !replace.is_empty() {
            Some(ActionReason::CannotUpdate)
        } else if self.options.replace.contains(&candidate.key.address) {
            Some(ActionReason::Requested)
        } else {
            candidate.triggered.clone().map(ActionReason::Triggered)
        };
        if let Some(reason) = reason {
            return Some((candidate, reason, replace));
        }
        let same = *planned == candidate.prior && self.same_marks(common, &candidate);
        let action = if same { Action::NoOp } else { Action::Update };
        if same {
            // One value is enough.
            response.planned = candidate.prior.clone();
        }
        self.record_change(common, candidate, response, action, None, Vec::new());
        None
    }

    /// Whether the parts of an object that stays as it is that are secret now are those that are
    /// recorded as such.
    fn same_marks(&self, common: &Common, candidate: &Candidate) -> bool {
        let Some(existing) = candidate.existing else { return true };
        let stored = &self.existing[existing].stored;
        let visible = visible(&common.schema, &candidate.config, candidate.prior.clone());
        let after = mark_repeated(&common.schema.block, visible);
        stored.deep_marks().is_empty() && after.deep_marks().is_empty()
            || crate::sensitive::marked_paths(stored) == crate::sensitive::marked_paths(&after)
    }

    /// Plans instances anew that are to be replaced.
    pub(crate) async fn plan_replacements(&mut self, common: &Common, candidates: Vec<Replaced>) {
        let asked = candidates.iter().map(|(candidate, ..)| candidate);
        let responses = self.ask_plan(common, asked, true).await;
        for ((candidate, reason, replace), response) in candidates.into_iter().zip(responses) {
            if self.failed(common, &candidate, &response) {
                continue;
            }
            let action = if common.resource.lifecycle.retain {
                Action::ForgetThenCreate
            } else if common.resource.lifecycle.create_before_destroy {
                Action::CreateThenDelete
            } else {
                Action::DeleteThenCreate
            };
            self.record_change(common, candidate, response, action, Some(reason), replace);
        }
    }

    /// Reports what a provider found while planning; true after an error.
    fn failed(&mut self, common: &Common, candidate: &Candidate, response: &PlanResponse) -> bool {
        let address = &candidate.key.address;
        let (content, header) = (&candidate.place.content, common.resource.header);
        let mut found: Diagnostics = response
            .problems
            .iter()
            .map(|problem| redacted(problem, &[&candidate.config]))
            .map(|problem| {
                let address = address.to_string();
                self.session.problem(&problem, Some(content), Some(header), &address)
            })
            .collect();
        let fits =
            |value: &Value| value.conforms_to(&common.kind) || convert(value, &common.kind).is_ok();
        if !found.has_errors() && !fits(&response.planned) {
            let detail = "The planned value does not fit its schema: this is a bug in the provider";
            found.push(Diagnostic::error("Provider produced an invalid plan", detail).at(header));
        }
        let failed = found.has_errors();
        self.report(found, address);
        if failed {
            let (instance, unknown) = (candidate.place.instance, common.unknown());
            self.place(instance, &candidate.key.address, candidate.node, unknown);
        }
        failed
    }

    fn record_change(
        &mut self,
        common: &Common,
        candidate: Candidate,
        response: PlanResponse,
        action: Action,
        reason: Option<ActionReason>,
        replace: Vec<Path>,
    ) {
        let lifecycle = &common.resource.lifecycle;
        let place = &candidate.place;
        let keep = Keep {
            create_first: lifecycle.create_before_destroy,
            protected: self.is_protected(&common.resource, place.instance, Some(&place.each)),
            retained: lifecycle.retain,
        };
        self.check_protection(common, &candidate, action);
        let block = &common.schema.block;
        let value = visible(&common.schema, &candidate.config, response.planned);
        let after = mark_repeated(block, value.clone());
        let existing = candidate.existing.map(|number| &self.existing[number]);
        let before = existing.map_or_else(
            || common.null(),
            |existing| {
                let paths = crate::sensitive::marked_paths(&existing.stored);
                let current = crate::sensitive::mark_paths(existing.current.clone(), &paths);
                crate::sensitive::mark_schema(block, current)
            },
        );
        let causes = self.causes(&candidate, &before, &after, action);
        let existing = candidate.existing.map(|number| &self.existing[number]);
        let change = ResourceChange {
            key: candidate.key.clone(),
            previous: existing.and_then(|existing| existing.previous(self.options.mode)),
            importing: existing.and_then(|existing| existing.imported.clone()),
            provider: common.resource.provider.clone(),
            schema: common.schema.clone(),
            action,
            reason,
            causes,
            before,
            after,
            replace,
            private: response.private,
            header: Some(common.resource.header),
            version: existing.map_or(0, |existing| existing.record.version),
        };
        let work = Work {
            change: Arc::new(change),
            node: Some(candidate.node),
            provider: common.provider,
            effect: common.effect,
            config: candidate.config,
            prior_private: existing.map(|existing| existing.private.clone()).unwrap_or_default(),
            prior: candidate.prior,
            former: existing.and_then(Existing::former),
            record: candidate.existing,
            stale: existing.is_some_and(Existing::drifted),
            tainted: existing.is_some_and(|existing| existing.record.tainted),
            recorded: existing.map(|existing| Keep::of(&existing.record)).unwrap_or_default(),
            keep,
            unchecked: candidate.unchecked,
            prior_dependencies: existing
                .map(|existing| existing.record.dependencies.clone())
                .unwrap_or_default(),
            place: Some(candidate.place.clone()),
        };
        let index = self.session.work.len();
        self.session.nodes.set_kind(candidate.node, NodeKind::Instance(index));
        self.session.work.push(work);
        let (instance, each) = (candidate.place.instance, &candidate.place.each);
        for condition in &common.resource.lifecycle.postconditions {
            let failed = "Resource postcondition failed";
            let checked =
                self.session.condition(instance, Some(each), Some(&value), condition, failed);
            self.judge_object(&candidate.key.address, checked.verdict);
            self.report(checked.diagnostics, &candidate.key.address);
            self.session.nodes.depend(candidate.node, checked.reads);
            self.session.work[index].unchecked |= checked.unknown;
        }
        self.place(instance, &candidate.key.address, candidate.node, value);
    }

    /// Refuses to destroy what `prevent_destroy` protects.
    fn check_protection(&mut self, common: &Common, candidate: &Candidate, action: Action) {
        if action.destroys() {
            let place = &candidate.place;
            let found = self.protection(
                &common.resource,
                place.instance,
                Some(&place.each),
                &candidate.key,
            );
            self.diagnostics.extend(found);
        }
    }

    /// Whether `prevent_destroy` of a block protects its objects. What is not known yet does, and so
    /// does what is wrong.
    fn is_protected(&self, resource: &Resource, instance: usize, each: Option<&Each>) -> bool {
        resource.lifecycle.prevent_destroy.as_ref().is_some_and(|expression| {
            let value = self.session.expression(instance, each, expression).0.ok();
            let value = value.and_then(|value| convert(&value, &Type::Bool).ok());
            value.and_then(|value| value.as_bool()) != Some(false)
        })
    }

    /// What `prevent_destroy` of a block says against destroying one of its objects.
    pub(crate) fn protection(
        &self,
        resource: &Resource,
        instance: usize,
        each: Option<&Each>,
        key: &RecordKey,
    ) -> Diagnostics {
        let Some(expression) = &resource.lifecycle.prevent_destroy else {
            return Diagnostics::default();
        };
        if self.options.allow_destroy.iter().any(|target| target.covers(&key.address)) {
            return Diagnostics::default();
        }
        let (result, _) = self.session.expression(instance, each, expression);
        let value = match result.map(|value| convert(&value, &Type::Bool)) {
            Ok(Ok(value)) => value,
            Ok(Err(error)) => {
                let diagnostic =
                    Diagnostic::error("Invalid prevent_destroy argument", error.to_string());
                return diagnostic.at(expression.span).into();
            }
            Err(diagnostics) => return diagnostics,
        };
        // What is not known yet protects: destroying cannot be taken back.
        match value.as_bool() {
            Some(false) => Diagnostics::default(),
            _ => protected(key, Some(resource.header)).into(),
        }
    }
}

/// The error about an object that `prevent_destroy` protects.
pub(crate) fn protected(key: &RecordKey, header: Option<platoform_diagnostic::Span>) -> Diagnostic {
    let address = key.address.to_string();
    let detail = format!(
        "Resource {address} has lifecycle.prevent_destroy set, but the plan calls for this resource \
         to be destroyed"
    );
    Diagnostic::error("Instance cannot be destroyed", detail)
        .at_default(header)
        .help(match header {
            Some(_) => "take out `prevent_destroy`, or narrow the plan with `-target`".to_owned(),
            None => format!(
                "its block is gone, but the state remembers: `-allow-destroy={address}` lifts the \
                 protection once"
            ),
        })
        .within(address)
}
