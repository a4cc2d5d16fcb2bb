//! What the files of one directory declare, apart from who calls it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use platoform_diagnostic::{Diagnostics, Span};
use platoform_lang::tree::{Expression, Ident};

use super::place::Written;
use super::version::Constraint;
use crate::{
    Backend, Check, Connection, Content, Import, Lifecycle, Local, ModuleSource, Moved, Output,
    ProviderBlock, ProviderName, ProviderRequirement, Provisioner, Removed, Repetition, ResourceId,
    Variable,
};

/// A module's declarations, shared by all its calls.
#[derive(Debug, Default)]
pub(super) struct Definition {
    pub(super) directory: PathBuf,
    /// It is made of what overrides others, which need not be whole.
    pub(super) overriding: bool,
    pub(super) variables: BTreeMap<Arc<str>, Arc<Variable>>,
    pub(super) locals: BTreeMap<Arc<str>, Arc<Local>>,
    pub(super) outputs: BTreeMap<Arc<str>, Arc<Output>>,
    pub(super) calls: BTreeMap<Arc<str>, CallDefinition>,
    pub(super) resources: BTreeMap<ResourceId, ResourceDefinition>,
    pub(super) providers: BTreeMap<ProviderName, Arc<ProviderBlock>>,
    pub(super) requirements: BTreeMap<Arc<str>, ProviderRequirement>,
    /// Header of the `required_providers` block.
    pub(super) required: Option<Span>,
    /// `configuration_aliases`: configurations that callers must pass.
    pub(super) aliases: BTreeSet<ProviderName>,
    pub(super) backend: Option<Backend>,
    /// Header of the `backend` block.
    pub(super) kept: Option<Span>,
    /// Header of the `cloud` block.
    pub(super) cloud: Option<Span>,
    pub(super) checks: BTreeMap<Arc<str>, Arc<Check>>,
    pub(super) moved: Vec<Moved>,
    pub(super) removed: Vec<Removed>,
    pub(super) imports: Vec<Import>,
    /// Headers of the `import` blocks, broken ones included.
    pub(super) imported: Vec<Span>,
    /// What is odd, but stands only where nothing is wrong with the root module.
    pub(super) warnings: Diagnostics,
    /// Headers of the first `module` blocks by name, broken ones included.
    pub(super) called: BTreeMap<Arc<str>, Span>,
    /// Constraints on the version of the language that this program does not meet.
    pub(super) versions: Diagnostics,
    /// Headers of `provider_meta` blocks by provider.
    pub(super) metadata: BTreeMap<Arc<str>, Span>,
}

/// Arguments for the variables of a module.
pub(super) type Inputs = BTreeMap<Arc<str>, (Ident, Arc<Expression>)>;

/// What a call asks for.
#[derive(Clone, Debug)]
pub(super) struct Addressed {
    pub(super) source: ModuleSource,
    pub(super) constraint: Option<Constraint>,
}

/// A `module` block.
#[derive(Debug)]
pub(super) struct CallDefinition {
    pub(super) name: Ident,
    /// Where the module is, unless that depends on variables.
    pub(super) addressed: Option<Addressed>,
    pub(super) written: Written,
    pub(super) repetition: Repetition,
    pub(super) inputs: Inputs,
    /// Blocks that `module` does not have.
    pub(super) blocks: Vec<Ident>,
    pub(super) depends_on: Vec<Arc<Expression>>,
    /// Where `count`, `for_each` or `depends_on` is set.
    pub(super) repeated: Option<Span>,
    /// Configurations in the callee and what they are here.
    pub(super) providers: Vec<(ProviderReference, ProviderReference)>,
    pub(super) header: Span,
    pub(super) body: Span,
}

/// A `resource`, `data` or `ephemeral` block.
#[derive(Debug)]
pub(super) struct ResourceDefinition {
    pub(super) id: ResourceId,
    pub(super) repetition: Repetition,
    pub(super) provider: ProviderReference,
    pub(super) depends_on: Vec<Arc<Expression>>,
    pub(super) lifecycle: Arc<Lifecycle>,
    pub(super) content: Arc<Content>,
    pub(super) connection: Option<Arc<Connection>>,
    pub(super) provisioners: Arc<[Provisioner]>,
    pub(super) check: Option<Arc<str>>,
    pub(super) kind_span: Span,
    pub(super) header: Span,
}

/// A provider configuration by its name in a module.
#[derive(Clone, Debug)]
pub(super) struct ProviderReference {
    pub(super) name: Arc<str>,
    pub(super) alias: Option<Arc<str>>,
    pub(super) span: Span,
}

impl ProviderReference {
    pub(super) fn key(&self) -> ProviderName {
        (self.name.clone(), self.alias.clone())
    }
}

impl std::fmt::Display for ProviderReference {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.alias {
            Some(alias) => write!(formatter, "{}.{alias}", self.name),
            None => formatter.write_str(&self.name),
        }
    }
}
