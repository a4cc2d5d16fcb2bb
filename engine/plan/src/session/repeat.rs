//! What `each.value` has come to be. The keys of instances are settled when a plan is made; the
//! values that belong to them may be known only while it is applied.

use platoform_config::{InstanceKey, Repetition};
use platoform_value::Value;

use super::module::Each;
use super::{Place, Session};

impl Session {
    /// What `count` and `each` mean in a block by now.
    pub(crate) fn each_now(&self, place: &Place) -> Each {
        let module = self.topology.module(self.instances[place.instance].module);
        match module.resources.get(&place.id) {
            Some(resource) => self.known(&place.each, &resource.repetition, place.instance),
            None => place.each.clone(),
        }
    }

    /// What `count` and `each` mean in the call of a module instance by now.
    pub(super) fn module_each(&self, instance: usize) -> Each {
        let state = &self.instances[instance];
        let call = self.topology.module(state.module).parent.as_ref().and_then(|(parent, name)| {
            self.topology.module(*parent).calls.get(name).zip(state.parent)
        });
        match call {
            Some((call, caller)) => self.known(&state.each, &call.repetition, caller),
            None => state.each.clone(),
        }
    }

    fn known(&self, each: &Each, repetition: &Repetition, instance: usize) -> Each {
        let (Repetition::ForEach(expression), InstanceKey::Name(key)) = (repetition, &each.key)
        else {
            return each.clone();
        };
        if each.value.as_ref().is_none_or(Value::is_wholly_known) {
            return each.clone();
        }
        let (result, _) = self.expression(instance, None, expression);
        let value = result.ok().and_then(|value| value.get(key).cloned());
        Each { key: each.key.clone(), value: value.or_else(|| each.value.clone()) }
    }
}
