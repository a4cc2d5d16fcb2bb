//! `replace_triggered_by`.

use std::sync::Arc;

use platoform_config::{Referent, Surroundings};
use platoform_diagnostic::Diagnostics;
use platoform_lang::tree::{Reference, Step as Access};
use platoform_lang::{Expression, ExpressionKind};
use platoform_value::{Path, Step};

use crate::planner::Planner;
use crate::planner::resource::Common;
use crate::session::Place;
use crate::session::nodes::{NodeId, NodeKind};
use crate::{Action, ResourceChange};

impl Planner {
    /// The reference of `replace_triggered_by` whose target changes in this plan. All of them
    /// become dependencies of the node.
    pub(crate) fn triggered(
        &mut self,
        common: &Common,
        place: &Place,
        node: NodeId,
    ) -> Option<Arc<str>> {
        let mut found = None;
        for expression in &common.resource.lifecycle.replace_triggered_by {
            let (_, reads) = self.session.expression(place.instance, Some(&place.each), expression);
            let attribute = attribute_path(expression);
            let changes = reads.iter().any(|node| self.changes(*node, &attribute, 0));
            if changes && found.is_none() {
                let text = self.session.topology.sources.slice(expression.span);
                found = Some(Arc::from(text));
            }
            self.session.nodes.depend(node, reads);
        }
        found
    }

    /// What is wrong with the names in `replace_triggered_by`. Whether an object has the part that
    /// is named does not matter.
    pub(crate) fn misnamed_triggers(&self, common: &Common, instance: usize) -> Diagnostics {
        let topology = &self.session.topology;
        let around = Surroundings::within(&common.resource.repetition);
        let mut checker = topology.checker(self.session.instances[instance].module, &around);
        for expression in &common.resource.lifecycle.replace_triggered_by {
            expression.references(&mut |reference| {
                let rest = Referent::of(&reference).map_or(0, |referent| referent.rest.len());
                let steps = &reference.steps[..reference.steps.len() - rest];
                checker.check(&Reference { steps, ..reference });
            });
        }
        checker.found.report()
    }

    /// Whether an instance changes in the given part, or any instance that a node gathers does.
    fn changes(&self, node: NodeId, attribute: &Path, depth: usize) -> bool {
        let node = self.session.nodes.get(node);
        match &node.kind {
            NodeKind::Instance(index) => concerns(&self.session.work[*index].change, attribute),
            NodeKind::All(_) if depth == 0 => {
                node.dependencies.iter().any(|child| self.changes(*child, attribute, 1))
            }
            _ => false,
        }
    }
}

/// Whether a change of an object concerns a part of it. One that is only made now has not changed.
fn concerns(change: &ResourceChange, attribute: &Path) -> bool {
    let changes = change.action == Action::Update || change.action.is_replace();
    changes && (attribute.0.is_empty() || change.before.at(attribute) != change.after.at(attribute))
}

/// The steps after the resource's name and instance key: `a.b[0].c["d"]` gives `c["d"]`.
fn attribute_path(expression: &Expression) -> Path {
    let ExpressionKind::Traversal(_, steps) = &expression.kind else { return Path::default() };
    let mut steps = &steps[1.min(steps.len())..];
    if let [Access::Index(..), rest @ ..] = steps {
        steps = rest;
    }
    let mut path = Path::default();
    for step in steps {
        path.0.push(match step {
            Access::Attribute(name) => Step::Attribute(name.name.clone()),
            Access::Index(Expression { kind: ExpressionKind::Literal(key), .. }, _) => {
                match (key.as_str(), key.as_i64().and_then(|index| usize::try_from(index).ok())) {
                    (Some(key), _) => Step::Key(key.into()),
                    (_, Some(index)) => Step::Index(index),
                    _ => break,
                }
            }
            _ => break,
        });
    }
    path
}
