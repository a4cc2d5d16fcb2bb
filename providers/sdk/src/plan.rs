//! Planning by the schema alone: defaults, computed attributes, forced replacement.

mod fields;
mod fill;
mod propose;
mod replace;
mod write_only;

use platoform_schema::Block;
use platoform_value::Value;

use crate::{PlanRequest, PlanResponse};

pub use propose::propose;
pub use replace::replacements;
pub(crate) use write_only::{with_write_only, without_write_only};

/// The plan that follows from the schema alone.
///
/// - Where the configuration sets nothing, an attribute with a default gets it.
/// - What is computed and not set is unknown for a new object (and for a new nested block of an
///   old one) and otherwise stays as it was.
/// - What is marked `replace` and differs from before needs a new object, as does what may turn
///   out to differ because it is unknown.
/// - What is write-only is null; `apply` gets it with the configuration.
/// - A delete is null.
///
/// Which computed attributes an update changes is for the kind to say.
#[must_use]
pub fn plan_by_schema(block: &Block, request: &PlanRequest) -> PlanResponse {
    let planned = planned_by_schema(block, request);
    let replace = replacements(block, &request.prior, &planned);
    PlanResponse { planned, replace, private: request.private.clone(), problems: Vec::new() }
}

/// The planned value of [`plan_by_schema`].
#[must_use]
pub fn planned_by_schema(block: &Block, request: &PlanRequest) -> Value {
    let prior = Some(&request.prior).filter(|prior| !prior.is_null());
    fill::block(block, prior, &request.proposed, Some(&request.config))
}

#[cfg(test)]
mod tests;
