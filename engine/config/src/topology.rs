//! What a configuration says.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use platoform_diagnostic::{Sources, Span};
use platoform_lang::tree::{Body, Expression, Ident};
use platoform_schema::Mode;
use platoform_value::{Path, Type};

use crate::{Content, ModuleSource, ResourceId};

mod change;
mod provisioner;

pub use change::{Check, Import, Moved, Removed};
pub use provisioner::{Connection, OnFailure, Provisioner, When};

/// A configuration: the root module and everything it calls, one [`Module`] for each call.
#[derive(Clone, Debug, Default)]
pub struct Topology {
    /// All modules; the root is the first, and a caller comes before what it calls.
    pub modules: Vec<Module>,
    /// The texts that spans point into.
    pub sources: Sources,
    /// The root module's `backend` block: where its state is kept.
    pub backend: Option<Backend>,
}

/// A `backend` block.
#[derive(Clone, Debug, PartialEq)]
pub struct Backend {
    /// Its type. In a configuration that was loaded without errors it is `local`.
    pub kind: Arc<str>,
    /// `path`: the file of the default workspace's state.
    pub path: Option<Arc<str>>,
    /// `workspace_dir`: the directory of the other workspaces' states.
    pub workspace_directory: Option<Arc<str>>,
    /// The block's header.
    pub header: Span,
}

/// Number of a module in [`Topology::modules`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ModuleId(pub u32);

impl ModuleId {
    /// The root module.
    pub const ROOT: ModuleId = ModuleId(0);
}

/// One module as one call sees it. Its declarations are shared between calls of the same source.
#[derive(Clone, Debug)]
pub struct Module {
    /// Its number.
    pub id: ModuleId,
    /// The module that calls it and the name of the call; `None` for the root.
    pub parent: Option<(ModuleId, Arc<str>)>,
    /// Names of the calls from the root.
    pub path: Vec<Arc<str>>,
    /// Where its files lie: `path.module`, relative to the root directory's parent as the user
    /// gave it (`.` for a root in the working directory).
    pub directory: PathBuf,
    /// `variable` blocks by name.
    pub variables: BTreeMap<Arc<str>, Arc<Variable>>,
    /// `locals` by name.
    pub locals: BTreeMap<Arc<str>, Arc<Local>>,
    /// `output` blocks by name.
    pub outputs: BTreeMap<Arc<str>, Arc<Output>>,
    /// `module` blocks by name.
    pub calls: BTreeMap<Arc<str>, ModuleCall>,
    /// `resource`, `data` and `ephemeral` blocks, those in `check` blocks included.
    pub resources: BTreeMap<ResourceId, Resource>,
    /// `check` blocks by name.
    pub checks: BTreeMap<Arc<str>, Arc<Check>>,
    /// `moved` blocks in source order.
    pub moved: Arc<[Moved]>,
    /// `removed` blocks in source order.
    pub removed: Arc<[Removed]>,
    /// `import` blocks in source order; only the root module has any.
    pub imports: Arc<[Import]>,
    /// `provider` blocks by local name and alias.
    pub providers: BTreeMap<ProviderName, Arc<ProviderBlock>>,
    /// `required_providers` by local name.
    pub requirements: BTreeMap<Arc<str>, ProviderRequirement>,
}

/// A `variable` block.
#[derive(Clone, Debug)]
pub struct Variable {
    /// Its name.
    pub name: Ident,
    /// Type constraint; [`Type::Dynamic`] when there is none.
    pub kind: Type,
    /// Text given for it from outside is taken as it is, not as an expression: it has a primitive
    /// type or no type constraint.
    pub literal: bool,
    /// Defaults of optional object attributes in the constraint.
    pub defaults: platoform_lang::eval::defaults::Defaults,
    /// Default value, constant; `None` makes the variable required.
    pub default: Option<platoform_value::Value>,
    /// Description.
    pub description: Option<Arc<str>>,
    /// Values are secrets.
    pub sensitive: bool,
    /// Values are not stored.
    pub ephemeral: bool,
    /// Null is a value; otherwise null means the default.
    pub nullable: bool,
    /// `validation` blocks.
    pub validations: Vec<Condition>,
    /// The block's header.
    pub header: Span,
}

