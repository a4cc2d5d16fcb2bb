//! Whether a configuration could be planned at all, whatever its variables are given and whatever
//! exists.
//!
//! *Invariant:* nobody outside is asked anything; providers only check what blocks say.

use std::sync::Arc;

use platoform_config::Topology;
use platoform_diagnostic::{Diagnostics, Environment, Files};

use crate::{Providers, Seal, Session, validate};

/// What a check goes by.
pub struct CheckInput {
    /// The configuration.
    pub topology: Arc<Topology>,
    /// Where functions read files.
    pub files: Arc<dyn Files>,
    /// The program's surroundings, for functions.
    pub environment: Arc<Environment>,
    /// Where providers come from.
    pub providers: Arc<dyn Providers>,
    /// Seals nothing; evaluation needs one.
    pub seal: Arc<dyn Seal>,
    /// The moment in RFC 3339.
    pub timestamp: Arc<str>,
    /// Name of the workspace.
    pub workspace: Arc<str>,
}

/// Finds what is wrong with a configuration. What needs something that is wrong is left out.
#[must_use]
pub fn check(input: CheckInput) -> Diagnostics {
    let graph = match platoform_graph::build(&input.topology) {
        Ok(graph) => graph,
        Err(cycle) => return cycle,
    };
    let session = Session::new(
        input.topology,
        input.files,
        input.environment,
        input.workspace,
        input.timestamp,
        input.seal,
        input.providers,
    );
    validate::walk(&session, &graph)
}
