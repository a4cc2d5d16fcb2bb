//! What `apply` needs of a session: the values a call is made with, and a place for its result.

use std::sync::Arc;

use platoform_diagnostic::Diagnostics;
use platoform_provider::{Problem, Provider};
use platoform_schema::{Effect, Mode};
use platoform_value::Value;

use crate::redact::redacted;
use crate::session::nodes::{NodeId, NodeKind};
use crate::session::{ProviderStatus, Session, Work};
use crate::{Action, RecordKey};

mod again;
mod condition;
mod owned;
mod provision;
mod record;

pub use again::agrees;
pub use owned::Owned;
pub use provision::Provision;
pub use record::RecordTemplate;

const PRECONDITION: &str = "Resource precondition failed";
const POSTCONDITION: &str = "Resource postcondition failed";

/// Everything for one call.
#[derive(Clone)]
pub struct Call {
    /// Whom to call.
    pub provider: Arc<dyn Provider>,
    /// The object.
    pub key: RecordKey,
    /// Kind.
    pub kind: Arc<str>,
    /// Managed resource or data source.
    pub mode: Mode,
    /// Number of the provider configuration.
    pub configuration: usize,
    /// Whether it has an effect outside the state.
    pub effect: Effect,
    /// What is there, without marks; null for a create.
    pub prior: Value,
    /// What is to be, without marks; null for a destroy.
    pub planned: Value,
    /// The evaluated block, without marks; null for a destroy.
    pub config: Value,
    /// The provider's own bytes.
    pub private: Vec<u8>,
}

impl Session {
    /// The work with this number: what is shown of it.
    #[must_use]
    pub fn change(&self, work: usize) -> &crate::ResourceChange {
        &self.work[work].change
    }

    /// All works by number.
    pub fn works(&self) -> std::ops::Range<usize> {
        0..self.work.len()
    }

    /// How many provider configurations there are.
    #[must_use]
    pub fn configurations(&self) -> usize {
        self.providers.len()
    }

    /// The provider of a work, and the number of its configuration.
    #[must_use]
    pub fn provider(&self, work: usize) -> (usize, &Arc<dyn Provider>) {
        let number = self.work[work].provider;
        (number, &self.providers[number].provider)
    }

    /// Whether the object of a work was tainted when the plan was made.
    #[must_use]
    pub fn is_tainted(&self, work: usize) -> bool {
        self.work[work].tainted
    }

    /// Whether a named value is not wholly known yet.
    pub(crate) fn is_pending(&self, node: NodeId) -> bool {
        let slot = match &self.nodes.get(node).kind {
            NodeKind::Variable(instance, name) => self.instances[*instance].variables.get(name),
            NodeKind::Local(instance, name) => self.instances[*instance].locals.get(name),
            NodeKind::Output(instance, name) => self.instances[*instance].outputs.get(name),
            _ => None,
        };
        slot.is_some_and(|slot| slot.unchecked || !slot.value.is_wholly_known())
    }

    pub(crate) fn is_partial(&self, provider: usize) -> bool {
        self.providers[provider].status == ProviderStatus::Partial
    }

    /// From now on the plan is being performed, which `terraform.applying` tells.
    pub fn begin(&mut self) {
        self.applying = true;
    }

    /// The call that destroys the object of a work.
    #[must_use]
    pub fn destroy_call(&self, work: usize) -> Call {
        let work = &self.work[work];
        let null = Value::null(self.kind(work));
        Call {
            planned: null.clone(),
            config: null,
            prior: work.prior.clone(),
            private: work.prior_private.clone(),
            ..self.call(work)
        }
    }

    fn call(&self, work: &Work) -> Call {
        let id = &work.change.key.address.resource.id;
        let null = Value::null(self.kind(work));
        Call {
            provider: self.providers[work.provider].provider.clone(),
            key: work.change.key.clone(),
            kind: id.kind.clone(),
            mode: id.mode,
            configuration: work.provider,
            effect: work.effect,
            prior: if work.change.action == Action::Update {
                work.prior.clone()
            } else {
                null.clone()
            },
            planned: null.clone(),
            config: null,
            private: work.change.private.clone(),
        }
    }

    /// The call that makes or changes the object of a work, or reads its data source. Parts that
    /// were unknown while planning are evaluated again; the provider must then plan the same as
    /// before in everything that was known.
    ///
    /// # Errors
    /// Diagnostics: an expression fails, a precondition does not hold, or the provider no longer
    /// plans what was shown.
    pub async fn up_call(&mut self, work: usize) -> Result<Call, Diagnostics> {
        let item = &self.work[work];
        let mut call = self.call(item);
        let settled = item.config.is_wholly_known() && !item.unchecked;
        if settled && call.mode == Mode::Managed {
            call.config = item.config.clone().unmark_deep();
            call.planned = item.change.after.clone().unmark_deep();
            return Ok(call);
        }
        let config = self.config_again(work)?;
        call.config = config.clone().unmark_deep();
        self.work[work].config = config;
        if call.mode == Mode::Data {
            return Ok(call);
        }
        self.plan_again(work, call).await
    }

    /// Turns what a provider found during a call into diagnostics.
    #[must_use]
    pub fn problems(&self, work: usize, problems: &[Problem]) -> Diagnostics {
        let item = &self.work[work];
        let address = item.change.key.address.to_string();
        let content = item.place.as_ref().map(|place| &*place.content);
        let values = [&item.config, &item.change.before, &item.change.after];
        let checks = item.place.as_ref().is_some_and(|place| self.is_in_check(place));
        let all = problems.iter().map(|problem| redacted(problem, &values)).map(|mut problem| {
            // No check stops anything.
            if checks {
                problem.severity = platoform_provider::Severity::Warning;
            }
            problem
        });
        all.map(|problem| self.problem(&problem, content, item.change.header, &address)).collect()
    }

    /// The value of a work's object as expressions see it now; of one that is destroyed, as it was.
    #[must_use]
    pub fn current(&self, work: usize) -> Option<Value> {
        let item = &self.work[work];
        let Some(place) = &item.place else { return Some(item.change.before.clone()) };
        let expansion = self.instances[place.instance].resources.get(&place.id)?;
        let slot = expansion.instances.get(&item.change.key.address.key)?;
        Some(slot.value.clone())
    }
}
