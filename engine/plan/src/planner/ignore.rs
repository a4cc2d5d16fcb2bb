//! `ignore_changes` and `replace_triggered_by`.

use std::sync::Arc;

use platoform_config::IgnoreChanges;
use platoform_lang::tree::Step as Access;
use platoform_lang::{Expression, ExpressionKind};
use platoform_value::{Data, Path, Step, Value};

use crate::planner::Planner;
use crate::planner::resource::Common;
use crate::session::Place;
use crate::session::nodes::{NodeId, NodeKind};
use crate::{Action, ResourceChange};

impl Planner {
    /// The configuration with ignored parts put back to what is there.
    pub(crate) fn ignore_changes(&self, common: &Common, prior: &Value, config: Value) -> Value {
        if prior.is_null() {
            return config;
        }
        match &common.resource.lifecycle.ignore_changes {
            IgnoreChanges::Nothing => config,
            IgnoreChanges::Everything => {
                let names: Vec<Arc<str>> = config
                    .as_entries()
                    .into_iter()
                    .flat_map(|entries| entries.keys().cloned())
                    .collect();
                let computed = |name: &Arc<str>| {
                    common
                        .schema
                        .block
                        .attributes
                        .get(name)
                        .is_some_and(|attribute| attribute.computed && !attribute.optional)
                };
                names
                    .into_iter()
                    .filter(|name| !computed(name))
                    .fold(config, |config, name| put_back(config, prior, &[Step::Attribute(name)]))
            }
            IgnoreChanges::Paths(paths) => {
                paths.iter().fold(config, |config, (path, _)| put_back(config, prior, &path.0))
            }
        }
    }

    /// The reference of `replace_triggered_by` whose target changes in this plan.
    pub(crate) fn triggered(&self, common: &Common, place: &Place) -> Option<Arc<str>> {
        let triggers = &common.resource.lifecycle.replace_triggered_by;
        triggers.iter().find_map(|expression| {
            let (_, reads) = self.session.expression(place.instance, Some(&place.each), expression);
            let attribute = attribute_path(expression);
            let changes = reads.iter().any(|node| self.changes(*node, &attribute, 0));
            let text = self.session.topology.sources.slice(expression.span);
            changes.then(|| Arc::from(text))
        })
    }

    /// Whether an instance changes in the given part, or any instance that a node gathers does.
    fn changes(&self, node: NodeId, attribute: &Path, depth: usize) -> bool {
        let node = self.session.nodes.get(node);
        match &node.kind {
            NodeKind::Instance(index) => concerns(&self.session.work[*index].change, attribute),
            NodeKind::All if depth == 0 => {
                node.dependencies.iter().any(|child| self.changes(*child, attribute, 1))
            }
            _ => false,
        }
    }
}

fn concerns(change: &ResourceChange, attribute: &Path) -> bool {
    match change.action {
        Action::NoOp | Action::Read => false,
        Action::Update if !attribute.0.is_empty() => {
            change.before.at(attribute) != change.after.at(attribute)
        }
        _ => true,
    }
}

/// The attribute steps after the resource's name and key: `a.b[0].c.d` gives `c.d`.
fn attribute_path(expression: &Expression) -> Path {
    let ExpressionKind::Traversal(_, steps) = &expression.kind else { return Path::default() };
    let names = steps.iter().skip(1).filter_map(|step| match step {
        Access::Attribute(name) => Some(Step::Attribute(name.name.clone())),
        _ => None,
    });
    Path(names.collect())
}

/// The configuration with the part at a path as the prior value has it. Where the prior value has
/// nothing there, nothing changes.
fn put_back(config: Value, prior: &Value, path: &[Step]) -> Value {
    let Some((step, rest)) = path.split_first() else { return prior.clone() };
    let marks = config.marks();
    match (step, config.data()) {
        (Step::Attribute(name) | Step::Key(name), Data::Object(_) | Data::Map(_)) => {
            let (Some(mine), theirs) = (config.as_entries(), prior.get(name)) else {
                return config;
            };
            let mut entries = mine.clone();
            match (mine.get(name), theirs) {
                (Some(mine), Some(theirs)) => {
                    entries.insert(name.clone(), put_back(mine.clone(), theirs, rest));
                }
                (None, Some(theirs)) if rest.is_empty() => {
                    entries.insert(name.clone(), theirs.clone())
                }
                (Some(_), None) if matches!(config.data(), Data::Map(_)) => {
                    entries = mine
                        .iter()
                        .filter(|(key, _)| *key != name)
                        .map(|(key, value)| (key.clone(), value.clone()))
                        .collect();
                }
                _ => {}
            }
            match config.data() {
                Data::Map(map) => Value::map(map.0.clone(), entries).mark(marks),
                _ => Value::object(entries).mark(marks),
            }
        }
        (Step::Index(index), Data::List(list)) => {
            let mut items = list.items.clone();
            if let (Some(mine), Some(theirs)) =
                (items.get(*index).cloned(), prior.as_items().and_then(|items| items.get(*index)))
            {
                items[*index] = put_back(mine, theirs, rest);
            }
            Value::list(list.element.clone(), items).mark(marks)
        }
        _ => config,
    }
}
