//! What must hold.

use std::collections::{BTreeMap, BTreeSet};

use platoform_fake::{Call, Collection, Request, Shown};
use platoform_plan::{PlanMode, Prior};
use serde_json::Value as Json;

use crate::scenario::{Node, Scenario, Sort};
use crate::world::{World, options, texts};

/// What did not hold.
pub type Finding = String;

/// Nothing is lost, nothing is there twice, nothing is uncertain, nothing is left to be done.
pub async fn settled(world: &World, scenario: &Scenario, nodes: &[Node]) -> Result<(), Finding> {
    let (prior, planned) = world.plan(&scenario.text(nodes), &options(PlanMode::Normal)).await;
    if let Some(open) = prior.open.first() {
        return Err(format!("it is open what became of a call on `{}`", open.key.address));
    }
    same_objects(world, &prior)?;
    as_wanted(world, &prior, scenario, nodes)?;
    if planned.plan.diagnostics.has_errors() {
        return Err(format!("the last plan fails: {:?}", texts(&planned.plan.diagnostics)));
    }
    if planned.plan.has_changes() {
        let changes = planned.plan.changes.iter();
        let left: Vec<String> =
            changes.map(|change| format!("{:?} {}", change.action, change.key.address)).collect();
        return Err(format!("the last plan is not empty: {left:?}"));
    }
    Ok(())
}

/// What the cloud has is what the state knows.
fn same_objects(world: &World, prior: &Prior) -> Result<(), Finding> {
    let mut recorded = BTreeSet::new();
    for record in &prior.records {
        if record.key.address.resource.id.kind.starts_with("fake_") {
            let id = attributes(&record.attributes.0)["id"].as_str().unwrap_or("?").to_owned();
            if !recorded.insert(id.clone()) {
                return Err(format!("two records are of `{id}`"));
            }
        }
        if record.key.deposed.is_some() || record.tainted {
            return Err(format!("`{}` is deposed or tainted", record.key.address));
        }
    }
    let real: BTreeSet<String> = mine(world).into_values().flatten().map(|one| one.id).collect();
    if real != recorded {
        let unknown: Vec<&String> = real.difference(&recorded).collect();
        let lost: Vec<&String> = recorded.difference(&real).collect();
        return Err(format!(
            "the state does not know {unknown:?}, and knows {lost:?} that are not there"
        ));
    }
    Ok(())
}

/// What the cloud has, without what is others'.
pub fn mine(world: &World) -> BTreeMap<Collection, Vec<Shown>> {
    let mut objects = world.cloud.objects();
    for all in objects.values_mut() {
        all.retain(|one| !is_other(one));
    }
    objects
}

/// Whether an object is somebody else's.
pub fn is_other(object: &Shown) -> bool {
    let text = |name: &str| object.attributes.get(name).and_then(Json::as_str);
    text("name").or(text("region")).is_some_and(|text| text.starts_with("others"))
}

/// Everything is as configured, and others' objects are still there.
fn as_wanted(
    world: &World,
    prior: &Prior,
    scenario: &Scenario,
    nodes: &[Node],
) -> Result<(), Finding> {
    let objects = world.cloud.objects();
    let others = objects.values().flatten().filter(|one| is_other(one)).count();
    if others != scenario.others() {
        return Err(format!("{others} objects of others are left"));
    }
    if prior.records.len() != nodes.len() {
        return Err(format!("{} records of {} blocks", prior.records.len(), nodes.len()));
    }
    for node in nodes {
        let record =
            prior.records.iter().find(|record| record.key.address.to_string() == node.address());
        let Some(record) = record else { return Err(format!("no record of {}", node.address())) };
        let Some(collection) = node.sort.collection() else { continue };
        let recorded = attributes(&record.attributes.0);
        let object = objects.get(&collection).into_iter().flatten();
        let object = object.into_iter().find(|one| recorded["id"] == one.id);
        let Some(object) = object else { return Err(format!("no object of {}", node.address())) };
        for (name, wanted) in scenario.wanted(node) {
            if object.attributes.get(name) != Some(&wanted) {
                let is = object.attributes.get(name);
                return Err(format!("{}: `{name}` is {is:?}, not {wanted}", node.address()));
            }
        }
        let of = |number: usize| {
            let node = nodes.iter().find(|node| node.number == number)?;
            let mut all = prior.records.iter();
            let record = all.find(|it| it.key.address.to_string() == node.address())?;
            attributes(&record.attributes.0)["id"].as_str().map(str::to_owned)
        };
        let machine = object.attributes.get("machine").and_then(Json::as_str);
        if machine != node.machine.and_then(of).as_deref() {
            return Err(format!("{} belongs to {machine:?}", node.address()));
        }
    }
    Ok(())
}

fn attributes(text: &str) -> Json {
    serde_json::from_str(text).expect("records are JSON")
}

/// An object was made only when everything that its block uses was there, and deleted only when
/// everything that used it was gone.
pub fn ordered(world: &World, scenario: &Scenario, nodes: &[Node]) -> Result<(), Finding> {
    if scenario.crowded {
        return Ok(());
    }
    let mut there: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
    let done = world.cloud.calls();
    for call in done.iter().filter(|call| call.object.is_some()) {
        let Some(id) = call.object.clone() else { continue };
        match &call.request {
            Request::Create { .. } => {
                let Some(node) = node_of(scenario, nodes, call) else { continue };
                for used in uses(nodes, node) {
                    if there.get(&used).is_none_or(BTreeSet::is_empty) {
                        return Err(format!("{} was made before n{used}", node.address()));
                    }
                }
                there.entry(node.number).or_default().insert(id);
            }
            Request::Delete { .. } => {
                let number = there.iter().find(|(_, ids)| ids.contains(&id)).map(|(key, _)| *key);
                let Some(number) = number else { continue };
                let gone = there.get(&number).is_none_or(|ids| ids.len() == 1);
                let mut users = nodes.iter().filter(|node| uses(nodes, node).contains(&number));
                let user =
                    users.find(|user| there.get(&user.number).is_some_and(|ids| !ids.is_empty()));
                if let Some(user) = user.filter(|_| gone) {
                    return Err(format!("n{number} was deleted before {}", user.address()));
                }
                there.entry(number).or_default().remove(&id);
            }
            _ => {}
        }
    }
    Ok(())
}

/// The objects in the cloud that a block uses, also through blocks that have none there.
fn uses(nodes: &[Node], node: &Node) -> Vec<usize> {
    let mut found = Vec::new();
    for number in node.uses() {
        match nodes.iter().find(|node| node.number == number) {
            Some(data) if data.sort == Sort::Data => found.extend(uses(nodes, data)),
            Some(node) => found.push(node.number),
            None => {}
        }
    }
    found
}

/// The block that an object was made for.
fn node_of<'a>(scenario: &Scenario, nodes: &'a [Node], call: &Call) -> Option<&'a Node> {
    let Request::Create { collection, body } = &call.request else { return None };
    nodes.iter().find(|node| {
        node.sort.collection() == Some(*collection)
            && scenario
                .identity(node)
                .is_some_and(|(name, value)| body.attributes.get(name) == Some(&value))
    })
}
