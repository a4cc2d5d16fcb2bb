//! Configurations in JSON syntax, changed at random.

use fastrand::Rng;
use serde_json::{Map, Value as Json, json};

use super::corpus::Files;
use super::pieces;

/// A configuration of the corpus with one to four changes to its JSON.
pub fn changed(corpus: &[Files], random: &mut Rng) -> Files {
    let with_json: Vec<&Files> =
        corpus.iter().filter(|files| files.keys().any(|name| name.ends_with(".tf.json"))).collect();
    let mut files = with_json[random.usize(..with_json.len())].clone();
    let other = with_json[random.usize(..with_json.len())];
    let other = other.values().find_map(|text| serde_json::from_str(text).ok());
    let mut nodes = Vec::new();
    gather(other.as_ref().unwrap_or(&Json::Null), &mut nodes);
    for (name, text) in &mut files {
        if !name.ends_with(".json") {
            continue;
        }
        let Ok(mut json) = serde_json::from_str::<Json>(text) else { continue };
        for _ in 0..random.usize(1..5) {
            let mut left = random.usize(..count(&json));
            change(&mut json, &mut left, &nodes, random);
        }
        *text = if random.bool() { format!("{json:#}\n") } else { json.to_string() };
    }
    files
}

/// All values in a value, with the name that each has there.
fn gather<'a>(json: &'a Json, nodes: &mut Vec<(&'a str, &'a Json)>) {
    match json {
        Json::Object(map) => {
            for (name, inner) in map {
                nodes.push((name, inner));
                gather(inner, nodes);
            }
        }
        Json::Array(items) => items.iter().for_each(|item| gather(item, nodes)),
        _ => {}
    }
}

fn count(json: &Json) -> usize {
    1 + match json {
        Json::Object(map) => map.values().map(count).sum(),
        Json::Array(items) => items.iter().map(count).sum(),
        _ => 0,
    }
}

/// Changes the value that comes after `left` others.
fn change(json: &mut Json, left: &mut usize, nodes: &[(&str, &Json)], random: &mut Rng) -> bool {
    if *left == 0 {
        *json = changed_value(json.take(), nodes, random);
        return true;
    }
    *left -= 1;
    match json {
        Json::Object(map) => map.values_mut().any(|inner| change(inner, left, nodes, random)),
        Json::Array(items) => items.iter_mut().any(|item| change(item, left, nodes, random)),
        _ => false,
    }
}

fn changed_value(json: Json, nodes: &[(&str, &Json)], random: &mut Rng) -> Json {
    let (name, node) = match random.choice(nodes) {
        Some((name, node)) => (*name, (*node).clone()),
        None => ("a", Json::Null),
    };
    match (random.u8(..10), json) {
        (0, json) => Json::Array(vec![json]),
        (1, json) => Json::Array(vec![json, node]),
        (2, _) => node,
        (3, _) => leaf(random),
        (4, Json::Array(mut items)) => items.pop().unwrap_or(Json::Null),
        (4 | 5, Json::Object(mut map)) => {
            let names: Vec<String> = map.keys().cloned().collect();
            if let Some(name) = random.choice(&names) {
                map.remove(name);
            }
            Json::Object(map)
        }
        (6, Json::Object(mut map)) => {
            let names: Vec<String> = map.keys().cloned().collect();
            if let Some(value) = random.choice(&names).and_then(|known| map.remove(known)) {
                map.insert(name.to_owned(), value);
            }
            Json::Object(map)
        }
        (7, json) => Json::Object(Map::from_iter([(name.to_owned(), json)])),
        (_, Json::Object(mut map)) => {
            map.insert(name.to_owned(), node);
            Json::Object(map)
        }
        (8 | 9, Json::String(_)) => Json::String(format!("${{{}}}", pieces::expression(random))),
        (_, _) => leaf(random),
    }
}

fn leaf(random: &mut Rng) -> Json {
    let leaves = [
        json!(null),
        json!(true),
        json!(1),
        json!(1.5),
        json!(""),
        json!("a"),
        json!("1"),
        json!("${var.a}"),
        json!("${1 +}"),
        json!("string"),
        json!("list(string)"),
        json!("terraform_data.a"),
        json!([]),
        json!({}),
        json!({ "//": "x" }),
        json!(["terraform_data.a"]),
    ];
    leaves[random.usize(..leaves.len())].clone()
}
