//! What the commands of a step answered, cut down to what is compared.

use platoform_tests::Run;
use serde_json::{Map, Value as Json, json};

use super::document::comparable;
use super::normal::Normal;

/// The answers of one step.
pub struct Answers<'a> {
    normal: &'a mut Normal,
    brief: Map<String, Json>,
    init: Vec<Json>,
    validate: Vec<Json>,
    plan: Vec<Json>,
    apply: Vec<Json>,
}

impl<'a> Answers<'a> {
    /// Nothing was answered yet.
    pub fn new(normal: &'a mut Normal) -> Self {
        let nothing = Vec::new;
        Self {
            normal,
            brief: Map::new(),
            init: nothing(),
            validate: nothing(),
            plan: nothing(),
            apply: nothing(),
        }
    }

    /// `init -json`
    pub fn init(&mut self, run: &Run) {
        self.init = self.findings(stream(run));
    }

    /// `validate -json`
    pub fn validate(&mut self, run: &Run) {
        let document: Json = serde_json::from_str(&run.stdout).unwrap_or_default();
        self.set("validate_ok", document["valid"].clone());
        let all = document["diagnostics"].as_array().cloned().unwrap_or_default();
        self.validate = self.findings(all);
    }

    /// `show -json PLAN`
    pub fn plan_document(&mut self, run: &Run) {
        let Ok(document) = serde_json::from_str::<Json>(&run.stdout) else { return };
        let document = self.normal.json(document);
        self.set("plan", comparable(document.clone()));
        let changes = document["resource_changes"].as_array().into_iter().flatten();
        self.set("changes", changes.map(change).collect::<Json>());
        let outputs = document["output_changes"].as_object().into_iter().flatten();
        let outputs = outputs.map(|(name, output)| (name.clone(), Json::from(actions(output))));
        self.set("output_changes", outputs.collect::<Json>());
    }

    /// `plan -json`
    pub fn plan(&mut self, run: &Run) {
        self.set("plan_exit", json!(run.code));
        self.plan = self.findings(stream(run));
    }

    /// `apply -json PLAN`
    pub fn apply(&mut self, run: &Run) {
        self.set("apply_exit", json!(run.code));
        self.apply = self.findings(stream(run));
    }

    /// `show -json`: the ids in it are met in its order.
    pub fn state(&mut self, run: &Run) {
        let document = serde_json::from_str::<Json>(&run.stdout);
        self.normal.json(document.unwrap_or_default());
    }

    /// `output -json`
    pub fn outputs(&mut self, run: &Run) {
        let Ok(Json::Object(outputs)) = serde_json::from_str(&run.stdout) else { return };
        if outputs.is_empty() {
            return;
        }
        let values = outputs.into_iter().map(|(name, output)| (name, output["value"].clone()));
        let values = self.normal.json(values.collect::<Json>());
        self.set("outputs", values);
    }

    /// All of it; findings once each, in the order of the commands that had them first.
    pub fn brief(mut self) -> Json {
        let mut all = Vec::new();
        for list in [&mut self.validate, &mut self.plan, &mut self.apply, &mut self.init] {
            for found in list.drain(..) {
                let short = short(&found);
                if !all.contains(&short) {
                    all.push(short);
                }
            }
        }
        if !all.is_empty() {
            self.brief.insert("diagnostics".into(), all.into());
        }
        self.brief.into()
    }

    fn set(&mut self, name: &str, value: Json) {
        self.brief.insert(name.into(), value);
    }

    fn findings(&mut self, all: Vec<Json>) -> Vec<Json> {
        let mut all: Vec<Json> = all.into_iter().map(|found| self.normal.json(found)).collect();
        all.sort_by_key(|found| {
            let text = |name: &str| found[name].as_str().unwrap_or_default().to_owned();
            let place = &found["range"];
            (
                text("severity"),
                place["filename"].as_str().unwrap_or_default().to_owned(),
                place["start"]["byte"].as_u64().unwrap_or_default(),
                text("summary"),
                text("detail"),
                text("address"),
            )
        });
        all
    }
}

/// The findings among the lines of a stream. A line that is no JSON counts as one.
fn stream(run: &Run) -> Vec<Json> {
    let lines = run.stdout.lines().map(|line| match serde_json::from_str::<Json>(line) {
        Ok(mut event) => Some(event["diagnostic"].take()).filter(Json::is_object),
        Err(_) => Some(json!({ "severity": "raw", "summary": line })),
    });
    lines.flatten().collect()
}

fn short(found: &Json) -> Json {
    let mut short = json!({ "severity": found["severity"], "summary": found["summary"] });
    let (place, start) = (&found["range"], &found["range"]["start"]);
    if let Some(file) = place["filename"].as_str() {
        short["at"] = format!("{file}:{},{}", start["line"], start["column"]).into();
    }
    if let Some(address) = found["address"].as_str() {
        short["address"] = address.into();
    }
    short
}

/// An object's address, and what happens to it.
fn change(change: &Json) -> (String, Json) {
    let mut address = change["address"].as_str().unwrap_or_default().to_owned();
    if change["deposed"].is_string() {
        address.push_str(" (deposed)");
    }
    let mut text = actions(&change["change"]);
    if let Some(reason) = change["action_reason"].as_str() {
        text.push_str(&format!(" ({reason})"));
    }
    if let Some(from) = change["previous_address"].as_str() {
        text.push_str(&format!(" from {from}"));
    }
    if change["change"]["importing"].is_object() {
        text.push_str(" import");
    }
    (address, text.into())
}

fn actions(change: &Json) -> String {
    let actions = change["actions"].as_array().into_iter().flatten();
    actions.filter_map(Json::as_str).collect::<Vec<_>>().join("/")
}
