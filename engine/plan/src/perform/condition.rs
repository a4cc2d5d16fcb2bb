//! Conditions that could not be checked while planning, and those that need the result.

use std::sync::Arc;

use platoform_config::{Condition, Lifecycle};
use platoform_diagnostic::Diagnostics;
use platoform_value::Value;

use super::{POSTCONDITION, PRECONDITION};
use crate::planner::visible;
use crate::session::{Place, Session};

impl Session {
    pub(super) fn check_again(
        &self,
        place: &Place,
        conditions: &[Condition],
        itself: Option<&Value>,
        failed: &str,
    ) -> Diagnostics {
        let each = self.each_now(place);
        let check = |condition| {
            self.condition(place.instance, Some(&each), itself, condition, failed).diagnostics
        };
        conditions.iter().flat_map(check).collect()
    }

    /// Checks the conditions of an object without an action that could not be checked before.
    #[must_use]
    pub fn check(&self, work: usize) -> Diagnostics {
        let item = &self.work[work];
        let Some(place) = &item.place else { return Diagnostics::default() };
        let lifecycle = self.lifecycle(place);
        let mut found = self.check_again(place, &lifecycle.preconditions, None, PRECONDITION);
        let current = self.current(work);
        let itself = current.as_ref();
        found.extend(self.check_again(place, &lifecycle.postconditions, itself, POSTCONDITION));
        found
    }

    pub(super) fn is_in_check(&self, place: &Place) -> bool {
        let module = self.instances[place.instance].module;
        let resource = self.topology.module(module).resources.get(&place.id);
        resource.is_some_and(|resource| resource.check.is_some())
    }

    pub(super) fn lifecycle(&self, place: &Place) -> Arc<Lifecycle> {
        let module = self.instances[place.instance].module;
        let resource = self.topology.module(module).resources.get(&place.id);
        resource.map(|resource| resource.lifecycle.clone()).unwrap_or_default()
    }

    /// Puts a result where expressions find it.
    pub fn complete(&mut self, work: usize, current: &Value) {
        let item = &self.work[work];
        let Some(place) = item.place.clone() else { return };
        let key = item.change.key.address.key.clone();
        let value = visible(&item.change.schema, &item.config, current.clone());
        self.set_instance(&place, &key, value);
    }

    /// Checks the postconditions of an object that was made, changed or read.
    #[must_use]
    pub fn postconditions(&self, work: usize) -> Diagnostics {
        let Some(place) = &self.work[work].place else { return Diagnostics::default() };
        let conditions = &self.lifecycle(place).postconditions;
        self.check_again(place, conditions, self.current(work).as_ref(), POSTCONDITION)
    }
}
