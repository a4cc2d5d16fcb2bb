//! Taking out what differs from run to run.

use std::path::Path;

use regex::{Captures, Regex};
use serde_json::Value as Json;

/// Replaces UUIDs by their number in the order of appearance, over all steps of a case, so that an
/// object that stays keeps its number; and the working directory by `<cwd>`.
pub struct Normal {
    directory: String,
    uuid: Regex,
    seen: Vec<String>,
}

/// UUIDs that cases themselves give begin so; they stay.
const GIVEN: &str = "11111111-2222";

impl Normal {
    /// For runs in a directory.
    pub fn new(directory: &Path) -> Self {
        let digits = "[0-9a-f]";
        let uuid = format!(r"\b{digits}{{8}}(?:-{digits}{{4}}){{3}}-{digits}{{12}}\b");
        Self {
            directory: directory.display().to_string(),
            uuid: Regex::new(&uuid).unwrap(),
            seen: Vec::new(),
        }
    }

    /// Every text in a JSON value.
    pub fn json(&mut self, json: Json) -> Json {
        match json {
            Json::String(text) => Json::String(self.text(&text)),
            Json::Array(items) => items.into_iter().map(|item| self.json(item)).collect(),
            Json::Object(entries) => entries
                .into_iter()
                .map(|(name, item)| (self.text(&name), self.json(item)))
                .collect(),
            other => other,
        }
    }

    /// A text. The members of a cycle are put into order: Terraform's is random.
    pub fn text(&mut self, text: &str) -> String {
        let text = text.replace(&self.directory, "<cwd>");
        let seen = &mut self.seen;
        let numbered = |found: &Captures<'_>| {
            let uuid = &found[0];
            if uuid.starts_with(GIVEN) {
                return uuid.to_owned();
            }
            let known = seen.iter().position(|known| known == uuid);
            let number = known.unwrap_or_else(|| {
                seen.push(uuid.to_owned());
                seen.len() - 1
            });
            format!("<uuid-{}>", number + 1)
        };
        let text = self.uuid.replace_all(&text, numbered).into_owned();
        match text.strip_prefix("Cycle: ") {
            Some(members) => {
                let mut members: Vec<&str> = members.split(", ").collect();
                members.sort_unstable();
                format!("Cycle: {}", members.join(", "))
            }
            None => text,
        }
    }
}
