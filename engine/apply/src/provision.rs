//! The port behind which provisioners run.

use platoform_plan::Provision;
use platoform_provider::BoxFuture;

/// Why a provisioner failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{summary}: {detail}")]
pub struct ProvisionError {
    /// Headline without a final full stop.
    pub summary: String,
    /// The explanation. Of what the user's program wrote, what it says is as it was written.
    pub detail: String,
}

/// Where a provisioner tells what goes on, line by line.
pub type Lines<'a> = &'a (dyn Fn(&str) + Send + Sync);

/// Runs what `provisioner` blocks say. What runs ends when the future is dropped.
pub trait Provisioner: Send + Sync {
    /// Runs one to its end.
    fn run<'a>(
        &'a self,
        provision: &'a Provision,
        lines: Lines<'a>,
    ) -> BoxFuture<'a, Result<(), ProvisionError>>;
}