/// `condition` and `error_message` of a validation, precondition, postcondition or assertion.
#[derive(Clone, Debug)]
pub struct Condition {
    /// Must be true.
    pub condition: Arc<Expression>,
    /// What to say when it is not.
    pub message: Arc<Expression>,
    /// The block's header.
    pub header: Span,
}

/// One named value of a `locals` block.
#[derive(Clone, Debug)]
pub struct Local {
    /// Its name.
    pub name: Ident,
    /// Its value.
    pub expression: Arc<Expression>,
}

/// An `output` block.
#[derive(Clone, Debug)]
pub struct Output {
    /// Its name.
    pub name: Ident,
    /// Its value.
    pub expression: Arc<Expression>,
    /// Description.
    pub description: Option<Arc<str>>,
    /// The value is a secret.
    pub sensitive: bool,
    /// The value is not stored.
    pub ephemeral: bool,
    /// What else must be done first.
    pub depends_on: Vec<Arc<Expression>>,
    /// `precondition` blocks.
    pub preconditions: Vec<Condition>,
    /// The block's header.
    pub header: Span,
}

/// A `module` block.
#[derive(Clone, Debug)]
pub struct ModuleCall {
    /// Its name.
    pub name: Ident,
    /// The module it yields.
    pub module: ModuleId,
    /// Where that comes from.
    pub source: ModuleSource,
    /// The versions that may be chosen, as written.
    pub version: Option<Arc<str>>,
    /// `count`, `for_each` or neither.
    pub repetition: Repetition,
    /// Values for the module's variables.
    pub inputs: BTreeMap<Arc<str>, (Ident, Arc<Expression>)>,
    /// What else must be done first.
    pub depends_on: Vec<Arc<Expression>>,
    /// Types of nested blocks, none of which a module takes.
    pub foreign: Vec<Ident>,
    /// The block's header.
    pub header: Span,
    /// The opening brace: where something is missing.
    pub opening: Span,
}

/// How many instances a block has.
#[derive(Clone, Debug, Default)]
pub enum Repetition {
    /// One, without a key.
    #[default]
    Single,
    /// As many as this number says, keyed from 0.
    Count(Arc<Expression>),
    /// One for each key of a map or element of a set of strings.
    ForEach(Arc<Expression>),
    /// One without a key if this is true, else none.
    Enabled(Arc<Expression>),
}

/// A `resource`, `data` or `ephemeral` block.
#[derive(Clone, Debug)]
pub struct Resource {
    /// Mode, kind and name.
    pub id: ResourceId,
    /// How many instances it has.
    pub repetition: Repetition,
    /// The provider configuration it uses.
    pub provider: ProviderId,
    /// What else must be done first.
    pub depends_on: Vec<Arc<Expression>>,
    /// `lifecycle` block.
    pub lifecycle: Arc<Lifecycle>,
    /// Everything for the provider, decoded against its schema; shared between calls of a module.
    pub content: Arc<Content>,
    /// `connection` block for all provisioners.
    pub connection: Option<Arc<Connection>>,
    /// `provisioner` blocks in order.
    pub provisioners: Arc<[Provisioner]>,
    /// Name of the `check` block it is in.
    pub check: Option<Arc<str>>,
    /// Where its kind is written.
    pub kind_span: Span,
    /// The block's header.
    pub header: Span,
}

/// A `lifecycle` block.
#[derive(Clone, Debug, Default)]
pub struct Lifecycle {
    /// A replacement makes the new object before it destroys the old one.
    pub create_before_destroy: bool,
    /// Where the object would be destroyed it is forgotten: `destroy = false`.
    pub retain: bool,
    /// Destroying is refused.
    pub prevent_destroy: Option<Arc<Expression>>,
    /// Changes that are not acted upon.
    pub ignore_changes: IgnoreChanges,
    /// References whose change replaces this.
    pub replace_triggered_by: Vec<Arc<Expression>>,
    /// Checked before the action.
    pub preconditions: Vec<Condition>,
    /// Checked after it.
    pub postconditions: Vec<Condition>,
}

