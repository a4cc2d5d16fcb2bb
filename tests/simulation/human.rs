//! What a user does where it cannot be told what became of a call: looks, and says.

use std::collections::BTreeSet;

use platoform_apply::settle;
use platoform_plan::{OpenIntent, Prior, Recovery, Resolution, Stored, Verb};
use serde_json::{Value as Json, json};

use crate::check::{Finding, mine};
use crate::world::World;
use platoform_fake::{Collection, LAG_LIMIT, LINGER_LIMIT, Shown};

/// Says what became of every open create of an address, if that really cannot be told.
///
/// # Errors
/// When it could have been told.
pub async fn resolve(world: &World) -> Result<(), Finding> {
    let store = world.open().await;
    let process = platoform_state::Process::current("simulation", "platoform recover");
    store.lock(process, std::time::Duration::ZERO).await.expect("nobody else holds the lock");
    let prior = store.prior().await.expect("the state can be read");
    // Nobody looks so soon that a request may still be under way.
    tokio::time::sleep(LINGER_LIMIT + LAG_LIMIT).await;
    let recovered = decide(world, &prior)?;
    settle(&store, &recovered).await.expect("it can be written");
    store.close().await.expect("it can be closed");
    Ok(())
}

fn decide(world: &World, prior: &Prior) -> Result<Vec<Recovery>, Finding> {
    let mut known: BTreeSet<String> = prior
        .records
        .iter()
        .filter_map(|record| {
            let json: Json = serde_json::from_str(&record.attributes.0).ok()?;
            json["id"].as_str().map(str::to_owned)
        })
        .collect();
    let mut recovered = Vec::new();
    let address = |intent: &&OpenIntent| &*intent.key.address.resource.id.kind == "fake_address";
    if prior.open.iter().filter(address).count() < 2 {
        return Err("a single open create is called uncertain".to_owned());
    }
    for intent in &prior.open {
        if !address(&intent) || intent.verb != Verb::Create {
            return Err(format!("`{}` is called uncertain", intent.key.address));
        }
        let planned: Json = serde_json::from_str(&intent.planned.attributes.0).expect("JSON");
        let fits = |one: &&Shown| {
            one.attributes.get("region") == Some(&planned["region"]) && !known.contains(&one.id)
        };
        let objects = mine(world);
        let found = objects.get(&Collection::Addresses).into_iter().flatten().find(fits);
        let resolution = match found {
            None => Resolution::Gone,
            Some(one) => {
                known.insert(one.id.clone());
                let attribute = |name: &str| one.attributes.get(name).cloned();
                let attributes = json!({
                    "id": one.id, "region": attribute("region"),
                    "machine": attribute("machine"), "ip": attribute("ip"),
                });
                let mut record = intent.planned.clone();
                record.attributes = Stored(attributes.to_string().into());
                (record.tainted, record.private) = (true, Vec::new());
                Resolution::Exists(Box::new(record))
            }
        };
        let (owner, key) = (intent.owner.clone(), intent.key.clone());
        recovered.push(Recovery { owner, key, verb: intent.verb, resolution });
    }
    Ok(recovered)
}
