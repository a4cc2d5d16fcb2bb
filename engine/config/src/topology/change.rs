//! Blocks that say how objects in the state relate to the configuration, and `check` blocks.

use std::sync::Arc;

use platoform_diagnostic::Span;
use platoform_lang::tree::{Expression, Ident};

use super::{Condition, Connection, ProviderName, Provisioner};
use crate::{ResourceId, Target};

/// A `moved` block. Addresses are relative to the module that holds it, for each of its instances.
#[derive(Clone, Debug)]
pub struct Moved {
    /// What it was called.
    pub from: Target,
    /// Where that is written.
    pub from_span: Span,
    /// What it is called now: a module where `from` is one, else a resource or an instance.
    pub to: Target,
    /// Where that is written.
    pub to_span: Span,
    /// The block's header.
    pub header: Span,
}

/// A `removed` block.
#[derive(Clone, Debug)]
pub struct Removed {
    /// A module or a managed resource, without keys.
    pub from: Target,
    /// Where that is written.
    pub from_span: Span,
    /// Whether the objects are destroyed; otherwise they are forgotten.
    pub destroy: bool,
    /// Connection for all provisioners.
    pub connection: Option<Arc<Connection>>,
    /// What runs before an object is destroyed.
    pub provisioners: Arc<[Provisioner]>,
    /// The block's header.
    pub header: Span,
}

/// An `import` block.
#[derive(Clone, Debug)]
pub struct Import {
    /// The address to import to: a traversal, whose keys may be any expression.
    pub to: Arc<Expression>,
    /// The resource that `to` leads to, with the names of the calls from the root.
    pub resource: (Vec<Arc<str>>, ResourceId),
    /// The object's id.
    pub id: Arc<Expression>,
    /// One import for each element.
    pub for_each: Option<Arc<Expression>>,
    /// The provider configuration that generated configuration would use.
    pub provider: Option<(ProviderName, Span)>,
    /// The block's header.
    pub header: Span,
}

/// A `check` block.
#[derive(Clone, Debug)]
pub struct Check {
    /// Its name.
    pub name: Ident,
    /// The data source that only its assertions may read.
    pub data: Option<ResourceId>,
    /// `assert` blocks.
    pub assertions: Vec<Condition>,
    /// The block's header.
    pub header: Span,
}