impl Lifecycle {
    /// That of every block that has none.
    #[must_use]
    pub fn nothing() -> Arc<Self> {
        static NOTHING: LazyLock<Arc<Lifecycle>> = LazyLock::new(Arc::default);
        NOTHING.clone()
    }
}

/// `ignore_changes`.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum IgnoreChanges {
    /// Nothing is ignored.
    #[default]
    Nothing,
    /// `all`.
    Everything,
    /// These parts, each with how it was written.
    Paths(Vec<(Path, Arc<Expression>)>),
}

/// A `provider` block.
#[derive(Clone, Debug)]
pub struct ProviderBlock {
    /// Local name.
    pub name: Ident,
    /// Alias.
    pub alias: Option<Ident>,
    /// One configuration for each element.
    pub for_each: Option<Arc<Expression>>,
    /// Everything for the provider, decoded against its schema; `None` when no provider of this
    /// source is known.
    pub content: Option<Arc<Content>>,
    /// The undecoded body.
    pub body: Arc<Body>,
    /// The block's header.
    pub header: Span,
}

/// An entry of `required_providers`.
#[derive(Clone, Debug)]
pub struct ProviderRequirement {
    /// Where it comes from.
    pub source: ProviderSource,
    /// Version constraint as written.
    pub version: Option<(Arc<str>, Span)>,
    /// The entry.
    pub span: Option<Span>,
    /// What is said of it.
    pub value: Span,
}

/// Global name of a provider, e.g. `registry.terraform.io/kreuzwerker/docker`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ProviderSource(pub Arc<str>);

impl fmt::Display for ProviderSource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Local name and alias of a provider configuration.
pub type ProviderName = (Arc<str>, Option<Arc<str>>);

/// A provider configuration: where its block is, or would be were it written (an empty one is
/// assumed in the root module where none is).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ProviderId {
    /// The module that has the block.
    pub module: ModuleId,
    /// Local name there.
    pub name: Arc<str>,
    /// Alias.
    pub alias: Option<Arc<str>>,
    /// Which provider it is.
    pub source: ProviderSource,
}

impl ProviderId {
    /// Its full name, given the path of its module: `[module.a.]provider["source"][.alias]`.
    #[must_use]
    pub fn address(&self, path: &[Arc<str>]) -> String {
        let calls: String = path.iter().map(|call| format!("module.{call}.")).collect();
        let alias = self.alias.as_ref().map(|alias| format!(".{alias}")).unwrap_or_default();
        format!("{calls}provider[\"{}\"]{alias}", self.source)
    }
}

impl Topology {
    /// The module with this number.
    ///
    /// # Panics
    /// Never for a number that came from this topology.
    #[must_use]
    pub fn module(&self, id: ModuleId) -> &Module {
        &self.modules[id.0 as usize]
    }

    /// The `provider` block of a configuration, if one was written.
    #[must_use]
    pub fn provider(&self, id: &ProviderId) -> Option<&Arc<ProviderBlock>> {
        self.module(id.module).providers.get(&(id.name.clone(), id.alias.clone()))
    }
}

impl Module {
    /// The identity of a `provider` block in this module.
    #[must_use]
    pub fn provider_id(&self, name: Arc<str>, alias: Option<Arc<str>>) -> ProviderId {
        let source = self.provider_source(&name);
        ProviderId { module: self.id, name, alias, source }
    }

    /// The provider that a local name means in this module.
    #[must_use]
    pub fn provider_source(&self, name: &str) -> ProviderSource {
        let required = self.requirements.get(name);
        required.map_or_else(|| ProviderSource::implied(name), |found| found.source.clone())
    }
}

/// Where in `mode`, `kind` and `name` order a resource stands; see [`ResourceId`].
impl Resource {
    /// Managed, data or ephemeral.
    #[must_use]
    pub fn mode(&self) -> Mode {
        self.id.mode
    }
}
