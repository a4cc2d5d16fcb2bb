//! What a plan is made from.

use std::collections::BTreeMap;
use std::sync::Arc;

use platoform_config::{InstanceAddress, ProviderSource, RootVariable, Target, Topology};
use platoform_diagnostic::{Environment, Files};
use platoform_provider::Provider;

use crate::{PlanMode, Prior, Seal, Selector, document::Answers};

/// Makes providers by their global names.
pub trait Providers: Send + Sync {
    /// A fresh, unconfigured provider; `None` when there is none of this name.
    fn create(&self, source: &ProviderSource) -> Option<Arc<dyn Provider>>;
}

/// What the user asked for.
#[derive(Clone, Debug, Default)]
pub struct PlanOptions {
    /// Make or destroy.
    pub mode: PlanMode,
    /// Compare the state with the world first.
    pub refresh: bool,
    /// Only these and what they depend on; empty for everything.
    pub targets: Vec<Selector>,
    /// All but these and what depends on them.
    pub exclude: Vec<Selector>,
    /// Protection of these against being destroyed does not count this time.
    pub allow_destroy: Vec<Target>,
    /// These are replaced, even where nothing of them changes.
    pub replace: Vec<InstanceAddress>,
    /// Ids of objects that are taken for those that calls left open were to make, whatever a look
    /// for them says.
    pub adopt: Vec<(InstanceAddress, String)>,
}

/// Everything a plan depends on. Equal inputs give equal plans.
pub struct PlanInput {
    /// The configuration, without errors.
    pub topology: Arc<Topology>,
    /// Variables of the root module.
    pub variables: BTreeMap<Arc<str>, RootVariable>,
    /// Where functions read files; wrap it in a [`crate::Recorder`] to be able to save the plan.
    pub files: Arc<dyn Files>,
    /// The program's surroundings, for providers.
    pub environment: Arc<Environment>,
    /// Where providers come from.
    pub providers: Arc<dyn Providers>,
    /// The state.
    pub prior: Prior,
    /// Opens sealed parts of the state.
    pub seal: Arc<dyn Seal>,
    /// The moment of the plan in RFC 3339.
    pub timestamp: Arc<str>,
    /// Name of the workspace: `terraform.workspace`.
    pub workspace: Arc<str>,
    /// Unique name for the plan.
    pub id: Arc<str>,
    /// What the user asked for.
    pub options: PlanOptions,
    /// Where what providers say comes from.
    pub asking: Asking,
}

/// Where what providers say while a plan is made comes from.
#[derive(Clone, Debug, Default)]
pub enum Asking {
    /// They are asked.
    #[default]
    Ask,
    /// They are asked, and their answers are kept for a plan that is to be saved.
    Keep,
    /// Nobody is asked: these were their answers when the plan was first made.
    Replay(Answers),
}
