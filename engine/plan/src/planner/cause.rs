//! Where changes come from: the expressions that give changed attributes their values, and the
//! objects behind these that change, too.

use std::collections::VecDeque;

use platoform_value::{Path, Value};
use rustc_hash::FxHashSet;

use crate::planner::Planner;
use crate::planner::resource::Candidate;
use crate::session::nodes::{NodeId, NodeKind};
use crate::{Action, Cause};

impl Planner {
    /// Which attributes of an object change, and why.
    pub(crate) fn causes(
        &mut self,
        candidate: &Candidate,
        before: &Value,
        after: &Value,
        action: Action,
    ) -> Vec<Cause> {
        if action != Action::Update && !action.is_replace() {
            return Vec::new();
        }
        let names = after.as_entries().into_iter().flat_map(|entries| entries.iter());
        let changed = names.filter(|(name, value)| before.get(name) != Some(value));
        let mut causes = Vec::new();
        for (name, _) in changed {
            let Some(config) = candidate.config.get(name) else { continue };
            let set = !config.is_null() && config.as_items().is_none_or(|items| !items.is_empty());
            if !set {
                continue;
            }
            let path = Path::attribute(name.clone());
            let place = &candidate.place;
            let expression = place.content.argument(name);
            let reads = expression.map(|expression| {
                self.session.expression(place.instance, Some(&place.each), expression).1
            });
            let upstream = reads.into_iter().flatten().find_map(|read| self.changing(read));
            let upstream = upstream.map(|work| self.session.work[work].change.key.clone());
            causes.push(Cause { span: place.content.span_of(&path), path, upstream });
        }
        causes
    }

    /// The first object that changes among those that a node was made from, or is.
    fn changing(&mut self, read: NodeId) -> Option<usize> {
        if let Some(known) = self.changing.get(&read) {
            return *known;
        }
        let mut seen: FxHashSet<NodeId> = FxHashSet::default();
        let mut waiting = VecDeque::from([read]);
        let mut found = None;
        while let Some(id) = waiting.pop_front() {
            if !seen.insert(id) {
                continue;
            }
            let node = self.session.nodes.get(id);
            match &node.kind {
                NodeKind::Instance(work) => {
                    if self.session.work[*work].change.action != Action::NoOp {
                        found = Some(*work);
                        break;
                    }
                }
                _ => waiting.extend(&node.dependencies),
            }
        }
        self.changing.insert(read, found);
        found
    }
}
