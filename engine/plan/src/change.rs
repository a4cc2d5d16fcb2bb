//! What a plan will do, as plain data: what reports show and what `apply` performs.

use std::sync::Arc;

use platoform_config::{InstanceAddress, ProviderId, ProviderSource};
use platoform_diagnostic::{Diagnostics, Span};
use platoform_schema::Schema;
use platoform_value::{Path, Value};

use crate::{CheckResult, Later, RecordKey};

/// What is done to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Nothing.
    NoOp,
    /// A data source is read while applying.
    Read,
    /// It is made.
    Create,
    /// It is changed in place.
    Update,
    /// It is destroyed.
    Delete,
    /// It is destroyed, then made anew.
    DeleteThenCreate,
    /// It is made anew, then the old one is destroyed.
    CreateThenDelete,
    /// It is taken out of the state, and stays what it is.
    Forget,
    /// It is taken out of the state and stays what it is, and another one is made in its place.
    ForgetThenCreate,
}

impl Action {
    /// Whether it is a replacement in either order.
    #[must_use]
    pub fn is_replace(self) -> bool {
        self.destroys() && self != Self::Delete || self == Self::ForgetThenCreate
    }

    /// Whether the object that is there now is destroyed.
    #[must_use]
    pub fn destroys(self) -> bool {
        matches!(self, Self::Delete | Self::DeleteThenCreate | Self::CreateThenDelete)
    }
}

/// Why an action is what it is, where that is not plain from the values.
#[derive(Clone, Debug, PartialEq)]
pub enum ActionReason {
    /// A previous run left it tainted.
    Tainted,
    /// Attributes changed that cannot be changed in place; see `replace`.
    CannotUpdate,
    /// The user asked for it.
    Requested,
    /// `replace_triggered_by` names something that changes; the reference as written.
    Triggered(Arc<str>),
    /// Its block is no longer in the configuration.
    NoBlock,
    /// Its module is no longer in the configuration.
    NoModule,
    /// It moved to an address that is not in the configuration.
    NoMoveTarget,
    /// The block has `count` or `for_each` now and had not, or the other way round.
    WrongRepetition,
    /// Its index is beyond `count`.
    CountIndex,
    /// Its key is not in `for_each`.
    EachKey,
    /// Left behind by a replacement that did not finish.
    Deposed,
    /// The data source's configuration is not known yet.
    ConfigUnknown,
    /// Something the data source depends on changes.
    DependencyPending,
    /// The data source belongs to a `check` block, which is checked again after the apply.
    CheckNested,
}

/// Where a change of an attribute comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Cause {
    /// The attribute.
    pub path: Path,
    /// The expression that gives it its value.
    pub span: Option<Span>,
    /// The object that changes, too, and that this expression gets its value from, if there is one:
    /// its causes go on from here.
    pub upstream: Option<RecordKey>,
}

/// What happens to one object.
#[derive(Clone, Debug)]
pub struct ResourceChange {
    /// The object.
    pub key: RecordKey,
    /// Its address before it moved, where it did.
    pub previous: Option<InstanceAddress>,
    /// The id of the object that is taken into the state, where one is.
    pub importing: Option<Arc<str>>,
    /// Its provider configuration.
    pub provider: ProviderId,
    /// Schema of its kind.
    pub schema: Arc<Schema>,
    /// What is done.
    pub action: Action,
    /// Why.
    pub reason: Option<ActionReason>,
    /// What it is now; null for nothing. Sensitive parts are marked.
    pub before: Value,
    /// What it will be; null for nothing. Unknown parts are known after apply; sensitive parts are
    /// marked.
    pub after: Value,
    /// Paths whose change forces the replacement.
    pub replace: Vec<Path>,
    /// Where changed attributes get their values.
    pub causes: Vec<Cause>,
    /// The provider's own bytes, from its plan.
    pub private: Vec<u8>,
    /// The block's header, while there is a block.
    pub header: Option<Span>,
    /// Version of the record the plan was made from; 0 where there was none.
    pub version: u64,
}

impl ResourceChange {
    /// Whether applying the plan does anything with the object, if only in the state: an action, a
    /// move or an import.
    #[must_use]
    pub fn acts(&self) -> bool {
        self.action != Action::NoOp || self.previous.is_some() || self.importing.is_some()
    }
}

