//! `count`, `for_each` and `enabled`, as far as they are known.

use platoform_config::{ModuleId, Repetition, Surroundings};

use super::Validator;
use crate::planner::expand::{self, Refusal};

impl Validator<'_> {
    /// Checks how often a block is repeated.
    pub(super) fn repetition(&mut self, module: ModuleId, repetition: &Repetition) {
        let Some((form, expression)) = expand::expression(repetition) else { return };
        let around = Surroundings::default();
        if let Some(value) = self.expression(module, expression, &around)
            && let Err(Refusal::Invalid(error)) = expand::instances(form, expression, &value)
        {
            self.found.push(error);
        }
    }
}
