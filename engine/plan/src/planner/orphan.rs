//! Objects that the state knows and the configuration does not: they are destroyed.

use std::sync::Arc;

use platoform_config::{InstanceKey, Module, Repetition};
use platoform_diagnostic::{Diagnostic, Diagnostics};
use platoform_schema::Mode;
use platoform_value::Value;

use crate::planner::{Planner, decide};
use crate::sensitive::{mark_paths, mark_repeated, mark_schema, marked_paths};
use crate::session::{Keep, ProviderStatus, Work};
use crate::{Action, ActionReason, PlanMode, ResourceChange};

impl Planner {
    /// Plans to destroy every object that no block claimed.
    pub(crate) async fn orphans(&mut self) {
        for number in 0..self.session.providers.len() {
            let state = &self.session.providers[number];
            let needed = !state.records.is_empty() || state.recovers;
            if state.status == ProviderStatus::Waiting && needed {
                let id = state.id.clone();
                self.provider(&id).await;
            }
        }
        self.report_uncertain();
        self.spare_used_later();
        if self.options.mode == PlanMode::RefreshOnly {
            return self.records_as_found();
        }
        let with_users = self.options.mode == PlanMode::Destroy;
        let selected = self.scope.objects(&self.existing, with_users);
        for number in selected {
            let existing = &self.existing[number];
            let current = existing.record.key.deposed.is_none();
            if existing.claimed && current {
                continue;
            }
            if existing.provider.is_none() {
                let key = &existing.record.key;
                let detail = format!(
                    "It was made with `{}`, which is not in the configuration",
                    existing.record.provider_config
                );
                let summary = "Provider configuration not present";
                self.diagnostics.push(
                    Diagnostic::error(summary, detail)
                        .help("keep the provider's block until its objects are destroyed")
                        .within(key.address.to_string()),
                );
            }
            let existing = &self.existing[number];
            if !existing.usable {
                continue;
            }
            let mode = self.options.mode;
            let normal = mode == PlanMode::Normal;
            let forgets = || {
                let retained = match self.block(number) {
                    Some((_, Some(resource))) => resource.lifecycle.retain,
                    _ => existing.record.retained,
                };
                retained || normal && self.removals.forgets(&existing.record.key.address)
            };
            let action = match existing.current.is_null() {
                // That it is gone already is drift, and no action.
                true => Action::NoOp,
                false if current && forgets() => Action::Forget,
                false => Action::Delete,
            };
            self.leave(number, action);
        }
    }

    /// Plans what happens to an object that no block is for.
    pub(crate) fn leave(&mut self, number: usize, action: Action) {
        let existing = &self.existing[number];
        let Some(provider) = existing.provider else { return };
        let key = existing.record.key.clone();
        let state = &self.session.providers[provider];
        let Some(kind) = state.schema.resources.get(&key.address.resource.id.kind) else { return };
        let schema = kind.schema.clone();
        let effect = kind.effect;
        let paths = marked_paths(&existing.stored);
        let before = mark_paths(existing.current.clone(), &paths);
        let before = mark_repeated(&schema.block, mark_schema(&schema.block, before));
        let reason = if self.options.mode == PlanMode::Destroy {
            None
        } else if key.deposed.is_some() {
            Some(ActionReason::Deposed)
        } else {
            Some(self.why_gone(number))
        };
        let header = self.header(number);
        if action == Action::Delete {
            let found = self.protected(number);
            self.diagnostics.extend(found);
        }
        let existing = &self.existing[number];
        let change = ResourceChange {
            key,
            previous: existing.previous(self.options.mode),
            importing: None,
            provider: self.session.providers[provider].id.clone(),
            after: match action {
                Action::NoOp => before.clone(),
                _ => Value::null(kind.kind.clone()),
            },
            schema,
            action,
            reason,
            before,
            replace: Vec::new(),
            causes: Vec::new(),
            private: existing.private.clone(),
            header,
            version: existing.record.version,
        };
        self.session.work.push(Work {
            change: Arc::new(change),
            node: None,
            place: None,
            provider,
            effect,
            config: Value::null(platoform_value::Type::Dynamic),
            prior_private: existing.private.clone(),
            prior: existing.current.clone(),
            former: existing.former(),
            record: Some(number),
            stale: existing.drifted(),
            tainted: existing.record.tainted,
            recorded: Keep::of(&existing.record),
            keep: Keep::of(&existing.record),
            unchecked: false,
            prior_dependencies: existing.record.dependencies.clone(),
        });
    }

    fn block(&self, number: usize) -> Option<(&Module, Option<&platoform_config::Resource>)> {
        let address = &self.existing[number].record.key.address.resource;
        let path = address.module.0.iter().map(|(name, _)| name);
        let modules = &self.session.topology.modules;
        let module = modules.iter().find(|module| module.path.iter().eq(path.clone()))?;
        Some((module, module.resources.get(&address.id)))
    }

    fn header(&self, number: usize) -> Option<platoform_diagnostic::Span> {
        self.block(number).and_then(|(_, resource)| resource).map(|resource| resource.header)
    }

    /// What protects a current object: its block, or what the state remembers of one.
    fn protected(&self, number: usize) -> Diagnostics {
        let key = &self.existing[number].record.key;
        if key.deposed.is_some() || key.address.resource.id.mode != Mode::Managed {
            return Diagnostics::default();
        }
        let Some((module, Some(resource))) = self.block(number) else {
            let allowed = self.options.allow_destroy.iter().any(|it| it.covers(&key.address));
            return match self.existing[number].record.protected && !allowed {
                true => decide::protected(key, None).into(),
                false => Diagnostics::default(),
            };
        };
        let instances = self.session.by_module[module.id.0 as usize].iter().copied();
        let here = instances.into_iter().find(|instance| {
            self.session.instances[*instance].address == key.address.resource.module
        });
        self.protection(resource, here.unwrap_or_default(), None, key)
    }

    /// Whether the calls that lead to an object's module have no such instance any more.
    fn module_is_gone(&self, number: usize) -> bool {
        let Some((module, _)) = self.block(number) else { return true };
        let address = &self.existing[number].record.key.address.resource.module;
        let instances = &self.session.by_module[module.id.0 as usize];
        !instances.iter().any(|instance| self.session.instances[*instance].address == *address)
    }

    /// Why an object that is not deposed has no place in the configuration.
    fn why_gone(&self, number: usize) -> ActionReason {
        match self.block(number) {
            None | Some((_, None)) if self.existing[number].moved.is_some() => {
                ActionReason::NoMoveTarget
            }
            None | Some((_, None)) => ActionReason::NoBlock,
            Some(_) if self.module_is_gone(number) => ActionReason::NoModule,
            Some((_, Some(resource))) => {
                match (&resource.repetition, &self.existing[number].record.key.address.key) {
                    (Repetition::Count(_), InstanceKey::Index(_)) => ActionReason::CountIndex,
                    (Repetition::ForEach(_), InstanceKey::Name(_)) => ActionReason::EachKey,
                    (Repetition::Enabled(_), InstanceKey::None) => ActionReason::CountIndex,
                    _ => ActionReason::WrongRepetition,
                }
            }
        }
    }
}
