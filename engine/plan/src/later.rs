//! What a plan leaves for a later stage, because it is not known yet what there is to do.

use std::sync::Arc;

use platoform_diagnostic::Diagnostic;

/// A block that is planned once this plan was applied.
#[derive(Clone, Debug, PartialEq)]
pub struct Later {
    /// Module path and name as they are written, without keys: `module.net.docker_container.web`.
    pub address: Arc<str>,
    /// Why.
    pub reason: LaterReason,
}

/// What a block waits for.
#[derive(Clone, Debug, PartialEq)]
pub enum LaterReason {
    /// How many instances there are, or with which keys: a finding about the expression that would
    /// tell. It is what is wrong if no stage can find out.
    Instances(Diagnostic),
    /// Another block that is planned later.
    Needs(Arc<str>),
}
