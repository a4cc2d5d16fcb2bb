//! The meaning of a plan as one number.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

use platoform_value::{Data, Value};
use sha2::{Digest, Sha256};

use crate::{Plan, RecordKey, ResourceChange, Seal};

/// SHA-256, in hexadecimal, over actions, planned values, drift-free prior versions and outputs:
/// equal for plans that mean the same. Ids and times are not part of it, nor are objects and outputs
/// to which nothing happens and that nothing was made from: others may change them meanwhile.
/// Secrets enter keyed, so that a digest in a pull request cannot be used to try guesses.
#[must_use]
pub fn digest(plan: &Plan, versions: &BTreeMap<RecordKey, u64>, seal: &dyn Seal) -> Arc<str> {
    let mut hash = Sha256::new();
    let mut line = String::new();
    hash.update(format!("mode {:?} {}\n", plan.mode, plan.targeted));
    let matters =
        |change: &&Arc<ResourceChange>| change.acts() || versions.contains_key(&change.key);
    for change in plan.changes.iter().filter(matters) {
        line.clear();
        let key = &change.key;
        let _ = write!(line, "{} {:?} {:?}", key.address, key.deposed, change.action);
        if let Some(previous) = &change.previous {
            let _ = write!(line, " from {previous}");
        }
        if let Some(id) = &change.importing {
            let _ = write!(line, " import {}", seal.mac(id.as_bytes()));
        }
        let _ = write!(line, " {}", versions.get(key).copied().unwrap_or_default());
        write_value(&mut line, &change.before, seal);
        write_value(&mut line, &change.after, seal);
        line.push('\n');
        hash.update(&line);
    }
    for later in &plan.later {
        hash.update(format!("later {}\n", later.address));
    }
    for output in plan.outputs.iter().filter(|output| output.is_change()) {
        line.clear();
        let _ = write!(line, "output {}", output.name);
        for value in [&output.before, &output.after] {
            match value {
                Some(value) => write_value(&mut line, value, seal),
                None => line.push_str(" absent"),
            }
        }
        line.push('\n');
        hash.update(&line);
    }
    let mut text = String::with_capacity(64);
    for byte in hash.finalize() {
        let _ = write!(text, "{byte:02x}");
    }
    text.into()
}

/// A text form of a value in which different values look different.
fn write_value(out: &mut String, value: &Value, seal: &dyn Seal) {
    if !value.marks().is_empty() {
        let mut plain = String::new();
        write_value(&mut plain, &value.clone().unmark_deep(), seal);
        let _ = write!(out, " !{}", seal.mac(plain.as_bytes()));
        return;
    }
    match value.data() {
        Data::Null(_) => out.push_str(" null"),
        Data::Unknown(_) => out.push_str(" ?"),
        Data::Bool(value) => {
            let _ = write!(out, " {value}");
        }
        Data::Number(number) => {
            let _ = write!(out, " {number}");
        }
        Data::String(text) => {
            let _ = write!(out, " {text:?}");
        }
        Data::List(_) | Data::Set(_) | Data::Tuple(_) => {
            out.push_str(" [");
            for item in value.children() {
                write_value(out, item, seal);
            }
            out.push(']');
        }
        Data::Map(_) | Data::Object(_) => {
            out.push_str(" {");
            for (key, item) in value.as_entries().into_iter().flat_map(|entries| entries.iter()) {
                let _ = write!(out, " {key:?}");
                write_value(out, item, seal);
            }
            out.push('}');
        }
    }
}
