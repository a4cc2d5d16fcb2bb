//! What runs on or beside an object once it is made, or before it is destroyed.

use std::sync::Arc;

use platoform_diagnostic::Span;
use platoform_lang::tree::Ident;

use crate::Content;

/// A `provisioner` block.
#[derive(Clone, Debug)]
pub struct Provisioner {
    /// Its type: `local-exec`, `remote-exec` or `file`.
    pub kind: Ident,
    /// When it runs.
    pub when: When,
    /// What its failure means.
    pub on_failure: OnFailure,
    /// Its own `connection` block.
    pub connection: Option<Arc<Connection>>,
    /// Its arguments.
    pub content: Arc<Content>,
    /// The block's header.
    pub header: Span,
}

/// `when` of a provisioner.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum When {
    /// After the object is made.
    #[default]
    Create,
    /// Before the object is destroyed.
    Destroy,
}

/// `on_failure` of a provisioner.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnFailure {
    /// The object is tainted, or not destroyed.
    #[default]
    Fail,
    /// Nothing.
    Continue,
}

/// A `connection` block: how remote provisioners reach the object.
#[derive(Clone, Debug)]
pub struct Connection {
    /// Its arguments.
    pub content: Arc<Content>,
    /// The block's header.
    pub header: Span,
}