/// A root module output that the plan is not about.
#[derive(Clone, Debug)]
pub struct KeptOutput {
    /// Its name.
    pub name: Arc<str>,
    /// Its recorded value.
    pub value: Value,
    /// Whether it is sensitive.
    pub sensitive: bool,
}

/// What happens to a root module output.
#[derive(Clone, Debug)]
pub struct OutputChange {
    /// Its name.
    pub name: Arc<str>,
    /// Its value now, `None` where it does not exist.
    pub before: Option<Value>,
    /// Its value then, `None` where it will not exist.
    pub after: Option<Value>,
    /// It is declared sensitive, before or after.
    pub sensitive: bool,
    /// The configuration has it still: with a value of null, where there is none after.
    pub declared: bool,
}

impl OutputChange {
    /// Whether anything changes.
    #[must_use]
    pub fn is_change(&self) -> bool {
        self.before != self.after
    }
}

/// An object that is not what the state says.
#[derive(Clone, Debug)]
pub struct Drift {
    /// The object.
    pub key: RecordKey,
    /// Its provider.
    pub provider: ProviderSource,
    /// Schema of its kind.
    pub schema: Arc<Schema>,
    /// What the state says.
    pub before: Value,
    /// What is there; null when it is gone.
    pub after: Value,
}

/// What the user asked to plan for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PlanMode {
    /// Make the world as configured.
    #[default]
    Normal,
    /// Destroy everything the state knows.
    Destroy,
    /// Do nothing but bring the state up to date with the world.
    RefreshOnly,
}

/// A plan, ready to be shown. To be performed it goes to `apply` together with the session that
/// made it.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// Unique; a plan is applied at most once.
    pub id: Arc<str>,
    /// Equal for plans that mean the same.
    pub digest: Arc<str>,
    /// What was asked for.
    pub mode: PlanMode,
    /// Whether `-target` narrows it.
    pub targeted: bool,
    /// All objects with what happens to each, `NoOp` included, in order of their addresses.
    pub changes: Vec<Arc<ResourceChange>>,
    /// Root module outputs in order of their names, unchanged ones included.
    pub outputs: Vec<OutputChange>,
    /// Root module outputs that stay what the state says, because the plan leaves out what they are
    /// made from; in order of their names.
    pub kept_outputs: Vec<KeptOutput>,
    /// Differences between the state and the world.
    pub drift: Vec<Drift>,
    /// What became of everything that has conditions.
    pub checks: Vec<CheckResult>,
    /// What is planned once this plan was applied, in the order in which blocks depend on each
    /// other. Nothing happens to the objects of these blocks until then.
    pub later: Vec<Later>,
    /// Findings; a plan with errors is not applied.
    pub diagnostics: Diagnostics,
    /// What was found wrong left nothing to plan: there is not even a part of a plan to be looked
    /// at.
    pub void: bool,
}

/// How many objects are made, changed and destroyed. A replacement counts as made and destroyed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Taken into the state.
    pub import: usize,
    /// Made.
    pub add: usize,
    /// Changed in place.
    pub change: usize,
    /// Destroyed.
    pub destroy: usize,
}

impl Plan {
    /// The counts of the plan's last line.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let mut summary = Summary::default();
        for change in &self.changes {
            summary.import += usize::from(change.importing.is_some());
            match change.action {
                Action::NoOp | Action::Read | Action::Forget => {}
                Action::Create | Action::ForgetThenCreate => summary.add += 1,
                Action::Update => summary.change += 1,
                Action::Delete => summary.destroy += 1,
                Action::DeleteThenCreate | Action::CreateThenDelete => {
                    summary.add += 1;
                    summary.destroy += 1;
                }
            }
        }
        summary
    }

    /// Whether applying it would do anything: an action, or a changed output.
    #[must_use]
    pub fn has_changes(&self) -> bool {
        if self.mode == PlanMode::RefreshOnly {
            let known =
                |change: &&OutputChange| change.after.as_ref().is_some_and(Value::is_wholly_known);
            return !self.drift.is_empty()
                || self.outputs.iter().filter(known).any(OutputChange::is_change);
        }
        self.changes.iter().any(|change| change.acts())
            || self.outputs.iter().any(OutputChange::is_change)
    }
}
